"""Money, counts of references and sizes of companies in a brief."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.brief_amounts import find_headcounts, find_money, find_quantity


@pytest.mark.parametrize(
    "text,value,currency",
    [
        ("$410k", "410000", "USD"),
        ("US$ 2M", "2000000", "USD"),
        ("C$ 90k", "90000", "CAD"),
        ("€1.2m deal", "1200000", "EUR"),
        ("EUR 50,000", "50000", "EUR"),
        ("1.200.000 €", "1200000", "EUR"),
        ("1,5 million euros", "1500000", "EUR"),
        ("2 million dollars", "2000000", "USD"),
        ("CHF 1'200'000", "1200000", "CHF"),
        ("10 lakh rupees", "1000000", "INR"),
        ("a 300k deal", "300000", ""),
        ("deal: 250000", "250000", ""),
        ("£3.5bn revenue, deal worth $90k", "90000", "USD"),
        ("$5 now", "5", "USD"),
    ],
)
def test_deal_value_is_read(text: str, value: str, currency: str) -> None:
    money, spans = find_money(text)
    assert money is not None
    assert (money.value, money.currency) == (Decimal(value), currency)
    assert money.span in spans


@pytest.mark.parametrize(
    "text",
    ["10x", "3,000 cabs", "10%", "saves $3m a year", "PHP 8.2", "we try 3 customers", "3 real ones", "revenue of $4bn"],
)
def test_other_numbers_are_no_deal(text: str) -> None:
    assert find_money(text)[0] is None


@pytest.mark.parametrize(
    "text,count",
    [
        ("two references", 2),
        ("2-3 references", 3),
        ("a couple of customer references", 2),
        ("One call, thirty minutes", 1),
        ("two good reference customers", 2),
        ("three quotes", 3),
        ("nine buildings", None),
        ("3,000 cabs", None),
        ("two weeks for a reference", None),
    ],
)
def test_quantity_is_read(text: str, count: int | None) -> None:
    found = find_quantity(text)
    assert (found and found.count) == count


@pytest.mark.parametrize(
    "text,counts",
    [
        ("500 employees", [500]),
        ("over 10,000 staff", [10_001]),
        ("10k+ employees", [10_001]),
        ("1.5k employees", [1_500]),
        ("3.000 employees", [3_000]),
        ("a 300-person firm", [300]),
        ("3,000 cabs", []),
        ("10,000 employees or more", [10_001]),
        ("500 staff and up", [501]),
    ],
)
def test_headcount_is_read(text: str, counts: list[int]) -> None:
    assert [each.count for each in find_headcounts(text)] == counts


@given(st.text(alphabet="0123456789,. $€kmbn'employees deal", max_size=60))
def test_any_number_is_read(text: str) -> None:
    money, spans = find_money(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert money is None or money.value >= 0
    assert all(each.count >= 0 for each in find_headcounts(text))
    found = find_quantity(text)
    assert found is None or 1 <= found.count <= 20
