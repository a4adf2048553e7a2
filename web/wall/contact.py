"""The page on which a visitor of the wall, or of an embed, writes to us."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from references.errors import DomainError
from references.models import Embed
from references.services.wall import keep_lead
from references.wall import NOUNS, find_piece
from references.wall_pieces import Piece
from users.lockout import read_client_address
from web.portal.gate import is_too_often
from web.wall.lead_form import LeadForm, agreement, make_token
from web.wall.public import page, public

REFUSED = 422
OFTEN = 429
BY_ONE_CALLER = 10
"""So many messages an hour are taken from one address, lest a single machine uses up what all may send."""
HOUR = 3600


@csrf_exempt  # the form carries a signed token of its own: there is no session that another site could misuse
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def contact(request: HttpRequest) -> HttpResponse:
    """Show the form, or keep what was written; nothing is stored of what is refused."""
    embed, piece = _read_embed(request.GET.get("embed", "")), _read_piece(request.GET.get("piece", ""))
    if request.method != "POST":
        return _show(LeadForm(initial={"token": make_token()}), piece)
    _refuse_other_sites(request)
    form = LeadForm(request.POST)
    if not form.is_valid() or form.read is None:
        return _show(form, piece, status=REFUSED)
    data = form.cleaned_data
    if is_too_often(f"lead {read_client_address(request)}", BY_ONE_CALLER, HOUR):
        form.add_error(None, _("We have had many messages just now. Please try again in an hour."))
        return _show(form, piece, status=OFTEN)
    try:
        keep_lead(
            data={
                "name": data["name"],
                "email": data["email"],
                "company": data["company"],
                "message": data["message"],
                "agreed_to": agreement(),
            },
            embed=embed,
            piece=None if piece is None else (piece.noun, piece.id),
            creation_key=form.read.key,
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _show(form, piece, status=OFTEN if error.code == "too_many" else REFUSED)
    return redirect("web:wall-thanks")


@require_safe
@public
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that it arrived."""
    return page("web/wall/thanks.html", {})


def _show(form: LeadForm, piece: Piece | None, *, status: int = 200) -> HttpResponse:
    token = form["token"].value()
    if form.is_bound and any(error.code == "too_old" for error in form.errors.as_data().get("token", [])):
        token = make_token()
    return page("web/wall/contact.html", {"form": form, "token": token, "piece": piece}, status=status)


def _refuse_other_sites(request: HttpRequest) -> None:
    """A form is sent from our own page; where a browser says that it was not, it is refused."""
    origin = request.headers.get("Origin", "")
    if origin and origin != f"{request.scheme}://{request.get_host()}":
        raise PermissionDenied


def _read_embed(text: str) -> Embed | None:
    try:
        return Embed.objects.filter(pk=UUID(text), ended_at=None).first()
    except ValueError:
        return None


def _read_piece(text: str) -> Piece | None:
    noun, _dash, number = text.partition("-")
    is_piece = noun in NOUNS and number.isascii() and number.isdecimal() and len(number) < 16
    return find_piece(noun, int(number)) if is_piece else None
