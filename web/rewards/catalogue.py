"""The catalogue of rewards: listing, adding and changing them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from advocacy.enums import RewardKind
from advocacy.giving import COUNTED
from advocacy.models import Reward
from advocacy.permissions import may_keep_rewards
from advocacy.points_filters import RewardFilter
from advocacy.services.rewards import save_reward
from web.access import managers_only, viewer
from web.listing import list_rows
from web.rewards.forms import RewardForm
from web.submitting import submitted, typed

SORTS = (
    ("cost", gettext_lazy("Cheapest first")),
    ("-cost", gettext_lazy("Dearest first")),
    ("name", gettext_lazy("By name")),
    ("stock", gettext_lazy("Fewest left first")),
)


@require_safe
@login_required
def rewards(request: HttpRequest) -> HttpResponse:
    """List the rewards, with how often each was taken."""
    rows = Reward.objects.select_related("from_level").annotate(
        taken=Count("redemptions", filter=Q(redemptions__status__in=COUNTED))
    )
    listing = list_rows(request, RewardFilter, rows, reverse("web:rewards"), ordering="cost")
    context = {
        "listing": listing,
        "kinds": RewardKind.choices,
        "sorts": SORTS,
        "may_keep": may_keep_rewards(viewer(request)),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/rewards/list.html", context)


@managers_only
def add(request: HttpRequest) -> HttpResponse:
    """Add a reward."""
    return _edit(request, None)


@managers_only
def edit(request: HttpRequest, reward_id: int) -> HttpResponse:
    """Change a reward."""
    return _edit(request, get_object_or_404(Reward, pk=reward_id))


def _edit(request: HttpRequest, row: Reward | None) -> HttpResponse:
    form = RewardForm(request.POST or None, instance=row)

    def save(data: dict[str, Any]) -> Reward:
        return save_reward(data=typed(form, data), reward=row)

    if submitted(request, form, save):
        messages.success(request, _("Saved. What was taken before keeps its cost."))
        return redirect("web:rewards")
    context = {
        "form": form,
        "title": _("Add a reward") if row is None else row.name,
        "lead": _("What points can bring, and to whom."),
        "back": reverse("web:rewards"),
        "action": _("Save"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
