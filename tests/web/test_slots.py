"""Slots on pages: the list, the month, one slot with who could speak, and what is done with it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from matching.models import Match, Request
from matching.services.answering import accept_match, decline_match
from matching.services.sourcing import hold_speaker
from references.models import Contact, SpeakingSlot
from tests.factories import make_consent, make_policy, make_slot
from tests.matching.factories import banking, make_banker
from tests.web.conftest import LogIn, read_page
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_approvals(db: None) -> None:
    make_policy({"approvals": [{"approvers": "none"}]})


@pytest.fixture
def nora(db: None) -> Contact:
    return make_banker("Nora Lindqvist", consents=["speaking"], title="CFO", customer_is_named=False)


@pytest.fixture
def slot(db: None) -> SpeakingSlot:
    return make_slot("Finance Forum", tags=[banking()], topic="Banking", place="Munich", time_zone="Europe/Berlin")


def given(**fields: object) -> dict[str, object]:
    return {
        "activity": "speaking", "event": "Payments Forum", "starts_at": "2027-06-03T10:30", "minutes": "30",
        "time_zone": "Europe/Berlin", "language": "en", **fields,
    }  # fmt: skip


def test_slot_is_added_in_the_time_of_its_place(marketer: User, log_in: LogIn) -> None:
    response = log_in(marketer).post("/slots/add/", given(owner=marketer.pk, tags=[banking().pk]))
    row = SpeakingSlot.objects.get()
    assert response["Location"] == f"/slots/{row.pk}/"
    assert (row.starts_at, row.minutes, row.owner) == (datetime(2027, 6, 3, 8, 30, tzinfo=UTC), 30, marketer)
    page = log_in(marketer).get(f"/slots/{row.pk}/edit/").content.decode()
    assert 'value="2027-06-03T10:30"' in page


def test_slot_with_a_late_deadline_is_refused(marketer: User, log_in: LogIn) -> None:
    response = log_in(marketer).post("/slots/add/", given(deadline="2027-06-10"))
    assert response.status_code == 422
    assert "The deadline lies after the event." in response.content.decode()


def test_old_addresses_lead_on(marketer: User, log_in: LogIn, slot: SpeakingSlot) -> None:
    client = log_in(marketer)
    assert client.get("/setup/slots/")["Location"] == "/slots/"
    assert client.get(f"/setup/slots/{slot.pk}/")["Location"] == f"/slots/{slot.pk}/"


def test_copy_takes_the_words_and_not_the_day(marketer: User, log_in: LogIn, slot: SpeakingSlot) -> None:
    page = log_in(marketer).get(f"/slots/add/?like={slot.pk}").content.decode()
    assert "Finance Forum" in page
    assert f"{slot.starts_at:%Y-%m-%d}" not in page


def test_list_has_a_tab_for_every_state_and_filters(rep: User, log_in: LogIn, slot: SpeakingSlot) -> None:
    make_slot("Press day", activity="press")
    make_slot("Called off", status="cancelled")
    make_slot("Nobody came", status="unfilled")
    client = log_in(rep)

    def shown(query: str) -> list[str]:
        text = read_page(client.get(f"/slots/{query}").content.decode()).text
        return [each for each in ("Finance Forum", "Press day", "Called off", "Nobody came") if each in text]

    assert shown("") == ["Finance Forum", "Press day"]
    assert shown("?tab=past") == ["Called off"]
    assert shown("?tab=unfilled") == ["Nobody came"]
    assert shown("?activity=press") == ["Press day"]
    assert shown("?industry=banking") == ["Finance Forum"]
    assert shown(f"?starts_from={timezone.localdate() + timedelta(days=200)}") == []
    assert "Add a slot" not in client.get("/slots/").content.decode()


def test_who_could_speak_is_for_those_who_edit_slots(
    marketer: User, rep: User, log_in: LogIn, slot: SpeakingSlot, nora: Contact
) -> None:
    make_consent(nora, "speaking", valid_until=timezone.localdate() + timedelta(days=400))
    text = read_page(log_in(marketer).get(f"/slots/{slot.pk}/").content.decode()).text
    assert "Who could speak" in text
    assert "Nora" not in text
    assert "CFO" in text
    assert "consent" in text
    assert "Who could speak" not in log_in(rep).get(f"/slots/{slot.pk}/").content.decode()
    assert log_in(rep).post(f"/slots/{slot.pk}/hold/", {"speaker": nora.pk}).status_code == 403


def test_hold_confirm_and_release(marketer: User, log_in: LogIn, slot: SpeakingSlot, nora: Contact) -> None:
    client = log_in(marketer)
    response = client.post(f"/slots/{slot.pk}/hold/", {"speaker": nora.pk})
    assert response["Location"] == f"/slots/{slot.pk}/"
    text = read_page(client.get(f"/slots/{slot.pk}/").content.decode()).text
    assert "Waiting for the customer’s answer" in text
    assert "Who could speak" not in text
    accept_match(match=Match.objects.get())
    text = read_page(client.get(f"/slots/{slot.pk}/").content.decode()).text
    assert "The speaker is confirmed" in text
    assert "Nora Lindqvist" in text  # said yes to this marketer
    client.post(f"/slots/{slot.pk}/release/", {"why": "A better fit"})
    slot.refresh_from_db()
    assert (slot.status, slot.speaker) == ("open", None)


def test_refused_hold_says_every_rule(marketer: User, log_in: LogIn, nora: Contact) -> None:
    near = make_slot("Soon", tags=[banking()], topic="Banking", starts_at=timezone.now() + timedelta(days=20))
    response = log_in(marketer).post(f"/slots/{near.pk}/hold/", {"speaker": nora.pk})
    assert response.status_code == 422
    assert "60 days" in read_page(response.content.decode()).text
    assert not Request.objects.exists()


def test_manager_overrides_with_a_reason(manager: User, log_in: LogIn, nora: Contact) -> None:
    near = make_slot("Soon", tags=[banking()], topic="Banking", starts_at=timezone.now() + timedelta(days=20))
    client = log_in(manager)
    assert "Hold anyway" in client.get(f"/slots/{near.pk}/").content.decode()
    client.post(f"/slots/{near.pk}/hold/", {"speaker": nora.pk, "override_reason": "They offered it."})
    near.refresh_from_db()
    assert near.speaker == nora


def test_best_are_asked_in_turn(marketer: User, log_in: LogIn, slot: SpeakingSlot, nora: Contact) -> None:
    client = log_in(marketer)
    client.post(f"/slots/{slot.pk}/source/")
    assert Match.objects.get().contact == nora
    decline_match(match=Match.objects.get(), reason="no_time")
    text = read_page(client.get(f"/slots/{slot.pk}/").content.decode()).text
    assert "1 of at most 3 asked so far." in text
    assert "Tried before" in text


def test_calling_off_wants_a_reason(marketer: User, log_in: LogIn, slot: SpeakingSlot, nora: Contact) -> None:
    hold_speaker(slot=slot, contact=nora, by=marketer)
    client = log_in(marketer)
    assert "get a mail" in client.get(f"/slots/{slot.pk}/cancel/").content.decode()
    assert client.post(f"/slots/{slot.pk}/cancel/", {"why": " "}).status_code == 422
    client.post(f"/slots/{slot.pk}/cancel/", {"why": "No hall"})
    slot.refresh_from_db()
    assert slot.status == "cancelled"
    assert "No hall" in client.get(f"/slots/{slot.pk}/").content.decode()


def test_delivery_is_noted_once_it_is_over(marketer: User, log_in: LogIn, nora: Contact) -> None:
    past = make_slot("Done", starts_at=timezone.now() - timedelta(days=1), status="confirmed", speaker=nora)
    client = log_in(marketer)
    assert "It took place" in client.get(f"/slots/{past.pk}/").content.decode()
    client.post(f"/slots/{past.pk}/deliver/")
    past.refresh_from_db()
    assert past.status == "delivered"


def test_interview_is_worded_as_one(marketer: User, log_in: LogIn) -> None:
    row = make_slot("The Ledger Weekly", activity="press")
    assert "Who could be interviewed" in log_in(marketer).get(f"/slots/{row.pk}/").content.decode()


def test_month_has_slots_and_deadlines_on_their_days(rep: User, log_in: LogIn) -> None:
    at = datetime(2027, 5, 31, 23, 30, tzinfo=UTC)  # the first of June in Berlin
    make_slot("Night talk", starts_at=at, time_zone="Europe/Berlin", deadline=datetime(2027, 5, 4, tzinfo=UTC).date())
    client = log_in(rep)
    june = client.get("/slots/calendar/?month=2027-06").content.decode()
    day = june[june.index('datetime="2027-06-01"') :]
    assert "Night talk" in day[: day.index("</td>")]
    may = client.get("/slots/calendar/?month=2027-05").content.decode()
    day = may[may.index('datetime="2027-05-04"') :]
    assert "find by" in day[: day.index("</td>")]
    assert "?month=2027-04" in may
    for nonsense in ("x", "2027-13", "9999-12", "0001-01"):
        assert client.get("/slots/calendar/", {"month": nonsense}).status_code == 200


def test_somebody_chosen_elsewhere_is_held_here(
    marketer: User, log_in: LogIn, slot: SpeakingSlot, nora: Contact
) -> None:
    client = log_in(marketer)
    page = client.get(f"/slots/?speaker={nora.pk}").content.decode()
    assert f"/slots/{slot.pk}/?speaker={nora.pk}" in page
    assert "Nora" not in page
    page = client.get(f"/slots/{slot.pk}/?speaker={nora.pk}").content.decode()
    assert "is-shown" in page
    assert client.get("/slots/?speaker=999999").status_code == 200
