"""Wall and embeds: what runs where, how often it is seen, and what to paste into another site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from references.enums import PublicEvent
from references.models import Embed, PublicCount
from references.services.wall import end_embed, place_of, save_embed
from references.wall import WallQuery, find_pieces
from references.wall_filters import EmbedFilter
from web.access import viewer
from web.listing import list_rows
from web.submitting import submitted
from web.wall.drawing import draw_days
from web.wall.embed import SANDBOX, write_snippets
from web.wall.embed_form import EmbedForm
from web.wall.keeping import Number, keepers_only, make_number, numbers_by_place

DAYS = 30
MOST_ROWS = 50


@require_safe
@keepers_only
def embeds(request: HttpRequest) -> HttpResponse:
    """List the embeds with what was counted of each, the wall itself above them."""
    rows = Embed.objects.select_related("made_by")
    listing = list_rows(request, EmbedFilter, rows, reverse("web:embeds"))
    numbers = numbers_by_place(["", *(place_of(row) for row in listing.page)])
    context = {
        "listing": listing,
        "rows": [(row, numbers[place_of(row)]) for row in listing.page],
        "of_wall": numbers[""],
        "is_public": settings.PUBLIC_WALL,
        "wall_url": settings.SITE_URL + reverse("web:wall"),
        "on_wall": find_pieces(WallQuery(), size=1).total,
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
        "sorted_by_name": listing.url_sorting("name"),
        "sorted_by_time": listing.url_sorting("made_at"),
    }
    return render(request, "web/wall/embeds.html", context)


@require_safe
@keepers_only
def show(request: HttpRequest, embed_id: UUID) -> HttpResponse:
    """Show one embed: as visitors see it, what to paste, and its counts by day and by piece."""
    row = get_object_or_404(Embed.objects.select_related("made_by"), pk=embed_id)
    place = place_of(row)
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    daily = PublicCount.objects.filter(place=place, event=PublicEvent.VIEW, day__gte=first).order_by()
    views = dict(daily.values_list("day").annotate(total=Sum("count")))
    context = {
        "embed": row,
        "snippets": write_snippets(row),
        "sandbox": SANDBOX,
        "numbers": numbers_by_place([place])[place],
        "days": draw_days(views, first, DAYS, place=place),
        "by_piece": _by_piece(place),
        "is_public": settings.PUBLIC_WALL,
    }
    return render(request, "web/wall/embed_page.html", context)


@dataclass(frozen=True, slots=True)
class PieceNumbers:
    """What was counted of one piece in one place."""

    noun: str
    piece_id: int
    numbers: Sequence[Number]


def _by_piece(place: str) -> list[PieceNumbers]:
    rows = PublicCount.objects.filter(place=place, piece_id__gt=0).order_by()
    found: dict[tuple[str, int], dict[str, int]] = {}
    for noun, piece_id, event, total in rows.values_list("noun", "piece_id", "event").annotate(total=Sum("count")):
        found.setdefault((noun, piece_id), {})[event] = total
    best = sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0]))[:MOST_ROWS]
    return [
        PieceNumbers(
            noun,
            piece_id,
            [make_number(place, each, counts.get(each, 0), noun=noun, piece_id=piece_id) for each in PublicEvent],
        )
        for (noun, piece_id), counts in best
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def edit(request: HttpRequest, embed_id: UUID | None = None) -> HttpResponse:
    """Make an embed, or change one that still runs."""
    row = None if embed_id is None else get_object_or_404(Embed, pk=embed_id, ended_at=None)
    form = EmbedForm(request.POST or None, initial=EmbedForm.initial_of(row, request.GET))
    saved = submitted(request, form, lambda data: save_embed(embed=row, data=form.embed_data, by=viewer(request)))
    if saved:
        return redirect("web:embed-page", saved.pk)
    context: dict[str, Any] = {
        "form": form,
        "title": _("Make an embed") if row is None else row.name,
        "lead": _("It shows what is published, as far as consents allow it, to whoever opens the other site."),
        "action": _("Save"),
        "back": reverse("web:embeds") if row is None else reverse("web:embed-page", args=[row.pk]),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@require_POST
@keepers_only
def end(request: HttpRequest, embed_id: UUID) -> HttpResponse:
    """End an embed for good."""
    row = get_object_or_404(Embed, pk=embed_id)
    end_embed(embed=row)
    return redirect("web:embed-page", row.pk)
