"""The Net Promoter Score of counted answers: tables, properties, and tests that hold their level exactly."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scores import (
    Tally,
    adjust_for_many,
    band_of,
    compare_same_people,
    compare_waves,
    judge_sample,
    required_answers,
    shrink,
    tally_scores,
)

counts = st.integers(0, 400)
tallies = st.builds(Tally, counts, counts, counts)
answered = tallies.filter(lambda tally: tally.responses > 0)


@pytest.mark.parametrize(
    ("tally", "nps"),
    [
        (Tally(24, 12, 4), 50.0),
        (Tally(5, 0, 0), 100.0),
        (Tally(0, 0, 3), -100.0),
        (Tally(1, 1, 0), 50.0),
        (Tally(1375, 603, 1022), 11.77),
        (Tally(124, 537, 1256), -59.05),
        (Tally(), None),
    ],
)
def test_nps_to_two_decimals(tally: Tally, nps: float | None) -> None:
    assert tally.nps == nps


def test_nps_is_kept_exactly() -> None:
    assert Tally(1, 1, 1).exact == 0
    assert Tally(2, 0, 1).exact == Fraction(100, 3)


def test_tally_refuses_a_negative_count() -> None:
    with pytest.raises(ValueError, match="less than never"):
        Tally(1, -1, 0)


def test_tally_scores_one_by_one_or_counted() -> None:
    assert tally_scores(range(11)) == Tally(2, 2, 7)
    assert tally_scores({10: 3, 9: 1, 8: 2, 7: 4, 6: 5, 0: 6}) == Tally(4, 6, 11)
    with pytest.raises(ValueError, match="0 to 10"):
        tally_scores([11])


@pytest.mark.parametrize(
    ("nps", "band"),
    [
        (-100, "needs_improvement"),
        (-0.01, "needs_improvement"),
        (0, "good"),
        (29.99, "good"),
        (30, "great"),
        (69.99, "great"),
        (70, "excellent"),
        (100, "excellent"),
    ],
)
def test_band_boundary_belongs_to_the_band_above(nps: float, band: str) -> None:
    assert band_of(nps) == band


def test_band_is_that_of_the_exact_score_not_of_the_rounded_one() -> None:
    nearly = Tally(30_000 - 1, 70_001, 0)
    assert nearly.nps == 30.0
    assert nearly.band == "good"
    assert Tally(3, 7, 0).band == "great"
    assert Tally().band is None


@pytest.mark.parametrize("outside", [-100.1, 101])
def test_band_of_no_score_is_refused(outside: float) -> None:
    with pytest.raises(ValueError, match="-100 to 100"):
        band_of(outside)


@pytest.mark.parametrize(
    ("responses", "sample"), [(0, "hidden"), (9, "hidden"), (10, "indicative"), (29, "indicative"), (30, "reliable")]
)
def test_judge_sample(responses: int, sample: str) -> None:
    assert judge_sample(responses) == sample == Tally(responses).sample


@given(answered)
def test_nps_lies_within_its_range_and_turns_with_its_classes(tally: Tally) -> None:
    exact = tally.exact
    assert exact is not None
    assert -100 <= exact <= 100
    assert Tally(tally.detractors, tally.passives, tally.promoters).exact == -exact
    assert 0 <= tally.variance <= 1


@given(answered)
def test_one_more_promoter_never_lowers_and_one_more_detractor_never_raises(tally: Tally) -> None:
    assert tally.exact is not None
    better, worse = (tally + Tally(promoters=1)).exact, (tally + Tally(detractors=1)).exact
    assert better is not None
    assert worse is not None
    assert worse <= tally.exact <= better


# Shrinkage


def test_shrink_weighs_twenty_answers_of_the_parent() -> None:
    assert shrink(Tally(24, 12, 4), 20) == pytest.approx((40 * 50 + 20 * 20) / 60)
    assert shrink(Tally(1, 0, 0), 0) == pytest.approx(100 / 21)
    assert shrink(Tally(), 12.5) == 12.5


@given(answered, st.floats(-100, 100))
def test_shrink_lies_between_the_segment_and_its_parent(tally: Tally, parent: float) -> None:
    own = float(tally.exact or 0)
    shrunk = shrink(tally, parent)
    assert min(own, parent) - 1e-9 <= shrunk <= max(own, parent) + 1e-9
    tenfold = Tally(10 * tally.promoters, 10 * tally.passives, 10 * tally.detractors)
    assert abs(shrink(tenfold, parent) - own) <= abs(shrunk - own) + 1e-9


# Changes


def test_compare_waves_checked_example() -> None:
    change = compare_waves(Tally(40, 30, 30), Tally(60, 20, 20))
    assert change is not None
    assert change.points == pytest.approx(30)
    # before: p, d = 40.5/102, 30.5/102; after: 60.5/102, 20.5/102
    before = 71 / 102 - (10 / 102) ** 2
    after = 81 / 102 - (40 / 102) ** 2
    assert change.z == pytest.approx((30 / 102) / math.sqrt((before + after) / 102))
    assert change.p_value == pytest.approx(0.0099, abs=5e-5)
    assert change.is_significant()
    assert not change.is_significant(0.005)


def test_compare_waves_finds_no_certainty_in_a_handful_of_equal_answers() -> None:
    change = compare_waves(Tally(0, 2, 0), Tally(2, 0, 0))
    assert change is not None
    assert change.points == 100
    assert not change.is_significant()


def test_compare_waves_without_answers_says_nothing() -> None:
    assert compare_waves(Tally(), Tally(3, 1, 0)) is None
    assert compare_waves(Tally(3, 1, 0), Tally()) is None


@given(answered, answered)
def test_compare_waves_turns_with_its_order(before: Tally, after: Tally) -> None:
    there, back = compare_waves(before, after), compare_waves(after, before)
    assert there is not None
    assert back is not None
    assert there.points == -back.points
    assert there.p_value == pytest.approx(back.p_value)
    assert 0 <= there.p_value <= 1


@pytest.mark.parametrize("mix", [(0.5, 0.35, 0.15), (0.7, 0.25, 0.05), (0.3, 0.4, 0.3)])
@pytest.mark.parametrize("n", [10, 14])
def test_compare_waves_cries_wolf_in_a_twentieth_at_most(mix: tuple[float, ...], n: int) -> None:
    """Every pair of waves of n there can be, weighed by how likely it is where nothing changed."""
    cells = [Tally(p, n - p - d, d) for p in range(n + 1) for d in range(n + 1 - p)]
    weighed = [(cell, _likelihood(cell, mix)) for cell in cells]
    wolf = 0.0
    for before, first in weighed:
        for after, second in weighed:
            change = compare_waves(before, after)
            if change is not None and change.is_significant():
                wolf += first * second
    assert 0.015 < wolf < 0.06


def _likelihood(tally: Tally, mix: tuple[float, ...]) -> float:
    numbers = (tally.promoters, tally.passives, tally.detractors)
    ways = math.factorial(tally.responses) // math.prod(math.factorial(number) for number in numbers)
    return ways * math.prod(share**number for share, number in zip(mix, numbers, strict=True))


def test_compare_same_people_counts_every_flip() -> None:
    """Five rise by one class: of 32 ways to sign five steps, two reach as far."""
    change = compare_same_people({(8, 9): 5, (7, 8): 3})
    assert change is not None
    assert change.points == pytest.approx(100 * 5 / 8)
    assert change.p_value == pytest.approx(2 / 32)
    assert change.z == pytest.approx(math.sqrt(5))


def test_compare_same_people_weighs_a_leap_twice() -> None:
    """Sums of ±1 and ±2: −3, −1, 1, 3 with a quarter each; −3 is reached by −3 and 3."""
    change = compare_same_people({(10, 3): 1, (9, 7): 1})
    assert change is not None
    assert change.points == -150
    assert change.p_value == pytest.approx(0.5)


def test_compare_same_people_who_all_stay() -> None:
    change = compare_same_people({(9, 10): 40, (0, 6): 3})
    assert change is not None
    assert (change.points, change.z, change.p_value) == (0, 0, 1)
    assert compare_same_people({}) is None


def test_compare_same_people_is_steady_where_the_exact_test_ends() -> None:
    few = compare_same_people({(8, 9): 220, (9, 8): 180})
    many = compare_same_people({(8, 9): 221, (9, 8): 181})
    assert few is not None
    assert many is not None
    assert many.p_value == pytest.approx(few.p_value, abs=0.002)
    assert few.p_value == pytest.approx(0.0511, abs=0.001)


# Many segments


def test_adjust_for_many_as_in_benjamini_and_hochberg() -> None:
    """The fifteen p values of their paper: four are rejected at .05."""
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
                0.7590, 1.0]  # fmt: skip
    adjusted = adjust_for_many(p_values)
    assert sum(value <= 0.05 for value in adjusted) == 4
    assert adjusted[0] == pytest.approx(0.0015)
    assert adjusted[3] == pytest.approx(0.035625)
    assert adjust_for_many([0.04]) == [0.04]
    assert adjust_for_many([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjust_for_many_keeps_order_and_never_lowers(p_values: list[float]) -> None:
    adjusted = adjust_for_many(p_values)
    assert all(0 <= before <= after <= 1 for before, after in zip(p_values, adjusted, strict=True))
    ranked = sorted(range(len(p_values)), key=p_values.__getitem__)
    assert [adjusted[at] for at in ranked] == sorted(adjusted)
    shuffled = adjust_for_many(p_values[::-1])
    assert shuffled == pytest.approx(adjusted[::-1])


# How many are enough


def test_required_answers_checked_example() -> None:
    assert required_answers(10) == 942
    assert required_answers(20) == 236
    assert required_answers(10, variance=1) == 1570
    assert required_answers(10, power=0.9) == 1261


@pytest.mark.parametrize("points", [0, -5])
def test_required_answers_for_nothing_are_refused(points: float) -> None:
    with pytest.raises(ValueError, match="larger than nothing"):
        required_answers(points)
