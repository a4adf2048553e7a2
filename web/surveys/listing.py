"""The list of survey campaigns, each with how many answered and what they said."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.enums import CampaignStatus
from surveys.filters import CampaignFilter
from surveys.models import Campaign
from surveys.querysets import runs_surveys
from web.access import viewer
from web.listing import list_rows
from web.surveys.shown import BADGES, Asked, Score, count_asked, score_campaigns


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign with its score and its invitations."""

    row: Campaign
    score: Score
    asked: Asked
    badge: str


@require_safe
@login_required
def surveys(request: HttpRequest) -> HttpResponse:
    """List campaigns, the newest first."""
    user = viewer(request)
    rows = Campaign.objects.visible_to(user).select_related("product")
    listing = list_rows(request, CampaignFilter, rows, reverse("web:surveys"))
    scores, asked = score_campaigns(listing.page), count_asked(listing.page)
    context = {
        "listing": listing,
        "lines": [Line(row, scores[row.pk], asked[row.pk], BADGES[row.status]) for row in listing.page],
        "statuses": CampaignStatus.choices,
        "columns": {name: listing.url_sorting(name) for name in ("name", "status", "opens_on", "closes_on")},
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
        "may_run": runs_surveys(user),
    }
    return render(request, "web/surveys/list.html", context)
