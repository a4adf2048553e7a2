"""The approver's queue: what waits for the viewer's yes, most urgent first, decided one by one or in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from matching.enums import ApprovalStep, RequestStatus
from matching.filters import ApprovalFilter
from matching.models import Approval, Match, Request
from matching.results import Term
from matching.services.approving import TIRED, approve_many, reject_many
from matching.services.filling import fill_request
from matching.showing import ShownApproval, ShownMatch, load_matches, show_matches
from references import activities
from references.errors import DomainError
from references.program import current_policy
from users.models import User
from web.access import viewer
from web.listing import Listing, list_rows
from web.requests.listing import read_lines
from web.requests.rows import read_text, why_not

SOON = timedelta(hours=72)
MOST_AT_ONCE = 100
BEST_REASONS = 3
MOST_BY_HAND = 50


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One approval that waits, with the match it is about as the viewer sees it."""

    approval: ShownApproval
    shown: ShownMatch
    reasons: tuple[Term, ...]
    is_late: bool
    needs_reason: bool


@require_safe
@login_required
def request_queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the viewer to decide, and to managers the requests that need one to choose by hand."""
    user, now = viewer(request), timezone.now()
    waiting: QuerySet[Approval] = Approval.objects.waiting_for(user).select_related("assignee")
    listing = list_rows(request, ApprovalFilter, waiting, reverse("web:request-queue"), ordering="due_at")
    by_hand = _requests_by_hand(user)
    is_by_hand = request.GET.get("show") == "by-hand" and user.is_manager
    context = {
        "listing": listing,
        "tabs": _tabs(listing, user, now, by_hand.count(), is_by_hand=is_by_hand),
        "is_by_hand": is_by_hand,
        "lines": read_lines(user, list(by_hand.select_related("owner")[:MOST_BY_HAND])) if is_by_hand else (),
        "rows": () if is_by_hand else _read_rows(user, list(listing.page), now),
        "steps": ApprovalStep.choices,
        "activities": activities.CHOICES,
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
        "here": request.get_full_path(),
    }
    return render(request, "web/requests/queue.html", context)


@require_POST
@login_required
def queue_decide(request: HttpRequest) -> HttpResponse:
    """Approve or reject those ticked, with one reason for all; each by itself, so that one refusal stops no other."""
    user, reason = viewer(request), read_text(request, "reason")
    ids = [
        int(each) for each in request.POST.getlist("match") if each.isascii() and each.isdecimal() and len(each) < 19
    ]
    rows: QuerySet[Match] = Match.objects.visible_to(user)
    matches = list(rows.filter(pk__in=ids[:MOST_AT_ONCE]).select_related("request", "contact__customer"))
    is_rejected = request.POST.get("act") == "reject"
    if not matches:
        messages.warning(request, _("Tick those you decide on first."))
    elif is_rejected and not reason.strip():
        messages.warning(request, _("Say why not: the requesters read it."))
    else:
        decide = reject_many if is_rejected else approve_many
        _tell(request, decide(matches=matches, by=user, reason=reason))
        if is_rejected:
            for match in matches:
                fill_request(request=match.request)
    return redirect(_back(request))


def _read_rows(user: User, approvals: Sequence[Approval], now: datetime) -> list[QueueRow]:
    matches = load_matches(Match.objects.filter(pk__in=[each.match_id for each in approvals]))
    shown = {each.match.pk: each for each in show_matches(user, matches, current_policy())}
    return [_make_row(each.pk, shown[each.match_id], now) for each in approvals if each.match_id in shown]


def _make_row(approval_id: int, shown: ShownMatch, now: datetime) -> QueueRow:
    approval = shown.approval(approval_id)
    best = sorted(shown.terms, key=lambda term: -term.points)[:BEST_REASONS]
    return QueueRow(
        approval=approval,
        shown=shown,
        reasons=tuple(term for term in best if term.points > 0),
        is_late=approval.due_at <= now,
        needs_reason=shown.match.band == TIRED and approval.step == ApprovalStep.MANAGER,
    )


def _requests_by_hand(user: User) -> QuerySet[Request]:
    """Requests that wait for a manager to choose somebody; nobody else's concern."""
    rows: QuerySet[Request] = Request.objects.exclude(needs_manager="") | Request.objects.filter(
        status=RequestStatus.UNMET
    )
    return rows.order_by("needed_by", "pk") if user.is_manager else Request.objects.none()


def _tabs(
    listing: Listing, user: User, now: datetime, by_hand: int, *, is_by_hand: bool
) -> list[tuple[str, int, str, bool]]:
    """(label, count, address, is it open) of each tab."""
    waiting = Approval.objects.waiting_for(user)
    soon = (now + SOON).isoformat(timespec="minutes")
    is_overdue, is_soon = listing.value("overdue") == "true", bool(listing.value("due_before"))
    tabs = [
        (_("All"), waiting.count(), listing.url(overdue="", due_before=""), not is_overdue and not is_soon),
        (
            _("Due within 72 h"),
            waiting.filter(due_at__lte=now + SOON).count(),
            listing.url(overdue="", due_before=soon),
            is_soon,
        ),
        (
            _("Overdue"),
            waiting.filter(due_at__lte=now).count(),
            listing.url(overdue="true", due_before=""),
            is_overdue,
        ),
    ]
    tabs = [(label, count, url, is_open and not is_by_hand) for label, count, url, is_open in tabs]
    if user.is_manager:
        tabs.append((_("To choose by hand"), by_hand, f"{reverse('web:request-queue')}?show=by-hand", is_by_hand))
    return tabs


def _tell(request: HttpRequest, results: Sequence[tuple[Match, DomainError | None]]) -> None:
    done = len([error for _match, error in results if error is None])
    if done:
        words = ngettext("%(n)s decided.", "%(n)s decided.", done) % {"n": done}
        messages.success(request, words)
    for match, error in results:
        if error is not None:
            sentence = error.message if error.code == "not_allowed" else why_not(error, match)
            messages.warning(request, f"{match.request.deal}: {sentence}")


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else reverse("web:request-queue")
