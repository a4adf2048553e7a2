"""The cells of exports of answers: scores in every spelling, skipped ones, impossible ones, and days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.importing.errors import CellError
from surveys.cells import is_day, is_score, parse_day, parse_score


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("9", 9),
        (" 10 ", 10),
        ("0", 0),
        ("+7", 7),
        ("8.0", 8),
        ("8,00", 8),
        ("08", 8),
        ("9/10", 9),
        ("9 / 10", 9),
        ("10 out of 10", 10),
        ("7 of 10", 7),
        ("10 - Extremely likely", 10),
        ("0 = Not at all likely", 0),
        ("10 (Extremely likely)", 10),
        ("8 – …", 8),
        ("8 - ...", 8),
        ("9: very good", 9),
        ("10 extremely likely", 10),
        ("0 Not at all likely", 0),
        ("Extremely likely - 10", 10),
        ("Extremely likely (10)", 10),
        ("Promoter 9", 9),
        ("\u00a09\u200b", 9),
    ],
)
def test_parse_score(cell: str, score: int) -> None:
    assert parse_score(cell) == score
    assert is_score(cell)


@pytest.mark.parametrize("cell", ["", " ", "NA", "n/a", "N/A", "-", "—", "null", "Skipped", "No answer", "None", "nan"])
def test_parse_score_skipped(cell: str) -> None:
    assert parse_score(cell) is None
    assert not is_score(cell)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("11", "outside"),
        ("-1", "outside"),
        ("100", "outside"),
        ("11/10", "outside"),
        ("12 - Extremely likely", "outside"),
        ("8.5", "no whole number"),
        ("9,5", "no whole number"),
        ("abc", "no score"),
        ("Promoter", "no score"),
        ("9-Oct", "no score"),
        ("10-Sep", "no score"),
        ("9/5", "no score"),
        ("3 years", "no score"),
        ("9-10", "no score"),
        ("9 10", "no score"),
        ("1e1", "no score"),
        ("2026-01-09", "no score"),
        ("Yes.", "no score"),
    ],
)
def test_parse_score_refuses(cell: str, problem: str) -> None:
    with pytest.raises(CellError) as refused:
        parse_score(cell)
    assert problem in refused.value.problem
    assert "0 to 10" in refused.value.expected
    assert not is_score(cell)


@given(st.text(max_size=30))
def test_parse_score_gives_a_score_or_says_why_not(cell: str) -> None:
    try:
        score = parse_score(cell)
    except CellError:
        return
    assert score is None or 0 <= score <= 10


@given(st.integers(-50, 200))
def test_parse_score_of_whole_numbers(number: int) -> None:
    assert is_score(str(number)) is (0 <= number <= 10)


@pytest.mark.parametrize(
    ("cell", "day_first", "day"),
    [
        ("2026-03-04", False, date(2026, 3, 4)),
        ("2026-03-04T23:10:00Z", False, date(2026, 3, 4)),
        ("2026-03-04 23:10:00 UTC", False, date(2026, 3, 4)),
        ("3/4/26", False, date(2026, 3, 4)),
        ("3/4/26", True, date(2026, 4, 3)),
        ("23/02/2021", False, date(2021, 2, 23)),
        ("1772582400", False, date(2026, 3, 4)),
        ("1772582400000", False, date(2026, 3, 4)),
        ("", False, None),
        ("NA", False, None),
    ],
)
def test_parse_day(cell: str, day_first: bool, day: date | None) -> None:
    assert parse_day(cell, day_first) == day
    assert is_day(cell) is (day is not None)


@pytest.mark.parametrize("cell", ["soon", "31/31/2026", "9", "0-6 months ago"])
def test_parse_day_refuses(cell: str) -> None:
    with pytest.raises(CellError):
        parse_day(cell)
    assert not is_day(cell)
