"""Writes assignments: a person is asked, answers, does it, and somebody confirms it. The only writer of their status.

Each has one row in the ledger, so that asks weigh on people, and earns what was promised, stage by stage.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from advocacy.enums import AssignmentStatus, Stage
from advocacy.lifecycles import ASSIGNMENT
from advocacy.models import Ask, AskAssignment, AskCampaign
from advocacy.program import current_settings
from advocacy.querysets import OPEN_ASSIGNMENTS
from advocacy.services.points import award_stage, reverse_source
from references.enums import Actor, ContactStatus, EngagementStatus
from references.errors import DomainError
from references.models import Contact, Engagement, Nomination
from references.pool.writing import pool_write
from references.services.holds import lock_person
from references.services.ledger import change_engagement_status, log_engagement
from references.services.saving import record_change, save_checked
from users.models import User

_S = AssignmentStatus
_LEDGER = {
    _S.ASKED: EngagementStatus.ASKED,
    _S.ACCEPTED: EngagementStatus.PLANNED,
    _S.SCHEDULED: EngagementStatus.PLANNED,
    _S.DONE: EngagementStatus.COMPLETED,
    _S.CONFIRMED: EngagementStatus.COMPLETED,
    _S.DECLINED: EngagementStatus.DECLINED,
    _S.NO_ANSWER: EngagementStatus.NO_ANSWER,
    _S.CANCELLED: EngagementStatus.CANCELLED,
    _S.WITHDRAWN: EngagementStatus.CANCELLED,
}
_STAGES = {
    _S.ACCEPTED: Stage.ACCEPTED,
    _S.SCHEDULED: Stage.SCHEDULED,
    _S.DONE: Stage.DONE,
    _S.CONFIRMED: Stage.CONFIRMED,
}


def assign_ask(
    *,
    contact: Contact,
    ask: Ask,
    creation_key: str,
    by: User | None = None,
    campaign: AskCampaign | None = None,
    nomination: Nomination | None = None,
    reasons: Sequence[str] = (),
    note: str = "",
    actor: str = "",
) -> AskAssignment:
    """Ask a person for something, once per key: the row, and its touch in the ledger.

    Whether they may be asked now, `suggestions` says before; here only what is never right is refused. Raises
    DomainError: ask_not_in_use, has_opted_out, not_active, already_asked.
    """
    with pool_write():
        there = AskAssignment.objects.filter(creation_key=creation_key).first()
        if there is not None:
            return there
        person = lock_person(contact.pk)
        _require_askable(person, ask)
        row = AskAssignment(
            contact=person,
            ask=ask,
            campaign=campaign,
            nomination=nomination,
            points=ask.points,
            reasons=list(reasons),
            note=note.strip(),
            asked_by=by,
            answer_by=timezone.localdate() + timedelta(days=current_settings().answer_days),
            creation_key=creation_key,
        )
        save_checked(row)
        record_change(subject=row, before="", after=row.status, by=by, actor=actor)
        _log(row, by)
    return row


def move_assignment(
    *,
    assignment: AskAssignment,
    to: str,
    by: User | None = None,
    actor: str = "",
    why: str = "",
    scheduled_on: date | None = None,
    evidence: str = "",
    evidence_url: str = "",
) -> AskAssignment:
    """Move an assignment along its table; the ledger and the points follow.

    `why` is the reason of a no. Raises DomainError: move_not_allowed, evidence_required, date_required, has_opted_out,
    or a field's own code.
    """
    with pool_write():
        lock_person(assignment.contact_id)
        row = lock_assignment(assignment.pk)
        before = row.status
        ASSIGNMENT.require_move(before, to)
        _fill(row, to, why=why, scheduled_on=scheduled_on, evidence=evidence, evidence_url=evidence_url)
        row.status = to
        save_checked(row)
        record_change(subject=row, before=before, after=to, by=by, why=why, actor=actor)
        _follow(row, by=by, actor=actor, why=why)
    assignment.refresh_from_db()
    return assignment


def lock_assignment(assignment_id: int) -> AskAssignment:
    """Lock an assignment and give it with its ask and person."""
    rows = AskAssignment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("ask", "contact__customer").get(pk=assignment_id)


def answer_assignment(*, assignment: AskAssignment, to: str, **given: Any) -> AskAssignment:
    """What the person says on their own page; raises what `move_assignment` does, not_theirs for what we say."""
    if to not in {_S.ACCEPTED, _S.SCHEDULED, _S.DONE, _S.DECLINED, _S.CANCELLED}:
        raise DomainError("not_theirs", "That is not for the person to say.", "status")
    with pool_write():
        lock_person(assignment.contact_id)
        if to == _S.ACCEPTED and lock_assignment(assignment.pk).status == _S.DONE:
            raise DomainError("move_not_allowed", "What is done is done: only we send it back.", "status")
        return move_assignment(assignment=assignment, to=to, actor=Actor.PROMOTER, **given)


def _require_askable(person: Contact, ask: Ask) -> None:
    if not ask.is_active:
        raise DomainError("ask_not_in_use", "This ask is not in use.", "ask")
    if person.has_opted_out or person.status == ContactStatus.RETIRED:
        raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
    if person.status != ContactStatus.ACTIVE:
        raise DomainError("not_active", "Only active promoters are asked: this one is not in the pool.", "contact")
    if AskAssignment.objects.filter(contact=person, ask=ask, status__in=OPEN_ASSIGNMENTS).exists():
        raise DomainError("already_asked", "They have been asked for this and have not finished.", "contact")


def _fill(
    row: AskAssignment, to: str, *, why: str, scheduled_on: date | None, evidence: str, evidence_url: str
) -> None:
    now = timezone.now()
    row.evidence, row.evidence_url = evidence.strip() or row.evidence, evidence_url or row.evidence_url
    if to in {_S.DECLINED, _S.CANCELLED}:
        row.decline_reason = why.strip()[:300]
    if to == _S.SCHEDULED:
        if scheduled_on is None:
            raise DomainError("date_required", "Say on which day.", "scheduled_on")
        row.scheduled_on = scheduled_on
    if to == _S.DONE:
        if row.ask.needs_evidence and not (row.evidence or row.evidence_url):
            raise DomainError("evidence_required", "Give a link, or a word on what you did.", "evidence_url")
        row.done_at = now
    if to == _S.CONFIRMED:
        row.confirmed_at = now


def _log(row: AskAssignment, by: User | None) -> None:
    log_engagement(
        contact=row.contact,
        activity=row.ask.activity,
        status=EngagementStatus.ASKED,
        on=timezone.localdate(),
        source=row.source,
        by=by,
    )


def _follow(row: AskAssignment, *, by: User | None, actor: str, why: str) -> None:
    """Let the ledger and the points follow the status that was just taken."""
    status = _LEDGER[AssignmentStatus(row.status)]
    touch = Engagement.objects.get(source=row.source)
    was_done = touch.status == EngagementStatus.COMPLETED
    if was_done and row.status in {_S.WITHDRAWN, _S.CANCELLED}:
        status = EngagementStatus.RELEASED  # it never was
    on = row.scheduled_on if row.status == _S.SCHEDULED else timezone.localdate()
    if touch.status != status and not (was_done and row.status in {_S.ACCEPTED, _S.SCHEDULED}):
        change_engagement_status(engagement=touch, to=status, by=by, reason=why, on=on, at_origin=True)
    stage = _STAGES.get(AssignmentStatus(row.status))
    if stage is not None:
        award_stage(
            contact=row.contact, source=row.source, activity=row.ask.activity, points=row.points, stage=stage, by=by
        )
    elif row.status in {_S.WITHDRAWN, _S.CANCELLED}:
        reverse_source(contact=row.contact, source=row.source, by=by, note=why[:300])
