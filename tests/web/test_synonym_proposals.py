"""A doubtful reading that is confirmed goes to the manager as a synonym, who decides on the vocabulary page."""

from django.test import Client
from django.urls import reverse

from references.models import SynonymProposal, TagSynonym
from tests.factories import make_contact, make_customer, make_tag
from users.models import User


def confirm(client: Client, key: str, words: str) -> str:
    url = reverse("web:find-confirm") + "?q=a+bnaking+group&tab=stories"
    answer = client.post(url, {"key": key, "words": words})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_confirming_goes_on_confirmed_and_proposes(client: Client, rep: User) -> None:
    tag = make_tag("industry", "Banking")
    client.force_login(rep)
    where = confirm(client, "industry:banking", "money house")
    assert where.startswith("/?q=a+bnaking+group&add=industry%3Abanking")
    assert "tab=stories" in where
    assert SynonymProposal.objects.get().tag == tag


def test_unsure_chip_posts_its_words(client: Client, rep: User) -> None:
    make_contact(make_customer(tags=[make_tag("industry", "Telecommunications")]))
    client.force_login(rep)
    page = client.get("/", {"q": "a telecomunications group"}).content.decode()
    assert reverse("web:find-confirm") in page
    assert 'value="telecomunications"' in page


def test_confirming_an_unknown_tag_is_not_found(client: Client, rep: User) -> None:
    client.force_login(rep)
    assert client.post(reverse("web:find-confirm"), {"key": "industry:none", "words": "x"}).status_code == 404
    assert client.get(reverse("web:find-confirm")).status_code == 405


def test_manager_decides(client: Client, manager: User, rep: User) -> None:
    make_tag("industry", "Banking")
    client.force_login(rep)
    confirm(client, "industry:banking", "money house")
    confirm(client, "industry:banking", "vault people")
    client.force_login(manager)
    assert "money house" in client.get(reverse("web:vocabulary")).content.decode()
    first, second = SynonymProposal.objects.order_by("text")
    client.post(reverse("web:synonym-proposal", args=[first.pk]), {"act": "accept"})
    client.post(reverse("web:synonym-proposal", args=[second.pk]), {"act": "reject"})
    assert TagSynonym.objects.get().text == "money house"
    assert "vault people" not in client.get(reverse("web:vocabulary"), follow=True).content.decode().split("<table")[-1]


def test_rep_may_not_decide(client: Client, rep: User) -> None:
    client.force_login(rep)
    assert client.post(reverse("web:synonym-proposal", args=[1]), {"act": "accept"}).status_code == 403


def test_a_chip_left_out_is_told_to_the_manager_who_makes_it_ask_first(
    client: Client, manager: User, rep: User
) -> None:
    tag = make_tag("industry", "Aerospace", synonyms=["space"])
    make_contact(make_customer(tags=[tag]))
    client.force_login(rep)
    page = client.get("/", {"q": "a space group"}).content.decode()
    assert reverse("web:find-drop") in page
    url = reverse("web:find-drop") + "?q=a+space+group"
    answer = client.post(url, {"key": "industry:aerospace", "words": "space"})
    assert "drop=industry%3Aaerospace" in answer["Location"]
    row = SynonymProposal.objects.get()
    assert (row.tag, row.text, row.is_misreading) == (tag, "space", True)
    client.force_login(manager)
    assert "reads wrongly" in client.get(reverse("web:vocabulary")).content.decode()
    client.post(reverse("web:synonym-proposal", args=[row.pk]), {"act": "accept"})
    assert TagSynonym.objects.get().text == "~space"
    assert not SynonymProposal.objects.exists()


def test_leaving_out_what_a_name_says_proposes_nothing(client: Client, rep: User) -> None:
    make_tag("industry", "Banking", synonyms=["~money"])
    client.force_login(rep)
    for words in ("banking", "money", ""):
        client.post(reverse("web:find-drop") + "?q=x", {"key": "industry:banking", "words": words})
    assert not SynonymProposal.objects.exists()
