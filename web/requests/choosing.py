"""Choosing somebody else by hand: in place of a match, or for an empty place, with the difference in points told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from matching.enums import BEFORE_ASKING, RequestStatus
from matching.models import Match, Request
from matching.proposing import rank_request
from matching.results import Candidate, Excluded, SearchResult, Term
from matching.services.approving import swap_match
from matching.services.filling import fill_request, propose_person
from matching.services.requests import reopen_request
from matching.showing import ShownMatch, show_match
from references.errors import DomainError
from references.models import Contact
from references.pool.writing import pool_write
from users.models import User
from web.access import managers_only, viewer
from web.querying import read_number
from web.requests.rows import find_match, find_request, go_back, read_text, read_version, why_not

LOOK_AT = 8


@dataclass(frozen=True, slots=True)
class Compared:
    """One term of two scores side by side."""

    label: str
    here: float
    there: float

    @property
    def difference(self) -> float:
        return self.there - self.here


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who could be put forward; `difference` in points to whoever stands there now, None for nobody."""

    found: Candidate | Excluded
    difference: float | None
    is_shown: bool = False

    @property
    def is_free(self) -> bool:
        return isinstance(self.found, Candidate)

    @property
    def may_override(self) -> bool:
        """Whether a manager may ask this person all the same."""
        return isinstance(self.found, Excluded) and self.found.may_be_overridden


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def match_swap(request: HttpRequest, match_id: int) -> HttpResponse:
    """Show a match beside the next best, and put somebody else forward in its place."""
    row, user = find_match(request, match_id), viewer(request)
    if not user.is_manager and row.contact.customer.account_owner_id != user.pk:
        raise PermissionDenied
    error = ""
    if request.method == "POST":
        error = _swap(request, row, user)
        if not error:
            messages.success(request, _("Swapped: %(deal)s.") % {"deal": row.request.deal})
            return go_back(request, row)
    elif row.status not in BEFORE_ASKING:
        messages.warning(request, _("Too late to swap: this match has been asked, or has ended."))
        return go_back(request, row)
    shown = show_match(user, row)
    options = _options(_rank(row.request, user), chosen_id(request), row.score)
    against = next((each for each in options if each.is_shown), None)
    context = {
        "shown": shown,
        "match": row,
        "row": row.request,
        "options": options,
        "has_free": any(each.is_free for each in options),
        "against": against,
        "compared": _compare(shown, against.found) if against else (),
        "error": error,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "reason": read_text(request, "reason"),
    }
    return render(request, "web/requests/swap.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def request_propose(request: HttpRequest, request_id: int) -> HttpResponse:
    """List whom a request could ask, and put one forward by hand; an unmet request is opened again by it."""
    row, user, error = find_request(request, request_id), viewer(request), ""
    if request.method == "POST":
        error = _propose(request, row, user)
        if not error:
            messages.success(request, _("Put forward."))
            return redirect("web:request", row.pk)
    found = _rank(row, user)
    options = _options(found, chosen_id(request), None)
    has_free = any(each.is_free for each in options)
    context = {"row": row, "options": options, "has_free": has_free, "error": error, "notice": found.notice}
    return render(request, "web/requests/propose.html", context, status=422 if error else 200)


def chosen_id(request: HttpRequest) -> int:
    """The contact that the address or the form names; 0 for none."""
    query = request.POST if request.method == "POST" else request.GET
    return read_number(query, "contact", default=0, most=2**62)


def _rank(row: Request, user: User) -> SearchResult:
    return rank_request(row, limit=LOOK_AT, lists=("candidates", "excluded"), viewer=user)


def _options(result: SearchResult, shown_id: int, score: float | None) -> list[Option]:
    """Those who may be asked, best first, then those whom a rule keeps; one of them is looked at closely."""
    found: Sequence[Candidate | Excluded] = [*result.candidates, *result.excluded]
    options = [Option(each, None if score is None else each.score - score) for each in found]
    likely = [each for each in options if each.is_free] or [each for each in options if each.may_override]
    shown = next((each for each in options if each.found.card.contact_id == shown_id), next(iter(likely), None))
    return [replace(each, is_shown=each is shown) for each in options]


def _compare(shown: ShownMatch, found: Candidate | Excluded) -> list[Compared]:
    """Both scores term by term, in the order of the first."""
    here: dict[str, Term] = {term.code: term for term in shown.terms}
    there = {term.code: term for term in found.terms}
    labels = {**{code: term.label for code, term in there.items()}, **{code: t.label for code, t in here.items()}}
    codes = [*here, *(code for code in there if code not in here)]
    return [
        Compared(
            labels[code],
            here[code].points if code in here else 0.0,
            there[code].points if code in there else 0.0,
        )
        for code in codes
    ]


def _swap(request: HttpRequest, row: Match, user: User) -> str:
    """Swap as the form says; gives why not, "" where it was done."""
    contact_id = chosen_id(request)
    try:
        swap_match(
            match=row,
            by=user,
            contact_id=contact_id,
            reason=read_text(request, "reason"),
            override_reason=read_text(request, "override_reason"),
            expected_version=read_version(request),
        )
    except DomainError as error:
        return why_not(error, row, _contact(contact_id))
    return ""


def _propose(request: HttpRequest, row: Request, user: User) -> str:
    """Put forward as the form says; gives why not, "" where it was done."""
    contact_id, reason = chosen_id(request), read_text(request, "override_reason")
    try:
        with pool_write():
            if row.status == RequestStatus.UNMET:
                row = reopen_request(request=row, by=user, why=_("Somebody was chosen by hand."))
            propose_person(request=row, contact_id=contact_id, by=user, override_reason=reason)
    except DomainError as error:
        return why_not(error, row, _contact(contact_id))
    fill_request(request=row, by=user)
    return ""


def _contact(contact_id: int) -> Contact | None:
    return Contact.objects.select_related("customer").filter(pk=contact_id).first()
