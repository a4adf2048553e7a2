"""The board of recovery plays: a column for each state, or one state as a list, and how many are won back."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from advocacy.enums import PlayKind, PlayStatus
from advocacy.models import RecoveryPlay
from advocacy.play_filters import RESULTS, PlayFilter
from advocacy.recovery_figures import read_recovered
from references.program import current_policy
from users.models import User
from web.access import viewer
from web.listing import Listing, list_rows
from web.recovery.shown import STATUS_BADGES, Card, load_plays, tell_plays

IN_COLUMN = 12
MOST_OWNERS = 200


@dataclass(frozen=True, slots=True)
class Column:
    """The first plays in one state, how many there are, and the address of them all."""

    status: PlayStatus
    badge: str
    cards: list[Card]
    total: int
    url: str

    @property
    def more(self) -> int:
        return self.total - len(self.cards)


@require_safe
@login_required
def recovery(request: HttpRequest) -> HttpResponse:
    """Show plays as a board; asked for a state, as a list of pages."""
    user = viewer(request)
    seen = RecoveryPlay.objects.visible_to(user)
    listing = list_rows(request, PlayFilter, load_plays(seen), reverse("web:recovery"))
    is_list = bool(listing.value("status"))
    today = timezone.localdate()
    recovered = read_recovered(seen)
    low, high = recovered.interval or (0.0, 1.0)
    context: dict[str, Any] = {
        "listing": listing,
        "columns": [] if is_list else _lay_out(user, listing),
        "cards": tell_plays(user, listing.page, current_policy(), today) if is_list else [],
        "statuses": PlayStatus.choices,
        "kinds": PlayKind.choices,
        "results": RESULTS,
        "owners": _owners(seen),
        "recovered": recovered,
        "low": round(100 * low),
        "high": round(100 * high),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/recovery/board.html", context)


def _lay_out(user: User, listing: Listing) -> list[Column]:
    """The columns of a board; what is over stands with the latest first."""
    found: QuerySet[RecoveryPlay] = listing.page.paginator.object_list  # type: ignore[assignment]
    totals = dict(found.order_by().values_list("status").annotate(n=Count("pk")))
    policy, today = current_policy(), timezone.localdate()
    rows: dict[str, list[RecoveryPlay]] = {}
    for status in PlayStatus:
        kept = found.filter(status=status)
        if status in {PlayStatus.DONE, PlayStatus.ABANDONED} and not listing.value("ordering"):
            kept = kept.order_by("-ended_at", "-pk")
        rows[status] = list(kept[:IN_COLUMN]) if totals.get(status) else []
    cards = tell_plays(user, [row for column in rows.values() for row in column], policy, today)
    return [
        Column(
            status=status,
            badge=STATUS_BADGES[status],
            cards=[card for card in cards if card.row.status == status],
            total=totals.get(status, 0),
            url=listing.url(status=status),
        )
        for status in PlayStatus
    ]


def _owners(seen: QuerySet[RecoveryPlay]) -> list[User]:
    return list(User.objects.filter(pk__in=seen.order_by().values("owner")).order_by("name", "email")[:MOST_OWNERS])
