"""Hand-outs for those who make them: the list, the form, and one as others read it, with its link."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from delivery.links import absolute_url
from references.errors import DomainError
from references.handouts import Picked, must_blind, read_basket, read_handout, read_shares
from references.models import Handout
from references.pool.index import current_snapshot
from references.program import current_policy
from references.services.sharing import (
    DEFAULT_DAYS,
    HandoutData,
    change_handout,
    make_handout,
    renew_handout,
    revoke_handout,
)
from web.access import viewer
from web.basket.views import describe
from web.handouts.forms import HandoutForm
from web.paging import make_pages
from web.querying import read_number, write_query
from web.submitting import submitted

PAGE_SIZE = 25
SORTS = {
    "-made_at": gettext_lazy("Newest first"),
    "made_at": gettext_lazy("Oldest first"),
    "-views": gettext_lazy("Read most"),
    "title": gettext_lazy("By title"),
}


@require_safe
@login_required
def handouts(request: HttpRequest) -> HttpResponse:
    """List one's own hand-outs, managers all, with how often each was read and until when its link holds."""
    user = viewer(request)
    search = request.GET.get("search", "").strip()[:200]
    ordering = request.GET.get("ordering", "")
    ordering = ordering if ordering in SORTS else "-made_at"
    rows = Handout.objects.visible_to(user).select_related("made_by").filter(title__icontains=search)
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(rows.order_by(ordering, "-pk"), PAGE_SIZE).get_page(number)

    def url_of(other: int) -> str:
        asked = {"search": search, "ordering": ordering, "page": "" if other == 1 else str(other)}
        return reverse("web:handouts") + write_query(asked)

    shares = read_shares(page.object_list)
    context = {
        "rows": [(row, shares.get(row.pk)) for row in page],
        "total": page.paginator.count,
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of),
        "search": search,
        "ordering": ordering,
        "sorts": SORTS.items(),
    }
    return render(request, "web/handouts/list.html", context)


@login_required
def handout_add(request: HttpRequest) -> HttpResponse:
    """Make a hand-out of the basket."""
    user = viewer(request)
    picked = read_basket(user)
    if not picked:
        return redirect("web:basket")
    form = HandoutForm(
        request.POST or None,
        item_ids=[each.item.pk for each in picked],
        is_forced=must_blind(user, current_policy()),
    )

    def save(data: dict[str, Any]) -> Handout:
        return make_handout(user=user, data=_said(data), order=form.order(), days=data["days"])

    made = submitted(request, form, save)
    if made:
        messages.success(request, _("Made. Your basket is empty again; this is what others read."))
        return redirect("web:handout", made.pk)
    return _show_form(request, form, picked, back=reverse("web:basket"))


@login_required
def handout_edit(request: HttpRequest, handout_id: int) -> HttpResponse:
    """Change what a hand-out says and shows; its link stays."""
    user = viewer(request)
    handout = get_object_or_404(Handout.objects.visible_to(user).select_related("made_by"), pk=handout_id)
    picked = read_handout(handout)
    form = HandoutForm(
        request.POST or None,
        instance=handout,
        item_ids=[each.item.pk for each in picked],
        is_forced=must_blind(user, current_policy()),
    )

    def save(data: dict[str, Any]) -> Handout:
        return change_handout(handout=handout, data=_said(data), order=form.order(), by=user)

    if submitted(request, form, save):
        return redirect("web:handout", handout.pk)
    return _show_form(request, form, picked, back=reverse("web:handout", args=[handout.pk]))


@require_safe
@login_required
def handout(request: HttpRequest, handout_id: int) -> HttpResponse:
    """Show a hand-out as others read it, what they do not see of it, and its link; looking here is not counted."""
    row = get_object_or_404(Handout.objects.visible_to(viewer(request)).select_related("made_by"), pk=handout_id)
    picked = read_handout(row)
    share = read_shares([row]).get(row.pk)
    context = {
        "handout": row,
        "shown": [each for each in picked if not each.is_gone],
        "gone": sum(each.is_gone for each in picked),
        "share": share,
        "address": absolute_url(share.path) if share and share.path else "",
        "days": DEFAULT_DAYS,
    }
    return render(request, "web/handouts/page.html", context)


@require_POST
@login_required
def handout_share(request: HttpRequest, handout_id: int) -> HttpResponse:
    """Renew or revoke the link of a hand-out."""
    row = get_object_or_404(Handout.objects.visible_to(viewer(request)), pk=handout_id)
    if request.POST.get("act") == "revoke":
        revoke_handout(handout=row)
        messages.success(request, _("The link is closed; whoever opens it reads nothing."))
        return redirect("web:handout", row.pk)
    try:
        renew_handout(handout=row, days=read_number(request.POST, "days", default=DEFAULT_DAYS, most=10_000))
        messages.success(request, _("The link holds again."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("web:handout", row.pk)


def _said(data: dict[str, Any]) -> HandoutData:
    return {
        "title": data["title"],
        "intro": data["intro"],
        "channel": data["channel"],
        "is_blinded": data["is_blinded"],
    }


def _show_form(request: HttpRequest, form: HandoutForm, picked: list[Picked], *, back: str) -> HttpResponse:
    vocabulary = current_snapshot().vocabulary
    context = {
        "form": form,
        "lines": [(describe(each, vocabulary), form.place_field(each.item.pk)) for each in picked],
        "back": back,
    }
    return render(request, "web/handouts/form.html", context, status=422 if form.errors else 200)
