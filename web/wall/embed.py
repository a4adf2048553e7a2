"""What other sites show in a frame of theirs: a wall or one card, under a strict policy of its own, without cookies."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from references.models import Embed
from references.services.wall import place_of
from references.wall import WallQuery, find_pieces
from web.querying import write_query
from web.wall.counting import make_mark
from web.wall.public import page, public
from web.wall.shown import show_piece

GONE = 410
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
"""What a frame may do: run our script, and open our pages beside it. It has no origin, so no storage and no cookies."""

_SCRIPT = settings.BASE_DIR / "web" / "assets" / "js" / "embed.js"
_SCRIPT_AGE = 3600


@require_safe
@xframe_options_exempt
def embed(request: HttpRequest, embed_id: UUID) -> HttpResponseBase:
    """Show what an embed holds to the sites that may frame it; an empty page once it has ended, or never was.

    Its policy stands on the answer that nothing has changed, too: browsers put that one's in place of what they kept.
    """
    row = Embed.objects.filter(pk=embed_id, ended_at=None).first()
    return _guard(_show(request, row), ["'self'", *row.sites] if row is not None and row.sites else ["*"])


@conditional_page
@public
def _show(request: HttpRequest, row: Embed | None) -> HttpResponse:
    if row is None:
        return page("web/wall/embed_gone.html", {}, status=GONE)
    one = (row.piece_noun, row.piece_id) if row.piece_id else None
    query = WallQuery.from_filters(row.filters, one=one)
    shelf = find_pieces(query, size=1 if one else row.most)
    place = place_of(row)
    contact = reverse("web:wall-contact") + write_query({"embed": str(row.pk)})
    context = {
        "embed": row,
        "is_card": bool(one),
        "is_preview": "preview" in request.GET,
        "shown": [show_piece(piece, place=place, used_in=query.used_in) for piece in shelf.pieces],
        "view_mark": make_mark(place, *(one or ())),
        "click_mark": make_mark(place),
        "wall_url": reverse("web:wall") + write_query({**query.data, "kind": query.kind}),
        "contact_url": contact if row.has_lead_form else "",
    }
    return page("web/wall/embed.html", context)


def _guard(response: HttpResponseBase, ancestors: list[str]) -> HttpResponseBase:
    own = " ".join(f"{kind}-src 'self';" for kind in ("style", "img", "font", "script", "connect"))
    framed = " ".join(ancestors)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; {own} base-uri 'none'; form-action 'none'; frame-ancestors {framed}"
    )
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@conditional_page
@public
def script(request: HttpRequest) -> HttpResponse:
    """Give the script that puts an embed where its own script element stands; its address never changes."""
    response = HttpResponse(_SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_SCRIPT_AGE}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def write_snippets(row: Embed) -> dict[str, str]:
    """What another site pastes into its pages: a script element that grows a frame, or the bare frame."""
    address = settings.SITE_URL + reverse("web:embed", args=[row.pk])
    script_address = settings.SITE_URL + reverse("web:embed-script")
    height = 320 if row.piece_id else 800
    return {
        "script": f'<script src="{script_address}" data-embed="{row.pk}" async></script>',
        "frame": (
            f'<iframe src="{address}" title="{settings.PROGRAM_NAME}" sandbox="{SANDBOX}" loading="lazy" '
            f'style="border:0;width:100%;height:{height}px"></iframe>'
        ),
    }
