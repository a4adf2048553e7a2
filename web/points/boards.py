"""The leaderboard: of all who want to be on it, or of one industry, region or product."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advocacy.leaderboards import GROUPS, MOST, read_leaderboard
from references.pool.index import current_snapshot
from web.access import viewer


@require_safe
@login_required
def leaderboard(request: HttpRequest) -> HttpResponse:
    """Show the first places; `group` narrows to a tag, given as "industry:banking"."""
    vocabulary = current_snapshot().vocabulary
    asked = request.GET.get("group", "")
    facet, _colon, slug = asked.partition(":")
    tag_id = vocabulary.slugs.get((facet, slug)) if facet in GROUPS else None
    context = {
        "lines": read_leaderboard(tag_id),
        "group": vocabulary.get(tag_id) if tag_id is not None else None,
        "asked": asked if tag_id is not None else "",
        "groups": [
            (str(each.label), sorted(vocabulary.facet(each.value), key=lambda tag: tag.name)) for each in GROUPS
        ],
        "most": MOST,
        "user": viewer(request),
    }
    return render(request, "web/points/leaderboard.html", context)
