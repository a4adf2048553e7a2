"""Dates of a brief from any day on: each way to say one against looking through the calendar day by day."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.brief_dates import find_date

TODAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def read(text: str, today: date) -> date | None:
    found = find_date(text, today)
    if found is not None:
        assert text[found.span.start : found.span.end].strip()
    return found.day if found else None


def days_from(first: date) -> Iterator[date]:
    for ahead in range(1500):
        yield first + timedelta(days=ahead)


def first_day(first: date, fits: Callable[[date], bool]) -> date:
    return next(day for day in days_from(first) if fits(day))


def is_last(day: date, period: Callable[[date], int]) -> bool:
    """Whether a period, told by a number that changes with it, ends on this day."""
    return period(day) != period(day + timedelta(days=1))


def month_of(day: date) -> int:
    return day.year * 12 + day.month


def quarter_of(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def year_of(day: date) -> int:
    return day.year


PERIODS = {"month": month_of, "quarter": quarter_of, "year": year_of}


def end_of(unit: str, today: date, *, later: int = 0) -> date:
    """The last day of this period, or of one `later`."""
    period = PERIODS[unit]
    return first_day(today, lambda day: period(day) == period(today) + later and is_last(day, period))


def friday_of(today: date, *, later: int = 0) -> date:
    """Friday of this week or a later one, or today where that is over."""
    week = today.toordinal() - today.weekday() + 7 * later
    return max(today, date.fromordinal(week + 4))


@given(TODAYS, st.integers(0, 6), st.sampled_from(["by", "before", "on", "for", "this", "coming", "no later than"]))
def test_weekday_is_the_first_to_come(today: date, number: int, lead: str) -> None:
    name = WEEKDAYS[number]
    expected = first_day(today, lambda day: day.weekday() == number)
    assert {read(f"{lead} {each}", today) for each in (name, name[:3].lower(), name.upper())} == {expected}


@given(TODAYS, st.integers(0, 6), st.sampled_from(["next", "by next", "for next"]))
def test_next_weekday_is_that_of_next_week(today: date, number: int, lead: str) -> None:
    monday = first_day(today + timedelta(days=1), lambda day: day.weekday() == 0)
    assert read(f"{lead} {WEEKDAYS[number]}", today) == monday + timedelta(days=number)


@given(TODAYS)
def test_weeks_end_on_friday(today: date) -> None:
    this, following = friday_of(today), friday_of(today, later=1)
    for text in ("this week", "by the end of the week", "end of this week", "EOW", "by week end"):
        assert read(text, today) == this, text
    for text in ("next week", "the following week", "by the coming week", "end of next week"):
        assert read(text, today) == following, text


@given(TODAYS, st.sampled_from(["month", "quarter"]))
def test_this_and_next_month_and_quarter_are_over_on_their_last_day(today: date, unit: str) -> None:
    for text in (f"this {unit}", f"end of the {unit}", f"by end of {unit}", f"EO{unit[0]}", f"by {unit} end"):
        assert read(text, today) == end_of(unit, today), text
    for text in (f"next {unit}", f"in the following {unit}", f"coming {unit}", f"end of next {unit}"):
        assert read(text, today) == end_of(unit, today, later=1), text


@given(TODAYS)
def test_years_and_days_end_too(today: date) -> None:
    for text in ("end of the year", "by year-end", "before the year end", "EOY", "by eoy"):
        assert read(text, today) == end_of("year", today), text
    assert read("end of next year", today) == end_of("year", today, later=1)
    for text in ("end of day", "by end of today", "EOD", "needed today", "for tonight"):
        assert read(text, today) == today, text
    assert read("tomorrow", today) == today + timedelta(days=1)
    assert read("by the day after tomorrow", today) == today + timedelta(days=2)
    assert {read(text, today) for text in ("ASAP", "as soon as possible", "urgent")} == {today + timedelta(days=7)}


COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "a couple of": 2, "a few": 3, "the twelve": 12, "10": 10}


@given(TODAYS, st.sampled_from([*COUNTS]), st.sampled_from(["within", "in", "in the next", "inside"]))
def test_terms_are_counted_from_today(today: date, count: str, lead: str) -> None:
    number = COUNTS[count]
    assert read(f"{lead} {count} days", today) == today + timedelta(days=number)
    assert read(f"{lead} {count} business days", today) == today + timedelta(days=number)
    assert read(f"{lead} {count} weeks", today) == today + timedelta(weeks=number)
    month = month_of(today) + number
    same_day = [day for day in days_from(today) if month_of(day) == month and day.day <= today.day]
    assert read(f"{lead} {count} months", today) == same_day[-1], "the last day of a month that is shorter"


@given(TODAYS, st.dates(date(2024, 1, 1), date(2033, 12, 31)))
def test_day_and_month_are_the_next_such_day(today: date, meant: date) -> None:
    """With a year it is that very day, which is no date where it is over."""
    name = MONTHS[meant.month - 1]
    if (meant.month, meant.day) != (2, 29):
        coming = first_day(today, lambda day: (day.month, day.day) == (meant.month, meant.day))
        numeric = f"by {meant.month}/{meant.day}" if meant.day > 12 else f"by {meant.day}.{meant.month}"
        for text in (
            f"{meant.day} {name}", f"{meant.day}th of {name[:3]}", f"{name} {meant.day}", f"by {name[:3]}. {meant.day}",
            f"by {meant.day}.{meant.month}.", numeric,
        ):  # fmt: skip
            assert read(text, today) == coming, text
    expected = meant if meant >= today else None
    for text in (
        meant.isoformat(), f"until {meant.isoformat()}", f"{meant.day} {name} {meant.year}",
        f"{name} {meant.day}, {meant.year}", f"by {meant.day}.{meant.month}.{meant.year}",
        f"{meant.day}.{meant.month}.{meant.year}", f"{meant.month}/{meant.day}/{meant.year}",
    ):  # fmt: skip
        assert read(text, today) == expected, text


@given(TODAYS, st.integers(1, 12))
def test_month_by_its_parts(today: date, month: int) -> None:
    """Of this year, or of the next where the month is over; a part of this month that is over is no date."""
    name = MONTHS[month - 1]
    first = first_day(today.replace(day=1), lambda day: day.month == month and day.day == 1)
    last = end_of("month", first)
    expected = {
        f"by {name}": first,
        f"until {name}": first,
        f"till {name}": first,
        f"no later than {name}": first,
        f"before {name}": first - timedelta(days=1),
        f"in {name}": last,
        f"for {name}": last,
        f"end of {name}": last,
        f"by late {name}": last,
        f"before the end of {name}": last,
        f"early {name}": first.replace(day=10),
        f"beginning of {name}": first.replace(day=10),
        f"the start of {name}": first.replace(day=10),
        f"mid-{name}": first.replace(day=15),
        f"by the middle of {name}": first.replace(day=15),
    }
    for text, day in expected.items():
        assert read(text, today) == (day if day >= today else None), text


@given(TODAYS, st.integers(1, 4), st.integers(1, 2))
def test_quarter_and_half_are_over_on_their_last_day(today: date, quarter: int, half: int) -> None:
    last = first_day(today, lambda day: is_last(day, quarter_of) and day.month == 3 * quarter)
    for text in (f"Q{quarter}", f"in Q{quarter}", f"end of Q{quarter}", f"before the end of Q{quarter}"):
        assert read(text, today) == last, text
    before = first_day(last - timedelta(days=110), lambda day: quarter_of(day + timedelta(days=1)) == quarter_of(last))
    assert read(f"before Q{quarter}", today) == (before if before >= today else None)
    assert read(f"by H{half}", today) == first_day(today, lambda day: (day.month, day.day) in ((6, 30), (12, 31))
                                                   and day.month == 6 * half)  # fmt: skip


@settings(max_examples=40)
@given(TODAYS, st.integers(2024, 2034), st.integers(1, 12))
def test_written_year_is_the_one_meant(today: date, year: int, month: int) -> None:
    quarter, half = (month + 2) // 3, (month + 5) // 6
    for text, unit, last in (
        (f"Q{quarter} {year}", "quarter", date(year, 3 * quarter, 1)),
        (f"by H{half}/{year}", "month", date(year, 6 * half, 1)),
        (f"in {MONTHS[month - 1]} {year}", "month", date(year, month, 1)),
    ):
        day = end_of(unit, last)
        assert read(text, today) == (day if day >= today else None), text


TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 1 December, at best by 5 December", date(2026, 12, 5)),
        ("ON 1 DECEMBER, AT BEST BY 5 DECEMBER", date(2026, 12, 5)),
        ("on 1 December, at best no later than 5 December", date(2026, 12, 5)),
        ("this week a talk, and next week by Thursday", date(2026, 11, 19)),
        ("27 November or 25 November", date(2026, 11, 27)),
        ("asap, the event is on 3 December", date(2026, 12, 3)),
        ("next week or in March", date(2027, 3, 31)),
        ("since 1 May 2020, until 3 December", date(2026, 12, 3)),
        ("deadline: 4 December, meeting 20 November", date(2026, 12, 4)),
        ("due 4 December, meeting 20 November", date(2026, 12, 4)),
    ],
)
def test_deadline_goes_first_then_the_most_exact_then_the_first_named(text: str, day: date) -> None:
    assert read(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "today"),
    [
        ("Q2", date(2027, 6, 30)),
        ("in H1", date(2027, 6, 30)),
        ("by H2", date(2027, 12, 31)),
        ("by 13/5", date(2027, 5, 13)),
    ],
)
def test_last_day_is_still_in_time(text: str, today: date) -> None:
    assert read(text, today) == today


@pytest.mark.parametrize("text", ["31 June", "by 31/2", "in 400 years", "2026-13-01", "Q5", "by 32.12.", "30 Feb 2027"])
def test_day_that_there_is_not_is_no_date(text: str) -> None:
    assert read(text, TODAY) is None


def test_end_of_the_calendar_is_no_date() -> None:
    assert read("in 3 months", date(9999, 11, 1)) is None
    assert read("next week", date.max) is None


def test_found_is_told_with_its_place() -> None:
    found = find_date("Please call by Friday.", TODAY)
    assert found is not None
    assert (found.span.start, found.span.end) == (12, 21)
