"""Sourcing: a slot stands where its match stands, three asked at most, two misses close it, and its day is its own."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxMessage
from matching.models import Match, Request
from matching.services.answering import accept_match, cancel_by_customer, decline_match, note_silence
from matching.services.filling import fill_request
from matching.services.meeting import note_no_show
from matching.services.sourcing import (
    cancel_slot,
    change_slot,
    deliver_slot,
    explain_speaker_refusal,
    hold_speaker,
    release_hold,
    source_slot,
)
from matching.services.unfilled import close_overdue_slots, count_asked
from references.errors import DomainError
from references.models import Contact, Engagement, SpeakingSlot, StateChange
from references.pool.writing import pool_write
from references.services.erasing import erase_contact
from references.services.holds import HoldRefusedError
from tests.factories import make_policy, make_slot
from tests.matching.factories import banking, make_banker
from users.models import User

pytestmark = pytest.mark.django_db

MUNICH = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def _no_approvals(db: None) -> None:
    make_policy({"approvals": [{"approvers": "none"}]})


def speaker(name: str | None = None, **fields: Any) -> Contact:
    return make_banker(name, **{"consents": ["speaking"], **fields})


def stage(**fields: Any) -> SpeakingSlot:
    """A bank's slot in ninety days, at half past ten in Munich."""
    day = timezone.localdate() + timedelta(days=fields.pop("days", 90))
    at = datetime(day.year, day.month, day.day, 10, 30, tzinfo=MUNICH)
    given = {"topic": "Core banking", "time_zone": "Europe/Berlin", "place": "Munich", "starts_at": at, **fields}
    return make_slot("Finance Forum", tags=[banking()], **given)


def status_of(slot: SpeakingSlot) -> tuple[str, int | None]:
    slot.refresh_from_db()
    return slot.status, slot.speaker_id


def ways(slot: SpeakingSlot) -> list[str]:
    """The states a slot was moved to, in order."""
    changes = StateChange.objects.filter(subject=f"speakingslot:{slot.pk}").order_by("id")
    return list(changes.values_list("to_status", flat=True))


def letters() -> list[str]:
    return list(OutboxMessage.objects.filter(kind="mail").order_by("id").values_list("payload__letter", flat=True))


def deliver() -> None:
    while waiting := list(OutboxMessage.objects.waiting().values_list("pk", flat=True)):
        for each in waiting:
            assert outbox.deliver(each), OutboxMessage.objects.get(pk=each).last_error


def ledger_of(match: Match) -> Engagement:
    return Engagement.objects.get(source=f"match:{match.pk}")


def test_way_of_a_slot_from_hold_to_stage_is_in_the_ledger(marketer: User) -> None:
    nora, slot = speaker(time_zone="America/Los_Angeles"), stage()
    match = hold_speaker(slot=slot, contact=nora, by=marketer)
    assert (match.status, match.on, status_of(slot)) == (
        "invited",
        slot.starts_at.astimezone(MUNICH).date(),
        ("held", nora.pk),
    )
    assert ledger_of(match).status == "asked"
    match = accept_match(match=match)
    assert (match.status, match.scheduled_at, match.minutes) == ("scheduled", slot.starts_at, slot.minutes)
    assert (ledger_of(match).status, ledger_of(match).on) == ("planned", slot.starts_at.astimezone(MUNICH).date())
    assert status_of(slot) == ("confirmed", nora.pk)
    assert "promoter_accepted" not in letters()
    assert letters().count("meeting_promoter") == 1
    move_to_past(slot)
    deliver_slot(slot=slot, by=marketer)
    assert status_of(slot) == ("delivered", nora.pk)
    assert ledger_of(match).status == "completed"
    assert ways(slot) == ["held", "confirmed", "delivered"]
    assert Request.objects.get().status == "fulfilled"


def move_to_past(slot: SpeakingSlot) -> None:
    """Let the event be yesterday."""
    with pool_write():
        SpeakingSlot.objects.filter(pk=slot.pk).update(starts_at=timezone.now() - timedelta(days=1))
    slot.refresh_from_db()


def test_hold_waits_for_the_approvals_a_talk_needs(marketer: User, rep: User) -> None:
    make_policy()
    slot = stage()
    match = hold_speaker(slot=slot, contact=speaker(owner=rep), by=marketer)
    assert (match.status, status_of(slot)) == ("owner_review", ("held", match.contact_id))
    assert ledger_of(match).status == "held"


def test_same_speaker_twice_is_one_and_another_is_refused(marketer: User) -> None:
    nora, olav, slot = speaker(), speaker(), stage()
    first = hold_speaker(slot=slot, contact=nora, by=marketer)
    assert hold_speaker(slot=slot, contact=nora, by=marketer).pk == first.pk
    with pytest.raises(DomainError) as error:
        hold_speaker(slot=slot, contact=olav, by=marketer)
    assert error.value.code == "slot_taken"
    assert Engagement.objects.count() == 1


def test_sales_neither_hold_nor_cancel(rep: User) -> None:
    nora, slot = speaker(), stage()
    for call in (
        lambda: hold_speaker(slot=slot, contact=nora, by=rep),
        lambda: source_slot(slot=slot, by=rep),
        lambda: release_hold(slot=slot, by=rep),
        lambda: cancel_slot(slot=slot, by=rep, why="x"),
        lambda: deliver_slot(slot=slot, by=rep),
        lambda: change_slot(slot=slot, by=rep, data={"place": "Oslo"}),
    ):
        with pytest.raises(DomainError) as error:
            call()
        assert error.value.code == "not_allowed"
    assert not Request.objects.exists()


def test_short_notice_is_refused_with_its_reason_and_nothing_stays(marketer: User, manager: User) -> None:
    nora, slot = speaker(), stage(days=30)
    with pytest.raises(HoldRefusedError) as error:
        hold_speaker(slot=slot, contact=nora, by=marketer, override_reason="please")
    (refusal,) = explain_speaker_refusal(error.value, slot, nora)
    assert (refusal.code, "60 days" in refusal.sentence, refusal.may_override) == ("lead_time", True, True)
    assert (Request.objects.count(), status_of(slot)) == (0, ("open", None))
    match = hold_speaker(slot=slot, contact=nora, by=manager, override_reason="They offered it themselves.")
    assert (match.override_codes, match.on) == (["lead_time"], slot.starts_at.astimezone(MUNICH).date())


def test_without_consent_nobody_overrides(manager: User) -> None:
    slot = stage()
    with pytest.raises(HoldRefusedError) as error:
        hold_speaker(slot=slot, contact=speaker(consents=["call"]), by=manager, override_reason="please")
    assert "no_consent" in error.value.broken


def test_ranking_goes_on_after_a_no_and_two_misses_close_the_slot(marketer: User) -> None:
    for _ in range(4):
        speaker()
    slot = stage(owner=marketer)
    request = source_slot(slot=slot, by=marketer)
    first = request.matches.get()
    decline_match(match=first, reason="no_time")
    assert status_of(slot) == ("open", None)
    fill_request(request=request)
    second = request.matches.latest("id")
    assert (second.pk == first.pk, second.chosen_by, status_of(slot)) == (
        False,
        "next_best",
        ("held", second.contact_id),
    )
    Match.objects.filter(pk=second.pk).update(answer_due_at=timezone.now() - timedelta(hours=1))
    assert note_silence(match=second)
    assert status_of(slot) == ("unfilled", None)
    request.refresh_from_db()
    assert request.status == "expired"
    assert fill_request(request=request) == []
    assert letters().count("slot_unfilled") == 1
    with pytest.raises(DomainError) as error:
        hold_speaker(slot=slot, contact=speaker(), by=marketer)
    assert error.value.code == "slot_not_open"


def test_who_is_held_by_hand_is_followed_by_nobody_unasked(marketer: User) -> None:
    nora = speaker()
    speaker()
    slot = stage()
    match = hold_speaker(slot=slot, contact=nora, by=marketer)
    decline_match(match=match, reason="no_time")
    fill_request(request=match.request)
    assert (status_of(slot), match.request.matches.count()) == (("open", None), 1)


def test_chosen_are_asked_in_turn_and_at_most_three(marketer: User) -> None:
    people = [speaker() for _ in range(5)]
    slot = stage()
    request = source_slot(slot=slot, by=marketer, chosen=[each.pk for each in people[:2]])
    assert request.matches.get().contact_id == people[0].pk
    release_hold(slot=slot, by=marketer)
    fill_request(request=request)
    assert status_of(slot) == ("held", people[1].pk)
    release_hold(slot=slot, by=marketer)
    hold_speaker(slot=slot, contact=people[2], by=marketer)
    release_hold(slot=slot, by=marketer)
    assert count_asked(slot.pk) == 3
    with pytest.raises(DomainError) as error:
        hold_speaker(slot=slot, contact=people[3], by=marketer)
    assert error.value.code == "enough_asked"


def test_release_tells_who_had_heard_of_it(marketer: User) -> None:
    nora, slot = speaker(), stage()
    hold_speaker(slot=slot, contact=nora, by=marketer)
    match = release_hold(slot=slot, by=marketer)
    assert (match.status, status_of(slot), letters()[-1]) == ("withdrawn", ("open", None), "promoter_withdrawn")
    assert ledger_of(match).status == "cancelled"
    with pytest.raises(DomainError) as error:
        release_hold(slot=slot, by=marketer)
    assert error.value.code == "nobody_held"


def test_cancelled_slot_withdraws_its_match_and_ends_its_request(marketer: User) -> None:
    nora, slot = speaker(), stage()
    match = accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    with pytest.raises(DomainError) as error:
        cancel_slot(slot=slot, by=marketer, why=" ")
    assert error.value.code == "reason_required"
    cancel_slot(slot=slot, by=marketer, why="The hall burnt down.")
    match.refresh_from_db()
    assert (match.status, status_of(slot)[0], Request.objects.get().status) == ("withdrawn", "cancelled", "cancelled")
    assert ways(slot) == ["held", "confirmed", "cancelled"]
    assert "promoter_withdrawn" in letters()


@pytest.mark.parametrize("side", ["promoter", "requester"])
def test_no_show_leaves_the_slot_open_to_be_closed(marketer: User, side: str) -> None:
    nora, slot = speaker(), stage()
    match = accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    move_to_past(slot)
    note_no_show(match=match, side=side, by=marketer)
    assert status_of(slot) == ("open", None)
    assert close_overdue_slots() == 1
    assert status_of(slot) == ("unfilled", None)


def test_yes_taken_back_opens_the_slot(marketer: User) -> None:
    nora, slot = speaker(), stage()
    match = accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    cancel_by_customer(match=match)
    assert status_of(slot) == ("open", None)


def test_erased_speaker_is_gone_from_slots_to_come(marketer: User, manager: User) -> None:
    nora, slot = speaker("Nora Lindqvist"), stage()
    imported = stage(speaker=nora, status="confirmed")
    accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    erase_contact(contact=nora, by=manager)
    assert (status_of(slot), status_of(imported)) == (("open", None), ("open", None))


def test_deadline_closes_what_is_open_and_nothing_else(marketer: User) -> None:
    today = timezone.localdate()
    late = stage(deadline=today - timedelta(days=2), owner=marketer)
    asked = stage(deadline=today + timedelta(days=3))
    due = stage(deadline=today)
    hold_speaker(slot=asked, contact=speaker(), by=marketer)
    assert close_overdue_slots(now=timezone.now() + timedelta(days=5)) == 2
    assert [status_of(each)[0] for each in (late, asked, due)] == ["unfilled", "held", "unfilled"]
    assert letters().count("slot_unfilled") == 1
    assert close_overdue_slots() == 0


def test_unmet_slot_can_still_hold_somebody(marketer: User) -> None:
    slot = stage()
    request = source_slot(slot=slot, by=marketer)
    assert (request.status, status_of(slot)) == ("unmet", ("open", None))
    nora = speaker()
    match = hold_speaker(slot=slot, contact=nora, by=marketer)
    assert (match.request_id, status_of(slot)) == (request.pk, ("held", nora.pk))


def test_moved_event_moves_a_yes_and_not_an_open_question(marketer: User) -> None:
    nora, slot = speaker(), stage()
    later = slot.starts_at + timedelta(days=1)
    match = hold_speaker(slot=slot, contact=nora, by=marketer)
    with pytest.raises(DomainError) as error:
        change_slot(slot=slot, by=marketer, data={"starts_at": later})
    assert (error.value.code, error.value.field) == ("asked_already", "starts_at")
    accept_match(match=match)
    slot.refresh_from_db()
    change_slot(slot=slot, by=marketer, data={"starts_at": later, "place": "Hall 2"})
    match.refresh_from_db()
    assert (match.scheduled_at, match.on) == (later, later.astimezone(MUNICH).date())
    assert "Hall 2" in match.meeting
    assert letters().count("meeting_promoter") == 2


def test_changed_slot_without_speaker_changes_what_is_looked_for(marketer: User) -> None:
    slot = stage()
    request = source_slot(slot=slot, by=marketer)
    later = slot.starts_at + timedelta(days=7)
    change_slot(slot=slot, by=marketer, data={"starts_at": later, "topic": "Payments"})
    request.refresh_from_db()
    assert (request.needed_by, request.brief) == (later.astimezone(MUNICH).date(), "Payments")


def test_any_marketer_goes_on_with_a_slot(marketer: User, rep: User) -> None:
    other = User.objects.create_user("other@example.test", "correct horse", role="marketer")
    slot = stage()
    match = accept_match(match=hold_speaker(slot=slot, contact=speaker(), by=other))
    assert Request.objects.visible_to(marketer).editable_by(marketer).filter(pk=match.request_id).exists()
    assert not Request.objects.visible_to(rep).filter(pk=match.request_id).exists()
    move_to_past(slot)
    deliver_slot(slot=slot, by=marketer)
    assert status_of(slot)[0] == "delivered"


def test_letters_to_speakers_say_the_event_and_to_marketers_what_to_do(marketer: User) -> None:
    nora, slot = speaker("Nora Lindqvist", time_zone="Europe/Oslo"), stage()
    accept_match(match=hold_speaker(slot=slot, contact=nora, by=marketer))
    deliver()
    release_hold(slot=slot, by=marketer)
    olav = speaker("Olav Berg")
    decline_match(match=hold_speaker(slot=slot, contact=olav, by=marketer), reason="no_time")
    deliver()
    to_nora = [f"{each.subject} {each.body}" for each in mail.outbox if each.to == [nora.email]]
    assert all("Finance Forum" in each for each in to_nora)
    assert ["Speaking: Finance Forum" in each for each in to_nora] == [True, False]
    news = [each.body for each in mail.outbox if each.to == [marketer.email] and "A no for" in each.subject]
    assert [f"/slots/{slot.pk}/" in each and "choose who comes next" in each for each in news] == [True]
    assert "Olav" not in news[0]
