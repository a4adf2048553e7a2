"""Gifts: each rule by example, and that the strictest wins."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.gift_rules import STRICTNESS, Gift, GiftTerms, Receiver, judge_gift

D = Decimal
LUNCH = Gift("lunch", D(40), "EUR")
HERE = Receiver(regions=frozenset({1, 2}), customer=7)


def rule(number: int = 1, **fields: Any) -> GiftTerms:
    return GiftTerms(**{"id": number, "currency": "EUR", **fields})


@pytest.mark.parametrize(
    ("terms", "gift", "receiver", "codes"),
    [
        (rule(), LUNCH, HERE, []),
        (rule(is_forbidden=True), LUNCH, HERE, ["forbidden"]),
        (rule(region=2, is_forbidden=True), LUNCH, HERE, ["forbidden"]),
        (rule(region=3, is_forbidden=True), LUNCH, HERE, []),
        (rule(customer=7, is_forbidden=True), LUNCH, HERE, ["forbidden"]),
        (rule(customer=8, is_forbidden=True), LUNCH, HERE, []),
        (rule(customer=8, is_forbidden=True), LUNCH, Receiver(), []),
        (rule(forbidden_kinds=frozenset({"lunch"})), LUNCH, HERE, ["kind_forbidden"]),
        (rule(forbidden_kinds=frozenset({"swag"})), LUNCH, HERE, []),
        (rule(most_per_gift=D(40)), LUNCH, HERE, []),
        (rule(most_per_gift=D("39.99")), LUNCH, HERE, ["too_much"]),
        (rule(most_per_gift=D(0)), Gift("swag", D(0)), HERE, []),
        (rule(most_per_gift=D(90), currency="USD"), LUNCH, HERE, ["other_currency"]),
        (rule(most_per_gift=D(90)), Gift("vip_seat"), HERE, ["value_unknown"]),
        (rule(), Gift("vip_seat"), HERE, []),
        (rule(most_per_year=D(100)), LUNCH, Receiver(given_this_year={"EUR": D(60)}), []),
        (rule(most_per_year=D(100)), LUNCH, Receiver(given_this_year={"EUR": D(61)}), ["too_much_this_year"]),
        (rule(most_per_year=D(100)), LUNCH, Receiver(given_this_year={"USD": D(1)}), ["other_currency"]),
        (rule(most_per_year=D(100)), LUNCH, Receiver(given_this_year={"USD": D(0)}), []),
        (rule(most_per_year=D(100)), LUNCH, Receiver(has_unpriced_gifts=True), ["value_unknown"]),
        (rule(most_per_gift=D(100)), LUNCH, Receiver(has_unpriced_gifts=True), []),
        (rule(needs_employer=True), LUNCH, HERE, ["needs_employer"]),
        (rule(needs_employer=True), LUNCH, Receiver(employer_agreed=True), []),
    ],
)
def test_rules(terms: GiftTerms, gift: Gift, receiver: Receiver, codes: list[str]) -> None:
    verdict = judge_gift([terms], gift, receiver)
    assert [each.code for each in verdict.refusals] == codes
    assert verdict.is_allowed == (not codes)


def test_strictest_is_told_first_with_its_reason() -> None:
    rules = [
        rule(1, needs_employer=True),
        rule(2, region=1, most_per_gift=D(30), why="House rule of this country."),
        rule(3, customer=7, is_forbidden=True),
    ]
    verdict = judge_gift(rules, LUNCH, HERE)
    assert [(each.rule, each.code) for each in verdict.refusals] == [
        (3, "forbidden"), (2, "too_much"), (1, "needs_employer"),
    ]  # fmt: skip
    assert verdict.refusals[1].text == "A gift may be worth 30.00 EUR at most. House rule of this country."
    assert not verdict.needs_only_employer
    assert judge_gift(rules[:1], LUNCH, HERE).needs_only_employer
    assert not judge_gift([], LUNCH, HERE).needs_only_employer


terms_drawn = st.builds(
    rule,
    st.integers(1, 9),
    region=st.none() | st.integers(1, 3),
    customer=st.none(),
    is_forbidden=st.booleans(),
    forbidden_kinds=st.frozensets(st.sampled_from(["lunch", "swag"])),
    most_per_gift=st.none() | st.integers(0, 100).map(D),
    most_per_year=st.none() | st.integers(0, 100).map(D),
    currency=st.sampled_from(["EUR", "USD"]),
    needs_employer=st.booleans(),
)


@given(st.lists(terms_drawn, max_size=4), terms_drawn, st.none() | st.integers(0, 90).map(D))
def test_one_rule_more_never_allows_more(rules: list[GiftTerms], more: GiftTerms, value: Decimal | None) -> None:
    gift = Gift("lunch", value, "EUR")
    before, after = judge_gift(rules, gift, HERE), judge_gift([*rules, more], gift, HERE)
    assert set(before.refusals) <= set(after.refusals)
    places = [STRICTNESS.index(each.code) for each in after.refusals]
    assert places == sorted(places)
