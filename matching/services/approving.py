"""Decides on matches under review: approve, reject, swap for somebody else, and hand on what nobody decides in time."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.promises import enqueue
from matching.business_time import add_business_hours, calendar_of
from matching.enums import BEFORE_ASKING, IN_REVIEW, ApprovalStatus, ApprovalStep, ChosenBy, MatchStatus
from matching.kinds import ESCALATE
from matching.models import Approval, Match
from matching.permissions import may_decide
from matching.services.filling import propose_person
from matching.services.proposing import ask_for_approvals, hold_match, next_step
from matching.services.requests import promise_filling, require_version
from matching.services.states import call_manager, lock_match, move_match, save_request
from matching.services.telling import tell_approver
from matching.services.withdrawing import withdraw_match
from references.errors import DomainError
from references.pool.writing import pool_write
from references.program import current_policy
from references.rules import NEVER_OVERRIDDEN
from references.services.holds import Ask, HoldRefusedError, is_standing, judge, lock_person
from users.models import User

STEP_OF = {MatchStatus.OWNER_REVIEW: ApprovalStep.OWNER, MatchStatus.MANAGER_REVIEW: ApprovalStep.MANAGER}
TIRED = "approval"


def approve_match(*, match: Match, by: User, reason: str = "", expected_version: int | None = None) -> Match:
    """Say yes at the step a match stands at; the last yes invites the promoter. An expired hold is taken anew first.

    A tired promoter needs a reason. Raises DomainError: not_waiting, not_allowed, reason_required, changed_meanwhile,
    hold_refused (somebody else has taken the place since).
    """
    with pool_write():
        row = lock_match(match.pk)
        require_version(row.version, expected_version)
        approval = _pending_approval(row, by)
        lock_person(row.contact_id)  # else the hold could run out, and be somebody else's, before this is done
        if is_standing(row.engagement, timezone.now()):
            _require_still_willing(row)
        else:
            hold_match(row, by=by)
            ask_for_approvals(row)  # whoever has tired meanwhile needs a manager now
        if row.band == TIRED and approval.step == ApprovalStep.MANAGER and not reason.strip():
            raise DomainError("reason_required", _("This promoter is tired: say why to ask all the same."), "reason")
        _decide(approval, ApprovalStatus.APPROVED, by, reason)
        next_step(row, by=by, why=reason)
    return row


def reject_match(*, match: Match, by: User, reason: str, expected_version: int | None = None) -> Match:
    """Say no at the step a match stands at: its hold is released, and the next best is looked for.

    Raises DomainError: not_waiting, not_allowed, reason_required, changed_meanwhile.
    """
    if not reason.strip():
        raise DomainError("reason_required", _("Say why not: the requester reads it."), "reason")
    with pool_write():
        row = lock_match(match.pk)
        require_version(row.version, expected_version)
        _decide(_pending_approval(row, by), ApprovalStatus.REJECTED, by, reason)
        move_match(row, MatchStatus.REJECTED, by=by, why=reason)
        promise_filling(row.request)
    return row


def swap_match(
    *,
    match: Match,
    by: User,
    contact_id: int,
    reason: str = "",
    override_reason: str = "",
    expected_version: int | None = None,
) -> Match:
    """Put somebody else forward in place of a match that nobody outside has heard of; gives the new match.

    Raises DomainError: not_allowed, asked_already, changed_meanwhile, and what `propose_person` does; then nothing has
    changed.
    """
    with pool_write():
        row = lock_match(match.pk)
        require_version(row.version, expected_version)
        _require_may_swap(row, by)
        withdraw_match(row, by=by, why=reason or _("Swapped for somebody else."))
        return propose_person(
            request=row.request,
            contact_id=contact_id,
            by=by,
            slot=row.slot,
            chosen_by=ChosenBy.MANAGER if by.is_manager else ChosenBy.REQUESTER,
            override_reason=override_reason,
            why=reason,
        )


def approve_many(*, matches: Sequence[Match], by: User, reason: str = "") -> list[tuple[Match, DomainError | None]]:
    """Approve several, each by itself; those that cannot be are given with why not."""
    results: list[tuple[Match, DomainError | None]] = []
    for match in matches:
        try:
            results.append((approve_match(match=match, by=by, reason=reason), None))
        except DomainError as error:
            results.append((match, error))
    return results


def reject_many(*, matches: Sequence[Match], by: User, reason: str) -> list[tuple[Match, DomainError | None]]:
    """Reject several, each by itself; those that cannot be are given with why not."""
    results: list[tuple[Match, DomainError | None]] = []
    for match in matches:
        try:
            results.append((reject_match(match=match, by=by, reason=reason), None))
        except DomainError as error:
            results.append((match, error))
    return results


def escalate_approval(*, approval: Approval) -> bool:
    """Hand an overdue approval on: from the owner to their deputy, then to the managers, and say so on the request.

    False where it was decided, is not due yet, or lies with the managers since it was handed on.
    """
    with pool_write():
        match = lock_match(approval.match_id)
        row = Approval.objects.select_related("assignee__deputy").get(pk=approval.pk)
        is_pending = row.status == ApprovalStatus.PENDING and match.status in IN_REVIEW
        is_at_the_end = row.escalated_at is not None and row.assignee is None
        if not is_pending or STEP_OF[MatchStatus(match.status)] != row.step or is_at_the_end:
            return False
        now, service = timezone.now(), current_policy().service
        if row.due_at > now:
            return False
        deputy = row.assignee.deputy if row.assignee and row.escalated_at is None else None
        may_deputize = deputy is not None and deputy.is_active and deputy.pk != match.request.owner_id
        row.assignee = deputy if may_deputize else None
        row.escalated_at = now
        row.due_at = add_business_hours(now, service.urgent_approval_hours, calendar_of(service))
        row.save(update_fields=["assignee", "escalated_at", "due_at"])
        tell_approver(row, occasion=f":{row.due_at.isoformat()}")
        if row.assignee is None:
            call_manager(match.request, match.slot, _("An approval is overdue."))
        else:
            save_request(match.request)
            key = f"{ESCALATE}:{row.pk}:{row.assignee.pk}"
            enqueue(kind=ESCALATE, key=key, payload={"approval": row.pk}, due=row.due_at)
    return True


def _require_still_willing(match: Match) -> None:
    """Raise HoldRefusedError where the person has taken back their word since they were held."""
    source = match.engagement.source if match.engagement is not None else ""
    ask = Ask(match.activity, match.on, frozenset({source}))
    verdict = judge(match.contact, ask, now=timezone.now(), policy=current_policy())
    taken_back = {code: each for code, each in verdict.broken.items() if code in NEVER_OVERRIDDEN}
    if taken_back:
        raise HoldRefusedError(taken_back)


def _pending_approval(match: Match, by: User) -> Approval:
    """The approval that a match waits for, which `by` may decide; raises DomainError(not_waiting, not_allowed)."""
    if match.status not in IN_REVIEW:
        raise DomainError("not_waiting", _("This match does not wait for an approval any more."))
    approval = match.approvals.select_related("match__request", "match__contact__customer").get(
        step=STEP_OF[MatchStatus(match.status)]
    )
    if not may_decide(by, approval):
        raise DomainError("not_allowed", _("This approval is not yours to give."))
    return approval


def _decide(approval: Approval, status: str, by: User, reason: str) -> None:
    approval.status, approval.decided_by, approval.decided_at = status, by, timezone.now()
    approval.reason = reason.strip()[:300]
    approval.save(update_fields=["status", "decided_by", "decided_at", "reason"])


def _require_may_swap(match: Match, by: User) -> None:
    if match.status not in BEFORE_ASKING:
        raise DomainError("asked_already", _("The promoter has been asked already."))
    if not by.is_manager and match.contact.customer.account_owner_id != by.pk:
        raise DomainError("not_allowed", _("Only a manager, or the account owner, swaps a match."))
