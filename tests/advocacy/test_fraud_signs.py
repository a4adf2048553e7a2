"""Signs of gaming: each by example, just below its limit too."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.fraud_signs import MANY_A_DAY, SAME_DOMAIN, SeenAct, SeenReferral, find_signs, fold_link

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(("count", "found"), [(MANY_A_DAY - 1, []), (MANY_A_DAY, ["many_a_day"])])
def test_many_in_a_day(count: int, found: list[str]) -> None:
    rows = [SeenReferral(number, TODAY, f"x@house{number}.test") for number in range(count)]
    signs = find_signs(rows, [])
    assert [sign.code for sign in signs] == found
    spread = [SeenReferral(row.id, TODAY + timedelta(days=row.id), row.email) for row in rows]
    assert find_signs(spread, []) == ()


@pytest.mark.parametrize(
    ("domain", "count", "found"),
    [("house.test", SAME_DOMAIN - 1, []), ("house.test", SAME_DOMAIN, ["same_domain"]), ("gmail.com", 4, [])],
)
def test_same_domain(domain: str, count: int, found: list[str]) -> None:
    rows = [SeenReferral(number, TODAY, f"x{number}@{domain}") for number in range(count)]
    assert [sign.code for sign in find_signs(rows, [])] == found


def test_thrown_away_addresses() -> None:
    rows = [SeenReferral(3, TODAY, "x@mailinator.com"), SeenReferral(2, TODAY, "y@yopmail.com"), SeenReferral(1, TODAY)]
    (sign,) = find_signs(rows, [])
    assert (sign.code, sign.referrals, sign.key) == ("disposable", (2, 3), "disposable:2")


def test_evidence_used_twice() -> None:
    acts = [
        SeenAct(1, TODAY, "https://www.Peers.test/review/7/"),
        SeenAct(2, TODAY, "http://peers.test/review/7#top"),
        SeenAct(3, TODAY, "https://peers.test/review/8"),
        SeenAct(4, TODAY),
        SeenAct(5, TODAY),
    ]
    (sign,) = find_signs([], acts)
    assert (sign.code, sign.acts, sign.text) == (
        "evidence_twice", (1, 2), "The same link was given as evidence 2 times.",
    )  # fmt: skip


def test_paths_keep_their_case() -> None:
    assert fold_link("https://Peers.test/AbC") == "peers.test/AbC"
    assert fold_link("  ") == ""


drawn = st.lists(
    st.builds(
        SeenReferral,
        st.integers(1, 99),
        st.integers(0, 2).map(lambda days: TODAY + timedelta(days=days)),
        st.sampled_from(["a@one.test", "b@one.test", "c@two.test", "d@gmail.com", "e@mailinator.com", ""]),
    ),
    max_size=14,
    unique_by=lambda each: each.id,
)


@given(drawn)
def test_signs_tell_no_address_and_keep_their_keys(rows: list[SeenReferral]) -> None:
    signs = find_signs(rows, [])
    assert signs == find_signs(rows[::-1], [])
    assert not [sign for sign in signs if "@" in sign.text or ".test" in sign.text]
    more = [*rows, SeenReferral(100, TODAY, "f@one.test")]
    assert {sign.key for sign in signs} <= {sign.key for sign in find_signs(more, [])}
