"""The home of managers: what waits for them first, then where the program is in need, then how it does."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from matching.figures import (
    PERIODS,
    SOON,
    Unmet,
    Work,
    read_period,
    read_pipeline,
    read_unmet,
    read_work,
)
from matching.models import Approval, Match, UnmetDemand
from matching.participation import read_activation, read_load
from matching.showing import ShownApproval, ShownMatch, load_matches, show_matches
from references.consent_expiry import SOON as DAYS_LEFT
from references.consent_expiry import ending_consents
from references.pool.search import search_pool
from references.program import current_policy
from users.models import User
from web.access import managers_only, viewer
from web.home.words import cards_of_period, cards_of_year, chart_pipeline, requests_url
from web.querying import read_number, write_query

FIRST = 5
DEFAULT_PERIOD = 90
TIRED = ("stop", "approval")
PERIOD_WORDS = {30: gettext_lazy("30 days"), 90: gettext_lazy("90 days"), 365: gettext_lazy("A year")}


@require_safe
@managers_only
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the viewer, where promoters are missing or tired, and the figures of a period."""
    user, now = viewer(request), timezone.now()
    today = timezone.localdate(now)
    asked = read_number(request.GET, "days", default=DEFAULT_PERIOD, most=PERIODS[-1])
    days = asked if asked in PERIODS else DEFAULT_PERIOD
    month = today.replace(day=1)
    work, unmet = read_work(user, now), read_unmet(user, month)
    since = now - timedelta(days=days)
    standing, ended = chart_pipeline(read_pipeline(user, since), since)
    context: dict[str, Any] = {
        "work": work,
        "unmet": unmet,
        "tallies": _tally(work, unmet, now),
        "queue": _read_queue(user),
        "now": now,
        "standing": standing,
        "ended": ended,
        "demands": UnmetDemand.objects.visible_to(user).unmet().select_related("request")[:FIRST],
        "demand_url": _demand_url(month),
        **_read_tired(user),
        "cards": [*cards_of_period(read_period(user, days, now), now), *cards_of_year(*_read_year(today))],
        "days": days,
        "period": PERIOD_WORDS[days],
        "periods": [(PERIOD_WORDS[each], f"?days={each}#figures", each == days) for each in PERIODS],
    }
    return render(request, "web/home/page.html", context)


def _read_year(today: date) -> tuple[Any, Any]:
    return read_activation(today), read_load(today)


def _tally(work: Work, unmet: Unmet, now: datetime) -> list[tuple[str, int, str, str]]:
    """(label, count, address, badge) of each number at the top; what is bad has a badge where it is not 0."""
    today = timezone.localdate(now)
    soon, late = (moment.isoformat(timespec="seconds") for moment in (now + SOON, now))
    return [
        (_("Wait for you"), work.waiting, reverse("web:request-queue"), ""),
        (_("Due within 72 h"), work.due_soon, requests_url(status="open", due_before=soon, ordering="due_at"), ""),
        (_("Overdue"), work.overdue, requests_url(status="open", due_before=late, ordering="due_at"), "stop"),
        (_("Need a manager"), work.needs_manager, requests_url(needs_manager="true"), "approval"),
        (_("Unmet this month"), unmet.noted, _demand_url(unmet.since), "approval"),
        (_("Consents ending in 30 days"), ending_consents(today).count(), _ending_url(), "approval"),
    ]


def _ending_url() -> str:
    return reverse("web:consents") + write_query({"ends_within": str(DAYS_LEFT)})


def _demand_url(since: date) -> str:
    return reverse("web:unmet-demands") + write_query({"since": since.isoformat()})


def _read_queue(user: User) -> list[tuple[ShownApproval, ShownMatch]]:
    """The first that wait for the viewer, with whom each is about."""
    waiting = list(Approval.objects.waiting_for(user).order_by("due_at", "pk")[:FIRST])
    matches = load_matches(Match.objects.filter(pk__in=[each.match_id for each in waiting]))
    shown = {each.match.pk: each for each in show_matches(user, matches, current_policy())}
    return [(shown[each.match_id].approval(each.pk), shown[each.match_id]) for each in waiting]


def _read_tired(user: User) -> dict[str, Any]:
    """The most tired promoters, and how many are in each band, with the list of them."""
    found = search_pool(user=user, chosen={"band": TIRED}, sort="-fatigue", page_size=FIRST)
    counts = {each.key: each.count for each in found.facets.get("band", ())}
    bands = [
        (band, counts.get(band, 0), reverse("web:pool") + write_query({"f": f"band:{band}", "sort": "-fatigue"}))
        for band in TIRED
    ]
    return {"tired": found.cards, "bands": bands}
