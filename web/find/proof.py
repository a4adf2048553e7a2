"""What serves a deal instead of a live reference: using it, saying that it was enough, and what was used."""

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matching.models import ProofUse
from matching.services.proof import log_proof_use, say_enough
from references.activities import BY_CODE
from references.errors import DomainError
from references.filtering import StableOrderingFilter
from references.models import CaseStudy, Testimonial
from users.models import User
from web.access import viewer
from web.listing import list_rows

LONGEST_KEY = 200


class ProofUseFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds what was used by whom, when, and whether it saved a call."""

    user = django_filters.NumberFilter(field_name="user")
    used_on_after = django_filters.DateFilter(field_name="used_at", lookup_expr="date__gte")
    used_on_before = django_filters.DateFilter(field_name="used_at", lookup_expr="date__lte")
    used_since = django_filters.IsoDateTimeFilter(field_name="used_at", lookup_expr="gt")
    saved = django_filters.BooleanFilter(method="saving")
    ordering = StableOrderingFilter("used_at", default="-used_at")

    class Meta:
        model = ProofUse
        fields: list[str] = []

    def saving(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.saving_calls(timezone.now()) if value else queryset


@require_safe
@login_required
def proof_uses(request: HttpRequest) -> HttpResponse:
    """List what the viewer and their team, or for managers everybody, used for deals, newest first."""
    rows: QuerySet[ProofUse] = ProofUse.objects.visible_to(viewer(request))
    rows = rows.select_related("user", "request", "case_study", "testimonial", "proof_point")
    listing = list_rows(request, ProofUseFilter, rows, reverse("web:proof-uses"), ordering="-used_at")
    saving = ProofUse.objects.filter(pk__in=[row.pk for row in listing.page]).saving_calls(timezone.now())
    context = {
        "listing": listing,
        "saving": set(saving.values_list("pk", flat=True)),
        "users": User.objects.filter(pk__in=ProofUse.objects.visible_to(viewer(request)).order_by().values("user")),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/find/proof_uses.html", context)


@require_POST
@login_required
def proof_use(request: HttpRequest) -> HttpResponse:
    """Note that a piece serves the deal in the brief instead of a live reference."""
    piece = _find_piece(request.POST.get("kind", ""), request.POST.get("piece", ""))
    key = request.POST.get("key", "").strip()
    if piece is None or not key or len(key) > LONGEST_KEY:
        raise Http404
    user = viewer(request)
    activity = request.POST.get("activity", "")
    try:
        log_proof_use(
            user=user,
            piece=piece,
            activity=activity if activity in BY_CODE else "call",
            deal=request.POST.get("deal", ""),
            deal_id=request.POST.get("deal_id", ""),
            brief=request.POST.get("brief", "")[:3_000],
            creation_key=f"page:{user.pk}:{key}",
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Noted. Copy it, send it, and say below whether it was enough."))
    return redirect("web:proof-uses")


@require_POST
@login_required
def proof_enough(request: HttpRequest, use_id: int) -> HttpResponse:
    """Say that no call was needed after all, or take that back; one's own uses, and a manager's any."""
    user = viewer(request)
    row = get_object_or_404(ProofUse.objects.visible_to(user), pk=use_id)
    if not (user.is_manager or row.user_id == user.pk):
        raise Http404
    say_enough(use=row, was_enough=request.POST.get("enough") == "yes")
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    given = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(given, {request.get_host()})
    return HttpResponseRedirect(given if given and is_ours else reverse("web:proof-uses"))


def _find_piece(kind: str, number: str) -> CaseStudy | Testimonial | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    if kind == "case_study":
        return CaseStudy.objects.filter(pk=int(number)).first()
    return Testimonial.objects.filter(pk=int(number)).first()
