"""The rows behind the numbers of the wall: what was counted on which day, where, of which piece."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from references.enums import PublicEvent
from references.models import Embed, PublicCount
from references.wall_filters import WALL, PublicCountFilter
from web.listing import list_rows
from web.wall.keeping import keepers_only


@require_safe
@keepers_only
def numbers(request: HttpRequest) -> HttpResponse:
    """List counts, newest day first, by what, where, which piece and when."""
    listing = list_rows(request, PublicCountFilter, PublicCount.objects.all(), reverse("web:wall-numbers"))
    names = {row.pk.hex: row for row in Embed.objects.filter(pk__in=_ids(listing.page))}
    context = {
        "listing": listing,
        "rows": [(row, names.get(row.place)) for row in listing.page],
        "events": PublicEvent.choices,
        "embeds": [(row.pk.hex, row.name) for row in Embed.objects.order_by("name")],
        "wall": WALL,
        "most": max((row.count for row in listing.page), default=1),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
        "sorted_by_day": listing.url_sorting("day"),
        "sorted_by_count": listing.url_sorting("count"),
        "without_piece": listing.url(noun="", piece_id="") if listing.value("piece_id") else "",
    }
    return render(request, "web/wall/numbers.html", context)


def _ids(rows: Iterable[PublicCount]) -> list[UUID]:
    return [UUID(row.place) for row in rows if row.place]
