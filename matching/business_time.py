"""Counts time in business hours: open hours of weekdays in one time zone, without nights, weekends and holidays.

Moments go in aware and come out in UTC; hours are real ones, so a day on which the clocks change is as long as it is.
Where a clock reads an opening or closing time twice or not at all, the shorter day counts: no moment of it is outside
hours by any reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from references.policy import ServicePolicy
from references.policy_ranges import minutes_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When work is done: `opens` and `closes` in minutes after midnight, weekdays from Monday, 0."""

    zone: ZoneInfo
    opens: int
    closes: int
    weekdays: frozenset[int]
    holidays: frozenset[date]


def calendar_of(service: ServicePolicy) -> Calendar:
    """The calendar of a policy. ValueError where nobody ever works; a policy that was read has been checked for it."""
    opens, closes = minutes_of(service.opens), minutes_of(service.closes)
    if opens is None or closes is None or closes <= opens or not set(service.weekdays) & set(range(7)):
        raise ValueError("A calendar needs a weekday on which it closes after it opens")
    return Calendar(
        zone=ZoneInfo(service.time_zone),
        opens=opens,
        closes=closes,
        weekdays=frozenset(service.weekdays),
        holidays=frozenset(map(date.fromisoformat, service.holidays)),
    )


def add_business_hours(start: datetime, hours: float, calendar: Calendar) -> datetime:
    """The moment `hours` business hours after `start`, always within hours, both ends included.

    A span that ends with a day ends at its closing. ValueError for negative hours.
    """
    if hours < 0:
        raise ValueError(f"Business hours are counted forward, not by {hours}")
    left = timedelta(hours=hours)
    for opening, closing in _days_from(start, calendar):
        begin = max(opening, start.astimezone(UTC))
        if begin <= closing and left <= closing - begin:
            return begin + left
        left -= max(closing - begin, timedelta())
    raise OverflowError("The calendar ends before these hours do")


def business_hours_between(start: datetime, end: datetime, calendar: Calendar) -> float:
    """How many business hours lie between two moments; 0 where `end` is not after `start`."""
    total = timedelta()
    for opening, closing in _days_from(start, calendar):
        if opening >= end:
            break
        total += max(min(closing, end) - max(opening, start), timedelta())
    return total / timedelta(hours=1)


def _days_from(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """(opening, closing) in UTC of each business day from the one of `start` on."""
    day = start.astimezone(calendar.zone).date()
    while day < date.max - _DAY:
        hours = _hours_of(day, calendar)
        if hours is not None:
            yield hours
        day += _DAY


@lru_cache(maxsize=8192)
def _hours_of(day: date, calendar: Calendar) -> tuple[datetime, datetime] | None:
    if day.weekday() not in calendar.weekdays or day in calendar.holidays:
        return None
    opening = max(_moments(day, calendar.opens, calendar.zone))
    closing = min(_moments(day, calendar.closes, calendar.zone))
    return (opening, closing) if opening < closing else None


def _moments(day: date, minutes: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """What a wall clock's reading may mean: twice the same but around a change of the clocks."""
    clock = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001
    first, second = (clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second
