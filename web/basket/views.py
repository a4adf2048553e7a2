"""The basket: what somebody has put aside to share, and the buttons that put it there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from references.errors import DomainError
from references.handouts import Picked, noun_and_id, read_basket
from references.models import BasketItem
from references.pool.index import current_snapshot
from references.services.sharing import add_to_basket, remove_from_basket
from references.vocabulary import Vocabulary
from web.access import viewer
from web.parts import wants_part
from web.rights_words import tell_rights


@require_safe
@login_required
def basket(request: HttpRequest) -> HttpResponse:
    """Show what is in the basket; what may not be used any more is said to be gone, without a word of it."""
    vocabulary = current_snapshot().vocabulary
    picked = [describe(each, vocabulary) for each in read_basket(viewer(request))]
    context = {"picked": picked, "usable": sum(not each["is_gone"] for each in picked)}
    return render(request, "web/basket/page.html", context)


@require_POST
@login_required
def basket_add(request: HttpRequest) -> HttpResponse:
    """Put something into the basket."""
    noun, pk, activity = _named(request)
    try:
        add_to_basket(user=viewer(request), noun=noun, pk=pk, activity=activity)
    except DomainError as error:
        return _refuse(request, error)
    return _answer(request, is_in=True, said=_("In your basket."))


@require_POST
@login_required
def basket_remove(request: HttpRequest) -> HttpResponse:
    """Take something out of the basket."""
    noun, pk, _activity = _named(request)
    try:
        remove_from_basket(user=viewer(request), noun=noun, pk=pk)
    except DomainError as error:
        return _refuse(request, error)
    return _answer(request, is_in=False, said=_("Taken out of your basket."))


def describe(picked: Picked, vocabulary: Vocabulary) -> dict[str, Any]:
    """One picked reference as templates show it."""
    noun, pk = noun_and_id(picked.item)
    rights = picked.piece.rights if picked.piece else picked.person.rights if picked.person else ()
    until = picked.piece.until if picked.piece else picked.person.until if picked.person else None
    return {
        "item": picked.item,
        "noun": noun,
        "pk": pk,
        "piece": picked.piece,
        "person": picked.person,
        "is_gone": picked.is_gone,
        "badges": tell_rights(rights, vocabulary, until),
    }


def _named(request: HttpRequest) -> tuple[str, int, str]:
    """Noun, id and activity of what a button is about; the id 0 is nobody's."""
    pk = request.POST.get("pk", "")
    is_id = pk.isascii() and pk.isdecimal() and len(pk) < 16
    return request.POST.get("noun", ""), int(pk) if is_id else 0, request.POST.get("activity", "")


def _answer(request: HttpRequest, *, is_in: bool, said: str) -> HttpResponse:
    if not wants_part(request):
        messages.success(request, said)
        return redirect(_next(request))
    noun, pk, activity = _named(request)
    button = {"noun": noun, "pk": pk, "activity": activity, "is_in": is_in, "next": _next(request)}
    count = {"n": BasketItem.objects.filter(user=viewer(request)).count(), "is_swap": True}
    return HttpResponse(
        render_to_string("web/basket/button.html", button, request)
        + render_to_string("web/basket/count.html", count, request)
    )


def _refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Say on the page it came from why not; htmx loads that page anew."""
    messages.error(request, error.message)
    if wants_part(request):
        return HttpResponse(headers={"HX-Redirect": _next(request)})
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    """Where to go back to: a page of this site, else the basket."""
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else "/basket/"
