"""Money, counts of references and sizes of companies in a brief."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.brief_amounts import MOST_AMOUNTS, find_headcounts, find_money, find_quantity
from references.words import Span


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


CURRENCIES = {
    "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "USD": "USD", "SEK": "SEK", "RMB": "CNY",
    "us$": "USD",
}  # fmt: skip
AFTER = {
    "dollars": "USD", "US dollar": "USD", "Euros": "EUR", "pounds": "GBP", "yen": "JPY", "rupees": "INR",
    "francs": "CHF", "kronor": "SEK", "reais": "BRL", "yuan": "CNY", "zloty": "PLN", "rand": "ZAR", "dirhams": "AED",
    "€": "EUR", "CHF": "CHF", "RMB": "CNY",
}  # fmt: skip
SCALES = {
    "k": 1_000, " thousand": 1_000, "m": 10**6, "mn": 10**6, "mm": 10**6, " mio": 10**6, " Million": 10**6, "b": 10**9,
    "bn": 10**9, " billion": 10**9, " lakh": 10**5, " crores": 10**7, "": 1,
}  # fmt: skip


def written_ways(whole: int) -> dict[str, int]:
    """A number with thousands apart as people write them in one country or another, or without."""
    english = f"{whole:,}"
    return {english.replace(",", mark): whole for mark in (",", ".", " ", "'", "’", "\u00a0")} | {str(whole): whole}


@given(
    st.integers(100, 999_999),
    st.integers(0, 99),
    st.sampled_from([*CURRENCIES]),
    st.sampled_from([*SCALES]),
    st.data(),
)
def test_amount_is_read_as_it_is_written_anywhere(
    whole: int, cents: int, sign: str, scale: str, data: st.DataObject
) -> None:
    """Sign or code before; thousands apart by any mark; decimals behind the other one."""
    text, value = data.draw(st.sampled_from([*written_ways(whole).items()]))
    expected = Decimal(value) * SCALES[scale]
    if cents and scale in ("", "m"):
        text += ("," if "." in text else ".") + f"{cents:02}"
        expected += Decimal(cents) * SCALES[scale] / 100
    money, spans = find_money(f"about {sign}{text}{scale} for us")
    assert money is not None
    assert (money.value, money.currency) == (expected, CURRENCIES[sign])
    assert spans == (Span(6, 6 + len(sign + text + scale)),)


@given(st.integers(100, 999), st.sampled_from([*AFTER]), st.sampled_from([*SCALES]))
def test_currency_may_stand_behind(whole: int, name: str, scale: str) -> None:
    money, _ = find_money(f"about {whole}{scale} {name}")
    assert money is not None
    assert (money.value, money.currency) == (Decimal(whole * SCALES[scale]), AFTER[name])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("USD 100", "100"),
        ("USD 99", None),
        ("$99", "99"),
        ("€0.5", "0.50"),
        ("$10k, $20k and a deal of $30k", "30000"),
        ("$10k and $20k", "10000"),
        ("a deal of $30k, or was it a deal of $20k", "30000"),
        ("the budget is, as far as we are told by them, $30k; $20k", "30000"),
        ("$20k and a great many other things, then $30k of pipeline", "30000"),
        ("$20k; then the opportunity, of $30k", "30000"),
        ("worth $5m in revenue, we get $20k", "20000"),
        ("raised about $5m, we get $20k", "20000"),
        ("revenues of over $5m; a budget of around 20,000", "20000"),
        ("their budget, we are told, $10k, and whatever comes on top; our budget $20k", "20000"),
        ("USD 50 a head, or EUR 20,000", "20000"),
        ("a 20,000 contract", "20000"),
        ("deal size of about 20,000 users", None),
        ("budget: 30%", None),
        ("ACV 20000", "20000"),
    ],
)
def test_of_several_amounts_the_deal_is_told(text: str, value: str | None) -> None:
    money, _ = find_money(text)
    assert (money and money.value) == (value and Decimal(value))


def test_all_amounts_are_told_in_the_order_of_the_text_and_only_so_many_looked_at() -> None:
    text = "300k deal, €20k, 30k euros, $5m revenue"
    assert [text[each.start : each.end] for each in find_money(text)[1]] == ["300k deal", "€20k", "30k euros", "$5m"]
    money, spans = find_money("$7 " * 60 + "deal: $900")
    assert len(spans) == MOST_AMOUNTS
    assert money is not None
    assert (money.value, money.span) == (Decimal(7), Span(0, 2))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Budget DKK 900.000, soon", ["Budget ", "DKK 900.000"]),
        ("the budget: about €30k", ["budget: about ", "€30k"]),
        ("contract value = $4m", ["contract value = ", "$4m"]),
        ("a budget of 20,000", ["budget of 20,000"]),
        ("no budget. $10k was lost", ["$10k"]),
        ("budget, so far, $10k", ["$10k"]),
    ],
)
def test_the_label_of_an_amount_belongs_to_it(text: str, told: list[str]) -> None:
    assert [text[each.start : each.end] for each in find_money(text)[1]] == told


@pytest.mark.parametrize(
    ("text", "count", "told"),
    [
        ("We need two references", 2, "two"),
        ("2 - 3 peers", 3, "2 - 3"),
        ("a pair of customers", 2, "pair"),
        ("a dozen quotes", 12, "dozen"),
        ("A Single call", 1, "Single"),
        ("20 logos", 20, "20"),
        ("4 or 5 case studies", 5, "4 or 5"),
    ],
)
def test_quantity_is_told_with_its_place(text: str, count: int, told: str) -> None:
    found = find_quantity(text)
    assert found is not None
    assert (found.count, text[found.span.start : found.span.end]) == (count, told)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("firms of 2k staff, 2.5k seats or 30 people", [("2k staff", 2_000), ("2.5k seats", 2_500), ("30 people", 30)]),
        ("more than 1 000 employees", [("more than 1 000 employees", 1_001)]),
        ("12.5 people", [("12.5 people", 12)]),
        ("1.234.567 employees and 7 plants", [("1.234.567 employees", 1_234_567)]),
        ("2k+ workers", [("2k+ workers", 2_001)]),
        ("1,200k staff", [("1,200k staff", 1_200_000)]),
        ("300 plants, 300 heads", [("300 heads", 300)]),
    ],
)
def test_headcounts_are_told_with_their_places(text: str, counts: list[tuple[str, int]]) -> None:
    assert [(text[each.span.start : each.span.end], each.count) for each in find_headcounts(text)] == counts


@given(st.text(alphabet="0123456789,. $€kmbn'employees deal", max_size=60))
def test_any_number_is_read(text: str) -> None:
    money, spans = find_money(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert money is None or money.value >= 0
    assert all(each.count >= 0 for each in find_headcounts(text))
    found = find_quantity(text)
    assert found is None or 1 <= found.count <= 20
