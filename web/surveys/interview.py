"""The telephone: whom to call, one person's question with an answer in a few keys, and what came of other calls."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from references.errors import DomainError
from references.services.disclosures import disclose_contact
from references.speech import language_of
from surveys.calling import find_to_call, keep_due
from surveys.enums import CampaignStatus
from surveys.filters import DUE, CallFilter
from surveys.models import Campaign, Invitation
from surveys.wording import wording_of
from users.models import User
from web.access import viewer
from web.listing import list_rows
from web.parts import wants_part
from web.surveys.interview_form import AnswerForm, MissedForm, RefusedForm
from web.surveys.shown import STATE_BADGES


@require_safe
@login_required
def interview(request: HttpRequest, survey_id: int) -> HttpResponse:
    """List whom the viewer may call for a campaign, with the way to the first."""
    user = viewer(request)
    campaign = get_object_or_404(Campaign.objects.visible_to(user), pk=survey_id)
    rows = find_to_call(user, campaign.pk)
    given = {} if "due" in request.GET else {"due": "now"}
    address = reverse("web:survey-interview", args=[campaign.pk])
    listing = list_rows(request, CallFilter, rows, address, **given)
    context = {
        "campaign": campaign,
        "listing": listing,
        "lines": [(row, STATE_BADGES[row.status]) for row in listing.page],
        "dues": DUE,
        "columns": {name: listing.url_sorting(name) for name in ("call_again_on", "calls")},
        "first": keep_due(rows, timezone.localdate()).first() if campaign.status == CampaignStatus.RUNNING else None,
        "is_running": campaign.status == CampaignStatus.RUNNING,
        "later": rows.count(),
    }
    return render(request, "web/surveys/interview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def call(request: HttpRequest, survey_id: int, invitation_id: int) -> HttpResponse:
    """Show one person's question, or keep what came of the call and go on to the next person."""
    user = viewer(request)
    row = find_to_call(user, survey_id).filter(pk=invitation_id).first()
    if row is None:
        get_object_or_404(Invitation.objects.visible_to(user), pk=invitation_id, campaign=survey_id)
        messages.info(request, _("This person has answered by now, or is not to be called."))
        return redirect("web:survey-interview", survey_id)
    act = request.POST.get("act", "")
    forms: dict[str, AnswerForm | MissedForm | RefusedForm] = {
        "answered": AnswerForm(request.POST if act == "answered" else None, initial={"language": _speaks(row)}),
        "missed": MissedForm(
            request.POST if act == "missed" else None, initial={"again_on": _tomorrow()}, auto_id="missed-%s"
        ),
        "refused": RefusedForm(request.POST if act == "refused" else None, auto_id="refused-%s"),
    }
    form = forms.get(act)
    if form is not None and form.is_valid():
        try:
            messages.success(request, form.keep(row, user))
            return _go_on(request, user, row)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    language = request.GET.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else _speaks(row)
    context = {
        "campaign": row.campaign,
        "invitation": row,
        "contact": row.contact,
        "badge": STATE_BADGES[row.status],
        "words": wording_of(row.campaign, language),
        "language": language,
        "languages": settings.LANGUAGES,
        "forms": forms,
        "act": act,
        "scores": [str(score) for score in range(11)],
        "next": _find_next(user, row),
        "left": keep_due(find_to_call(user, survey_id), timezone.localdate()).count(),
    }
    return render(request, "web/surveys/call.html", context, status=422 if form is not None else 200)


@never_cache
@require_POST
@login_required
def phone(request: HttpRequest, survey_id: int, invitation_id: int) -> HttpResponse:
    """Show the number of a person to be called, once, and record who looked."""
    user = viewer(request)
    row = get_object_or_404(find_to_call(user, survey_id), pk=invitation_id)
    why = _("Survey by telephone: %(name)s") % {"name": row.campaign.name}
    try:
        data = disclose_contact(user=user, contact=row.contact, why=why)
    except DomainError as error:
        raise PermissionDenied from error
    context = {"campaign": row.campaign, "invitation": row, "contact": row.contact, "phone": data.phone}
    return render(request, "web/surveys/phone.html" if wants_part(request) else "web/surveys/phone_page.html", context)


def _go_on(request: HttpRequest, user: User, row: Invitation) -> HttpResponse:
    following = _find_next(user, row)
    if following is None:
        messages.info(request, _("Nobody is left to be called now."))
        return redirect("web:survey-interview", row.campaign_id)
    return redirect("web:survey-call", row.campaign_id, following.pk)


def _find_next(user: User, row: Invitation) -> Invitation | None:
    """Who comes after a person in the order of calling, or the first again behind the last."""
    due = list(keep_due(find_to_call(user, row.campaign_id), timezone.localdate()).values_list("pk", flat=True))
    place = due.index(row.pk) if row.pk in due else -1
    following = [*due[place + 1 :], *due[: max(place, 0)]]
    return find_to_call(user, row.campaign_id).filter(pk=following[0]).first() if following else None


def _speaks(row: Invitation) -> str:
    return language_of(row.contact)


def _tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)
