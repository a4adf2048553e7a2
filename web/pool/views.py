"""The pool's list, a promoter's profile, and the button behind which contact data lies."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from references.enums import DuplicateKind
from references.errors import DomainError
from references.models import Contact
from references.pool.search import search_pool
from references.profiles import read_profile
from references.services.disclosures import disclose_contact
from references.services.merging import find_kept
from web.access import viewer
from web.facets import group_facets
from web.paging import make_pages
from web.parts import vary_by_part, wants_part
from web.pool.curve import draw_curve
from web.pool.loyalty import read_loyalty
from web.pool.state import PAGE_SIZE, PoolState

SORTS = (
    ("relevance", gettext_lazy("Best match")),
    ("name", gettext_lazy("Name")),
    ("fatigue", gettext_lazy("Most rested")),
    ("-fatigue", gettext_lazy("Most tired")),
    ("last_used", gettext_lazy("Longest unused")),
    ("-last_used", gettext_lazy("Used last")),
)
NOTICES = {
    "opted_out": gettext_lazy("Has opted out: never to be asked again."),
    "not_active": gettext_lazy("Not an active promoter, so no search proposes this person."),
    "paused": gettext_lazy("Paused for now."),
    "not_referenceable": gettext_lazy("The customer is not to be used as a reference."),
    "escalation": gettext_lazy("The customer has an open escalation."),
    "red_health": gettext_lazy("The customer’s health is red."),
    "renewal": gettext_lazy("The renewal is near, and the customer wants quiet around it."),
}


@require_safe
@login_required
def pool(request: HttpRequest) -> HttpResponse:
    """List the promoters that match the query string, with facets and counts."""
    state = PoolState.from_query(request.GET)
    found = search_pool(
        user=viewer(request),
        text=state.text,
        chosen=state.chosen_by_facet,
        sort=state.order,
        page=state.page,
        page_size=PAGE_SIZE,
    )
    groups = group_facets(found.facets, state.toggler())
    context = {
        "state": state,
        "found": found,
        "facets": groups,
        "picked": [(group.label, item) for group in groups for item in group.first if item.is_chosen],
        "pages": make_pages(state.page, found.total, PAGE_SIZE, lambda number: state.url(page=number)),
        "sorts": SORTS,
        "looks": {name: state.url(look=name) for name in ("table", "cards")},
        "columns": {name: state.url_sorting(name) for name in ("name", "fatigue", "last_used")},
        "clear_url": state.url(chosen=(), text=""),
    }
    is_part = wants_part(request, "pool")
    return vary_by_part(render(request, "web/pool/list.html" if is_part else "web/pool/page.html", context))


@require_safe
@login_required
def profile(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show one promoter as far as the viewer may see them; 404 for those out of their sight."""
    try:
        shown = read_profile(user=viewer(request), contact_id=contact_id)
    except Contact.DoesNotExist as error:
        kept = find_kept(DuplicateKind.CONTACT, contact_id)
        if kept is None:
            raise Http404 from error
        return redirect("web:profile", kept)
    context = {
        "profile": shown,
        "drawing": draw_curve(shown.curve, shown.ledger),
        "bookable": [each for each in shown.free_dates if each.is_agreed and (each.next_free or each.has_consent)],
        "unconsented": [each for each in shown.free_dates if not each.has_consent and not each.next_free],
        "unagreed": [each for each in shown.free_dates if not each.is_agreed and each.has_consent],
        "notices": [str(NOTICES[code]) for code in shown.notices],
        "asked_for": request.GET.get("activity", ""),
        "loyalty": read_loyalty(viewer(request), contact_id),
    }
    return render(request, "web/pool/profile.html", context)


@never_cache
@require_POST
@login_required
def disclose(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show a contact's e-mail and phone, once, and record who looked and why."""
    user = viewer(request)
    contact = get_object_or_404(Contact.objects.visible_to(user).select_related("customer"), pk=contact_id)
    try:
        data = disclose_contact(user=user, contact=contact, why=request.POST.get("why", ""))
    except DomainError as error:
        if error.code == "not_disclosed":
            raise PermissionDenied from error
        messages.error(request, error.message)
        return redirect("web:profile", contact_id)
    context: dict[str, Any] = {"contact": contact, "data": data}
    return render(
        request, "web/pool/contact_data.html" if wants_part(request) else "web/pool/contact_page.html", context
    )
