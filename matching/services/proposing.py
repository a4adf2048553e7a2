"""Puts one person forward for one slot: the match, its hold in the ledger, and the approvals it needs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.promises import enqueue
from matching.approval_rules import OWNER, Needed, needed_approvals
from matching.business_time import add_business_hours, calendar_of
from matching.enums import LIVE, ApprovalStatus, ChosenBy, MatchStatus, RequestStatus, Urgency
from matching.kinds import ESCALATE, HOLD_EXPIRE
from matching.models import Approval, Match, Request
from matching.proposing import Choice, frozen_terms
from matching.results import Candidate
from matching.search import plan_timing
from matching.services.following import follow_slot
from matching.services.inviting import invite_match
from matching.services.states import answer_call, lock_match, lock_request, move_match, save_match
from matching.services.telling import tell_approver
from references.errors import DomainError
from references.models import Contact
from references.policy import ProgramPolicy
from references.pool.writing import pool_write
from references.program import current_policy
from references.rules import NEVER_OVERRIDDEN
from references.services.holds import Ask, HoldRefusedError, Verdict, release_expired_hold, take_hold
from references.services.saving import record_change
from references.text import fold_name
from users.models import User


@dataclass(frozen=True, slots=True)
class Override:
    """Rules that a manager sets aside for one match, and why."""

    codes: frozenset[str]
    reason: str
    by: User


def propose_match(
    *,
    request: Request,
    slot: int,
    choice: Choice,
    policy_version: int,
    pool_revision: str,
    by: User | None = None,
    override: Override | None = None,
    why: str = "",
) -> Match:
    """Put a candidate forward for a slot and move it on to whoever must approve it, or straight to the invitation.

    Raises HoldRefusedError where a rule stands against it now, DomainError: slot_taken, request_not_open,
    reason_required, not_allowed.
    """
    candidate = choice.candidate
    _check_override(override)
    with pool_write():
        row = lock_request(request.pk)
        _require_slot(row, slot, candidate.card.contact_id)
        contact = Contact.objects.select_related("customer__account_owner").get(pk=candidate.card.contact_id)
        _require_no_conflict(row, contact)
        match = _make_match(row, contact, slot, choice, override)
        match.policy_version, match.pool_revision = policy_version, pool_revision[:80]
        match.save()
        record_change(
            subject=match, before="", after=match.status, by=by, why=why or str(match.get_chosen_by_display())
        )
        answer_call(row, slot)
        follow_slot(match, by=by)
        hold_match(match, by=by)
        ask_for_approvals(match)
        next_step(match, by=by)
    return match


def _make_match(request: Request, contact: Contact, slot: int, choice: Choice, override: Override | None) -> Match:
    """A match, not saved yet, with the points and reasons of its candidate frozen as they were ranked."""
    candidate = choice.candidate
    return Match(
        request=request,
        slot=slot,
        contact=contact,
        chosen_by=choice.chosen_by,
        rank=candidate.rank,
        score=candidate.score,
        fit=candidate.fit,
        terms=frozen_terms(candidate),
        headline=candidate.card.headline[:400],
        probability=choice.probability,
        activity=request.activity,
        on=_day_of(request, candidate),
        **({} if request.speaking_slot is None else {"minutes": request.speaking_slot.minutes}),
        override_codes=sorted(override.codes) if override else [],
        override_reason=override.reason[:300] if override else "",
        overridden_by=override.by if override else None,
    )


def _day_of(request: Request, candidate: Candidate) -> date:
    """The day in the ledger: an event's own, which nobody's calendar moves, else the first that suits."""
    if request.speaking_slot_id is not None and request.needed_by is not None:
        return request.needed_by
    return candidate.next_free or timezone.localdate()


def hold_match(match: Match, *, by: User | None = None) -> Verdict:
    """Take the hold of a match, or a further one where the last has expired; inside a `pool_write`, the request locked.

    Raises HoldRefusedError.
    """
    if match.engagement is not None:
        release_expired_hold(engagement=match.engagement)
    expires_at = timezone.now() + timedelta(hours=current_policy().hold_hours)
    number = match.holds_taken + 1
    keep_day_ahead(match)
    engagement, verdict = take_hold(
        contact=match.contact,
        ask=Ask(match.activity, match.on),
        source=hold_source(match.pk, number),
        expires_at=expires_at,
        overridden=match.override_codes,
        by=by,
        reason=f"request:{match.request_id}",
    )
    save_match(match, engagement=engagement, holds_taken=number, band=verdict.band)
    enqueue(kind=HOLD_EXPIRE, key=f"{HOLD_EXPIRE}:{engagement.pk}", payload={"match": match.pk}, due=expires_at)
    return verdict


def expire_hold(*, match: Match) -> bool:
    """Give the hold of a match free whose time is up; False where it goes on, or was used meanwhile."""
    with pool_write():
        row = lock_match(match.pk)
        return row.engagement is not None and release_expired_hold(engagement=row.engagement)


def hold_source(match_id: int, number: int) -> str:
    """The source of a match's row in the ledger: "match:12", and "match:12/2" for a second hold."""
    return f"match:{match_id}" if number == 1 else f"match:{match_id}/{number}"


def approvals_for(match: Match, policy: ProgramPolicy) -> tuple[Needed, ...]:
    """Whose yes a match needs under a policy, the owner's first.

    A yes that is one's own falls away only if both have that right: whose request it is, and who last decided what is
    asked for. So nobody asks in a manager's name.
    """
    request, customer = match.request, match.contact.customer
    asker = request.asked_by or request.owner
    owner = customer.account_owner
    return needed_approvals(
        policy=policy,
        activity=match.activity,
        tier=customer.tier,
        band=match.band,
        deal_value=request.deal_value,
        has_owner=owner is not None and owner.is_active,
        requester_is_owner=owner is not None and owner.pk == request.owner_id and (asker.is_manager or asker == owner),
        requester_is_manager=request.owner.is_manager and asker.is_manager,
        overridden=bool(match.override_codes) and not (match.overridden_by and match.overridden_by.is_manager),
    )


def next_step(match: Match, *, by: User | None, why: str = "") -> None:
    """Move a match to the next approval that is pending, or, with none left, invite its promoter."""
    pending = list(match.approvals.filter(status=ApprovalStatus.PENDING))
    pending.sort(key=lambda approval: approval.step != OWNER)
    if pending:
        to = MatchStatus.OWNER_REVIEW if pending[0].step == OWNER else MatchStatus.MANAGER_REVIEW
        if match.status != to:
            move_match(match, to, by=by, why=why)
        _ask_approver(pending[0], match)
        return
    move_match(match, MatchStatus.APPROVED, by=by, why=why)
    invite_match(match, by=by)


def ask_for_approvals(match: Match) -> None:
    """Note every yes that a match needs and that nobody has been asked for yet; it waits until its turn."""
    due = _decision_due(match)
    known = set(match.approvals.values_list("step", flat=True))
    for needed in approvals_for(match, current_policy()):
        if needed.step not in known:
            assignee = match.contact.customer.account_owner if needed.step == OWNER else None
            Approval.objects.create(match=match, step=needed.step, assignee=assignee, why=needed.why[:300], due_at=due)


def keep_day_ahead(match: Match) -> None:
    """Put a match whose day has passed on the earliest one that its activity's notice allows; its request is locked."""
    today = timezone.localdate()
    if match.on < today:
        save_match(match, on=plan_timing(match.activity, match.request.needed_by, today).on)


def _decision_due(match: Match) -> datetime:
    """By when somebody whose turn it is now should have decided."""
    service = current_policy().service
    hours = service.urgent_approval_hours if match.request.urgency == Urgency.URGENT else service.approval_hours
    return add_business_hours(timezone.now(), hours, calendar_of(service))


def _ask_approver(approval: Approval, match: Match) -> None:
    """Mail whoever is to decide, their time running from now, and promise that it is handed on once that is over."""
    approval.due_at = _decision_due(match)
    approval.save(update_fields=["due_at"])
    tell_approver(approval)
    key = f"{ESCALATE}:{approval.pk}"
    enqueue(kind=ESCALATE, key=key, payload={"approval": approval.pk}, due=approval.due_at)


def _check_override(override: Override | None) -> None:
    if override is None:
        return
    if not override.by.is_manager:
        raise DomainError("not_allowed", _("Only a manager overrides a rule."))
    if not override.reason.strip():
        raise DomainError("reason_required", _("Say why the rule is overridden."), "reason")
    if NEVER_OVERRIDDEN & override.codes:
        raise DomainError("never_overridden", _("An opt-out, consent, or a day off cannot be overridden."), "override")


def _require_slot(request: Request, slot: int, contact_id: int) -> None:
    if request.status != RequestStatus.OPEN:
        raise DomainError("request_not_open", _("The request is not open."))
    taken = request.matches.filter(status__in=[*LIVE, MatchStatus.COMPLETED])
    if not 1 <= slot <= request.quantity or taken.filter(slot=slot).exists():
        raise DomainError("slot_taken", _("Somebody is being asked for this place already."), "slot")
    if taken.filter(contact=contact_id).exists():
        raise DomainError("slot_taken", _("This person is being asked for this request already."), "contact")


def _require_no_conflict(request: Request, contact: Contact) -> None:
    excluded = {fold_name(name) for name in contact.customer.exclusions}
    if excluded & {fold_name(name) for name in request.prospects}:
        raise HoldRefusedError({"conflict": None})


def empty_slots(request: Request) -> list[int]:
    """The slots that nobody is asked for, or has filled."""
    taken = request.matches.filter(status__in=[*LIVE, MatchStatus.COMPLETED]).values_list("slot", flat=True)
    return [slot for slot in range(1, request.quantity + 1) if slot not in set(taken)]


def asked_in(request: Request, slot: int) -> int:
    """How many people have been asked for a slot so far."""
    return request.matches.filter(slot=slot, invited_at__isnull=False).count()


def rule_after_a_no(request: Request, slot: int) -> str:
    """Who chooses next for a slot: the ranking at first, the rule once somebody has been tried."""
    return ChosenBy.NEXT_BEST if request.matches.filter(slot=slot).exists() else ChosenBy.RANKING
