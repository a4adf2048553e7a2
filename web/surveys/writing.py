"""Making and changing a campaign, whom it would ask, its mail, and its way through start, close and reopening."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.mails import Letter, letter_style, render_html, render_text
from references.errors import DomainError
from surveys.enums import CampaignStatus
from surveys.letters import asking
from surveys.models import Campaign
from surveys.services.audience import find_audience
from surveys.services.campaigns import close_campaign, reopen_campaign, save_campaign, start_campaign
from surveys.wording import subject_of, wording_of
from web.access import viewer
from web.querying import read_number
from web.submitting import submitted
from web.surveys.access import runners_only
from web.surveys.forms import AudienceForm, ReopenForm, SurveyForm
from web.surveys.widget import SANDBOX, frame_url
from web.surveys.words import say_why_not

MOST_DAYS = 3_650
MOST_PEOPLE = 1_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@runners_only
def survey_edit(request: HttpRequest, survey_id: int | None = None) -> HttpResponse:
    """Make a draft, or change a campaign as far as it is still open to change."""
    row = None if survey_id is None else _find(survey_id)
    before = "" if row is None else row.audience
    form = SurveyForm(request.POST or None, instance=row, initial=None if row else {"owner": viewer(request)})
    who = AudienceForm(request.POST or None, initial=AudienceForm.initial_of(before))
    is_draft = row is None or row.status == CampaignStatus.DRAFT

    def save(_data: dict[str, Any]) -> Campaign:
        data = form.give_data(who.audience if is_draft else None)
        current = None if survey_id is None else _find(survey_id)
        return save_campaign(campaign=current, data=data, by=viewer(request), creation_key=form.cleaned_data["key"])

    saved = submitted(request, form, save) if not is_draft or not who.is_bound or who.is_valid() else None
    if saved is not None:
        messages.success(request, _("Saved."))
        return redirect("web:survey", saved.pk)
    context = {
        "form": form,
        "who": who,
        "is_draft": is_draft,
        "campaign": None if survey_id is None else _find(survey_id),
        "frame_url": frame_url(row, preview=True) if row is not None else "",
        "sandbox": SANDBOX,
        "back": reverse("web:surveys") if survey_id is None else reverse("web:survey", args=[survey_id]),
    }
    is_wrong = form.errors or (is_draft and who.errors)
    return render(request, "web/surveys/form.html", context, status=422 if is_wrong else 200)


@require_safe
@runners_only
def audience(request: HttpRequest) -> HttpResponse:
    """Count whom the form's filter would ask at this moment, and whom not and why; nothing is written."""
    who = AudienceForm(request.GET)
    if not who.is_valid():
        return render(request, "web/surveys/audience_page.html", {"is_wrong": True})
    given = request.GET.get("survey", "")
    row = Campaign.objects.filter(pk=int(given)).first() if given.isascii() and given.isdecimal() else None
    row = row or Campaign()
    row.audience = who.audience
    if request.GET.get("rest_days", "").isdecimal():
        row.rest_days = read_number(request.GET, "rest_days", default=90, most=MOST_DAYS)
    row.sample_size = read_number(request.GET, "sample_size", default=0, most=MOST_PEOPLE) or None
    page = "web/surveys/audience.html" if request.headers.get("HX-Request") else "web/surveys/audience_page.html"
    return render(request, page, _count(row))


@require_http_methods(["GET", "HEAD", "POST"])
@runners_only
def start(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Show who is asked, and start."""
    row = _find(survey_id)
    if request.method == "POST":
        try:
            start_campaign(campaign=row, by=viewer(request))
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("web:survey-start", survey_id)
        messages.success(request, _("It runs. Invitations go out by themselves."))
        return redirect("web:survey", survey_id)
    wording = wording_of(row, settings.LANGUAGE_CODE)
    context = {"campaign": row, "wording": wording, "is_draft": row.status == CampaignStatus.DRAFT, **_count(row)}
    return render(request, "web/surveys/start.html", context)


@require_POST
@runners_only
def close(request: HttpRequest, survey_id: int) -> HttpResponse:
    """End a campaign: it takes no answers any more, until it is opened again."""
    try:
        close_campaign(campaign=_find(survey_id), by=viewer(request))
        messages.success(request, _("Closed. No answer is taken any more."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("web:survey", survey_id)


@require_http_methods(["GET", "HEAD", "POST"])
@runners_only
def reopen(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Let a closed campaign take answers again."""
    row = _find(survey_id)
    form = ReopenForm(request.POST or None)
    if submitted(request, form, lambda data: reopen_campaign(campaign=row, by=viewer(request), **data)):
        messages.success(request, _("It takes answers again."))
        return redirect("web:survey", survey_id)
    context = {
        "form": form,
        "title": _("Open %(name)s again") % {"name": row.name},
        "lead": _("The links that went out work again; nobody is written to twice."),
        "action": _("Open again"),
        "back": reverse("web:survey", args=[survey_id]),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@require_safe
@runners_only
def mail(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Show the mail of a campaign as it goes out, in each language."""
    row, language = _find(survey_id), _read_language(request)
    letter = _write(row, language)
    here = reverse("web:survey-mail", args=[row.pk])
    context = {
        "campaign": row,
        "letter": letter,
        "text": render_text(letter),
        "tabs": [(name, f"{here}?language={code}", code == language) for code, name in settings.LANGUAGES],
        "html_url": f"{reverse('web:survey-mail-html', args=[row.pk])}?language={language}",
    }
    return render(request, "web/surveys/mail.html", context)


@require_safe
@xframe_options_sameorigin
@runners_only
def mail_html(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Give the HTML of the mail alone: no script, nothing fetched, and no style but the letter's own."""
    response = HttpResponse(render_html(_write(_find(survey_id), _read_language(request))))
    digest = base64.b64encode(hashlib.sha256(letter_style().encode()).digest()).decode()
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox"
    )
    return response


def _find(survey_id: int) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("product"), pk=survey_id)


def _count(row: Campaign) -> dict[str, Any]:
    found = find_audience(row)
    return {
        "found": found,
        "mailed": len(found.mailed),
        "called": len(found.called),
        "reasons": [(say_why_not(code), number) for code, number in found.reasons.items()],
        "is_empty": not row.audience,
    }


def _read_language(request: HttpRequest) -> str:
    given = request.GET.get("language", "")
    return given if given in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _write(row: Campaign, language: str) -> Letter:
    asked = replace(
        asking.SAMPLE,
        subject=subject_of(row),
        wording=wording_of(row, language),
        closes_on=row.closes_on,
        language=language,
    )
    with translation.override(language):
        return asking.invitation(asked)
