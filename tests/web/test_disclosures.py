"""Contact data after a yes, and the record of looks that managers read."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from references.models import Contact, Disclosure
from references.services.customers import save_customer
from references.services.grants import grant_contact, revoke_grants
from tests.factories import make_disclosure
from tests.web.conftest import LogIn, read_page
from users.models import User

LIST = "/setup/disclosures/"


def test_yes_opens_the_name_and_the_contact_data_until_it_is_revoked(
    promoter: Contact, rep: User, log_in: LogIn
) -> None:
    save_customer(customer=promoter.customer, data={"is_named": False})
    client, profile = log_in(rep), reverse("web:profile", args=[promoter.pk])
    disclose = reverse("web:disclose", args=[promoter.pk])

    def sees() -> tuple[bool, bool, int]:
        html = client.get(profile).content.decode()
        asked = client.post(disclose, {"why": "to set up the call"})
        return "Nora Lindqvist" in html and "Fjordbank" in html, disclose in html, asked.status_code

    assert sees() == (False, False, 403)
    grant_contact(contact=promoter, user=rep, source="match:1")
    assert sees() == (True, True, 200)
    assert reverse("web:customer", args=[promoter.customer_id]) not in client.get(profile).content.decode()
    assert [(row.user, row.contact, row.why) for row in Disclosure.objects.all()] == [
        (rep, promoter, "to set up the call")
    ]
    revoke_grants(source="match:1")
    assert sees() == (False, False, 403)


def test_yes_opens_no_name_in_lists(promoter: Contact, rep: User, log_in: LogIn) -> None:
    grant_contact(contact=promoter, user=rep, source="match:1")
    client = log_in(rep)
    for address in ("/pool/", reverse("web:customer", args=[promoter.customer_id]), "/?q=bank+CFO"):
        assert "Nora" not in client.get(address).content.decode(), address


def test_manager_reads_who_saw_whose_data_and_why(promoter: Contact, rep: User, manager: User, log_in: LogIn) -> None:
    make_disclosure(promoter, user=rep, why="invite to the panel")
    client = log_in(manager)
    page = read_page(client.get(LIST).content.decode())
    for told in ("Robin Rep", "Nora Lindqvist", "Fjordbank", "invite to the panel"):
        assert told in page.text
    assert "nora@" not in client.get(LIST).content.decode()
    profile = read_page(client.get(reverse("web:profile", args=[promoter.pk])).content.decode())
    assert f"{LIST}?contact={promoter.pk}" in [each.get("href") for each in profile.all("a")]
    assert "1 look so far" in profile.text


def test_looks_are_found_by_user_person_and_day(promoter: Contact, rep: User, manager: User, log_in: LogIn) -> None:
    old = make_disclosure(user=rep, why="an old look")
    Disclosure.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=40))
    make_disclosure(promoter, user=manager, why="a new look")
    client, day = log_in(manager), timezone.localdate() - timedelta(days=30)
    for query, sees_old, sees_new in (
        ("", True, True),
        (f"?user={rep.pk}", True, False),
        (f"?contact={promoter.pk}", False, True),
        (f"?on_before={day}", True, False),
        (f"?on_after={day}", False, True),
        ("?user=nobody&on_after=never", True, True),
        ("?contact=999999", False, False),
    ):
        text = read_page(client.get(LIST + query).content.decode()).text
        assert ("an old look" in text, "a new look" in text) == (sees_old, sees_new), query
    text = read_page(client.get(f"{LIST}?ordering=at").content.decode()).text
    assert text.index("an old look") < text.index("a new look")
