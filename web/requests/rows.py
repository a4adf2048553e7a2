"""The doors to requests and matches on pages: found as the viewer may see them, acted on, and told why not."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from matching.models import Match, Request
from matching.permissions import may_edit_request
from matching.refusing import explain_refused_hold
from references.errors import DomainError
from references.models import Contact
from references.services.holds import HoldRefusedError
from web.access import viewer
from web.requests.words import tell_refusals

T = TypeVar("T")
CLOSED = {"not_allowed", "not_disclosed"}


def find_request(request: HttpRequest, request_id: int) -> Request:
    """A request that the viewer sees; 404 for any other."""
    rows = Request.objects.visible_to(viewer(request)).select_related("owner")
    return get_object_or_404(rows, pk=request_id)


def find_own_request(request: HttpRequest, request_id: int) -> Request:
    """A request that the viewer may change; 404 for what they do not see, 403 for what they only see."""
    row = find_request(request, request_id)
    if not may_edit_request(viewer(request), row):
        raise PermissionDenied
    return row


def find_match(request: HttpRequest, match_id: int, request_id: int | None = None) -> Match:
    """A match that the viewer sees, of this request where one is given; 404 for any other."""
    rows = Match.objects.visible_to(viewer(request)).select_related("request__owner", "contact__customer")
    if request_id is not None:
        rows = rows.filter(request=request_id)
    return get_object_or_404(rows, pk=match_id)


def carry_out(request: HttpRequest, about: Match | Request, do: Callable[[], T], done: str) -> T | None:
    """Do something and say so, or say why not and give None; 403 where it is not the viewer's to do."""
    try:
        result = do()
    except DomainError as error:
        messages.warning(request, why_not(error, about))
        return None
    messages.success(request, done)
    return result


def why_not(error: DomainError, about: Match | Request, contact: Contact | None = None) -> str:
    """The sentence of a refusal, a refused hold with its rules explained; 403 where it is not the viewer's to do."""
    if error.code in CLOSED:
        raise PermissionDenied from error
    if not isinstance(error, HoldRefusedError):
        return error.message
    row = about.request if isinstance(about, Match) else about
    person = contact or (about.contact if isinstance(about, Match) else None)
    if person is None:
        return error.message
    return tell_refusals(explain_refused_hold(error.broken, request=row, contact=person))


def read_text(request: HttpRequest, name: str, *, most: int = 300) -> str:
    """A short text of a form that has no class of its own, without what no database takes."""
    return request.POST.get(name, "").replace("\0", "").strip()[:most]


def read_version(request: HttpRequest) -> int | None:
    """The version of the row that the page was made from, if the form carries one."""
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def go_back(request: HttpRequest, match: Match) -> HttpResponse:
    """Go where the form came from, else to the request of the match."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(target)
    return redirect(reverse("web:request", args=[match.request_id]) + f"#match-{match.pk}")
