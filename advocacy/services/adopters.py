"""Writes early-adopter programs and their seats: recruited, agreed to, heard, finished. The only writer of both.

The program's row is locked before any seat is given, so that no seat is given twice, and the person before the
program: who erases a person has them locked when their seats end. A seat has one row in the ledger, and earns
what a beta test is worth, stage by stage.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict

from django.db import transaction
from django.utils import timezone

from advocacy.enums import ProgramStatus, SeatStatus, Stage
from advocacy.lifecycles import ADOPTER_PROGRAM, SEAT
from advocacy.models import AdopterFeedback, AdopterProgram, AdopterSeat, PointsRule
from advocacy.purposes import SEAT_LINK, seat_subject
from advocacy.services.points import award_stage, reverse_source
from delivery.links import issue_link, revoke_links
from delivery.mails import send_later
from references.enums import Actor, ContactStatus, EngagementStatus
from references.errors import DomainError
from references.models import Contact, Engagement, Tag
from references.pool.writing import pool_write
from references.services.holds import lock_person
from references.services.ledger import change_engagement_status, log_engagement
from references.services.saving import assign, record_change, save_checked
from users.models import User

ACTIVITY = "beta"
LETTER_SEAT = "advocacy_seat"
OPEN_AFTER = timedelta(days=60)
"""How long after a program the link to a seat still takes a word on it."""
_S = SeatStatus
_LEDGER = {
    _S.AGREED: EngagementStatus.PLANNED,
    _S.FINISHED: EngagementStatus.COMPLETED,
    _S.DECLINED: EngagementStatus.DECLINED,
    _S.DROPPED: EngagementStatus.CANCELLED,
    _S.WITHDRAWN: EngagementStatus.CANCELLED,
}
_STAGES = {_S.AGREED: Stage.ACCEPTED, _S.ACTIVE: Stage.SCHEDULED, _S.FINISHED: Stage.CONFIRMED}
_IN_TURN = ("contact__customer_id", "contact_id")
_ENDED = frozenset({_S.FINISHED, _S.DECLINED, _S.DROPPED, _S.WITHDRAWN})


class ProgramData(TypedDict, total=False):
    """The fields of a program that a form or a request may set."""

    name: str
    about: str
    product: Tag | None
    seats: int
    from_rung: int
    agreement: str
    starts_on: date
    ends_on: date
    outcome: str
    owner: User | None


@transaction.atomic
def save_program(
    *, program: AdopterProgram | None = None, data: ProgramData, creation_key: str = "", by: User | None = None
) -> AdopterProgram:
    """Make a program, once per key, or change one; a changed agreement is a new version of it.

    Raises DomainError: program_over, not_a_product, too_few_seats, ends_before_start, or a field's own code.
    """
    if program is None:
        there = AdopterProgram.objects.filter(creation_key=creation_key).first()
        if there is not None:
            return there
        row = AdopterProgram(creation_key=creation_key, owner=by)
    else:
        row = lock_program(program.pk)
        if row.status == ProgramStatus.CLOSED and set(data) - {"outcome"}:
            raise DomainError("program_over", "This program is over: only its outcome can be noted.")
    before = row.agreement
    assign(row, data, ProgramData.__annotations__)
    _check(row)
    if row.pk is not None and row.agreement != before:
        row.agreement_version += 1
    is_new = row.pk is None
    save_checked(row)
    if is_new:
        record_change(subject=row, before="", after=row.status, by=by)
    return row


def move_program(*, program: AdopterProgram, to: str, by: User, outcome: str = "") -> AdopterProgram:
    """Move a program along its table; running makes everybody who agreed active, closing takes back open invitations.

    Raises DomainError: move_not_allowed, outcome_required for one that ran.
    """
    with pool_write():
        _lock_people(program)
        row = lock_program(program.pk)
        before = row.status
        ADOPTER_PROGRAM.require_move(before, to)
        row.outcome = outcome.strip() or row.outcome
        if to == ProgramStatus.CLOSED and before == ProgramStatus.RUNNING and not row.outcome:
            raise DomainError("outcome_required", "Say what came of the program.", "outcome")
        row.status = to
        save_checked(row, update_fields=["status", "outcome"])
        record_change(subject=row, before=before, after=to, by=by, why=outcome)
        if to == ProgramStatus.RUNNING:
            _move_all(row, _S.AGREED, _S.ACTIVE, by)
        if to == ProgramStatus.CLOSED:
            _move_all(row, _S.INVITED, _S.WITHDRAWN, by)
            _move_all(row, _S.AGREED, _S.WITHDRAWN, by)
    program.refresh_from_db()
    return program


def invite_adopter(*, program: AdopterProgram, contact: Contact, by: User) -> AdopterSeat:
    """Offer a person a seat, once: a touch in the ledger, a letter with a link; more may be invited than sit.

    Raises DomainError: not_recruiting, has_opted_out, not_active, no_seats_left.
    """
    with pool_write():
        person = lock_person(contact.pk)
        row = lock_program(program.pk)
        there = AdopterSeat.objects.filter(program=row, contact=contact).first()
        if there is not None:
            return there
        if row.status not in {ProgramStatus.RECRUITING, ProgramStatus.RUNNING}:
            raise DomainError("not_recruiting", "This program invites nobody now.")
        _require_free_seat(row)
        if person.has_opted_out or person.status == ContactStatus.RETIRED:
            raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
        if person.status != ContactStatus.ACTIVE:
            raise DomainError("not_active", "Only active promoters are invited.", "contact")
        seat = AdopterSeat(program=row, contact=person, invited_by=by)
        save_checked(seat)
        record_change(subject=seat, before="", after=seat.status, by=by)
        log_engagement(
            contact=person,
            activity=ACTIVITY,
            status=EngagementStatus.ASKED,
            on=timezone.localdate(),
            source=seat.source,
            by=by,
        )
        if person.email:
            _send_letter(seat)
    return seat


def agree_to_seat(*, seat: AdopterSeat, version: int) -> AdopterSeat:
    """Take the seat on the terms of that version of the agreement, as the person did.

    Raises DomainError: agreement_changed, no_seats_left, move_not_allowed, not_recruiting once the program is over.
    """
    with pool_write():
        lock_person(seat.contact_id)
        program = lock_program(seat.program_id)
        if program.status == ProgramStatus.CLOSED:
            raise DomainError("not_recruiting", "This program is over.")
        if version != program.agreement_version:
            raise DomainError("agreement_changed", "The agreement was changed: please read it again.", "version")
        there = AdopterSeat.objects.get(pk=seat.pk)
        if there.status != _S.AGREED:
            _require_free_seat(program)
        row = move_seat(seat=seat, to=_S.AGREED, actor=Actor.PROMOTER, agreed_version=version)
        if program.status == ProgramStatus.RUNNING:
            row = move_seat(seat=row, to=_S.ACTIVE, actor=Actor.PROMOTER)
    return row


def move_seat(
    *,
    seat: AdopterSeat,
    to: str,
    by: User | None = None,
    actor: str = "",
    why: str = "",
    agreed_version: int | None = None,
    adopted: bool | None = None,
    outcome: str = "",
) -> AdopterSeat:
    """Move a seat along its table; the ledger and the points follow.

    Raises DomainError: move_not_allowed, adopted_required for one that finishes.
    """
    with pool_write():
        lock_person(seat.contact_id)
        lock_program(seat.program_id)
        row = AdopterSeat.objects.select_for_update(of=("self",), no_key=True).get(pk=seat.pk)
        before = row.status
        SEAT.require_move(before, to)
        if to == _S.FINISHED and adopted is None:
            raise DomainError("adopted_required", "Say whether they use it now.", "adopted")
        row.status, row.adopted = to, row.adopted if adopted is None else adopted
        row.outcome = outcome.strip()[:500] or row.outcome
        if to == _S.AGREED:
            row.agreed_at, row.agreed_version = timezone.now(), agreed_version
        row.ended_at = timezone.now() if to in _ENDED else None
        if to == _S.WITHDRAWN:
            revoke_links(subject=seat_subject(row.pk))
        save_checked(row)
        record_change(subject=row, before=before, after=to, by=by, why=why, actor=actor)
        _follow(row, by=by, why=why)
    seat.refresh_from_db()
    return seat


@transaction.atomic
def give_feedback(*, seat: AdopterSeat, text: str, creation_key: str, by: User | None = None) -> AdopterFeedback:
    """Note what somebody who takes part said, once per key; by themselves where no user is given.

    Raises DomainError: text_required, not_seated for anybody who has not agreed.
    """
    there = AdopterFeedback.objects.filter(creation_key=creation_key).first()
    if there is not None:
        return there
    row = AdopterSeat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    if row.status not in {_S.AGREED, _S.ACTIVE, _S.FINISHED}:
        raise DomainError("not_seated", "Only those who take part give feedback.")
    if not text.strip():
        raise DomainError("text_required", "Write what you found.", "text")
    said = AdopterFeedback(seat=row, text=text.strip(), by=by, creation_key=creation_key)
    save_checked(said)
    return said


def lock_program(program_id: int) -> AdopterProgram:
    """Lock a program for the rest of the transaction and give it as it stands."""
    return AdopterProgram.objects.select_for_update(of=("self",), no_key=True).get(pk=program_id)


def _send_letter(seat: AdopterSeat) -> None:
    last = datetime.combine(max(seat.program.ends_on, timezone.localdate()), time(), UTC) + OPEN_AFTER
    link = issue_link(purpose=SEAT_LINK, subject=seat_subject(seat.pk), lifetime=last - timezone.now())
    send_later(kind=LETTER_SEAT, key=f"{LETTER_SEAT}:{seat.pk}", payload={"seat": seat.pk, "link": str(link.pk)})


def _require_free_seat(program: AdopterProgram) -> None:
    taken = AdopterSeat.objects.filter(program=program).seated().count()
    if taken >= program.seats:
        raise DomainError("no_seats_left", f"All {program.seats} seats are taken.", "program")


def _check(row: AdopterProgram) -> None:
    if row.product is not None and row.product.facet != "product":
        raise DomainError("not_a_product", "Choose a product of the vocabulary.", "product")
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise DomainError("ends_before_start", "The last day lies before the first.", "ends_on")
    if row.pk is not None:
        taken = AdopterSeat.objects.filter(program=row).seated().count()
        if row.seats is not None and row.seats < taken:
            raise DomainError("too_few_seats", f"{taken} seats are taken already.", "seats")


def _lock_people(program: AdopterProgram) -> None:
    """Lock those whose seats move with the program, as everybody does who locks several: by customer."""
    waiting = AdopterSeat.objects.filter(program=program, status__in=[_S.INVITED, _S.AGREED])
    for contact_id in waiting.order_by(*_IN_TURN).values_list("contact_id", flat=True):
        lock_person(contact_id)


def _move_all(program: AdopterProgram, before: str, to: str, by: User) -> None:
    for seat in AdopterSeat.objects.filter(program=program, status=before).order_by(*_IN_TURN):
        move_seat(seat=seat, to=to, by=by)


def _follow(row: AdopterSeat, *, by: User | None, why: str) -> None:
    status = _LEDGER.get(SeatStatus(row.status))
    touch = Engagement.objects.filter(source=row.source).first()
    if touch is not None and status is not None and touch.status != status:
        change_engagement_status(
            engagement=touch, to=status, by=by, reason=why, on=timezone.localdate(), at_origin=True
        )
    stage = _STAGES.get(SeatStatus(row.status))
    rule = PointsRule.objects.filter(activity=ACTIVITY).first()
    if stage is not None and rule is not None:
        award_stage(contact=row.contact, source=row.source, activity=ACTIVITY, points=rule.points, stage=stage, by=by)
    elif row.status in {_S.DROPPED, _S.WITHDRAWN}:
        reverse_source(contact=row.contact, source=row.source, by=by, note=why[:300])
