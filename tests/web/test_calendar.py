"""Calendar feeds: whose they are, what stands in them, that they may be closed, and that they cost little to ask."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date
from icalendar import Calendar

from matching.models import Match
from matching.purposes import CALENDAR_OF_PROGRAM, CALENDAR_OF_PROMOTER, CALENDAR_OF_USER
from matching.services.answering import accept_match
from matching.services.calendar_links import close_calendar_link, renew_calendar_link
from matching.services.sourcing import cancel_slot, hold_speaker
from references.models import Consent, Contact, SpeakingSlot
from references.services.consents import revoke_consent
from references.services.erasing import erase_contact
from tests.factories import make_policy, make_slot
from tests.matching.factories import banking, make_banker, schedule
from tests.web.conftest import LogIn, read_page
from tests.web.links import own_page_of
from users.models import User
from web.calendar.feeds import feed_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    make_policy({"approvals": [{"approvers": "none"}]})
    return make_banker("Nora Lindqvist", title="CFO", consents=["speaking"], phone="+47 555 0100")


@pytest.fixture
def slot(marketer: User) -> SpeakingSlot:
    return make_slot("Finance Forum", tags=[banking()], topic="Banking", place="Munich", owner=marketer)


def address(purpose: str, whose: User | Contact) -> str:
    return feed_path(renew_calendar_link(purpose=purpose, whose=whose))


def events(path: str) -> dict[str, Any]:
    """The events of a feed by the first part of their UID."""
    response = Client().get(path)
    assert response.status_code == 200, path
    return {str(each["uid"]).partition("@")[0]: each for each in Calendar.from_ical(response.content).walk("VEVENT")}


def test_feed_of_a_marketer_has_their_slots_as_they_stand(
    marketer: User, outsider: User, slot: SpeakingSlot, nora: Contact
) -> None:
    make_slot("Somebody else’s", owner=outsider)
    path = address(CALENDAR_OF_USER, marketer)
    [(uid, event)] = events(path).items()
    assert (uid, event["status"], event["dtstart"].dt) == (
        f"slot-{slot.pk}",
        "TENTATIVE",
        slot.starts_at.replace(microsecond=0),
    )
    accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    confirmed = events(path)[uid]
    assert (confirmed["status"], confirmed["summary"][:23]) == ("CONFIRMED", "Speaking: Finance Forum")
    assert confirmed["sequence"] >= event["sequence"]


def test_called_off_is_told_for_a_month(marketer: User, slot: SpeakingSlot, nora: Contact) -> None:
    match = accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    mine, hers = address(CALENDAR_OF_USER, marketer), address(CALENDAR_OF_PROMOTER, nora)
    before = events(hers)[f"match-{match.pk}"]["sequence"]
    cancel_slot(slot=slot, by=marketer, why="No hall")
    assert events(mine)[f"slot-{slot.pk}"]["status"] == "CANCELLED"
    event = events(hers)[f"match-{match.pk}"]
    assert (event["status"], event["sequence"] > before) == ("CANCELLED", True)
    Match.objects.update(updated_at=timezone.now() - timedelta(days=31))
    assert events(hers) == {}


def test_feed_of_a_salesperson_has_their_references_blinded_as_their_pages(rep: User, manager: User) -> None:
    make_banker("Ada Voss", phone="+47 555 0199")
    match = schedule(rep, manager, prospects=["Harbor Bank"])
    text = Client().get(address(CALENDAR_OF_USER, rep)).content.decode()
    assert f"match-{match.pk}@" in text
    assert "Ada Voss" in text  # said yes to this very salesperson
    rep.__class__.objects.filter(pk=manager.pk).update(role="sales", team=None)
    match.request.watchers.add(manager)
    text = Client().get(address(CALENDAR_OF_USER, manager)).content.decode()
    assert f"match-{match.pk}@" in text
    assert "Ada" not in text


def test_no_feed_has_contact_data(marketer: User, slot: SpeakingSlot, nora: Contact) -> None:
    accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    for path in (
        address(CALENDAR_OF_USER, marketer), address(CALENDAR_OF_PROGRAM, marketer), address(CALENDAR_OF_PROMOTER, nora)
    ):  # fmt: skip
        text = Client().get(path).content.decode()
        assert "Finance Forum" in text
        assert nora.email not in text
        assert "555 0100" not in text


def test_program_is_for_marketers_and_managers_when_it_is_read(
    marketer: User, rep: User, log_in: LogIn, slot: SpeakingSlot
) -> None:
    make_slot("Another", activity="press")
    path = address(CALENDAR_OF_PROGRAM, marketer)
    assert len(events(path)) == 2
    User.objects.filter(pk=marketer.pk).update(role="sales")
    assert Client().get(path).status_code == 410
    assert log_in(rep).post("/settings/calendar/", {"feed": CALENDAR_OF_PROGRAM}).status_code == 403
    assert log_in(rep).post("/settings/calendar/", {"feed": "nonsense"}).status_code == 404


def test_address_is_renewed_and_closed(marketer: User, log_in: LogIn, slot: SpeakingSlot) -> None:
    client = log_in(marketer)
    client.post("/settings/calendar/", {"feed": CALENDAR_OF_USER})
    first = _shown(client)
    assert len(events(first)) == 1
    client.post("/settings/calendar/", {"feed": CALENDAR_OF_USER, "do": "renew"})
    second = _shown(client)
    assert first != second
    assert (Client().get(first).status_code, Client().get(second).status_code) == (410, 200)
    assert client.post("/settings/calendar/", {"feed": "", "do": "close"}).status_code == 404
    assert Client().get(second).status_code == 200
    client.post("/settings/calendar/", {"feed": CALENDAR_OF_USER, "do": "close"})
    assert Client().get(second).status_code == 410
    assert "/calendar/" not in "".join(str(each.get("value")) for each in _inputs(client))


def _inputs(client: Client) -> list[dict[str, str | None]]:
    return read_page(client.get("/settings/").content.decode()).all("input")


def _shown(client: Client) -> str:
    values = [each["value"] or "" for each in _inputs(client) if "/calendar/" in (each.get("value") or "")]
    return values[0][values[0].index("/calendar/") :]


def test_asking_again_costs_nothing_until_something_changes(marketer: User, slot: SpeakingSlot, nora: Contact) -> None:
    path = address(CALENDAR_OF_USER, marketer)
    first = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    hold_speaker(slot=slot, contact=nora, by=marketer)
    assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_name_that_may_not_show_any_more_is_gone_at_the_next_call(marketer: User, manager: User, nora: Contact) -> None:
    make_slot("Finance Forum", owner=marketer, speaker=nora, status="confirmed")
    path = address(CALENDAR_OF_USER, marketer)
    assert b"Nora Lindqvist" in Client().get(path).content
    revoke_consent(consent=Consent.objects.get(), by=manager, why="They asked.")
    asked = Client().get(path, headers={"If-Modified-Since": http_date(timezone.now().timestamp())})
    assert asked.status_code == 200
    assert b"Nora Lindqvist" not in asked.content


def test_feed_is_read_only_and_without_cookies(marketer: User) -> None:
    path = address(CALENDAR_OF_USER, marketer)
    assert Client().post(path).status_code == 405
    response = Client().get(path)
    assert (response.cookies, "noindex" in response["X-Robots-Tag"]) == ({}, True)
    assert Client().get("/calendar/nonsense.ics").status_code == 404


def test_promoter_makes_an_address_on_their_own_page(marketer: User, slot: SpeakingSlot, nora: Contact) -> None:
    match = accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    path = own_page_of(nora)
    Client().post(f"{path}calendar/")
    page = read_page(Client().get(path).content.decode())
    [feed] = [each["value"] or "" for each in page.all("input") if "/calendar/" in (each.get("value") or "")]
    assert str(events(feed[feed.index("/calendar/") :])[f"match-{match.pk}"]["summary"]) == "Speaking: Finance Forum"


def test_erased_and_closed_people_have_no_feed(marketer: User, manager: User, nora: Contact) -> None:
    hers, mine = address(CALENDAR_OF_PROMOTER, nora), address(CALENDAR_OF_USER, marketer)
    erase_contact(contact=nora, by=manager)
    User.objects.filter(pk=marketer.pk).update(is_active=False)
    assert [Client().get(path).status_code for path in (hers, mine)] == [410, 410]
    assert close_calendar_link(purpose=CALENDAR_OF_USER, whose=marketer) == 1
