"""The levels that lifetime points reach: listing, adding, changing and removing them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from advocacy.levels import read_levels, standing_of
from advocacy.models import Level, PointsAccount
from advocacy.permissions import may_keep_rewards
from advocacy.services.levels import remove_level, save_level
from references.errors import DomainError
from web.access import managers_only, viewer
from web.points.forms import LevelForm
from web.submitting import submitted, typed


@require_safe
@login_required
def levels(request: HttpRequest) -> HttpResponse:
    """List the levels, with how many of those the viewer sees stand on each; there are few."""
    user, rules = viewer(request), read_levels()
    counts: dict[str, int] = {}
    for lifetime in PointsAccount.objects.visible_to(user).values_list("lifetime", flat=True):
        level = standing_of(lifetime, rules).level
        if level is not None:
            counts[level.name] = counts.get(level.name, 0) + 1
    lines = [(level, counts.get(level.name, 0)) for level in Level.objects.all()]
    return render(request, "web/points/levels.html", {"lines": lines, "may_keep": may_keep_rewards(user)})


@managers_only
def add(request: HttpRequest) -> HttpResponse:
    """Add a level."""
    return _edit(request, None)


@managers_only
def edit(request: HttpRequest, level_id: int) -> HttpResponse:
    """Change a level."""
    return _edit(request, get_object_or_404(Level, pk=level_id))


@require_POST
@managers_only
def remove(request: HttpRequest, level_id: int) -> HttpResponse:
    """Take a level away."""
    try:
        remove_level(level=get_object_or_404(Level, pk=level_id))
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Removed: people stand on the level below now."))
    return redirect("web:levels")


def _edit(request: HttpRequest, row: Level | None) -> HttpResponse:
    form = LevelForm(request.POST or None, instance=row)

    def save(data: dict[str, Any]) -> Level:
        return save_level(data=typed(form, data), level=row)

    if submitted(request, form, save):
        messages.success(request, _("Saved: whoever has the points is on it."))
        return redirect("web:levels")
    context = {
        "form": form,
        "title": _("Add a level") if row is None else row.name,
        "lead": _("What it takes, and what it brings."),
        "back": reverse("web:levels"),
        "action": _("Save"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
