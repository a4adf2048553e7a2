"""Tango's interval: checked examples, coverage by counting every sample there can be, and properties."""

import math
from functools import cache
from itertools import pairwise
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.intervals import Interval, tango_interval, wald_interval
from surveys.scores import Tally

MIXES = [(0.5, 0.35, 0.15), (0.7, 0.25, 0.05), (0.6, 0.3, 0.1), (0.3, 0.4, 0.3)]
SIZES = (5, 6, 7, 8, 10, 13, 17, 23, 30, 33, 34, 39, 40)
counts = st.integers(0, 300)
answered = st.builds(Tally, counts, counts, counts).filter(lambda tally: tally.responses > 0)


def interval(tally: Tally) -> Interval:
    found = tango_interval(tally)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("tally", "low", "high"),
    [
        (Tally(24, 12, 4), 26.05, 67.63),
        (Tally(5, 0, 0), 13.10, 100),
        (Tally(0, 0, 5), -100, -13.10),
        (Tally(1, 0, 0), -58.69, 100),
        (Tally(0, 5, 0), -43.45, 43.45),
        (Tally(1375, 603, 1022), 8.58, 14.92),
    ],
)
def test_interval_checked_examples(tally: Tally, low: float, high: float) -> None:
    found = interval(tally)
    assert found.low == pytest.approx(low, abs=0.006)
    assert found.high == pytest.approx(high, abs=0.006)


def test_interval_as_printed_in_the_literature() -> None:
    """Children's airways before and after a transplant: Fagerland, Lydersen & Laake (2014), 0.026 to 0.517."""
    found = interval(Tally(promoters=7, passives=13, detractors=1))
    assert (round(found.low / 100, 3), round(found.high / 100, 3)) == (0.026, 0.517)


def test_interval_without_answers_is_none() -> None:
    assert tango_interval(Tally()) is None
    assert wald_interval(Tally()) is None


def test_interval_of_less_confidence_is_narrower() -> None:
    narrow = tango_interval(Tally(24, 12, 4), confidence=0.8)
    assert narrow is not None
    assert narrow.width < interval(Tally(24, 12, 4)).width


def test_wald_has_no_width_for_five_of_five() -> None:
    assert wald_interval(Tally(5, 0, 0)) == Interval(100, 100)
    found = wald_interval(Tally(24, 12, 4))
    assert found is not None
    assert found.low == pytest.approx(29.21, abs=0.01)
    assert found.high == pytest.approx(70.79, abs=0.01)


def test_wald_is_cut_at_the_ends_of_the_scale() -> None:
    low, high = wald_interval(Tally(0, 1, 9)), wald_interval(Tally(9, 1, 0))
    assert low is not None
    assert high is not None
    assert (low.low, high.high) == (-100, 100)


def test_interval_holds_its_ends() -> None:
    assert Interval(-5.0, 10.0).holds(-5.0)
    assert Interval(-5.0, 10.0).holds(10.0)
    assert not Interval(-5.0, 10.0).holds(10.1)


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("passives", [1, 2, 5, 40, 10**9])
def test_interval_where_everybody_is_passive_is_known(passives: int, confidence: float) -> None:
    """Nobody on either side: T² = nδ/(1 − δ), so that the ends are ±z²/(n + z²)."""
    found = tango_interval(Tally(0, passives, 0), confidence=confidence)
    assert found is not None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    end = 100 * z * z / (passives + z * z)
    assert (found.low, found.high) == pytest.approx((-end, end), rel=1e-9)


def likeliest_detractors(tally: Tally, balance: float) -> float:
    """The likeliest share q of detractors where promoters are q + `balance`: where the slope turns, found by search."""
    low, high = max(0.0, -balance), (1 - balance) / 2
    for _ in range(100):
        q = (low + high) / 2
        slope = tally.promoters / (q + balance) + tally.detractors / q - 2 * tally.passives / (1 - 2 * q - balance)
        low, high = (q, high) if slope > 0 else (low, q)
    return (low + high) / 2


@given(st.builds(Tally, st.integers(1, 60), st.integers(1, 60), st.integers(1, 60)), st.sampled_from([0.5, 0.9, 0.95]))
def test_ends_are_as_far_from_the_score_as_confidence_allows(tally: Tally, confidence: float) -> None:
    """In standard errors of what would be likeliest if the end were true, found without the formula."""
    found = tango_interval(tally, confidence=confidence)
    assert found is not None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    for end, distance in ((found.low / 100, z), (found.high / 100, -z)):
        q = likeliest_detractors(tally, end)
        variance = 2 * q + end - end * end
        score = (tally.promoters - tally.detractors) / tally.responses
        assert (score - end) / math.sqrt(variance / tally.responses) == pytest.approx(distance, abs=1e-6)


# Coverage


@cache
def _cells(n: int) -> list[tuple[Tally, int]]:
    """Every way n answers can fall, and in how many orders."""
    found = []
    for promoters in range(n + 1):
        for detractors in range(n + 1 - promoters):
            tally = Tally(promoters, n - promoters - detractors, detractors)
            found.append((tally, math.comb(n, promoters) * math.comb(n - promoters, detractors)))
    return found


@cache
def _intervals(n: int) -> list[tuple[Interval, Interval]]:
    pairs = [(tango_interval(tally), wald_interval(tally)) for tally, _ in _cells(n)]
    return [(tango, wald) for tango, wald in pairs if tango is not None and wald is not None]


def _coverage(n: int, mix: tuple[float, float, float], which: int) -> float:
    true = 100 * (mix[0] - mix[2])
    return sum(
        ways * mix[0] ** tally.promoters * mix[1] ** tally.passives * mix[2] ** tally.detractors
        for (tally, ways), found in zip(_cells(n), _intervals(n), strict=True)
        if found[which].holds(true)
    )


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("n", SIZES)
def test_interval_covers_the_truth(n: int, mix: tuple[float, float, float]) -> None:
    assert 0.94 <= _coverage(n, mix, 0) <= 0.985


@pytest.mark.parametrize("mix", MIXES)
def test_wald_does_not(mix: tuple[float, float, float]) -> None:
    assert min(_coverage(n, mix, 1) for n in SIZES) < 0.88


# Properties


@given(answered)
def test_interval_holds_the_score_within_the_range(tally: Tally) -> None:
    found = interval(tally)
    assert -100 <= found.low <= found.high <= 100
    assert tally.exact is not None
    assert found.holds(float(tally.exact))
    assert found.width > 0


@given(answered)
def test_interval_turns_with_its_classes(tally: Tally) -> None:
    found, turned = interval(tally), interval(Tally(tally.detractors, tally.passives, tally.promoters))
    assert turned.low == pytest.approx(-found.high, abs=1e-6)
    assert turned.high == pytest.approx(-found.low, abs=1e-6)


@given(answered)
def test_interval_narrows_with_more_of_the_same(tally: Tally) -> None:
    grown = [
        interval(Tally(times * tally.promoters, times * tally.passives, times * tally.detractors)).width
        for times in (1, 2, 4)
    ]
    assert all(after < before for before, after in pairwise(grown))
