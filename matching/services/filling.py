"""Fills the empty slots of a request: the best who can be held, after a no the next best, at the end unmet demand."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.enums import ChosenBy, RequestStatus
from matching.models import Match, Request
from matching.proposing import Choice, order_choices, rank_request
from matching.refusing import explain_refused_hold
from matching.results import Candidate, Excluded, SearchResult
from matching.services.closing import expire_request
from matching.services.demand import meet_demand, note_unmet
from matching.services.proposing import Override, asked_in, empty_slots, propose_match, rule_after_a_no
from matching.services.states import call_manager, lock_request, save_request
from matching.services.telling import tell_managers
from matching.services.unfilled import end_if_failed
from references.errors import DomainError
from references.models import Contact, StateChange
from references.pool.writing import pool_write
from references.program import current_policy
from references.rules import NEVER_OVERRIDDEN
from references.services.holds import HoldRefusedError
from references.services.saving import name_subject, record_change
from users.models import User


def fill_request(*, request: Request, by: User | None = None) -> list[Match]:
    """Put somebody forward for every empty slot of an open request; gives who stands there now. Idempotent.

    Ranking happens outside any transaction, each hold in one of its own, so a crash in between loses nothing: the
    filling is promised in the outbox and begins again. After `people_per_slot` asked for one slot a manager is needed;
    with nobody left, the demand is unmet.
    """
    request = Request.objects.select_related("owner").get(pk=request.pk)
    if request.status != RequestStatus.OPEN:
        return []
    if request.needed_by is not None and request.needed_by < timezone.localdate():
        expire_request(request=request)  # nobody is asked for a day that has passed
        return []
    if request.best_was_available is None:
        _log_best(request)
    made = _propose_chosen(request, by)
    if request.speaking_slot_id is not None and (request.chosen or _close_if_failed(request)):
        return made  # speakers chosen by hand: nobody else is asked
    limit = current_policy().service.people_per_slot
    missing = []
    for slot in empty_slots(request):
        if asked_in(request, slot) >= limit:
            _call_manager(request, slot, limit)
            continue
        match = _propose_best(request, slot, by)
        if match is None:
            missing.append(slot)
        else:
            made.append(match)
    if missing:
        note_unmet(request=request, slots=missing)
    elif not empty_slots(request):
        meet_demand(request=request)
    return made


def propose_person(
    *,
    request: Request,
    contact_id: int,
    by: User,
    slot: int | None = None,
    chosen_by: str = ChosenBy.MANAGER,
    override_reason: str = "",
    why: str = "",
) -> Match:
    """Put one person forward, whom a user chose, for a slot (the first empty one unless given).

    With `override_reason` a manager sets aside whatever policy allows to. Raises HoldRefusedError, DomainError:
    not_in_pool, no_empty_slot, and what `propose_match` does.
    """
    result = rank_request(request, only=[contact_id], limit=1)
    slots = empty_slots(request)
    if slot is None and not slots:
        raise DomainError("no_empty_slot", _("Every place of this request is taken."), "slot")
    choice, override = _choice_of(result, chosen_by, override_reason, by)
    return propose_match(
        request=request,
        slot=slots[0] if slot is None else slot,
        choice=choice,
        policy_version=result.policy_version,
        pool_revision=result.revision,
        by=by,
        override=override,
        why=why,
    )


def _close_if_failed(request: Request) -> bool:
    """Close a speaking slot for which enough people have been asked; False where one more may be."""
    with pool_write():
        return end_if_failed(lock_request(request.pk))


def _log_best(request: Request) -> None:
    """Keep who would have been the best, and whether they could be asked: what is learnt later rests on it."""
    result = rank_request(request, limit=1)
    found: list[Candidate | Excluded] = [*result.candidates, *result.excluded]
    best = max(found, key=lambda each: each.score, default=None)
    with transaction.atomic():
        row = lock_request(request.pk)
        if row.best_was_available is not None:
            return
        save_request(
            row,
            best_contact_id=best.card.contact_id if best else None,
            best_score=best.score if best else None,
            best_was_available=isinstance(best, Candidate),
            best_refusals=[each.code for each in best.refusals] if isinstance(best, Excluded) else [],
            policy_version=result.policy_version,
            pool_revision=result.revision[:80],
        )


def _choice_of(result: SearchResult, chosen_by: str, reason: str, by: User) -> tuple[Choice, Override | None]:
    """The only person of a ranking as a choice; one against whom rules stand needs a reason and only those that may."""
    if result.candidates:
        return Choice(result.candidates[0], chosen_by), None
    if not result.excluded:
        raise DomainError(
            "not_in_pool", _("This person is not in the pool, or has nothing of what is asked."), "contact"
        )
    barred = result.excluded[0]
    codes = frozenset(refusal.code for refusal in barred.refusals)
    if codes & NEVER_OVERRIDDEN or not reason.strip():
        raise HoldRefusedError(dict.fromkeys(sorted(codes)))
    candidate = barred.as_candidate(result.on)
    return Choice(candidate, chosen_by), Override(codes, reason.strip(), by)


def _propose_chosen(request: Request, by: User | None) -> list[Match]:
    """The requester's own choice first; whoever cannot be held any more is noted, and the ranking goes on."""
    made = []
    tried = set(request.matches.values_list("contact_id", flat=True))
    for contact_id in request.chosen:
        if contact_id in tried or not empty_slots(request):
            continue
        try:
            made.append(
                propose_person(
                    request=request, contact_id=contact_id, by=by or request.owner, chosen_by=ChosenBy.REQUESTER
                )
            )
        except DomainError as error:
            _note_refused_choice(request, contact_id, error)
    return made


def _note_refused_choice(request: Request, contact_id: int, error: DomainError) -> None:
    """Say once, in the time line of an open request, why somebody chosen was not put forward."""
    why = _("The person you chose cannot be asked now: %(why)s The next best was looked for.")
    why = (why % {"why": _reasons_of(error, request, contact_id)})[:300]
    with transaction.atomic():
        row = lock_request(request.pk)
        is_said = StateChange.objects.filter(subject=name_subject(row), why=why).exists()
        if row.status == RequestStatus.OPEN and not is_said:
            record_change(subject=row, before=row.status, after=row.status, by=None, why=why)


def _reasons_of(error: DomainError, request: Request, contact_id: int) -> str:
    if not isinstance(error, HoldRefusedError):
        return error.message
    contact = Contact.objects.select_related("customer").get(pk=contact_id)
    return " ".join(each.sentence for each in explain_refused_hold(error.broken, request=request, contact=contact))


def _propose_best(request: Request, slot: int, by: User | None) -> Match | None:
    """The best who can be held, tried in order; None where the ranking has nobody."""
    rule = rule_after_a_no(request, slot)
    result = rank_request(request, lists=("candidates",))
    policy = current_policy()
    choices = order_choices(
        result, request=request, slot=slot, explore_points=policy.ranking.explore_points, chosen_by=rule
    )
    for choice in choices:
        if choice.candidate.fit < 100 * policy.ranking.floor:
            continue
        try:
            return propose_match(
                request=request,
                slot=slot,
                choice=choice,
                policy_version=result.policy_version,
                pool_revision=result.revision,
                by=by,
            )
        except HoldRefusedError:  # taken a moment ago: the index only proposes
            continue
        except DomainError as error:
            if error.code not in {"slot_taken", "request_not_open"}:
                raise
            if error.field == "contact":  # put forward for another slot meanwhile
                continue
            return request.matches.live().filter(slot=slot).first()  # filled, or ended, by somebody else
    return None


def _call_manager(request: Request, slot: int, limit: int) -> None:
    """Say that a manager must choose: enough people have been asked for one slot."""
    with pool_write():
        row = lock_request(request.pk)
        why = _("%(count)s people have been asked for one place; choose the next by hand.") % {"count": limit}
        if row.status == RequestStatus.OPEN and call_manager(row, slot, why):
            tell_managers(row, occasion=f"slot {slot} of version {row.version}")
