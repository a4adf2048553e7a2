"""Dates as day numbers (days since 1970-01-01), the unit of every date column of the pool index."""

from calendar import monthrange
from datetime import date, timedelta

_ORIGIN = date(1970, 1, 1)
NO_DAY = 0
OPEN_END = 65_535
"""The day number that stands for "never ends"; day numbers fit 16 bits until 2149."""


def day_number(day: date | None, *, default: int = NO_DAY) -> int:
    """Give the day number of a date, clipped to 1…65534; `default` where there is none."""
    if day is None:
        return default
    return min(max((day - _ORIGIN).days, 1), OPEN_END - 1)


def to_date(number: int) -> date | None:
    """Give the date of a day number; None for "no day" and for "never ends"."""
    return None if number in (NO_DAY, OPEN_END) else _ORIGIN + timedelta(days=int(number))


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last one of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
