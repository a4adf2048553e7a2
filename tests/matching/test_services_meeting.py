"""The meeting itself, feedback of both sides, and how a request ends."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage
from matching.models import Match, Outcome, Request
from matching.services.answering import accept_match, cancel_by_customer
from matching.services.closing import expire_request, give_feedback, release_person, report_outcome
from matching.services.meeting import (
    ask_after_meeting,
    complete_match,
    note_no_show,
    remind_of_meeting,
    schedule_match,
)
from references.errors import DomainError
from references.models import Engagement
from references.services.contacts import change_status
from references.services.holds import HoldRefusedError
from tests.factories import make_engagement, make_policy
from tests.matching.factories import invite, make_banker, make_request, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(rep: User, manager: User) -> Match:
    make_banker("Nora Lindqvist", time_zone="America/New_York")
    return accept_match(match=invite(rep, manager))


def letters() -> list[str]:
    return list(OutboxMessage.objects.filter(kind="mail").order_by("id").values_list("payload__letter", flat=True))


def ledger_of(match: Match) -> Engagement:
    return Engagement.objects.get(source=f"match:{match.pk}")


def test_time_set_promises_files_reminder_and_question(accepted: Match, rep: User) -> None:
    at = timezone.now() + timedelta(days=7)
    match = schedule_match(match=accepted, at=at, minutes=45, meeting="https://meet.example/x", by=rep)
    assert (match.status, match.minutes, match.scheduled_at) == ("scheduled", 45, at)
    assert ledger_of(match).on == match.on
    due = dict(OutboxMessage.objects.exclude(kind="mail").values_list("kind", "due"))
    assert due["meeting.remind"] == at - timedelta(hours=24)
    assert due["feedback.ask"] == at + timedelta(minutes=45, hours=2)
    assert letters()[-2:] == ["meeting_requester", "meeting_promoter"]


def test_moved_meeting_silences_what_was_promised_for_the_old_time(accepted: Match, rep: User) -> None:
    old, new = timezone.now() + timedelta(days=7), timezone.now() + timedelta(days=9)
    schedule_match(match=accepted, at=old, by=rep)
    match = schedule_match(match=accepted, at=new, by=rep)
    assert not remind_of_meeting(match=match, at=old.isoformat())
    assert not ask_after_meeting(match=match, at=old.isoformat())
    assert remind_of_meeting(match=match, at=new.isoformat())
    assert ask_after_meeting(match=match, at=new.isoformat())


def test_day_of_a_meeting_is_the_promoters_day(accepted: Match, rep: User) -> None:
    at = timezone.now().replace(hour=2, minute=0) + timedelta(days=7)  # still the evening before in New York
    match = schedule_match(match=accepted, at=at, by=rep)
    assert match.on == at.date() - timedelta(days=1)


def test_meeting_moves_to_no_day_without_room(accepted: Match, rep: User) -> None:
    make_engagement(accepted.contact, "webinar", "planned", on=timezone.localdate() + timedelta(days=70))
    before = accepted.on
    with pytest.raises(HoldRefusedError) as error:
        schedule_match(match=accepted, at=timezone.now() + timedelta(days=71), by=rep)
    assert "rest" in error.value.broken
    accepted.refresh_from_db()
    assert (accepted.status, accepted.on) == ("accepted", before)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"at": timezone.now() - timedelta(hours=1)}, "time_over"),
        ({"at": timezone.now() + timedelta(days=3), "minutes": 1}, "wrong_minutes"),
    ],
)
def test_impossible_meeting_is_refused(accepted: Match, rep: User, fields: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError) as error:
        schedule_match(match=accepted, by=rep, **fields)  # type: ignore[arg-type]
    assert error.value.code == code


def test_outsider_runs_no_meeting(accepted: Match, outsider: User) -> None:
    for call in (
        lambda: schedule_match(match=accepted, at=timezone.now() + timedelta(days=3), by=outsider),
        lambda: complete_match(match=accepted, by=outsider),
        lambda: give_feedback(match=accepted, side="requester", data={"happened": True}, by=outsider),
    ):
        with pytest.raises(DomainError) as error:
            call()
        assert error.value.code == "not_allowed"


def test_completion_writes_the_real_day_and_effort_and_thanks(accepted: Match, rep: User) -> None:
    match = complete_match(match=accepted, effort_hours=Decimal("1.5"), by=rep)
    row = ledger_of(match)
    assert (match.status, row.status, row.on) == ("completed", "completed", timezone.localdate())
    assert (row.effort_hours, row.was_thanked) == (Decimal("1.5"), True)
    assert match.request.status == "fulfilled"
    assert {"promoter_thanks", "feedback_requester", "feedback_promoter"} <= set(letters())
    with pytest.raises(DomainError):
        complete_match(match=accepted, by=rep)


def test_request_is_fulfilled_only_with_its_last_reference(rep: User, manager: User) -> None:
    make_policy({"approvals": [{"approvers": "none"}]})
    for _ in range(2):
        make_banker()
    request = submit(rep, quantity=2)
    for number, match in enumerate(request.matches.order_by("slot"), 1):
        accept_match(match=match)
        complete_match(match=match, by=rep)
        request.refresh_from_db()
        assert request.status == ("fulfilled" if number == 2 else "open")


@pytest.mark.parametrize(("side", "ledger"), [("promoter", "no_answer"), ("requester", "cancelled")])
def test_no_show_weighs_by_who_stayed_away(accepted: Match, rep: User, side: str, ledger: str) -> None:
    schedule_match(match=accepted, at=timezone.now() + timedelta(days=3), by=rep)
    match = note_no_show(match=accepted, side=side, by=rep)
    assert (match.status, ledger_of(match).status) == ("no_show", ledger)


def test_feedback_of_the_promoter_is_the_effort_and_badly_tires_more(accepted: Match) -> None:
    data = {"happened": True, "helpful": 1, "hours": Decimal(2), "again": False, "comment": "They sold, not asked"}
    first = give_feedback(match=accepted, side="promoter", data=data)  # type: ignore[arg-type]
    again = give_feedback(match=accepted, side="promoter", data={"helpful": 5})
    assert (again.pk, again.helpful) == (first.pk, 1)
    row = ledger_of(accepted)
    assert (row.status, row.effort_hours, row.went_badly) == ("completed", Decimal(2), True)


def test_feedback_that_it_fell_through_is_a_no_show(accepted: Match, rep: User) -> None:
    schedule_match(match=accepted, at=timezone.now() + timedelta(days=3), by=rep)
    give_feedback(match=accepted, side="requester", data={"happened": False}, by=rep)
    accepted.refresh_from_db()
    assert accepted.status == "no_show"


def test_feedback_out_of_range_is_refused(accepted: Match) -> None:
    with pytest.raises(DomainError) as error:
        give_feedback(match=accepted, side="promoter", data={"helpful": 6})
    assert error.value.field == "helpful"
    accepted.refresh_from_db()
    assert accepted.status == "accepted"


@pytest.mark.parametrize("result", ["won", "lost"])
def test_every_promoter_who_helped_hears_how_it_ended(accepted: Match, rep: User, result: str) -> None:
    complete_match(match=accepted, by=rep)
    request = accepted.request
    report_outcome(request=request, result=result, value=Decimal(10), currency="eur", by=rep)
    request.refresh_from_db()
    assert (request.status, request.outcome.currency) == ("closed", "EUR")
    assert letters()[-1] == "promoter_outcome"
    report_outcome(request=request, result=result, by=rep)
    assert letters().count("promoter_outcome") == 1
    with pytest.raises(DomainError) as error:
        report_outcome(request=request, result="won" if result == "lost" else "lost", by=rep)
    assert error.value.code == "reported_already"


def test_outcome_of_an_open_request_ends_what_goes_on(rep: User, manager: User) -> None:
    make_banker()
    match = invite(rep, manager)
    report_outcome(request=match.request, result="lost", by=rep)
    match.refresh_from_db()
    match.request.refresh_from_db()
    assert (match.status, match.request.status) == ("withdrawn", "cancelled")
    assert Outcome.objects.get().result == "lost"
    assert letters()[-1] == "promoter_withdrawn"


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"result": "draw"}, "unknown_result"), ({"result": "won", "value": Decimal(5)}, "currency_required")],
)
def test_bad_outcome_is_refused(accepted: Match, rep: User, fields: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError) as error:
        report_outcome(request=accepted.request, by=rep, **fields)  # type: ignore[arg-type]
    assert error.value.code == code


def test_draft_has_no_outcome(rep: User) -> None:
    with pytest.raises(DomainError) as error:
        report_outcome(request=make_request(rep), result="won", by=rep)
    assert error.value.code == "request_not_open"


def test_request_expires_after_its_day_unless_somebody_said_yes(rep: User, manager: User, accepted: Match) -> None:
    make_banker()
    waiting = submit(rep)
    assert not expire_request(request=waiting)
    Request.objects.update(needed_by=timezone.localdate() - timedelta(days=1))
    assert expire_request(request=waiting)
    assert not expire_request(request=accepted.request)
    waiting.refresh_from_db()
    assert waiting.status == "expired"
    assert the_match(waiting).status == "withdrawn"


def test_whoever_leaves_is_taken_out_of_every_plan(accepted: Match) -> None:
    change_status(contact=accepted.contact, to="retired", has_opted_out=True)
    assert OutboxMessage.objects.filter(kind="contact.unavailable").count() == 1
    assert release_person(contact_id=accepted.contact_id) == 1
    accepted.refresh_from_db()
    assert accepted.status == "withdrawn"
    assert release_person(contact_id=accepted.contact_id) == 0
    assert "promoter_withdrawn" not in letters()


def test_requester_does_not_speak_for_the_promoter(accepted: Match, rep: User, manager: User) -> None:
    with pytest.raises(DomainError) as caught:
        give_feedback(match=accepted, side="promoter", data={"helpful": 5}, by=rep)
    assert caught.value.code == "not_allowed"
    assert give_feedback(match=accepted, side="promoter", data={"helpful": 5}, by=manager).given_by == manager


def test_meeting_years_ahead_is_refused(accepted: Match) -> None:
    with pytest.raises(DomainError) as caught:
        schedule_match(match=accepted, at=datetime.max.replace(tzinfo=UTC))
    assert (caught.value.code, caught.value.field) == ("far_date", "at")


def test_no_show_and_feedback_take_the_version_they_expect(accepted: Match, rep: User) -> None:
    schedule_match(match=accepted, at=timezone.now() + timedelta(days=9))
    for act in (
        lambda: note_no_show(match=accepted, side="requester", expected_version=1),
        lambda: give_feedback(match=accepted, side="requester", data={}, expected_version=1),
        lambda: cancel_by_customer(match=accepted, expected_version=1),
    ):
        with pytest.raises(DomainError) as caught:
            act()
        assert caught.value.code == "changed_meanwhile"
