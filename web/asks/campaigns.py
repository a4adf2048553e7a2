"""Campaigns of asks: the list, one with who would be asked and what came of it, and the form."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from advocacy.audience import read_audience
from advocacy.enums import AskCampaignStatus
from advocacy.filters import AskCampaignFilter
from advocacy.ladder_view import Funnel, read_funnels
from advocacy.models import Ask, AskCampaign
from advocacy.services.ask_campaigns import (
    JOB_KIND,
    Preview,
    close_campaign,
    preview_campaign,
    save_campaign,
    start_campaign,
)
from delivery.models import Job
from references.consent_view import tell_whose
from references.errors import DomainError
from references.models import Contact
from references.program import current_policy
from users.models import User
from web.access import viewer
from web.asks.access import keepers_only
from web.asks.forms import CampaignForm
from web.asks.words import LEFT_OUT
from web.listing import list_rows
from web.querying import write_query
from web.submitting import submitted, typed

SHOWN = 25
COLORS = {"draft": "quiet", "running": "accent", "closed": "fresh"}
SORTS = (
    ("-created_at", gettext_lazy("Newest first")),
    ("created_at", gettext_lazy("Oldest first")),
    ("name", gettext_lazy("By name")),
)


@require_safe
@keepers_only
def campaigns(request: HttpRequest) -> HttpResponse:
    """List campaigns with what came of each."""
    rows = AskCampaign.objects.select_related("ask", "owner")
    listing = list_rows(request, AskCampaignFilter, rows, reverse("web:ask-campaigns"), ordering="-created_at")
    funnels = read_funnels(viewer(request), "campaign")
    context = {
        "listing": listing,
        "lines": [(row, funnels.get(row.pk, Funnel()), COLORS[row.status]) for row in listing.page],
        "statuses": AskCampaignStatus.choices,
        "sorts": SORTS,
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/asks/campaigns.html", context)


@require_safe
@keepers_only
def campaign(request: HttpRequest, ask_campaign_id: int) -> HttpResponse:
    """Show a campaign: before it begins who would be asked and who not and why, then how far it is."""
    user = viewer(request)
    row = _find(ask_campaign_id)
    context: dict[str, Any] = {
        "campaign": row,
        "color": COLORS[row.status],
        "audience": _audience(row),
        "pool_url": reverse("web:pool") + (f"?{row.audience}" if row.audience else ""),
        "funnel": read_funnels(user, "campaign").get(row.pk, Funnel()),
        "assignments_url": reverse("web:assignments") + write_query({"campaign": str(row.pk)}),
        "job": Job.objects.filter(kind=JOB_KIND, parameters__campaign=row.pk).order_by("-pk").first(),
        "left_out": [(LEFT_OUT.get(code, code), n) for code, n in row.left_out.items()],
    }
    if row.status == AskCampaignStatus.DRAFT:
        context |= _preview(row, user)
    return render(request, "web/asks/campaign.html", context)


@keepers_only
def add(request: HttpRequest) -> HttpResponse:
    """Begin a campaign as a draft."""
    given = {name: request.GET.get(name, "") for name in ("ask", "audience")}
    return _edit(request, None, {**given, "most_people": 50, "key": uuid.uuid4().hex})


@keepers_only
def edit(request: HttpRequest, ask_campaign_id: int) -> HttpResponse:
    """Change a draft."""
    return _edit(request, _find(ask_campaign_id), {})


@require_POST
@keepers_only
def start(request: HttpRequest, ask_campaign_id: int) -> HttpResponse:
    """Begin to ask."""
    row = _find(ask_campaign_id)
    try:
        start_campaign(campaign=row, by=viewer(request))
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("It has begun: the letters go out now, one after the other."))
    return redirect("web:ask-campaign", row.pk)


@require_POST
@keepers_only
def close(request: HttpRequest, ask_campaign_id: int) -> HttpResponse:
    """Ask nobody more."""
    row = _find(ask_campaign_id)
    try:
        close_campaign(campaign=row, by=viewer(request))
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Closed. Whoever was asked can still answer."))
    return redirect("web:ask-campaign", row.pk)


def _find(campaign_id: int) -> AskCampaign:
    return get_object_or_404(AskCampaign.objects.select_related("ask", "owner"), pk=campaign_id)


def _edit(request: HttpRequest, row: AskCampaign | None, given: dict[str, Any]) -> HttpResponse:
    form = CampaignForm(request.POST or None, instance=row, initial=given)

    def save(data: dict[str, Any]) -> AskCampaign:
        key = f"page:{data.get('key') or uuid.uuid4().hex}"
        return save_campaign(data=typed(form, data), by=viewer(request), campaign=row, creation_key=key)

    saved = submitted(request, form, save)
    if saved:
        messages.success(request, _("Saved. Look who would be asked, then begin."))
        return redirect("web:ask-campaign", saved.pk)
    context = {
        "form": form,
        "title": _("Ask many people") if row is None else row.name,
        "lead": _("One ask of all whom a filter of the pool finds and whom no rule stands against today."),
        "back": reverse("web:ask-campaigns") if row is None else reverse("web:ask-campaign", args=[row.pk]),
        "action": _("Save and look who it is"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


def _audience(row: AskCampaign) -> list[str]:
    """The filter in words, as far as it can be read."""
    try:
        audience = read_audience(row.audience)
    except DomainError:
        return [row.audience]
    return [each for each in (audience.text, *audience.keys) if each]


def _preview(row: AskCampaign, user: User) -> dict[str, Any]:
    try:
        preview = preview_campaign(row, user)
    except DomainError as error:
        return {"problem": error.message}
    people = _people(preview)
    policy = current_policy()

    def told(contact_id: int) -> Any:
        return tell_whose(user, people[contact_id], people[contact_id].customer, policy)

    return {
        "preview": preview,
        "chosen": [(each.contact_id, told(each.contact_id), each.suggestion) for each in preview.chosen[:SHOWN]],
        "not_chosen": [(each.contact_id, told(each.contact_id), each.rules) for each in preview.left_out[:SHOWN]],
        "reasons": [(LEFT_OUT.get(code, code), n) for code, n in preview.reasons.items()],
        "has_asks": Ask.objects.filter(is_active=True).exists(),
    }


def _people(preview: Preview) -> dict[int, Contact]:
    ids = [each.contact_id for each in preview.chosen[:SHOWN]]
    ids += [each.contact_id for each in preview.left_out[:SHOWN]]
    return Contact.objects.filter(pk__in=ids).select_related("customer").in_bulk()
