"""One campaign: how many answered and what, live while it runs; who was asked; what to paste; what comes next."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from references.models import StateChange
from references.program import current_policy
from references.services.saving import name_subject
from surveys.calling import find_to_call, keep_due
from surveys.enums import CampaignStatus, InvitationStatus
from surveys.models import Campaign, Invitation, Response
from surveys.querysets import runs_surveys
from surveys.scores import tally_scores
from surveys.segments import read_histogram
from surveys.wording import subject_of, wording_of
from users.models import User
from web.access import viewer
from web.parts import vary_by_part, wants_part
from web.surveys.shown import BADGES, count_asked, draw_bars, tell_score
from web.surveys.telling import tell_responses
from web.surveys.widget import SANDBOX, frame_url, write_snippet
from web.surveys.words import EVENTS, say_why_not

LATEST = 5


@require_safe
@login_required
def survey(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Show a campaign; while it runs its figures are asked for again every ten seconds."""
    user = viewer(request)
    row = get_object_or_404(Campaign.objects.visible_to(user).select_related("product", "owner"), pk=survey_id)
    context = _read_figures(user, row)
    if wants_part(request, "live"):
        return vary_by_part(render(request, "web/surveys/live.html", context))
    may_run = runs_surveys(user)
    changes = StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("-at")
    to_call = find_to_call(user, row.pk)
    context |= {
        "may_run": may_run,
        "subject": subject_of(row),
        "changes": [(EVENTS.get(each.to_status, each.to_status), each) for each in changes[:10]],
        "wording": wording_of(row, get_language() or settings.LANGUAGE_CODE),
        "call_count": to_call.count(),
        "due_count": keep_due(to_call, timezone.localdate()).count(),
        "snippet": write_snippet(row) if may_run else "",
        "frame_url": frame_url(row, preview=True),
        "sandbox": SANDBOX,
    }
    return vary_by_part(render(request, "web/surveys/survey.html", context))


def _read_figures(user: User, row: Campaign) -> dict[str, Any]:
    """What changes while a campaign runs; the score is of everybody, the comments of those the viewer may read."""
    histogram = read_histogram(Response.objects.filter(campaign=row))
    return {
        "campaign": row,
        "badge": BADGES[row.status],
        "is_running": row.status == CampaignStatus.RUNNING,
        "score": tell_score(tally_scores(histogram)),
        "asked": count_asked([row])[row.pk],
        "bars": draw_bars(histogram),
        "reasons": _count_reasons(row),
        "latest": tell_responses(user, _latest(user, row), current_policy()),
    }


def _latest(user: User, row: Campaign) -> "QuerySet[Response]":
    rows = Response.objects.visible_to(user).filter(campaign=row).exclude(comment="")
    return rows.select_related("contact__customer").order_by("-recorded_at", "-pk")[:LATEST]


def _count_reasons(row: Campaign) -> list[tuple[str, str, int]]:
    """(code, words, how many) of those who were not asked, the most frequent reason first."""
    rows = Invitation.objects.filter(campaign=row, status=InvitationStatus.SKIPPED).order_by()
    counted = rows.values_list("skipped_because").annotate(n=Count("pk")).order_by("-n", "skipped_because")
    return [(code, say_why_not(code), number) for code, number in counted]
