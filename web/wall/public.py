"""The public wall: what customers say and let be shown, for anybody, without a log-in and without a cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from references.wall import count_choices, find_picture, find_piece, find_pieces
from web.querying import write_query
from web.wall.counting import make_mark
from web.wall.shown import PAGE_SIZE, WallState, show_piece
from web.wall.structured import describe_piece, describe_wall

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
FRESH = "public, no-cache"
"""Kept, but asked for again each time: what was taken back is gone at the next look."""


def public(view: View[P]) -> View[P]:
    """Let a view answer only while the wall is switched on, and its answer be kept only as long as it holds."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not settings.PUBLIC_WALL:
            raise Http404
        response = view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = FRESH
        return response

    return cast("View[P]", guarded)


def page(template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """A public page; no request goes in, so nothing of whoever looks can come out."""
    context = {"program": settings.PROGRAM_NAME, "site": settings.SITE_URL, **context}
    return HttpResponse(render_to_string(template, context), status=status)


@require_safe
@conditional_page
@public
def wall(request: HttpRequest) -> HttpResponse:
    """List what is published, newest first, by kind, product, industry, language and words."""
    state = WallState.from_query(request.GET)
    shelf = find_pieces(state.query, page=state.page, size=PAGE_SIZE)
    shown = [show_piece(piece, used_in=state.query.used_in) for piece in shelf.pieces]
    choices = count_choices(state.query)
    has_feature = state.page == 1 and not state.is_narrowed and len(shown) > 3
    context = {
        "state": state,
        "query": state.query,
        "total": shelf.total,
        "feature": shown[0] if has_feature else None,
        "shown": shown[1:] if has_feature else shown,
        "choices": choices,
        "chosen": state.chosen(choices),
        "kinds": state.kinds(choices),
        "pages": state.pages(shelf.total),
        "all_url": reverse("web:wall") + write_query({"used_in": state.query.used_in}),
        "order_url": state.url(ordering="" if state.query.oldest_first else "oldest"),
        "canonical": settings.SITE_URL + state.url(search="", ordering="", page=state.page_text),
        "structured": describe_wall([(each.piece, each.address) for each in shown]),
        "view_mark": make_mark(""),
    }
    return page("web/wall/wall.html", context)


@require_safe
@conditional_page
@public
def piece(request: HttpRequest, noun: str, piece_id: int) -> HttpResponse:
    """Show one piece in full; 404 as soon as it may not be shown any more."""
    used_in = request.GET.get("used_in", "")
    found = find_piece(noun.replace("-", "_"), piece_id, used_in=used_in)
    if found is None:
        context = {"title": _("This is not here any more"), "is_gone": True}
        return page("web/wall/gone.html", context, status=404)
    shown = show_piece(found)
    context = {
        "shown": shown,
        "piece": found,
        "canonical": shown.address,
        "structured": describe_piece(found, shown.address),
        "view_mark": make_mark("", found.noun, found.id),
        "used_in": used_in,
    }
    return page("web/wall/piece.html", context)


@require_safe
@public
def picture(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Give the picture of a piece that is on the wall under its name; no other file."""
    found = find_picture(file_id, used_in=request.GET.get("used_in", ""))
    if found is None:
        raise Http404
    response = FileResponse(found.content.open("rb"), content_type=found.content_type)
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
