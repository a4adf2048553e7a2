"""What is done with a request as a whole: cancel, try again, comment, watch, a story meanwhile, how the deal ended."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from matching.enums import LIVE, MatchStatus, RequestStatus, Via
from matching.models import RequestComment
from matching.services.closing import report_outcome
from matching.services.filling import fill_request
from matching.services.proof import use_meanwhile
from matching.services.requests import (
    cancel_request,
    comment_request,
    reopen_request,
    watch_request,
)
from references.blinding import hide_names
from web.access import viewer
from web.pool.stories import FoundStory, find_story
from web.requests.forms import CancelForm, CommentForm, OutcomeForm
from web.requests.page import show_request
from web.requests.rows import carry_out, find_own_request, find_request, read_version
from web.submitting import submitted


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_cancel(request: HttpRequest, request_id: int) -> HttpResponse:
    """Ask, saying what it does, then call a request off."""
    row, user = find_own_request(request, request_id), viewer(request)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version, why = read_version(request), form.cleaned_data["why"]
        carry_out(
            request,
            row,
            lambda: cancel_request(request=row, by=user, why=why, expected_version=version),
            _("Cancelled. Nobody is held or asked for it any more."),
        )
        return redirect("web:request", row.pk)
    live = list(row.matches.filter(status__in=LIVE).values_list("status", flat=True))
    told = {MatchStatus.INVITED, MatchStatus.ACCEPTED, MatchStatus.SCHEDULED}
    context = {"row": row, "form": form, "held": len(live), "told": len([each for each in live if each in told])}
    return render(request, "web/requests/cancel.html", context)


@require_POST
@login_required
def request_reopen(request: HttpRequest, request_id: int) -> HttpResponse:
    """Try an unmet request again with the pool as it is now."""
    row, user = find_own_request(request, request_id), viewer(request)
    tried = carry_out(request, row, lambda: reopen_request(request=row, by=user), _("Tried again with today’s pool."))
    if tried:
        fill_request(request=tried, by=user)
        tried.refresh_from_db(fields=["status"])
        if tried.status == RequestStatus.UNMET:
            messages.warning(request, _("Still nobody who fits may be asked."))
    return redirect("web:request", row.pk)


@require_POST
@login_required
def request_comment(request: HttpRequest, request_id: int) -> HttpResponse:
    """Say something to everybody who sees the request; once, however often the form is sent."""
    row, user = find_request(request, request_id), viewer(request)
    form = CommentForm(request.POST)

    def save(data: dict[str, Any]) -> RequestComment:
        key = f"page:{user.pk}:{row.pk}:{data['key']}" if data["key"] else ""
        return comment_request(request=row, author=user, text=data["text"], creation_key=key)

    said = submitted(request, form, save)
    return redirect("web:request", row.pk) if said else show_request(request, row, {("comment", 0): form})


@require_POST
@login_required
def request_watch(request: HttpRequest, request_id: int) -> HttpResponse:
    """Hear of a request, or no longer."""
    row = find_request(request, request_id)
    is_watching = request.POST.get("watch") == "yes"
    watch_request(request=row, user=viewer(request), is_watching=is_watching)
    messages.success(request, _("You hear of what happens here.") if is_watching else _("You hear of it no more."))
    return redirect("web:request", row.pk)


@require_POST
@login_required
def request_outcome(request: HttpRequest, request_id: int) -> HttpResponse:
    """Say how the deal ended."""
    row, user = find_own_request(request, request_id), viewer(request)
    form = OutcomeForm(request.POST)
    said = submitted(request, form, lambda data: report_outcome(request=row, by=user, via=Via.PAGE, **data))
    if not said:
        return show_request(request, row, {("outcome", 0): form})
    messages.success(request, _("Thank you. Everybody who helped hears how it ended."))
    return redirect("web:request", row.pk)


@require_POST
@login_required
def request_meanwhile(request: HttpRequest, request_id: int) -> HttpResponse:
    """Note that a story serves meanwhile."""
    row, user = find_own_request(request, request_id), viewer(request)
    number = request.POST.get("story", "")
    found = (
        find_story(request.POST.get("kind", ""), int(number))
        if number.isascii() and number.isdecimal() and len(number) < 19
        else None
    )
    if found is None or not found.is_usable:
        raise Http404
    use_meanwhile(request=row, piece=found.row, title=_safe_title(found), by=user)
    messages.success(request, _("Noted: this story serves meanwhile. Send it to the prospect."))
    return redirect("web:request", row.pk)


def _safe_title(found: FoundStory) -> str:
    """What a story is called for everybody who sees the request, whatever they may see of the customer."""
    row = found.row
    names = [row.contact.name if row.contact else "", getattr(row, "said_by", "")]
    if not (found.may_be_named and row.customer.is_named):
        names += [row.customer.name, row.customer.domain]
    words = getattr(row, "title", "") or getattr(row, "text", "")
    return hide_names(words, [name for name in names if name])
