"""Leads of the wall: who wants to hear from us, handed over or deleted for good."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from references.models import Embed, Lead
from references.services.wall import delete_lead, hand_over
from references.spreadsheets import CONTENT_TYPES, TableFormat, write_csv
from references.wall_filters import WALL, LeadFilter
from web.listing import list_rows
from web.wall.keeping import keepers_only

COLUMNS = ("id", "agreed_at", "name", "email", "company", "message", "agreed_to", "embed", "noun", "piece_id",
           "handed_over_at")  # fmt: skip


@require_safe
@keepers_only
def leads(request: HttpRequest) -> HttpResponse:
    """List leads, newest first, by state, place, days and words."""
    rows = Lead.objects.select_related("embed")
    listing = list_rows(request, LeadFilter, rows, reverse("web:leads"), ordering="-agreed_at")
    context = {
        "listing": listing,
        "embeds": [(row.pk.hex, row.name) for row in Embed.objects.order_by("name")],
        "wall": WALL,
        "here": request.get_full_path(),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
        "csv_url": listing.url().replace(listing.address, reverse("web:leads-csv"), 1),
        "sorted_by_time": listing.url_sorting("agreed_at"),
        "sorted_by_name": listing.url_sorting("name"),
    }
    return render(request, "web/wall/leads.html", context)


@require_safe
@keepers_only
def leads_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give the leads that the filters leave as CSV, no cell of which runs as a formula."""
    found = LeadFilter(request.GET, queryset=Lead.objects.select_related("embed")).qs
    response = StreamingHttpResponse(write_csv(COLUMNS, _rows(found)), content_type=CONTENT_TYPES[TableFormat.CSV])
    response["Content-Disposition"] = f'attachment; filename="leads-{timezone.localdate()}.csv"'
    response["Cache-Control"] = "no-store, private"
    return response


def _rows(found: "QuerySet[Lead]") -> Iterator[list[Any]]:
    for lead in found.iterator(chunk_size=500):
        yield [getattr(lead, name) if name != "embed" else str(lead.embed or "") for name in COLUMNS]


@require_POST
@keepers_only
def lead_hand_over(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Mark a lead as handed over, or, with `undo`, as waiting again."""
    hand_over(lead=get_object_or_404(Lead, pk=lead_id), is_done="undo" not in request.POST)
    return _back(request)


@require_POST
@keepers_only
def lead_delete(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Delete a lead for good."""
    delete_lead(lead=get_object_or_404(Lead, pk=lead_id))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return redirect(address if is_own else reverse("web:leads"))
