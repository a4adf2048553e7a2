"""The list of early-adopter programs, and one of them: its seats, what they found, and what it brought."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from advocacy.adopter_filters import AdopterProgramFilter, AdopterSeatFilter
from advocacy.adopters import Gain, SeatFunnel, read_funnels, read_gains
from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.lifecycles import ADOPTER_PROGRAM
from advocacy.models import AdopterFeedback, AdopterProgram, AdopterSeat
from advocacy.permissions import may_keep_asks
from references.consent_view import tell_whose
from references.models import Contact, StateChange
from references.policy import ProgramPolicy
from references.program import current_policy
from references.services.saving import name_subject
from users.models import User
from web.access import viewer
from web.listing import list_rows

COLORS = {"draft": "quiet", "recruiting": "accent", "running": "approval", "closed": "fresh"}
SEAT_COLORS = {
    "invited": "quiet", "agreed": "accent", "active": "approval", "finished": "fresh", "declined": "stop",
    "dropped": "stop", "withdrawn": "quiet",
}  # fmt: skip
SORTS = (
    ("-starts_on", gettext_lazy("Latest first")),
    ("starts_on", gettext_lazy("Earliest first")),
    ("name", gettext_lazy("By name")),
)
SEAT_SORTS = (
    ("invited_at", gettext_lazy("As invited")),
    ("-agreed_at", gettext_lazy("Agreed last first")),
    ("status", gettext_lazy("By state")),
)
SHOWN = 25


@require_safe
@login_required
def programs(request: HttpRequest) -> HttpResponse:
    """List programs with how far their seats are."""
    user = viewer(request)
    rows = AdopterProgram.objects.select_related("product", "owner")
    listing = list_rows(request, AdopterProgramFilter, rows, reverse("web:adopters"), ordering="-starts_on")
    funnels = read_funnels(listing.page)
    context = {
        "listing": listing,
        "lines": [(row, funnels.get(row.pk, SeatFunnel()), COLORS[row.status]) for row in listing.page],
        "statuses": ProgramStatus.choices,
        "sorts": SORTS,
        "may_keep": may_keep_asks(user),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/adopters/list.html", context)


@require_safe
@login_required
def program(request: HttpRequest, adopter_id: int) -> HttpResponse:
    """Show a program; its seats as far as the viewer may see them, everything else to whoever runs advocacy."""
    user, policy = viewer(request), current_policy()
    row = get_object_or_404(AdopterProgram.objects.select_related("product", "owner"), pk=adopter_id)
    seats = AdopterSeat.objects.visible_to(user).filter(program=row).select_related("contact__customer")
    address = reverse("web:adopter-program", args=[row.pk])
    listing = list_rows(request, AdopterSeatFilter, seats, address, ordering="invited_at")
    context: dict[str, Any] = {
        "program": row,
        "color": COLORS[row.status],
        "funnel": read_funnels([row]).get(row.pk, SeatFunnel()),
        "listing": listing,
        "seats": [
            (seat, tell_whose(user, seat.contact, seat.contact.customer, policy), SEAT_COLORS[seat.status])
            for seat in listing.page
        ],
        "statuses": SeatStatus.choices,
        "sorts": SEAT_SORTS,
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
        "feedback": _feedback(row, user, policy),
        "may_keep": may_keep_asks(user),
    }
    if context["may_keep"]:
        changes = StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("-at")
        context |= {
            "moves": [(to, to == ProgramStatus.CLOSED) for to in ADOPTER_PROGRAM.moves[row.status]],
            "gains": _gains(row, user, policy),
            "changes": changes[:10],
        }
    return render(request, "web/adopters/program.html", context)


def _feedback(row: AdopterProgram, user: User, policy: ProgramPolicy) -> list[dict[str, Any]]:
    """The latest words of seats that the viewer may see, without names that they may not."""
    seats = AdopterSeat.objects.visible_to(user).filter(program=row)
    rows = AdopterFeedback.objects.filter(seat__in=seats).select_related("seat__contact__customer", "by")
    found = []
    for each in rows.order_by("-pk")[:SHOWN]:
        whose = tell_whose(user, each.seat.contact, each.seat.contact.customer, policy)
        found.append({"row": each, "whose": whose, "text": whose.hide(each.text)})
    return found


def _gains(row: AdopterProgram, user: User, policy: ProgramPolicy) -> dict[str, Any]:
    """What people with a seat gave since it began: how many of each, and the latest with the way to their rows."""
    gains = read_gains(row)
    people = Contact.objects.select_related("customer").in_bulk({each.contact_id for each in gains[:SHOWN]})
    counts = {noun: sum(each.noun == noun for each in gains) for noun in ("consent", "engagement")}
    counts["content"] = len(gains) - sum(counts.values())

    def tell(gain: Gain) -> tuple[Gain, Any, str]:
        person = people[gain.contact_id]
        return gain, tell_whose(user, person, person.customer, policy), _address(gain)

    return {"total": len(gains), "counts": counts, "latest": [tell(each) for each in gains[:SHOWN]]}


def _address(gain: Gain) -> str:
    if gain.noun == "consent":
        return reverse("web:consent", args=[gain.pk])
    if gain.noun == "engagement":
        return reverse("web:profile", args=[gain.contact_id])
    return reverse("web:content-piece", args=[gain.noun, gain.pk])
