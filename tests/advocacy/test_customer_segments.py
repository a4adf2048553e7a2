"""Referral value and the four segments: the formula by hand, ties, what is missing, and money that is never mixed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.customer_segments import PLAYS, LeftOut, Valued, WonReferral, referral_value, split_customers

D = Decimal
TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("won", "rate", "expected"),
    [
        ([], "0.1", "0.00"),
        ([WonReferral(TODAY, D(300), D(50), D(100))], "0.1", "350.00"),
        ([WonReferral(date(2020, 1, 1), D(300))], "0.1", "300.00"),
        ([WonReferral(date(2030, 6, 15), D(1000))], "0", "1000.00"),
        ([WonReferral(date(2030, 6, 15), D(1464.1))], "0.1", "1000.00"),
        ([WonReferral(TODAY, D(10), D(30))], "0.1", "-20.00"),
        (
            [WonReferral(TODAY, D(100)), WonReferral(date(2030, 6, 15), D(1464.1), acquisition_saved=D(0))],
            "0.1",
            "1100",
        ),
    ],
)
def test_referral_value(won: list[WonReferral], rate: str, expected: str) -> None:
    assert referral_value(won, rate=D(rate), as_of=TODAY) == D(expected)


def test_rate_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="rate"):
        referral_value([], rate=D(-1), as_of=TODAY)


def test_four_segments_by_medians() -> None:
    rows = [
        Valued(1, D(900), D(90), "EUR"),
        Valued(2, D(800), D(0), "EUR"),
        Valued(3, D(100), D(80), "EUR"),
        Valued(4, D(50), D(0), "EUR"),
    ]
    split = split_customers(rows, currency="EUR")
    assert (split.median_lifetime, split.median_referral) == (D(450), D(40))
    assert {row.customer: row.segment for row in split.placed} == {
        1: "champions", 2: "affluents", 3: "advocates", 4: "misers",
    }  # fmt: skip
    assert [row.play for row in split.placed] == list(PLAYS.values())
    assert split.is_indicative


def test_whoever_ties_with_the_median_is_low() -> None:
    rows = [Valued(number, D(100), D(0), "EUR") for number in range(9)]
    split = split_customers([*rows, Valued(9, D(100), D(5), "EUR")], currency="EUR")
    assert [row.customer for row in split.placed if row.segment == "advocates"] == [9]
    assert {row.segment for row in split.placed} == {"advocates", "misers"}
    assert not split.is_indicative


def test_what_is_missing_or_in_other_money_is_named() -> None:
    rows = [
        Valued(1, None, D(5), "EUR"),
        Valued(2, D(5), None, "EUR"),
        Valued(3, D(5), D(5), "USD"),
    ]
    split = split_customers(rows, currency="EUR")
    assert split.placed == ()
    assert split.median_lifetime is None
    assert split.left_out == (
        LeftOut(1, "no_lifetime_value"), LeftOut(2, "no_referral_value"), LeftOut(3, "other_currency"),
    )  # fmt: skip


amounts = st.integers(-50, 50).map(D)
customers = st.lists(
    st.builds(Valued, st.integers(1, 99), st.none() | amounts, st.none() | amounts, st.sampled_from(["EUR", "USD"])),
    max_size=20,
    unique_by=lambda each: each.customer,
)


@given(customers)
def test_everybody_is_placed_or_named_and_at_most_half_are_high(rows: list[Valued]) -> None:
    split = split_customers(rows, currency="EUR")
    named = [row.customer for row in split.placed] + [row.customer for row in split.left_out]
    assert sorted(named) == sorted(row.customer for row in rows)
    buys = [row for row in split.placed if row.segment in ("champions", "affluents")]
    refers = [row for row in split.placed if row.segment in ("champions", "advocates")]
    assert max(len(buys), len(refers)) * 2 <= len(split.placed)


@given(st.lists(amounts, max_size=5), st.integers(0, 30))
def test_value_is_a_sum_that_a_later_day_only_shrinks(margins: list[Decimal], percent: int) -> None:
    rate = D(percent) / 100
    now = [WonReferral(TODAY, abs(margin)) for margin in margins]
    later = [WonReferral(date(2029, 1, 1), abs(margin)) for margin in margins]
    assert referral_value(now, rate=rate, as_of=TODAY) == sum(abs(margin) for margin in margins)
    assert referral_value(later, rate=rate, as_of=TODAY) <= referral_value(now, rate=rate, as_of=TODAY)
