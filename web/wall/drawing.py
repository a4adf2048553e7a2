"""Bars of counts by day, laid out on the server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from references.enums import PublicEvent
from references.wall_filters import WALL
from web.querying import write_query

BAR, GAP, HEIGHT = 16, 4, 96


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day's bar, and where its rows are."""

    day: date
    count: int
    x: int
    y: int
    height: int
    url: str


@dataclass(frozen=True, slots=True)
class Days:
    """Bars of consecutive days, in units of the drawing."""

    bars: Sequence[DayBar]
    width: int
    height: int = HEIGHT
    bar: int = BAR

    @property
    def total(self) -> int:
        """What all the bars stand for together."""
        return sum(each.count for each in self.bars)


def draw_days(counts: Mapping[date, int], first: date, days: int, *, place: str) -> Days:
    """Lay out `days` bars from the day `first`, the largest as high as the drawing; a day with anything is seen."""
    most = max(counts.values(), default=0) or 1
    bars = []
    for number in range(days):
        day = first + timedelta(days=number)
        count = counts.get(day, 0)
        height = max(2, round(HEIGHT * count / most)) if count else 0
        filters = {"place": place or WALL, "event": PublicEvent.VIEW.value, "on_after": str(day), "on_before": str(day)}
        address = reverse("web:wall-numbers") + write_query(filters)
        bars.append(DayBar(day, count, number * (BAR + GAP), HEIGHT - height, height, address))
    return Days(bars, days * (BAR + GAP) - GAP)
