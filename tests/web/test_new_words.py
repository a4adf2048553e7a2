"""The page of new words: by use, narrowed, looked at before anything changes, done and undone."""

import pytest
from django.test import Client
from django.urls import reverse

from delivery.models import Job
from references.enums import TagStatus
from references.models import Tag, TagSorting
from tests.factories import (
    make_case_study,
    make_contact,
    make_customer,
    make_slot,
    make_tag,
    make_testimonial,
)
from tests.web.conftest import LogIn, read_page
from users.models import User


@pytest.fixture
def client(manager: User, log_in: LogIn) -> Client:
    return log_in(manager)


def links(page: str) -> set[str | None]:
    return {each.get("href") for each in read_page(page).all("a")}


def test_words_are_mapped_after_a_look_and_given_back(client: Client) -> None:
    banking = make_tag("industry", "Banking")
    new = make_tag("industry", "Banking services", status="proposed")
    customer = make_customer(tags=[new])
    page = read_page(client.get(reverse("web:new-words")).content.decode())
    assert "90 %" in page.text
    where = client.post(reverse("web:new-words-plan"), {"act": "map", "word": [f"tag:{new.pk}"]})["Location"]
    assert "Nothing has changed yet" in client.get(where).content.decode()
    assert list(customer.tags.all()) == [new]
    client.post(f"{where}act/", {"act": "start"})
    assert list(customer.tags.all()) == [banking]
    assert (
        reverse("web:sorting", args=[TagSorting.objects.get().pk])
        in client.get(reverse("web:new-words")).content.decode()
    )
    client.post(f"{where}act/", {"act": "undo"})
    assert list(customer.tags.all()) == [new]
    assert "Undone" in client.get(where).content.decode()


def test_words_without_a_suggestion_go_to_the_tag_that_is_named(client: Client) -> None:
    finance = make_tag("role", "Finance", synonyms=["money matters"])
    make_tag("industry", "Finance")
    person = make_contact(make_customer(), title="Bean counter")
    form = {"act": "map", "word": ["title:bean counter"], "into": " Money Matters "}
    where = client.post(reverse("web:new-words-plan"), form)["Location"]
    assert "Finance" in read_page(client.get(where).content.decode()).text
    client.post(f"{where}act/", {"act": "start"})
    assert list(person.tags.all()) == [finance]


def test_a_tag_that_nobody_knows_is_no_target(client: Client) -> None:
    make_tag("industry", "Finance")
    make_contact(make_customer(), title="Bean counter")
    form = {"act": "map", "word": ["title:bean counter"], "into": "Finance"}
    answer = client.post(reverse("web:new-words-plan"), form, follow=True)
    assert "No tag of this facet is called “Finance”." in answer.content.decode()
    assert not TagSorting.objects.exists()


def test_all_sure_ones_at_once(client: Client) -> None:
    make_tag("industry", "Banking")
    for name in ("Banking services", "Weaving"):
        make_tag("industry", name, status="proposed")
    where = client.post(reverse("web:new-words-plan"), {"act": "map:sure"})["Location"]
    client.post(f"{where}act/", {"act": "start"})
    assert dict(Tag.objects.exclude(name="Banking").values_list("name", "status")) == {
        "Banking services": TagStatus.MERGED,
        "Weaving": TagStatus.PROPOSED,
    }


def test_the_list_is_narrowed(client: Client) -> None:
    make_tag("industry", "Banking")
    make_tag("industry", "Banking services", status="proposed")
    make_tag("role", "Weaver", status="proposed")

    def shown(**query: str) -> str:
        return read_page(client.get(reverse("web:new-words"), query).content.decode()).text

    assert "Weaver" not in shown(facet="industry")
    assert "Weaver" not in shown(sure="90")
    assert "Banking services" not in shown(sure="0")
    assert "Banking services" not in shown(q="weav")
    assert "Weaver" in shown(q="WEAV")


def test_every_count_leads_to_the_rows_behind_it(client: Client) -> None:
    new = make_tag("industry", "Basket weaving", status="proposed")
    customer = make_customer("Fjordbank", tags=[new])
    make_customer("Northmill", tags=[make_tag("industry", "Banking")])
    story = make_case_study(customer, "Baskets by the hour", tags=[new])
    quote, slot = make_testimonial(tags=[new]), make_slot("Basket Days", tags=[new])
    page = client.get(reverse("web:new-words")).content.decode()
    shown = {}
    for kind in ("customers", "stories", "quotes", "slots"):
        address = f"{reverse('web:word-uses')}?word=tag%3A{new.pk}&kind={kind}"
        assert address.replace("&", "&amp;") in page
        shown[kind] = client.get(address).content.decode()
    assert reverse("web:customer", args=[customer.pk]) in links(shown["customers"])
    assert "Northmill" not in shown["customers"]
    assert reverse("web:content-piece", args=["case_study", story.pk]) in links(shown["stories"])
    assert reverse("web:content-piece", args=["testimonial", quote.pk]) in links(shown["quotes"])
    assert reverse("web:slot", args=[slot.pk]) in links(shown["slots"])


def test_titles_and_industries_lead_to_who_says_them_in_whatever_spelling(client: Client) -> None:
    people = [make_contact(make_customer(f"Firm {n}"), title=title) for n, title in enumerate(("Weaver", "WEAVER"))]
    make_contact(make_customer("Else"), title="Potter")
    firm = make_customer("Loom", raw_industry="Weaving")
    found = client.get(reverse("web:word-uses"), {"word": "title:weaver"}).content.decode()
    assert {reverse("web:profile", args=[each.pk]) for each in people} <= links(found)
    assert "Potter" not in found
    found = client.get(reverse("web:word-uses"), {"word": "industry:weaving", "kind": "x"}).content.decode()
    assert reverse("web:customer", args=[firm.pk]) in links(found)


def test_rows_behind_a_count_are_paged(client: Client) -> None:
    for number in range(51):
        make_customer(f"Firm {number:02}", raw_industry="Weaving")
    address = reverse("web:word-uses")
    first = read_page(client.get(address, {"word": "industry:weaving"}).content.decode())
    assert "51 rows use this word" in first.text
    assert "Firm 49" in first.text
    assert "Firm 50" not in first.text
    assert "Firm 50" in client.get(address, {"word": "industry:weaving", "page": "2"}).content.decode()


@pytest.mark.parametrize("word", ["", "tag:0", f"tag:{'9' * 40}", "tag:x", "nothing:else", "title:"])
def test_a_word_that_is_not_new_has_no_rows(client: Client, word: str) -> None:
    answer = client.get(reverse("web:word-uses"), {"word": word, "kind": "people"})
    assert answer.status_code == 200
    assert "This is no new word" in answer.content.decode()


def test_nothing_ticked_is_said(client: Client) -> None:
    answer = client.post(reverse("web:new-words-plan"), {"act": "map"}, follow=True)
    assert "Choose words first" in answer.content.decode()
    assert not TagSorting.objects.exists()


def test_not_for_salespeople(rep: User, log_in: LogIn) -> None:
    for name in ("web:new-words", "web:word-uses"):
        assert log_in(rep).get(reverse(name)).status_code == 403


def test_a_job_of_words_leads_to_what_it_changed(client: Client, manager: User) -> None:
    done = TagSorting.objects.create(verb="keep", plan=[], by=manager, status="done")
    job = Job.objects.create(kind="sort_words", title="30 words", status="succeeded", parameters={"sorting": done.pk})
    page = client.get(reverse("web:job", args=[job.pk])).content.decode()
    assert f'href="{reverse("web:sorting", args=[done.pk])}"' in page
    assert "See the promoters" not in page
    search = Job.objects.create(kind="duplicates", title="Likely duplicates", status="failed")
    page = client.get(reverse("web:job", args=[search.pk])).content.decode()
    assert reverse("web:duplicates") in page
    assert "another file" not in page
