"""The ladder drawn as a funnel, and its asks rung by rung."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from advocacy.filters import AskFilter
from advocacy.ladder_view import Funnel, Rung, read_funnels, read_ladder
from advocacy.models import Ask
from advocacy.permissions import may_keep_asks
from references import activities
from web.access import viewer
from web.querying import write_query


@dataclass(frozen=True, slots=True)
class Step:
    """One rung with its asks; `width` is the share of promoters on it, 0 to 1 of the fullest rung."""

    rung: Rung
    asks: tuple[tuple[Ask, Funnel], ...]
    width: float
    url: str


@require_safe
@login_required
def asks(request: HttpRequest) -> HttpResponse:
    """Show how many stand on each rung, what was asked there and what came of it, and the asks themselves."""
    user = viewer(request)
    found = AskFilter(request.GET, queryset=Ask.objects.select_related("review_site"), request=request)
    rows = list(found.qs)
    funnels = read_funnels(user, "ask")
    by_rung: dict[int, list[tuple[Ask, Funnel]]] = defaultdict(list)
    for ask in rows:
        by_rung[ask.rung].append((ask, funnels.get(ask.pk, Funnel())))
    ladder = read_ladder(user)
    fullest = max((each.standing for each in ladder), default=0) or 1
    listed = reverse("web:assignments")
    context = {
        "steps": [
            Step(
                each,
                tuple(by_rung[each.number]),
                each.standing / fullest,
                listed + write_query({"rung": str(each.number)}),
            )
            for each in reversed(ladder)
        ],
        "asked": {name: values for name, values in request.GET.lists() if name in AskFilter.base_filters},
        "search": request.GET.get("search", ""),
        "activity": request.GET.get("activity", ""),
        "activities": activities.CHOICES,
        "is_narrowed": any(request.GET.get(name) for name in AskFilter.base_filters),
        "has_any": bool(rows) or Ask.objects.exists(),
        "people": sum(each.standing for each in ladder),
        "may_keep": may_keep_asks(user),
    }
    return render(request, "web/asks/ladder.html", context)
