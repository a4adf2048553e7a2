"""Money, counts, answers and sizes as exports write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.enums import SizeBand
from references.importing.amounts import (
    band_of,
    counts_others,
    parse_count,
    parse_currency,
    parse_money,
    parse_score,
    parse_size,
)
from references.importing.errors import CellError


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("120000", "120000", ""),
        ("$1,200.00", "1200", "USD"),
        ("US$ 1,200", "1200", "USD"),
        ("EUR 1.200,50", "1200.50", "EUR"),
        ("1.200,50 €", "1200.50", "EUR"),
        ("1 200 000 EUR", "1200000", "EUR"),
        ("CHF 1'200.00", "1200", "CHF"),
        ("£250k", "250000", "GBP"),
        ("1.5M", "1500000", ""),
        ("€1,2 Mio", "1200000", "EUR"),
        ("1100.04", "1100.04", ""),
        ("1.200", "1200", ""),
        ("0.125", "0.12", ""),
        ("6.0E7", "60000000", ""),
        ("0", "0", ""),
    ],
)
def test_parse_money_in_many_forms(text: str, amount: str, currency: str) -> None:
    assert parse_money(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["lots", "-5", "(1,200)", "$", "1,2,3.4.5", "1e99", "5000000000000", "12 apples", "USD"]
)
def test_parse_money_when_it_is_none(text: str) -> None:
    with pytest.raises(CellError):
        parse_money(text)


@given(st.decimals(min_value=0, max_value=999_999_999, places=2), st.sampled_from(["{:,.2f}", "{:.2f}", "${:,.2f}"]))
def test_parse_money_reads_back_what_was_written(amount: Decimal, form: str) -> None:
    assert parse_money(form.format(amount))[0] == amount
    assert parse_money(f"{amount:,.2f} EUR".translate(str.maketrans(",.", ".,"))) == (amount, "EUR")


def test_parse_currency_of_codes_and_symbols() -> None:
    assert [parse_currency(text) for text in ("usd", "€", "USD - US Dollar", "R$")] == ["USD", "EUR", "USD", "BRL"]
    for text in ("XYZ", "Euros", "U"):
        with pytest.raises(CellError):
            parse_currency(text)


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("0", ""),
        ("1", "1-50"),
        ("50", "1-50"),
        ("51", "51-200"),
        ("200", "51-200"),
        ("1000", "201-1000"),
        ("1001", "1001-10000"),
        ("10000", "1001-10000"),
        ("10001", "10001+"),
        ("11-50", "1-50"),
        ("51–200", "51-200"),
        ("201-500", "201-1000"),
        ("1,001-5,000 employees", "1001-10000"),
        ("10,001+", "10001+"),
        ("10,000+", "10001+"),
        ("5K-10K", "1001-10000"),
        ("1-5k", "1001-10000"),
        ("1.000 Mitarbeiter", "201-1000"),
        ("600+", "201-1000"),
        ("200+", "201-1000"),
        (">1000", "1001-10000"),
        ("<51", "1-50"),
        ("2.5k", "1001-10000"),
        ("about 1,100 employees (from text)", "1001-10000"),
        ("more than 50 employees (from text)", "51-200"),
        ("nearly 400 people worldwide (from text)", "201-1000"),
        ("900 Globally", "201-1000"),
        ("35 employees serving 974 students", "1-50"),
        ("13,000 students", ""),
    ],
)
def test_parse_size_gives_the_band(text: str, band: str) -> None:
    assert parse_size(text) == band


@pytest.mark.parametrize("text", ["large", "-5", "enterprise"])
def test_parse_size_when_it_says_no_number(text: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_size(text)
    assert "10001+" in caught.value.expected


def test_counts_others_when_employees_are_named_too() -> None:
    assert counts_others("13,000 students")
    assert not counts_others("35 employees serving 974 students")


@given(st.integers(min_value=1, max_value=5_000_000))
def test_parse_size_agrees_however_a_number_is_written(count: int) -> None:
    assert parse_size(str(count)) == parse_size(f"{count:,}") == parse_size(f"{count} employees") == band_of(count)


def test_parse_size_reads_its_own_bands() -> None:
    assert [parse_size(band) for band in SizeBand.values] == SizeBand.values


@pytest.mark.parametrize(
    ("text", "score"), [("0", 0), ("10", 10), ("9.0", 9), ("9/10", 9), ("10 - Extremely likely", 10), ("0 (never)", 0)]
)
def test_parse_score_in_many_forms(text: str, score: int) -> None:
    assert parse_score(text) == score


@pytest.mark.parametrize("text", ["11", "-1", "9.5", "9/100", "good", "100"])
def test_parse_score_when_it_is_none(text: str) -> None:
    with pytest.raises(CellError):
        parse_score(text)


def test_parse_count_within_its_limit() -> None:
    assert [parse_count(text, most=3) for text in ("0", "3", "2.0")] == [0, 3, 2]
    for text in ("4", "-1", "1.5", "two"):
        with pytest.raises(CellError):
            parse_count(text, most=3)
