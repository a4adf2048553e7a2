"""The badges, with how many have each: listing, adding and changing them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from advocacy.models import Badge, PointsAccount
from advocacy.permissions import may_keep_rewards
from advocacy.services.badges import save_badge
from web.access import managers_only, viewer
from web.points.forms import BadgeForm
from web.submitting import submitted, typed


@require_safe
@login_required
def badges(request: HttpRequest) -> HttpResponse:
    """List the badges, with how many of those the viewer sees have each; there are few."""
    user = viewer(request)
    seen = Q(awards__account__in=PointsAccount.objects.visible_to(user))
    rows = Badge.objects.annotate(held=Count("awards", filter=seen)).order_by("-is_active", "name")
    return render(request, "web/points/badges.html", {"badges": rows, "may_keep": may_keep_rewards(user)})


@managers_only
def add(request: HttpRequest) -> HttpResponse:
    """Add a badge."""
    return _edit(request, None)


@managers_only
def edit(request: HttpRequest, badge_id: int) -> HttpResponse:
    """Change a badge."""
    return _edit(request, get_object_or_404(Badge, pk=badge_id))


def _edit(request: HttpRequest, row: Badge | None) -> HttpResponse:
    form = BadgeForm(request.POST or None, instance=row)

    def save(data: dict[str, Any]) -> Badge:
        return save_badge(data=typed(form, data), badge=row)

    if submitted(request, form, save):
        messages.success(request, _("Saved. Whoever earned it is awarded it within hours; whoever has it keeps it."))
        return redirect("web:badges")
    context = {
        "form": form,
        "title": _("Add a badge") if row is None else row.name,
        "lead": _("For what people did; what they score or say counts nowhere."),
        "back": reverse("web:badges"),
        "action": _("Save"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
