"""Who is likely to buy and to refer, advocates gone quiet, and advocacy by account owner."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from advocacy.by_owner import OwnerLine, read_by_owner
from advocacy.customer_segments import ADVOCATES, AFFLUENTS, CHAMPIONS, MISERS, PLAYS
from advocacy.permissions import may_put_asks
from advocacy.program import current_settings
from advocacy.quiet import find_quiet, tell_quiet
from advocacy.segment_filters import QuietFilter
from advocacy.segments import SegmentRow, SegmentTable, read_segments
from advocacy.services.recovery import open_play
from references import activities
from references.consent_view import tell_whose
from references.errors import DomainError
from references.models import Contact
from references.permissions import may_edit_contact
from references.program import current_policy
from web.access import viewer
from web.listing import PAGE_SIZE, list_rows
from web.paging import Pages, make_pages
from web.querying import read_day, read_number, write_query
from web.segments.drawing import draw_quadrants

SEGMENTS = {
    CHAMPIONS: gettext_lazy("Champions"),
    AFFLUENTS: gettext_lazy("Affluents"),
    ADVOCATES: gettext_lazy("Advocates"),
    MISERS: gettext_lazy("Misers"),
}
LEFT_OUT = {
    "no_lifetime_value": gettext_lazy("without a lifetime value"),
    "no_referral_value": gettext_lazy(
        "with deals won in several currencies, so that their referral value cannot be told"
    ),
    "other_currency": gettext_lazy("with their value in another currency"),
}
SORTS: dict[str, Callable[[SegmentRow], Any]] = {
    "name": lambda row: row.customer.folded_name,
    "lifetime": lambda row: row.placed.lifetime_value,
    "referral": lambda row: row.placed.referral_value,
}
OWNER_SORTS: dict[str, Callable[[OwnerLine], Any]] = {
    "owner": lambda line: (line.owner is None, str(line.owner or "").casefold()),
    "promoters": lambda line: line.promoters,
    "activation": lambda line: line.activation or 0,
    "points": lambda line: line.points,
    "referrals": lambda line: line.referrals,
    "moments": lambda line: line.moments,
}
QUIET_SORTS = (
    ("last_act_on", gettext_lazy("Longest quiet first")),
    ("-last_act_on", gettext_lazy("Shortest quiet first")),
)


@require_safe
@login_required
def segments(request: HttpRequest) -> HttpResponse:
    """Show the four segments as quadrants and the customers in them."""
    currency = request.GET.get("currency", "").strip().upper()[:3]
    segment = request.GET.get("segment", "")
    segment = segment if segment in SEGMENTS else ""
    order = request.GET.get("sort", "")
    order = order if order.lstrip("-") in SORTS else "-referral"
    table = read_segments(viewer(request), currency=currency)
    rows = [row for row in table.rows if not segment or row.placed.segment == segment]
    rows.sort(key=SORTS[order.lstrip("-")], reverse=order.startswith("-"))
    asked = {"currency": currency, "segment": segment, "sort": order}
    page, pages = _cut(request, rows, reverse("web:segments"), asked)
    context = {
        "table": table,
        "drawing": draw_quadrants(table),
        "names": SEGMENTS,
        "cards": [
            (code, name, table.counts.get(code, 0), PLAYS[code], _url(asked, segment=code))
            for code, name in SEGMENTS.items()
        ],
        "lines": [(row, SEGMENTS[row.placed.segment]) for row in page],
        "total": len(rows),
        "left_out": _left_out(table),
        "currency": table.split.currency,
        "segment": segment,
        "sort": order,
        "columns": {name: _url(asked, sort=f"-{name}" if order == name else name) for name in SORTS},
        "all_url": _url(asked, segment=""),
        "pages": pages,
        "settings": current_settings(),
    }
    return render(request, "web/segments/segments.html", context)


@require_safe
@login_required
def quiet(request: HttpRequest) -> HttpResponse:
    """List advocates of whom nothing was heard of late."""
    user, policy = viewer(request), current_policy()
    found: QuerySet[Contact] = find_quiet(user)
    listing = list_rows(request, QuietFilter, found, reverse("web:segments-quiet"), ordering="last_act_on")
    context = {
        "listing": listing,
        "lines": [
            (each, tell_whose(user, each.contact, each.contact.customer, policy), may_put_asks(user, each.contact),
             may_edit_contact(user, each.contact))
            for each in tell_quiet(listing.page)
        ],
        "activities": [choice for choice in activities.CHOICES if choice[0] != "survey"],
        "sorts": QUIET_SORTS,
        "me": str(user.pk),
        "months": current_settings().quiet_after_months,
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }  # fmt: skip
    return render(request, "web/segments/quiet.html", context)


@require_POST
@login_required
def quiet_play(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Open a play for somebody who has gone quiet: the account owner calls them."""
    user = viewer(request)
    rows = Contact.objects.visible_to(user).select_related("customer")
    person: Contact = get_object_or_404(rows, pk=contact_id)
    if not may_edit_contact(user, person):
        raise PermissionDenied
    last = find_quiet(user).filter(pk=person.pk).values_list("last_act_on", flat=True).first()  # type: ignore[misc]  # annotated
    try:
        why = _("Gone quiet: nothing since %(day)s.") % {"day": last or "–"}
        play = open_play(contact=person, source=f"quiet:{person.pk}:{last}", why=why, by=user)
        who = play.owner or _("nobody yet")
        messages.success(request, _("A play is open: %(who)s gets in touch with them.") % {"who": who})
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("web:segments-quiet")


@require_safe
@login_required
def owners(request: HttpRequest) -> HttpResponse:
    """Show advocacy by account owner."""
    since = read_day(request.GET, "since")
    order = request.GET.get("sort", "")
    order = order if order.lstrip("-") in OWNER_SORTS else "owner"
    lines = read_by_owner(viewer(request), since=since)
    lines.sort(key=OWNER_SORTS[order.lstrip("-")], reverse=order.startswith("-"))
    asked = {"since": since.isoformat() if isinstance(since, date) else "", "sort": order}
    page, pages = _cut(request, lines, reverse("web:segments-owners"), asked)
    address = reverse("web:segments-owners")
    context = {
        "lines": page,
        "total": len(lines),
        "since": asked["since"],
        "sort": order,
        "columns": {
            name: address + write_query({**asked, "sort": f"-{name}" if order == name else name})
            for name in OWNER_SORTS
        },
        "pages": pages,
    }
    return render(request, "web/segments/owners.html", context)


def _url(asked: dict[str, str], **changes: str) -> str:
    return reverse("web:segments") + write_query({**asked, **changes})


def _cards(table: SegmentTable, asked: dict[str, str]) -> list[tuple[str, Any, int, str, str]]:
    """The segments: code, name, how many, the play suggested (untranslated), and the address of its customers."""
    counts = table.counts
    return [
        (code, name, counts.get(code, 0), PLAYS[code], _url(asked, segment=code)) for code, name in SEGMENTS.items()
    ]


def _left_out(table: SegmentTable) -> list[tuple[Any, int]]:
    """Why customers are in no segment, and how many."""
    counts = Counter(each.code for each in table.split.left_out)
    return [(LEFT_OUT[code], counts[code]) for code in LEFT_OUT if counts[code]]


def _cut(request: HttpRequest, rows: list[Any], address: str, asked: dict[str, str]) -> tuple[list[Any], Pages]:
    """One page of rows that are all at hand."""
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    pages = make_pages(
        page.number, len(rows), PAGE_SIZE, lambda other: address + write_query({**asked, "page": str(other)})
    )
    return list(page), pages
