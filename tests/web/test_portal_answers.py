"""A promoter answers an ask by link, from the mail and from their own page, and says how it was."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from matching.models import Match
from matching.services.answering import accept_match, note_silence
from matching.services.meeting import schedule_match
from matching.services.requests import cancel_request
from matching.services.sourcing import hold_speaker
from references.models import Blackout, Contact, Engagement, Nomination, StateChange
from references.services.contacts import save_contact
from tests.factories import make_consent, make_policy, make_slot
from tests.matching.factories import banking, invite, make_banker
from tests.web.conftest import read_page
from tests.web.links import feedback_on, invitation_to, own_page_of
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(db: None) -> Contact:
    return make_banker("Nora Lindqvist", title="CFO", time_zone="Europe/Oslo")


@pytest.fixture
def match(nora: Contact, rep: User, manager: User) -> Match:
    """A match whose promoter, Nora, has been asked."""
    return invite(rep, manager, questions="How long did it take?\n- Who decided?", why="They stand where you stood.")


def text_of(path: str, **query: str) -> str:
    return read_page(Client().get(path, query).content.decode()).text


def test_ask_says_who_for_whom_for_what_how_long_and_by_when(match: Match, rep: User) -> None:
    text = text_of(invitation_to(match))
    for told in (
        "Nora Lindqvist, can you help?", "Robin Rep, RefProgram", "Harbor Bank", "Reference call", "about 30 minutes",
        "They stand where you stood.", "How long did it take?", "Who decided?", "Please answer by", "(Europe/Oslo)",
    ):  # fmt: skip
        assert told in text, told
    assert rep.email not in text


def test_yes_with_times_is_kept_in_the_zone_they_were_typed_in(match: Match) -> None:
    path = invitation_to(match)
    day = timezone.localdate() + timedelta(days=5)
    given = {"time_1": f"{day}T10:30", "time_3": f"{day}T16:00", "time_zone": "Asia/Tokyo"}
    response = Client().post(f"{path}accept/", given)
    assert response.status_code == 302
    match.refresh_from_db()
    assert match.status == "accepted"
    moments = [datetime.fromisoformat(each) for each in match.offered_times]
    assert [each.astimezone(UTC).strftime("%H:%M") for each in moments] == ["01:30", "07:00"]
    text = text_of(response["Location"])
    assert "Thank you! That helps a lot." in text
    assert "You said yes on" in text
    assert "Next: Robin Rep gets in touch with you about a time." in text


def test_yes_without_times_is_a_yes(match: Match) -> None:
    Client().post(f"{invitation_to(match)}accept/")
    match.refresh_from_db()
    assert (match.status, match.offered_times) == ("accepted", [])


def test_yes_with_a_time_that_is_over_is_told_beside_the_field(match: Match) -> None:
    response = Client().post(f"{invitation_to(match)}accept/", {"time_1": "2020-01-01T10:00", "time_zone": "UTC"})
    assert response.status_code == 422
    assert "That time is over already." in response.content.decode()
    match.refresh_from_db()
    assert match.status == "invited"


def test_time_that_no_clock_shows_is_refused(match: Match) -> None:
    year = timezone.localdate().year + 1
    sundays = [day for day in range(25, 32) if datetime(year, 3, day).weekday() == 6]  # noqa: DTZ001 - a date
    given = {"time_1": f"{year}-03-{sundays[0]}T02:30", "time_zone": "Europe/Oslo"}
    assert Client().post(f"{invitation_to(match)}accept/", given).status_code == 422


def test_no_with_a_reason_is_a_no_and_the_link_says_so_kindly(match: Match) -> None:
    path = invitation_to(match)
    response = Client().post(f"{path}decline/", {"reason": "policy", "note": "Sorry!"})
    match.refresh_from_db()
    assert (match.status, match.decline_reason, match.decline_note) == ("declined", "policy", "Sorry!")
    after = Client().get(response["Location"])
    assert after.status_code == 410
    assert "You said no, and that is fine" in after.content.decode()


def test_no_needs_a_reason_from_the_list(match: Match) -> None:
    for reason in ("", "whim", "not_now"):
        assert Client().post(f"{invitation_to(match)}decline/", {"reason": reason}).status_code == 422
    match.refresh_from_db()
    assert match.status == "invited"


def test_not_now_keeps_the_days_until_then_free(match: Match, nora: Contact) -> None:
    until = timezone.localdate() + timedelta(days=60)
    Client().post(f"{invitation_to(match)}later/", {"not_before": str(until)})
    match.refresh_from_db()
    assert (match.status, match.decline_reason) == ("declined", "not_now")
    assert Blackout.objects.get(contact=nora).ends_on == until - timedelta(days=1)


def test_not_now_needs_a_day_to_come(match: Match) -> None:
    response = Client().post(f"{invitation_to(match)}later/", {"not_before": "2020-01-01"})
    assert response.status_code == 422
    assert "Please give a day to come." in response.content.decode()


def test_colleague_who_would_suit_better_is_nominated(match: Match, nora: Contact) -> None:
    given = {"name": "Jo New", "title": "CIO", "email": "jo@customer.test", "note": "Did it all"}
    Client().post(f"{invitation_to(match)}colleague/", given)
    match.refresh_from_db()
    row = Nomination.objects.get()
    assert (match.status, match.decline_reason) == ("declined", "not_suited")
    assert (row.person_name, row.suggested_by, row.via) == ("Jo New", nora, "promoter")


def test_words_are_kept_in_the_programs_language(match: Match, nora: Contact) -> None:
    save_contact(contact=nora, customer=nora.customer, data={"language": "de"})
    Client().post(f"{invitation_to(match)}decline/", {"reason": "no_time"})
    change = StateChange.objects.get(subject=f"match:{match.pk}", to_status="declined")
    assert (change.why, change.actor) == ("No time", "promoter")


def test_second_answer_leads_to_how_it_stands(match: Match) -> None:
    path, other = invitation_to(match), invitation_to(match)
    Client().post(f"{path}accept/")
    response = Client().post(f"{other}decline/", {"reason": "no_time"})
    assert response.status_code == 422
    assert "This has been answered, or is not needed any more." in response.content.decode()
    match.refresh_from_db()
    assert match.status == "accepted"


def test_late_answer_meets_a_kind_page(match: Match) -> None:
    path = invitation_to(match)
    Match.objects.filter(pk=match.pk).update(answer_due_at=timezone.now() - timedelta(hours=1))
    note_silence(match=match)
    for response in (Client().get(path), Client().post(f"{path}accept/")):
        assert response.status_code == 410
        assert "No harm done" in response.content.decode()


def test_ask_that_is_not_needed_any_more_says_so(match: Match, rep: User) -> None:
    path = invitation_to(match)
    cancel_request(request=match.request, by=rep, why="Deal is off")
    text = text_of(path)
    assert "This is no longer needed" in text
    assert "Deal is off" not in text


def test_other_times_can_be_offered_for_a_yes(match: Match) -> None:
    accept_match(match=match)
    path = invitation_to(match)
    day = timezone.localdate() + timedelta(days=7)
    response = Client().post(f"{path}times/", {"time_1": f"{day}T09:00", "time_zone": "Europe/Oslo"})
    assert "the new times are on their way" in text_of(response["Location"])
    match.refresh_from_db()
    assert len(match.offered_times) == 1


def test_yes_can_be_taken_back(match: Match) -> None:
    accept_match(match=match)
    path = invitation_to(match)
    response = Client().post(f"{path}take-back/", {"why": "I am ill"})
    match.refresh_from_db()
    assert match.status == "cancelled"
    assert "You took this back" in text_of(response["Location"])


def test_meeting_is_shown_with_its_calendar_file(match: Match, rep: User) -> None:
    at = timezone.now() + timedelta(days=5)
    accept_match(match=match, times=[at])
    schedule_match(match=match, at=at, meeting="https://meet.example/x", by=rep)
    path = invitation_to(match)
    text = text_of(path)
    assert "Reference call with Harbor Bank" in text
    assert "https://meet.example/x" in text
    response = Client().get(f"{path}meeting.ics")
    assert response["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event.decoded("dtstart") == at.replace(microsecond=0)


def test_no_calendar_file_before_a_time_is_set(match: Match) -> None:
    assert Client().get(f"{invitation_to(match)}meeting.ics").status_code == 404


def test_own_page_answers_the_same(match: Match, nora: Contact) -> None:
    path = own_page_of(nora)
    assert "Can you help?" in text_of(path)
    assert "They stand where you stood." in text_of(path, match=str(match.pk))
    response = Client().post(f"{path}accept/", {"match": match.pk})
    match.refresh_from_db()
    assert match.status == "accepted"
    assert "You said yes on" in text_of(response["Location"])
    response = Client().post(f"{path}take-back/", {"match": match.pk})
    assert "We have taken it back." in text_of(response["Location"])


def test_own_page_gives_the_calendar_file(match: Match, nora: Contact, rep: User) -> None:
    at = timezone.now() + timedelta(days=5)
    accept_match(match=match, times=[at])
    schedule_match(match=match, at=at, by=rep)
    path = own_page_of(nora)
    assert Client().get(f"{path}meeting.ics", {"match": match.pk}).status_code == 200
    assert Client().get(f"{path}meeting.ics").status_code == 404


def test_feedback_is_kept_once_and_writes_the_effort(match: Match) -> None:
    accept_match(match=match)
    path = feedback_on(match)
    given = {"happened": "yes", "helpful": "4", "hours": "1.25", "again": "yes", "comment": "Nice people"}
    response = Client().post(f"{path}feedback/", given)
    assert "We have noted how it was" in text_of(response["Location"])
    Client().post(f"{path}feedback/", {**given, "helpful": "1"})
    feedback = match.feedback.get(side="promoter")
    assert (feedback.helpful, feedback.again, feedback.comment) == (4, True, "Nice people")
    match.refresh_from_db()
    assert match.status == "completed"
    assert Engagement.objects.get(source=f"match:{match.pk}").effort_hours == Decimal("1.25")


def test_feedback_can_say_that_it_did_not_take_place(match: Match, rep: User) -> None:
    at = timezone.now() + timedelta(days=5)
    accept_match(match=match, times=[at])
    schedule_match(match=match, at=at, by=rep)
    path = feedback_on(match)
    response = Client().post(f"{path}feedback/", {"happened": "no"})
    match.refresh_from_db()
    assert match.status == "no_show"
    assert Client().get(response["Location"]).status_code in {200, 410}


@pytest.mark.parametrize(
    "wrong", [{"helpful": "6"}, {"helpful": "x"}, {"hours": "-1"}, {"hours": "1e9"}, {"happened": ""}, {"again": "so"}]
)
def test_feedback_of_the_wrong_shape_is_refused(match: Match, wrong: dict[str, str]) -> None:
    accept_match(match=match)
    response = Client().post(f"{feedback_on(match)}feedback/", {"happened": "yes", **wrong})
    assert response.status_code == 422
    assert not match.feedback.exists()


def test_feedback_on_what_nobody_agreed_to_is_closed(match: Match) -> None:
    assert Client().get(feedback_on(match)).status_code == 410


@pytest.fixture
def stage(nora: Contact, marketer: User) -> Match:
    """A match whose promoter has been asked to speak in Munich."""
    make_policy({"approvals": [{"approvers": "none"}]})
    make_consent(nora, "speaking")
    day = timezone.localdate() + timedelta(days=100)
    slot = make_slot(
        "Finance Forum", starts_at=datetime(day.year, day.month, day.day, 8, tzinfo=UTC), tags=[banking()],
        topic="Banking in a day", place="Munich", time_zone="America/New_York", minutes=40, audience="CFOs",
        language="de", travel="We pay the train",
    )  # fmt: skip
    return hold_speaker(slot=slot, contact=nora, by=marketer)


def test_ask_to_speak_says_where_when_there_and_here(stage: Match) -> None:
    text = text_of(invitation_to(stage))
    for told in (
        "Finance Forum", "Banking in a day", "Munich", "(Europe/Oslo)", "(America/New_York)", "about 40 minutes",
        "CFOs", "German", "We pay the train",
    ):  # fmt: skip
        assert told in text, told
    assert "Propose times" not in text
    german = text_of(invitation_to(stage), language="de")
    assert "Veranstaltung" in german
    assert "Ortszeit" in german


def test_yes_to_speak_needs_no_times(stage: Match) -> None:
    path = invitation_to(stage)
    response = Client().post(f"{path}accept/", {})
    text = text_of(response["Location"])
    assert "Speaking: Finance Forum" in text
    assert "There is nothing to sell" not in text
    event = Calendar.from_ical(Client().get(f"{path}meeting.ics").content).walk("VEVENT")[0]
    stage.refresh_from_db()
    assert (event.decoded("dtstart"), stage.status) == (stage.scheduled_at, "scheduled")
    assert "Finance Forum" in text_of(own_page_of(stage.contact))
