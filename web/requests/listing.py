"""The list of requests: whose they are, what they wait for and by when, people without their names."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from matching.enums import MatchStatus, RequestStatus, Urgency
from matching.models import Match, Request
from matching.showing import ShownMatch, load_matches, next_step_of, show_matches
from matching.whose import WHOSE, WhoseRequestFilter
from references import activities
from references.program import current_policy
from users.models import User
from web.access import viewer
from web.listing import Listing, list_rows
from web.requests.words import REQUEST_COLORS, NextWords, describe_step

SORTS = (
    ("-created_at", gettext_lazy("Newest first")),
    ("due_at", gettext_lazy("Due first")),
    ("needed_by", gettext_lazy("Needed first")),
    ("-deal_value", gettext_lazy("Largest deal first")),
)
CHIPS = {
    "owner": gettext_lazy("of one user"),
    "team": gettext_lazy("of one team"),
    "deal_id": gettext_lazy("one deal of the CRM"),
    "needs_manager": gettext_lazy("a manager must choose"),
    "min_value": gettext_lazy("large deals"),
    "due_before": gettext_lazy("due soon"),
    "needed_by_before": gettext_lazy("needed soon"),
    "created_after": gettext_lazy("since a day"),
    "updated_since": gettext_lazy("changed lately"),
    "step": gettext_lazy("at one step"),
    "reached": gettext_lazy("that came so far"),
    "served_by_story": gettext_lazy("a story served"),
    "submitted_since": gettext_lazy("sent in a period"),
    "ended_since": gettext_lazy("ended in a period"),
}
"""Filters that links from elsewhere set and that have no field of their own."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request in the list."""

    row: Request
    color: str
    next: NextWords
    people: tuple[str, ...]


@require_safe
@login_required
def requests(request: HttpRequest) -> HttpResponse:
    """List requests that the viewer sees: their own at first, a manager's all."""
    user = viewer(request)
    rows: QuerySet[Request] = Request.objects.visible_to(user).select_related("owner")
    whose = "all" if user.is_manager else "mine"
    listing = list_rows(request, WhoseRequestFilter, rows, reverse("web:requests"), whose=whose, ordering="-created_at")
    context = {
        "listing": listing,
        "lines": read_lines(user, list(listing.page)),
        "tabs": [(label, listing.url(whose=value), value == listing.value("whose")) for value, label in WHOSE],
        "statuses": RequestStatus.choices,
        "activities": activities.CHOICES,
        "urgencies": Urgency.choices,
        "sorts": SORTS,
        "chips": _chips(listing),
        "is_narrowed": bool(listing.query.keys() - {"ordering", "whose"}),
        "shows_owner": listing.value("whose") != "mine",
    }
    return render(request, "web/requests/list.html", context)


def read_lines(user: User, rows: list[Request]) -> list[RequestLine]:
    """Requests with their people and next steps as the viewer may see them; the same queries however many."""
    policy = current_policy()
    matches = load_matches(Match.objects.filter(request__in=[row.pk for row in rows]).order_by("slot", "pk"))
    of_request: dict[int, list[ShownMatch]] = defaultdict(list)
    for shown in show_matches(user, matches, policy):
        of_request[shown.match.request_id].append(shown)
    return [_make_line(row, of_request[row.pk]) for row in rows]


def _make_line(row: Request, shown: list[ShownMatch]) -> RequestLine:
    stand = [each for each in shown if each.match.is_live or each.match.status == MatchStatus.COMPLETED]
    return RequestLine(
        row=row,
        color=REQUEST_COLORS.get(RequestStatus(row.status), "quiet"),
        next=describe_step(next_step_of(row, shown), row.activity),
        people=tuple(each.match.headline or each.customer for each in stand),
    )


def _chips(listing: Listing) -> list[tuple[str, str]]:
    return [(str(label), listing.url(**{name: ""})) for name, label in CHIPS.items() if name in listing.query]
