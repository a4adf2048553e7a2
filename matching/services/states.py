"""The only writer of the states of requests and matches: along the tables, with who, when and why, and the ledger.

Everything about one request happens with its row locked, before any customer or contact: so two people who decide on
the same match wait for each other, and nobody deadlocks.
"""

from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.enums import SAID_YES, ApprovalStatus, MatchStatus, RequestStatus
from matching.events import announce_match, announce_request
from matching.lifecycle import MATCH, REQUEST, ledger_status
from matching.models import Approval, Match, Request
from matching.service_clock import Span, ends_at
from matching.services.following import follow_slot
from references.enums import Actor, EngagementStatus
from references.models import Engagement, StateChange
from references.pool.writing import pool_write
from references.program import current_policy
from references.services.ledger import change_engagement_status
from references.services.saving import name_subject, record_change
from users.models import User

REVIEW_OVER = (MatchStatus.REJECTED, MatchStatus.WITHDRAWN, MatchStatus.CANCELLED)
OVER = (RequestStatus.FULFILLED, RequestStatus.CLOSED, RequestStatus.CANCELLED, RequestStatus.EXPIRED)


def lock_request(request_id: int) -> Request:
    """Lock a request, and not its owner, for the rest of the transaction and give it as it stands."""
    locked = Request.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("owner", "asked_by", "speaking_slot").get(pk=request_id)


def lock_match(match_id: int) -> Match:
    """Lock the request of a match, and give the match with what deciding on it takes."""
    request_id = Match.objects.values_list("request_id", flat=True).get(pk=match_id)
    request = lock_request(request_id)
    match = Match.objects.select_related("contact__customer__account_owner", "engagement").get(pk=match_id)
    match.request = request
    return match


def move_request(
    request: Request, to: str, *, by: User | None = None, why: str = "", actor: str = "", **fields: Any
) -> None:
    """Move a locked request along its table, with further fields; raises DomainError(move_not_allowed)."""
    before = request.status
    REQUEST.require_move(before, to)
    if to in OVER:
        fields = {"ended_at": timezone.now(), "due_at": None, "needs_manager": "", "manager_calls": {}, **fields}
    save_request(request, **fields, status=to)
    record_change(subject=request, before=before, after=to, by=by, why=why, actor=actor)
    announce_request(request)


def save_request(request: Request, **fields: Any) -> None:
    """Write fields of a locked request, its version grown; the state only by `move_request`."""
    for name, value in fields.items():
        setattr(request, name, value)
    request.version = request.version + 1
    request.save(update_fields=[*fields, "version", "updated_at"])


def move_match(
    match: Match,
    to: str,
    *,
    by: User | None = None,
    why: str = "",
    actor: str = "",
    on: date | None = None,
    effort_hours: Decimal | None = None,
    ledger: str | None = None,
    **fields: Any,
) -> None:
    """Move a match, its request locked, along its table; its ledger row follows, or takes `ledger` where given.

    `on` and `effort_hours` are what really happened. Raises DomainError(move_not_allowed).
    """
    before = match.status
    MATCH.require_move(before, to)
    if before == MatchStatus.INVITED:
        fields.setdefault("answered_at", timezone.now())  # the service clock runs again
    with pool_write():
        save_match(match, status=to, **({"on": on} if on else {}), **fields)
        record_change(subject=match, before=before, after=to, by=by, why=why, actor=actor)
        announce_match(match)
        follow_slot(match, by=by, actor=actor)
        _follow_in_ledger(match, ledger or ledger_status(to, before), by=by, why=why, on=on, effort_hours=effort_hours)
        if to in REVIEW_OVER:
            end_approvals(match)
        answer_call(match.request, match.slot)
        save_request(match.request, due_at=_due_of(match.request))


def save_match(match: Match, **fields: Any) -> None:
    """Write fields of a match whose request is locked, both versions grown; the state only by `move_match`."""
    for name, value in fields.items():
        setattr(match, name, value)
    match.version = match.version + 1
    match.save(update_fields=[*fields, "version", "updated_at"])
    save_request(match.request)


def call_manager(request: Request, slot: int, why: str) -> bool:
    """Say on a locked request that a place needs a manager; False where it says the same already."""
    if request.manager_calls.get(str(slot)) == why:
        return False
    _save_calls(request, {**request.manager_calls, str(slot): why})
    return True


def answer_call(request: Request, slot: int) -> None:
    """Take back what a place needed a manager for, once something happens there; other places stay."""
    if str(slot) in request.manager_calls:
        _save_calls(request, {place: why for place, why in request.manager_calls.items() if place != str(slot)})


def _save_calls(request: Request, calls: dict[str, str]) -> None:
    words = " ".join(dict.fromkeys(calls[place] for place in sorted(calls)))
    save_request(request, manager_calls=calls, needs_manager=words[:300])


def end_approvals(match: Match) -> None:
    """Nobody needs to decide on this match any more."""
    Approval.objects.filter(match=match, status=ApprovalStatus.PENDING).update(status=ApprovalStatus.SUPERSEDED)


def touch_match(match: Match) -> None:
    """Grow the versions of a match and of its request, of which something beside their own fields changed."""
    grown = {"version": F("version") + 1, "updated_at": timezone.now()}
    Match.objects.filter(pk=match.pk).update(**grown)
    Request.objects.filter(pk=match.request_id).update(**grown)


def _follow_in_ledger(
    match: Match, status: str | None, *, by: User | None, why: str, on: date | None, effort_hours: Decimal | None
) -> None:
    if status is None or match.engagement_id is None:
        return
    row = Engagement.objects.get(pk=match.engagement_id)
    is_given_free = row.status == EngagementStatus.RELEASED and match.status in REVIEW_OVER  # the hold had expired
    if row.status == status or is_given_free:
        return
    match.engagement = change_engagement_status(
        engagement=row, to=status, by=by, reason=why, on=on, effort_hours=effort_hours
    )


def _due_of(request: Request) -> datetime | None:
    """When the request is due now; None while a customer is awaited, once enough have said yes, and when it is over."""
    if request.status != RequestStatus.OPEN or request.submitted_at is None:
        return None
    if request.matches.filter(status__in=SAID_YES).count() >= request.quantity:
        return None
    spans: list[Span] = [
        (invited, answered)
        for invited, answered in request.matches.values_list("invited_at", "answered_at")
        if invited is not None
    ]
    spans += _unmet_spans(request)
    return ends_at(
        request.submitted_at, spans, awaited=request.matches.invited().exists(), now=timezone.now(),
        service=current_policy().service,
    )  # fmt: skip


def _unmet_spans(request: Request) -> list[Span]:
    """When a request stood as unmet: nobody was at fault then, so the clock stands too."""
    if not request.unmet_demands.exists():
        return []
    moves = StateChange.objects.filter(subject=name_subject(request)).order_by("at", "id")
    unmet = RequestStatus.UNMET
    starts = moves.filter(to_status=unmet).exclude(from_status=unmet).values_list("at", flat=True)
    ends = moves.filter(from_status=unmet).exclude(to_status=unmet).values_list("at", flat=True)
    return list(zip_longest(starts, ends))


def fulfil_if_done(request: Request) -> None:
    """An open request of which every reference is done is fulfilled; it is locked."""
    done = request.matches.filter(status=MatchStatus.COMPLETED).count()
    if request.status == RequestStatus.OPEN and done >= request.quantity:
        move_request(request, RequestStatus.FULFILLED, why=_("Every reference took place."))


def refresh_due(request: Request) -> None:
    """Set the clock of a locked request anew, where it reads otherwise."""
    due_at = _due_of(request)
    if due_at != request.due_at:
        save_request(request, due_at=due_at)


PROMOTER, SYSTEM = Actor.PROMOTER, Actor.SYSTEM
