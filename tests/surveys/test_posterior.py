"""The chances of the bands: known values of the incomplete beta, Monte Carlo, and properties."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.posterior import PRIOR, BandChances, band_chances, chance_below, regularized_beta
from surveys.scores import BANDS, Tally

counts = st.integers(0, 500)
tallies = st.builds(Tally, counts, counts, counts)


def beta(x: float, a: float, b: float) -> float:
    return float(regularized_beta(np.array([x]), a, b)[0])


@pytest.mark.parametrize("x", [0.0, 0.03, 0.3, 0.5, 0.77, 0.999, 1.0])
def test_regularized_beta_known_forms(x: float) -> None:
    assert beta(x, 1, 1) == pytest.approx(x, abs=1e-12)
    assert beta(x, 3, 1) == pytest.approx(x**3, abs=1e-12)
    assert beta(x, 1, 4) == pytest.approx(1 - (1 - x) ** 4, abs=1e-12)
    assert beta(x, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(x)), abs=1e-12)


@pytest.mark.parametrize(("a", "b"), [(2, 5), (7, 3), (20, 21), (60, 15)])
def test_regularized_beta_of_whole_numbers_is_a_binomial_tail(a: int, b: int) -> None:
    n = a + b - 1
    for x in (0.05, 0.31, 0.5, 0.8):
        tail = sum(math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))
        assert beta(x, a, b) == pytest.approx(tail, abs=1e-12)


@given(st.integers(0, 1024), st.floats(0.1, 500), st.floats(0.1, 500))
def test_regularized_beta_turns(place: int, a: float, b: float) -> None:
    x = place / 1024  # so that 1 − x is exact
    assert beta(x, a, b) == pytest.approx(1 - beta(1 - x, b, a), abs=1e-9)
    assert 0 <= beta(x, a, b) <= 1 + 1e-12


@pytest.mark.parametrize(
    "tally",
    [Tally(24, 12, 4), Tally(5, 0, 0), Tally(0, 0, 5), Tally(0, 9, 0), Tally(), Tally(1, 0, 1), Tally(120, 3, 50),
     Tally(1, 300, 2)],
)  # fmt: skip
def test_band_chances_agree_with_drawing(tally: Tally) -> None:
    draws = 400_000
    alphas = [count + PRIOR for count in (tally.promoters, tally.passives, tally.detractors)]
    shares = np.random.default_rng(7).dirichlet(alphas, draws)
    nps = 100 * (shares[:, 0] - shares[:, 2])
    chances = band_chances(tally)
    ends = [begins for _, begins in BANDS[1:]] + [101]
    for (code, begins), ends_at in zip(BANDS, ends, strict=True):
        drawn = float(np.mean((nps >= begins) & (nps < ends_at)))
        assert getattr(chances, code) == pytest.approx(drawn, abs=5 * math.sqrt(0.25 / draws))


def test_chance_below_where_it_can_be_written_down() -> None:
    """Under a flat prior and no answers the balance p − d has the triangular density 1 − |t|."""
    for nps in (-80.0, -30.0, 0.0, 30.0, 70.0):
        t = nps / 100
        known = (1 + t) ** 2 / 2 if t <= 0 else 1 - (1 - t) ** 2 / 2
        assert chance_below(Tally(), nps, prior=1) == pytest.approx(known, abs=1e-9)


NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)


def by_area(tally: Tally, nps: float) -> float:
    """The chance under a flat prior, nps ≤ 0: its polynomial density over the promoters and detractors it speaks of."""

    def over(low: float, high: float) -> Iterator[tuple[float, float]]:
        half = (high - low) / 2
        return zip(low + half * (NODES + 1), half * WEIGHTS, strict=True)

    p, n, d = tally.promoters, tally.passives, tally.detractors
    lead = -nps / 100
    ways = math.factorial(p + n + d + 2) / (math.factorial(p) * math.factorial(n) * math.factorial(d))
    return ways * sum(
        weight * inner * promoters**p * detractors**d * max(0.0, 1 - promoters - detractors) ** n
        for promoters, weight in over(0.0, (1 - lead) / 2)
        for detractors, inner in over(promoters + lead, 1 - promoters)
    )


@settings(max_examples=60)
@given(st.builds(Tally, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), st.integers(-100, 0))
def test_chance_below_is_the_share_of_the_area(tally: Tally, nps: int) -> None:
    """Exact: a polynomial of that degree is what these nodes integrate without error."""
    assert chance_below(tally, nps, prior=1) == pytest.approx(by_area(tally, nps), abs=1e-9)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_chance_below_zero_is_a_coin_thrown_often(promoters: int, passives: int, detractors: int) -> None:
    n = promoters + detractors + 1
    tail = sum(math.comb(n, heads) for heads in range(promoters + 1, n + 1)) / 2**n
    assert chance_below(Tally(promoters, passives, detractors), 0, prior=1) == pytest.approx(tail, abs=1e-8)


@pytest.mark.parametrize("nps", [-100.0, 100.0])
def test_chance_below_the_ends_of_the_scale(nps: float) -> None:
    assert chance_below(Tally(4, 2, 1), nps) == pytest.approx((nps + 100) / 200, abs=1e-9)


def test_band_chances_under_a_flat_prior_are_areas_of_a_triangle() -> None:
    chances = band_chances(Tally(), prior=1)
    rest = [(1 - begins / 100) ** 2 / 2 for _, begins in BANDS[1:]]
    expected = [1 - rest[0], *(rest[place] - rest[place + 1] for place in range(len(rest) - 1)), rest[-1]]
    assert [getattr(chances, code) for code, _ in BANDS] == pytest.approx(expected, abs=1e-9)


def test_likeliest_of_equals_is_the_lower() -> None:
    assert BandChances(0.1, 0.4, 0.4, 0.1).likeliest == ("good", 0.4)


def test_chance_below_a_passive_crowd_is_even() -> None:
    assert chance_below(Tally(3, 50, 3), 0) == pytest.approx(0.5, abs=1e-9)


@given(tallies)
def test_band_chances_sum_to_one(tally: Tally) -> None:
    chances = band_chances(tally)
    values = [getattr(chances, code) for code, _ in BANDS]
    assert sum(values) == pytest.approx(1, abs=1e-8)
    assert min(values) >= 0
    code, chance = chances.likeliest
    assert chance == max(values) == getattr(chances, code)


@given(tallies, st.floats(-100, 100))
def test_chance_below_turns_with_its_classes(tally: Tally, nps: float) -> None:
    turned = Tally(tally.detractors, tally.passives, tally.promoters)
    assert chance_below(tally, nps) + chance_below(turned, -nps) == pytest.approx(1, abs=1e-7)


@given(tallies)
def test_chance_below_rises(tally: Tally) -> None:
    chances = [chance_below(tally, nps) for nps in range(-100, 101, 20)]
    assert all(after >= before - 1e-8 for before, after in pairwise(chances))


def test_band_chances_of_many_answers_are_certain() -> None:
    chances = band_chances(Tally(300_000, 100, 200_000))
    assert chances.good == pytest.approx(1, abs=1e-7)
    assert chances.likeliest[0] == "good"


def test_band_chances_as_documented() -> None:
    assert band_chances(Tally(24, 12, 4)).great == pytest.approx(0.9404, abs=5e-5)
    assert band_chances(Tally(5, 0, 0)).excellent == pytest.approx(0.7162, abs=5e-5)
