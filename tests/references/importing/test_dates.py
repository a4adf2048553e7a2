"""Dates as exports write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.importing.dates import is_day_first, is_no_day, may_be_either, parse_date
from references.importing.errors import CellError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thursday, October 9, 2025", date(2025, 10, 9)),
        ("2026-01-31", date(2026, 1, 31)),
        ("2026/1/31", date(2026, 1, 31)),
        ("20260131", date(2026, 1, 31)),
        ("2010-10-14T12:00:00.000Z-0300", date(2010, 10, 14)),
        ("2010-10-14T00:00:00.000", date(2010, 10, 14)),
        ("2020-05-20T18:18:23.000+0000", date(2020, 5, 20)),
        ("2026-01-31 04:30:00", date(2026, 1, 31)),
        ("02/24/26 02:18 AM", date(2026, 2, 24)),
        ("1/2/2026", date(2026, 1, 2)),
        ("31/1/2026", date(2026, 1, 31)),
        ("1.2.2026", date(2026, 2, 1)),
        ("1. 2. 2026", date(2026, 2, 1)),
        ("31-12-99", date(1999, 12, 31)),
        ("31-Jan-26", date(2026, 1, 31)),
        ("31 January 2026", date(2026, 1, 31)),
        ("January 31st, 2026", date(2026, 1, 31)),
        ("1. März 2026", date(2026, 3, 1)),
        ("31 de enero de 2026", date(2026, 1, 31)),
        ("1 août 2026", date(2026, 8, 1)),
    ],
)
def test_parse_date_in_many_forms(text: str, expected: date) -> None:
    assert parse_date(text) == expected


def test_parse_date_when_either_could_be_the_day() -> None:
    assert parse_date("3/4/2026", day_first=True) == date(2026, 4, 3)
    assert parse_date("3/13/2026", day_first=True) == date(2026, 3, 13)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-02-30",
        "13/13/2026",
        "12345",
        "145321",
        "45321 x",
        "1 foo 2026",
        "0001-01-01",
        "2026-01-31 nonsense",
        "Q1 2026",
    ],
)
def test_parse_date_when_it_is_none(text: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_date(text)
    assert "2026-01-31" in caught.value.expected


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2068, 12, 31)), st.booleans())
def test_parse_date_reads_back_what_was_written(day: date, day_first: bool) -> None:
    european, american = f"{day:%d/%m/%y}", f"{day:%m/%d/%Y}"
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day:%d.%m.%Y}", day_first=day_first) == day
    assert parse_date(european, day_first=True) == day
    assert parse_date(american) == day
    assert is_day_first(european) in {True, None}
    assert is_day_first(american) in {False, None}


@given(st.text(max_size=30))
def test_parse_date_of_any_text_is_a_date_or_a_cell_error(text: str) -> None:
    try:
        assert 1900 <= parse_date(text).year <= 2199
    except CellError:
        return


@pytest.mark.parametrize("text", ["46387", "46387.5"])
def test_parse_date_reads_a_day_as_excel_counts_it(text: str) -> None:
    assert parse_date(text) == date(2026, 12, 31)


@pytest.mark.parametrize(
    "text", ["2026年3月31日", "2026年 3月 31日", "2026년 3월 31일", "2026. 3. 31.", "31er mars 2026", "31 mars 2026"]
)
def test_parse_date_of_other_countries(text: str) -> None:
    assert parse_date(text) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "verdict"), [("1/4/2026", True), ("4/4/2026", False), ("31/4/2026", False), ("x", False)]
)
def test_may_be_either(text: str, verdict: bool) -> None:
    assert may_be_either(text) is verdict


def test_is_no_day() -> None:
    assert is_no_day("0000-00-00")
    assert is_no_day("0000-00-00 00:00:00")
    assert is_no_day("0/0/00")
    assert not is_no_day("2026-00-00")
    assert not is_no_day("0")
