"""Dates of a brief, seen from Wednesday, 18 November 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.brief_dates import find_date

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    "text,day",
    [
        ("by Friday", "2026-11-20"),
        ("by Wednesday", "2026-11-18"),
        ("on Monday", "2026-11-23"),
        ("next Friday", "2026-11-27"),
        ("next week", "2026-11-27"),
        ("this week", "2026-11-20"),
        ("tomorrow", "2026-11-19"),
        ("within two weeks", "2026-12-02"),
        ("in the next 10 days", "2026-11-28"),
        ("in a couple of weeks", "2026-12-02"),
        ("in 3 months", "2027-02-18"),
        ("end of the month", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("EOQ", "2026-12-31"),
        ("by the end of the year", "2026-12-31"),
        ("end of Q1", "2027-03-31"),
        ("Q4", "2026-12-31"),
        ("before Q2", "2027-03-31"),
        ("next quarter", "2027-03-31"),
        ("in H1", "2027-06-30"),
        ("in May", "2027-05-31"),
        ("by May", "2027-05-01"),
        ("before May", "2027-04-30"),
        ("early June", "2027-06-10"),
        ("mid-January", "2027-01-15"),
        ("end of November", "2026-11-30"),
        ("27 Nov", "2026-11-27"),
        ("27th of November 2027", "2027-11-27"),
        ("Nov 2", "2027-11-02"),
        ("November 27, 2026", "2026-11-27"),
        ("2026-12-01", "2026-12-01"),
        ("by 27.11.", "2026-11-27"),
        ("by 12/15", "2026-12-15"),
        ("15/12/2026", "2026-12-15"),
        ("asap", "2026-11-25"),
        ("needed today", "2026-11-18"),
        ("a call next week, decision by 1 December", "2026-12-01"),
    ],
)
def test_date_is_read(text: str, day: str) -> None:
    found = find_date(text, TODAY)
    assert found is not None
    assert found.day.isoformat() == day
    assert text[found.span.start : found.span.end].strip()


@pytest.mark.parametrize(
    "text",
    [
        "dark on Friday evenings",
        "24/7",
        "they may go",
        "31 June",
        "since May 2020",
        "on 2020-01-01",
        "who does this today",
        "a downtime weekend",
        "month-end close",
        "March",
        "in the first week",
        "sat on the board",
        "0 Jan",
        "",
    ],
)
def test_no_date_is_read(text: str) -> None:
    assert find_date(text, TODAY) is None


@given(st.text(alphabet="0123456789 /.-byin may june friday q14next week", max_size=40), st.dates(date(2000, 1, 1)))
def test_date_is_never_in_the_past(text: str, today: date) -> None:
    found = find_date(text, today)
    assert found is None or (found.day >= today and found.span.end <= len(text))
