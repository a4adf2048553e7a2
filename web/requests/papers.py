"""What is taken along to a meeting: the one-page preparation sheet and the calendar file."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matching.calendar_file import MIME_TYPE, write_calendar
from matching.enums import SAID_YES
from matching.preparation import meeting_of, prepare
from matching.showing import ShownMatch, show_match
from web.access import viewer
from web.requests.rows import find_match


@require_safe
@login_required
def match_preparation(request: HttpRequest, request_id: int, match_id: int) -> HttpResponse:
    """Show the preparation sheet of what was agreed to; 404 before the yes."""
    shown = _agreed(request, request_id, match_id)
    return render(request, "web/requests/preparation.html", {"sheet": prepare(shown), "match": shown.match})


@require_safe
@login_required
def match_calendar(request: HttpRequest, request_id: int, match_id: int) -> HttpResponse:
    """Give the meeting as a calendar file; 404 while no time is set."""
    shown = _agreed(request, request_id, match_id)
    meeting = meeting_of(shown)
    if meeting is None:
        raise Http404
    response = HttpResponse(write_calendar(meeting, stamp=timezone.now()), content_type=MIME_TYPE)
    response["Content-Disposition"] = f'attachment; filename="reference-{shown.match.pk}.ics"'
    return response


def _agreed(request: HttpRequest, request_id: int, match_id: int) -> ShownMatch:
    row = find_match(request, match_id, request_id)
    if row.status not in SAID_YES:
        raise Http404
    return show_match(viewer(request), row)
