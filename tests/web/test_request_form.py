"""The form of a request: filled in from the find page or a CRM, sent once, and told when the chosen cannot be asked."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching.models import Match, Request
from references.models import Contact
from tests.factories import make_engagement
from tests.matching.factories import BRIEF, make_banker, make_request, submit
from tests.web.conftest import LogIn, Page, read_page
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
NEW = reverse("web:request-new")


@pytest.fixture
def banker() -> Contact:
    return make_banker("Nora Lindqvist", customer_name="Fjordbank", title="Head of Risk")


def start(client: Client, **query: object) -> Page:
    response = client.get(f"{NEW}?{urlencode(query, doseq=True)}")
    assert response.status_code == 200
    return read_page(response.content.decode())


def values(page: Page) -> dict[str, str]:
    """What a browser would send of the fields that have a value in the markup."""
    return {
        str(each["name"]): each.get("value") or ""
        for each in page.all("input")
        if each.get("name") and (each.get("type") != "checkbox" or "checked" in each)
    }


def form(**data: object) -> dict[str, object]:
    return {
        "brief": BRIEF, "deal": "Harbor Bank", "quantity": 1, "urgency": "normal", "key": "k1", "act": "send", **data
    }  # fmt: skip


def notices(client: Client, address: str) -> list[str]:
    return [str(each) for each in get_messages(client.get(address).wsgi_request)]


def test_form_is_filled_from_the_find_page(banker: Contact, rep: User, log_in: LogIn) -> None:
    page = start(log_in(rep), q=f"{BRIEF} The deal is worth 250,000 EUR.", contact=banker.pk, must="industry:banking")
    given = values(page)
    assert (given["deal_value"], given["currency"], given["contact"]) == ("250000", "EUR", str(banker.pk))
    assert given["must"] == "industry:banking"
    assert "Head of Risk" in page.text
    assert "Nora" not in page.text


def test_form_is_filled_from_a_crm(banker: Contact, rep: User, log_in: LogIn) -> None:
    page = start(
        log_in(rep), deal="Acme core", deal_id="OPP-1", value="1,200", currency="usd", stage="Proposal",
        prospect=["Acme", "Borg"], q="A bank",
    )  # fmt: skip
    given = values(page)
    assert (given["deal"], given["deal_id"], given["deal_value"]) == ("Acme core", "OPP-1", "1200")
    assert (given["currency"], given["deal_stage"]) == ("USD", "Proposal")
    assert "Acme Borg" in page.text


def test_deal_sent_to_the_home_page_leads_to_the_form(rep: User, log_in: LogIn) -> None:
    response = log_in(rep).get("/?deal=Acme+core&deal_id=OPP-1")
    assert (response.status_code, response.headers["Location"]) == (302, f"{NEW}?deal=Acme+core&deal_id=OPP-1")


@pytest.mark.parametrize("query", [{"value": "NaN"}, {"value": "1e99"}, {"contact": "x"}, {"on": "2026-99-99"}])
def test_form_opens_whatever_the_address_says(query: dict[str, str], rep: User, log_in: LogIn) -> None:
    start(log_in(rep), **query)


def test_sending_asks_whom_was_chosen(banker: Contact, rep: User, log_in: LogIn) -> None:
    make_banker("Owen Marsh")
    response = log_in(rep).post(NEW, form(contact=banker.pk, must="industry:banking"))
    row = Request.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, reverse("web:request", args=[row.pk]))
    assert (row.status, row.owner, row.corrections) == ("open", rep, {"must": ["industry:banking"]})
    assert [(match.contact, match.chosen_by) for match in row.matches.all()] == [(banker, "requester")]


def test_sending_twice_makes_one_request(banker: Contact, rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    first, second = (client.post(NEW, form()) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert (Request.objects.count(), Match.objects.count()) == (1, 1)


def test_same_key_of_another_user_is_another_request(banker: Contact, rep: User, outsider: User, log_in: LogIn) -> None:
    for user in (rep, outsider):
        log_in(user).post(NEW, form())
    assert set(Request.objects.values_list("owner", flat=True)) == {rep.pk, outsider.pk}


def test_saving_a_draft_asks_nobody(banker: Contact, rep: User, log_in: LogIn) -> None:
    log_in(rep).post(NEW, form(act="draft", contact=banker.pk))
    assert (Request.objects.get().status, Match.objects.count()) == ("draft", 0)


def test_several_prospects_share_a_group_call(banker: Contact, rep: User, log_in: LogIn) -> None:
    log_in(rep).post(NEW, form(activity="call", prospects="Acme\nBorg\n"))
    row = Request.objects.get()
    assert (row.activity, row.prospects) == ("group_call", ["Acme", "Borg"])


def test_what_is_left_empty_is_read_from_the_brief(banker: Contact, rep: User, log_in: LogIn) -> None:
    log_in(rep).post(NEW, form(deal="", brief="A bank wants a reference call, EUR 90k."))
    row = Request.objects.get()
    assert (row.deal[:6], row.activity, row.deal_value, row.currency) == ("A bank", "call", Decimal(90_000), "EUR")


def test_refusals_stand_beside_their_fields_and_leave_nothing_behind(rep: User, log_in: LogIn) -> None:
    response = log_in(rep).post(NEW, form(deal_value=5, brief="", needed_by="2020-01-01"))
    assert response.status_code == 422
    assert "id_needed_by" in response.content.decode()
    assert "over already" in response.content.decode()
    assert not Request.objects.exists()


def test_rush_budget_leaves_no_draft_behind(banker: Contact, rep: User, log_in: LogIn) -> None:
    for _ in range(5):
        submit(rep, urgency="urgent")
    response = log_in(rep).post(NEW, form(urgency="urgent"))
    assert response.status_code == 422
    assert "urgent requests this month" in response.content.decode()
    assert Request.objects.count() == 5


def test_who_cannot_be_asked_any_more_is_told_with_the_reason(banker: Contact, rep: User, log_in: LogIn) -> None:
    other = make_banker("Owen Marsh")
    make_engagement(banker, "call", on=timezone.localdate())
    client = log_in(rep)
    assert "Rests" in start(client, q=BRIEF, contact=banker.pk).text
    address = client.post(NEW, form(contact=banker.pk)).headers["Location"]
    told = " ".join(notices(client, address))
    assert "cannot be asked now" in told
    assert "Rests" in told
    assert "Nora" not in told
    assert Match.objects.get().contact == other


def test_manager_asks_against_a_rule_with_a_reason(banker: Contact, manager: User, log_in: LogIn) -> None:
    make_engagement(banker, "call", on=timezone.localdate())
    client = log_in(manager)
    without = client.post(NEW, form(contact=banker.pk))
    assert (without.status_code, Request.objects.count()) == (422, 0)
    client.post(NEW, form(contact=banker.pk, override_reason="They offered it themselves."))
    match = Match.objects.get()
    assert (match.contact, match.overridden_by, match.override_codes != []) == (banker, manager, True)


def test_salesperson_cannot_override_a_rule(banker: Contact, rep: User, log_in: LogIn) -> None:
    make_engagement(banker, "call", on=timezone.localdate())
    log_in(rep).post(NEW, form(contact=banker.pk, override_reason="I want to."))
    assert Request.objects.get().status == "unmet"


def test_draft_is_changed_and_sent(banker: Contact, rep: User, log_in: LogIn) -> None:
    row = make_request(rep)
    client, address = log_in(rep), reverse("web:request-edit", args=[row.pk])
    assert "Harbor Bank" in client.get(address).content.decode()
    client.post(address, form(deal="Harbor Bank, core", version=row.version, act="send", contact=banker.pk))
    row.refresh_from_db()
    assert (row.deal, row.status, row.matches.get().contact) == ("Harbor Bank, core", "open", banker)


def test_edit_against_a_newer_version_changes_nothing(rep: User, log_in: LogIn) -> None:
    row = make_request(rep)
    response = log_in(rep).post(reverse("web:request-edit", args=[row.pk]), form(deal="Else", version=row.version + 1))
    assert response.status_code == 422
    assert "Somebody has changed this meanwhile" in response.content.decode()


def test_open_request_keeps_what_people_are_asked_for(banker: Contact, rep: User, log_in: LogIn) -> None:
    row = submit(rep)
    day = row.needed_by
    later = timezone.localdate() + timedelta(days=99)
    address = reverse("web:request-edit", args=[row.pk])
    log_in(rep).post(address, form(needed_by=later, prospects="Else", why="They decide soon.", version=row.version))
    row.refresh_from_db()
    assert (row.needed_by, row.prospects, row.why) == (day, ["Harbor Bank"], "They decide soon.")


def test_copy_is_a_draft_of_ones_own(banker: Contact, rep: User, manager: User, log_in: LogIn) -> None:
    row = submit(rep)
    for _ in range(2):
        log_in(manager).post(reverse("web:request-copy", args=[row.pk]), {"key": "once"})
    copy = Request.objects.exclude(pk=row.pk).get()
    assert (copy.owner, copy.status, copy.duplicate_of) == (manager, "draft", row)
