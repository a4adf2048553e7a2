"""The calendar of slots: a month as a table of weeks, each day with what takes place and whose deadline it is."""

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from matching.slot_need import day_of
from references.enums import SlotStatus
from references.models import SpeakingSlot
from references.permissions import may_edit_slots
from web.access import viewer
from web.slots.words import COLORS

NEAR = timedelta(days=2)
WAITING = (SlotStatus.OPEN, SlotStatus.HELD)
MONTHS_AWAY = 240


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on a day: a slot that takes place, or its deadline."""

    slot: SpeakingSlot
    color: str
    is_deadline: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the month."""

    on: date
    is_outside: bool
    is_today: bool
    entries: tuple[Entry, ...]


@require_safe
@login_required
def slot_calendar(request: HttpRequest) -> HttpResponse:
    """Show a month of slots, the present one unless the address names another."""
    today = timezone.localdate()
    first = _month_asked(request, today)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    entries = _read_entries(request, weeks[0][0], weeks[-1][-1])
    days = [
        [Day(day, day.month != first.month, day == today, tuple(entries.get(day, ()))) for day in week]
        for week in weeks
    ]
    context = {
        "first": first,
        "weekdays": [date_format(day, "l") for day in weeks[0]],
        "weeks": days,
        "has_entries": any(day.entries for week in days for day in week if not day.is_outside),
        "previous": _address(first - timedelta(days=1)),
        "next": _address(first + timedelta(days=31)),
        "today": _address(today),
        "may_edit": may_edit_slots(viewer(request)),
    }
    return render(request, "web/slots/calendar.html", context)


def _month_asked(request: HttpRequest, today: date) -> date:
    """The first of the month in the address; of this one for none, nonsense, or one that is decades away."""
    try:
        first = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return today.replace(day=1)
    away = abs((first.year - today.year) * 12 + first.month - today.month)
    return first if away <= MONTHS_AWAY else today.replace(day=1)


def _address(day: date) -> str:
    return f"{reverse('web:slot-calendar')}?month={day:%Y-%m}"


def _read_entries(request: HttpRequest, start: date, end: date) -> dict[date, list[Entry]]:
    """What stands on each day, as it is counted where it takes place; one query."""
    near = Q(starts_at__date__gte=start - NEAR, starts_at__date__lte=end + NEAR)
    rows = SpeakingSlot.objects.visible_to(viewer(request)).filter(near | Q(deadline__range=(start, end)))
    found: dict[date, list[Entry]] = defaultdict(list)
    for slot in rows.order_by("starts_at", "id"):
        color = COLORS.get(SlotStatus(slot.status), "quiet")
        found[day_of(slot)].append(Entry(slot, color, is_deadline=False))
        if slot.deadline is not None and slot.status in WAITING:
            found[slot.deadline].append(Entry(slot, "soft", is_deadline=True))
    return found
