"""Who could be invited to a program and why, who not and why not; and inviting them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from advocacy.adopters import SeatFunnel, read_candidates, read_funnels
from advocacy.models import AdopterProgram
from advocacy.services.adopters import invite_adopter
from references.consent_view import tell_whose
from references.errors import DomainError
from references.program import current_policy
from web.access import viewer
from web.asks.access import keepers_only
from web.listing import PAGE_SIZE
from web.paging import make_pages
from web.querying import read_number, write_query

MOST_INVITED = 100


@require_safe
@keepers_only
def candidates(request: HttpRequest, adopter_id: int) -> HttpResponse:
    """List who may be invited today or, with `not=1`, who may not and why."""
    user, policy = viewer(request), current_policy()
    row = _find(adopter_id)
    fit, unfit = read_candidates(row, user)
    is_not = request.GET.get("not") == "1"
    address = reverse("web:adopter-candidates", args=[row.pk])
    chosen = unfit if is_not else fit
    page = Paginator(chosen, PAGE_SIZE).get_page(read_number(request.GET, "page", default=1, most=1_000_000))
    kept = {"not": "1"} if is_not else {}

    def url_of(number: int) -> str:
        return address + write_query({**kept, "page": str(number)})

    context: dict[str, Any] = {
        "program": row,
        "funnel": read_funnels([row]).get(row.pk, SeatFunnel()),
        "is_not": is_not,
        "fit": len(fit),
        "unfit": len(unfit),
        "lines": [(each, tell_whose(user, each.contact, each.contact.customer, policy)) for each in page],
        "pages": make_pages(page.number, len(chosen), PAGE_SIZE, url_of),
        "may_invite": row.status in {"recruiting", "running"},
    }
    return render(request, "web/adopters/candidates.html", context)


@require_POST
@keepers_only
def invite(request: HttpRequest, adopter_id: int) -> HttpResponse:
    """Invite those who were ticked and may be invited still."""
    user, row = viewer(request), _find(adopter_id)
    ids = [int(each) for each in request.POST.getlist("contact") if each.isascii() and each.isdigit()][:MOST_INVITED]
    fit, unfit = read_candidates(row, user, only=ids)
    invited = 0
    for each in fit:
        try:
            invite_adopter(program=row, contact=each.contact, by=user)
        except DomainError as error:
            messages.warning(request, error.message)
            break
        invited += 1
    if invited:
        text = ngettext("%(n)s person is invited; the letter is on its way.",
                        "%(n)s people are invited; the letters are on their way.", invited)  # fmt: skip
        messages.success(request, text % {"n": invited})
    for each in unfit[:3]:
        messages.warning(request, " ".join(rule.text for rule in each.rules))
    if not ids:
        messages.warning(request, _("Tick at least one person."))
    return redirect("web:adopter-program" if invited else "web:adopter-candidates", row.pk)


def _find(adopter_id: int) -> AdopterProgram:
    return get_object_or_404(AdopterProgram.objects.select_related("product"), pk=adopter_id)
