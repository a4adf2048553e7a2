"""The list of unmet demand: time by time, or by segment with how often and for how much."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from matching.filters import DemandFilter
from matching.models import UnmetDemand
from references import activities
from web.access import viewer
from web.listing import PAGE_SIZE, Listing, list_rows
from web.paging import make_pages
from web.querying import read_number, write_query

SORTS = (
    ("-noted_at", gettext_lazy("Newest first")),
    ("noted_at", gettext_lazy("Oldest first")),
    ("-deal_value", gettext_lazy("Largest deal first")),
    ("deal_value", gettext_lazy("Smallest deal first")),
)
METS = (
    ("", gettext_lazy("Met or not")),
    ("false", gettext_lazy("Still unmet")),
    ("true", gettext_lazy("Met after all")),
)
SEGMENT_SORTS = {
    "-times": ("-times", "label"),
    "times": ("times", "label"),
    "-last": ("-last", "label"),
    "last": ("last", "label"),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """What was asked for alike: how often, how often it still stands, when last, and its deals' values by currency."""

    label: str
    times: int
    standing: int
    last: datetime
    values: tuple[tuple[str, int], ...]
    url: str


@require_safe
@login_required
def demands(request: HttpRequest) -> HttpResponse:
    """List what went unmet, as far as the viewer sees it, newest first."""
    rows: QuerySet[UnmetDemand] = UnmetDemand.objects.visible_to(viewer(request))
    rows = rows.select_related("request__owner", "task__assignee")
    listing = list_rows(request, DemandFilter, rows, reverse("web:unmet-demands"), ordering="-noted_at")
    context = {
        "listing": listing,
        "activities": activities.CHOICES,
        "mets": METS,
        "sorts": SORTS,
        "columns": {name: listing.url_sorting(name) for name in ("noted_at", "deal_value")},
        "label_chip": listing.url(label="") if listing.value("label") else "",
        "segments_url": reverse("web:unmet-segments") + write_query(_narrowing(listing)),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/demand/list.html", context)


@require_safe
@login_required
def segments(request: HttpRequest) -> HttpResponse:
    """Group what went unmet by what was asked for, the most frequent first."""
    order = request.GET.get("sort", "")
    sort = order if order in SEGMENT_SORTS else "-times"
    rows: QuerySet[UnmetDemand] = UnmetDemand.objects.visible_to(viewer(request))
    listing = list_rows(request, DemandFilter, rows, reverse("web:unmet-demands"))
    narrowing = _narrowing(listing)
    found = cast("QuerySet[UnmetDemand]", listing.page.paginator.object_list).order_by()
    grouped = found.values("label").annotate(
        times=Count("pk"), standing=Count("pk", filter=Q(met_at__isnull=True)), last=Max("noted_at")
    )
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(grouped.order_by(*SEGMENT_SORTS[sort]), PAGE_SIZE).get_page(number)

    def url(**changes: str) -> str:
        return reverse("web:unmet-segments") + write_query({**narrowing, "sort": sort, **changes})

    context = {
        "listing": listing,
        "segments": _read_segments(found, [dict(row) for row in page], listing),
        "total": page.paginator.count,
        "activities": activities.CHOICES,
        "mets": METS,
        "sort": sort,
        "columns": {name: url(sort=name if sort == f"-{name}" else f"-{name}") for name in ("times", "last")},
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, lambda other: url(page=str(other))),
        "list_url": reverse("web:unmet-demands") + write_query(narrowing),
        "is_narrowed": bool(narrowing),
    }
    return render(request, "web/demand/segments.html", context)


def _narrowing(listing: Listing) -> dict[str, list[str]]:
    """The filters in use, without the order and the one segment."""
    return {name: list(values) for name, values in listing.query.items() if name not in {"ordering", "label"}}


def _read_segments(found: QuerySet[UnmetDemand], rows: list[dict[str, object]], listing: Listing) -> list[Segment]:
    """The segments of one page with the values of their deals, each request counted once; one query more."""
    labels = [row["label"] for row in rows]
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    deals = found.filter(label__in=labels, deal_value__isnull=False).values_list("label", "request", "currency")
    for label, _request, currency, value in deals.annotate(most=Max("deal_value")):
        sums[label][currency] += int(value)
    return [
        Segment(**row, values=tuple(sorted(sums[str(row["label"])].items())), url=listing.url(label=str(row["label"])))  # type: ignore[arg-type]
        for row in rows
    ]
