"""Business hours: nights, weekends, holidays, changes of the clocks, and what holds for every calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.business_time import Calendar, add_business_hours, business_hours_between, calendar_of
from references.policy import ServicePolicy
from references.policy_ranges import minutes_of

BERLIN = calendar_of(ServicePolicy(time_zone="Europe/Berlin", holidays=("2026-12-25",)))
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Santiago", "Africa/Cairo", "Asia/Beirut"]
TIMES = st.timedeltas(timedelta(), timedelta(days=2_000)).map(datetime(2024, 1, 1, tzinfo=UTC).__add__)
SPANS = st.integers(0, 300 * 60).map(lambda minutes: minutes / 60)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    opens = draw(st.integers(0, 23 * 60))
    return Calendar(
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        opens=opens,
        closes=draw(st.integers(opens + 60, 24 * 60)),
        weekdays=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        holidays=frozenset(draw(st.sets(st.dates(date(2024, 1, 1), date(2024, 12, 31)), max_size=9))),
    )


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    "start, hours, end",
    [
        ("2026-01-05 10:00", 2, "2026-01-05 12:00"),
        ("2026-01-05 10:00", 7, "2026-01-05 17:00"),
        ("2026-01-05 10:00", 7.5, "2026-01-06 09:30"),
        ("2026-01-05 10:00", 24, "2026-01-08 10:00"),
        ("2026-01-05 07:00", 1, "2026-01-05 10:00"),
        ("2026-01-05 20:00", 0, "2026-01-06 09:00"),
        ("2026-01-05 17:00", 0, "2026-01-05 17:00"),
        ("2026-01-09 16:00", 2, "2026-01-12 10:00"),
        ("2026-01-10 12:00", 1, "2026-01-12 10:00"),
        ("2026-12-24 16:00", 2, "2026-12-28 10:00"),
        ("2026-03-27 16:00", 9, "2026-03-30 17:00"),
        ("2026-10-23 16:00", 9, "2026-10-26 17:00"),
    ],
)
def test_add_business_hours_by_example(start: str, hours: float, end: str) -> None:
    found = add_business_hours(at(start), hours, BERLIN)
    assert found == at(end)
    assert found.tzinfo is UTC
    assert business_hours_between(at(start), found, BERLIN) == hours


def test_hours_are_real_ones_where_the_clocks_change() -> None:
    nights = calendar_of(ServicePolicy(time_zone="Europe/Berlin", opens="00:00", closes="24:00", weekdays=(6,)))
    spring, autumn = at("2026-03-29 00:00"), at("2026-10-25 00:00")
    assert business_hours_between(spring, spring + timedelta(days=1), nights) == 23
    assert business_hours_between(autumn, autumn + timedelta(days=1), nights) == 25
    assert add_business_hours(spring, 2, nights) == at("2026-03-29 03:00")


def test_opening_that_the_clocks_skip_is_the_moment_after() -> None:
    early = calendar_of(ServicePolicy(time_zone="Europe/Berlin", opens="02:00", closes="04:00", weekdays=(6,)))
    assert add_business_hours(at("2026-03-29 00:00"), 0, early) == at("2026-03-29 03:00")
    assert business_hours_between(at("2026-03-29 00:00"), at("2026-03-30 00:00"), early) == 1


def test_hours_between_is_zero_backwards_and_at_night() -> None:
    assert business_hours_between(at("2026-01-06 10:00"), at("2026-01-05 10:00"), BERLIN) == 0
    assert business_hours_between(at("2026-01-05 18:00"), at("2026-01-06 08:00"), BERLIN) == 0


def test_negative_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_business_hours(at("2026-01-05 10:00"), -1, BERLIN)


@pytest.mark.parametrize("changes", [{"weekdays": ()}, {"opens": "17:00"}, {"closes": "late"}, {"weekdays": (7,)}])
def test_calendar_without_an_open_hour_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="weekday"):
        calendar_of(replace(ServicePolicy(), **changes))  # type: ignore[arg-type]


@given(start=TIMES, hours=SPANS, calendar=calendars())
def test_hours_added_are_the_hours_between(start: datetime, hours: float, calendar: Calendar) -> None:
    end = add_business_hours(start, hours, calendar)
    assert business_hours_between(start, end, calendar) == pytest.approx(hours, abs=1e-9)


@given(start=TIMES, hours=SPANS, calendar=calendars())
def test_hours_added_never_end_outside_hours(start: datetime, hours: float, calendar: Calendar) -> None:
    end = add_business_hours(start, hours, calendar)
    assert end >= start
    local = end.astimezone(calendar.zone)
    readings = [(local.date(), local.hour * 60 + local.minute + local.second / 60)]
    if local.time() == time.min:  # the end of the day before, too
        readings.append((local.date() - timedelta(days=1), 24 * 60))
    assert any(
        day.weekday() in calendar.weekdays
        and day not in calendar.holidays
        and calendar.opens <= minutes <= calendar.closes + 1 / 60
        for day, minutes in readings
    )


@given(start=TIMES, later=st.timedeltas(timedelta(), timedelta(days=9)), hours=SPANS, more=SPANS, calendar=calendars())
def test_hours_added_are_monotone(
    start: datetime, later: timedelta, hours: float, more: float, calendar: Calendar
) -> None:
    end = add_business_hours(start, hours, calendar)
    assert add_business_hours(start + later, hours, calendar) >= end
    assert add_business_hours(start, hours + more, calendar) >= end


@given(st.integers(0, 24 * 60))
def test_minutes_of_reads_what_a_clock_shows(minutes: int) -> None:
    assert minutes_of(f"{minutes // 60:02}:{minutes % 60:02}") == minutes


@pytest.mark.parametrize("text", ["", "9:00", "09.00", "24:01", "09:60", "-1:00", "09:00:00", "0９:00", "+9:00"])
def test_minutes_of_refuses_other_texts(text: str) -> None:
    assert minutes_of(text) is None
