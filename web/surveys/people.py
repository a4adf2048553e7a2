"""The list of a campaign's people: from a file, tried out row by row before it is kept; and asking the rest."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from references.errors import DomainError
from references.importing.errors import ImportRefusedError
from references.importing.uploads import StoredUpload, delete_upload, find_upload, store_upload
from surveys.enums import CampaignStatus
from surveys.models import Campaign
from surveys.services.campaigns import invite_rest
from surveys.services.listing import Listing, clear_list, list_people
from web.access import viewer
from web.surveys.access import runners_only

MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@runners_only
def people(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Take a file and say of each row what would come of it; then put its people on the list."""
    campaign = get_object_or_404(Campaign, pk=survey_id)
    if request.method != "POST":
        return _page(request, campaign)
    try:
        if request.POST.get("act") == "clear":
            count = clear_list(campaign=campaign, by=viewer(request))
            messages.success(request, _("Taken off the list: %(n)s.") % {"n": count})
            return redirect("web:survey-people", survey_id)
        stored = _read_upload(request)
        if stored is None:
            return _page(request, campaign, problem=_("Choose a file first."))
        is_trial = request.POST.get("act") != "list"
        report = list_people(
            campaign=campaign, path=stored.path, name=stored.name, by=viewer(request), dry_run=is_trial
        )
    except (DomainError, ImportRefusedError) as error:
        return _page(request, campaign, problem=str(error))
    if report.refusal is not None:
        delete_upload(stored.token)
        return _page(request, campaign, problem=f"{report.refusal.message} {report.refusal.hint}")
    if is_trial:
        return _page(request, campaign, report=report, upload=stored.token)
    delete_upload(stored.token)
    messages.success(request, _("On the list now: %(n)s more.") % {"n": report.listed})
    return redirect("web:survey-people", survey_id)


@require_POST
@runners_only
def ask_rest(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Ask whoever fits by now, or was listed since."""
    campaign = get_object_or_404(Campaign, pk=survey_id)
    try:
        invite_rest(campaign=campaign, by=viewer(request), key=request.POST.get("key") or uuid.uuid4().hex)
        messages.success(request, _("On its way: whoever fits by now and was not asked gets the mail."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("web:survey", survey_id)


def _read_upload(request: HttpRequest) -> StoredUpload | None:
    """The file that was sent, or the one that was tried out before."""
    file, token = request.FILES.get("file"), request.POST.get("upload", "")
    if file is not None:
        return store_upload(file)
    return find_upload(token) if token else None


def _page(
    request: HttpRequest, campaign: Campaign, *, problem: str = "", report: Listing | None = None, upload: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "campaign": campaign,
        "is_draft": campaign.status == CampaignStatus.DRAFT,
        "is_running": campaign.status == CampaignStatus.RUNNING,
        "is_closed": campaign.status == CampaignStatus.CLOSED,
        "waiting": campaign.invitations.to_be_mailed().count(),
        "problem": problem,
        "report": report,
        "faults": [] if report is None else report.problems[:MOST_SHOWN],
        "more": 0 if report is None else max(0, len(report.problems) - MOST_SHOWN),
        "upload": upload,
        "key": uuid.uuid4().hex,
    }
    return render(request, "web/surveys/people.html", context, status=422 if problem else 200)
