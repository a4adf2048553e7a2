"""Middles, shares and the spread of load: by tables and by properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.spread import FEWEST, Share, concentration_of, gini, middle_of

COUNTS = st.lists(st.integers(1, 40), max_size=60)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [([], None), ([1.0, 2.0, 3.0, 4.0], None), ([5.0, 1.0, 3.0, 2.0, 4.0], 3.0), ([1, 2, 3, 4, 5, 6], 3.5)],
)
def test_middle_says_nothing_of_fewer_than_five(hours: list[float], expected: float | None) -> None:
    middle = middle_of(hours)
    assert (middle.hours, middle.n) == (expected, len(hours))


@pytest.mark.parametrize(("part", "whole", "value"), [(4, 4, None), (0, 0, None), (3, 5, 0.6), (0, 10, 0.0)])
def test_share_says_nothing_of_fewer_than_five(part: int, whole: int, value: float | None) -> None:
    assert Share(part, whole).value == value


@pytest.mark.parametrize(
    ("counts", "busiest", "share", "half_on"),
    [
        ([], 0, None, 0),
        ([7], 1, None, 1),
        ([2] * 10, 1, 0.1, 5),
        ([11] + [1] * 9, 1, 0.55, 1),
        ([10, 10] + [1] * 18, 2, 20 / 38, 2),
        ([1] * 11, 2, 2 / 11, 6),
    ],
)
def test_concentration_counts_the_busiest_tenth(
    counts: list[int], busiest: int, share: float | None, half_on: int
) -> None:
    found = concentration_of(counts)
    assert (found.people, found.total, found.busiest, found.half_on) == (len(counts), sum(counts), busiest, half_on)
    assert found.share == pytest.approx(share)
    assert (found.gini is None) == (len(counts) < FEWEST)


def test_concentration_of_the_unused_is_refused() -> None:
    with pytest.raises(ValueError, match="Only those count"):
        concentration_of([3, 0])


@pytest.mark.parametrize(("counts", "value"), [([], 0.0), ([0, 0], 0.0), ([3, 3, 3], 0.0), ([0, 0, 0, 8], 0.75)])
def test_gini_of_known_spreads(counts: list[int], value: float) -> None:
    assert gini(counts) == pytest.approx(value)


@given(COUNTS)
def test_gini_is_half_the_mean_difference_over_the_mean(counts: list[int]) -> None:
    n, total = len(counts), sum(counts)
    differences = sum(abs(one - other) for one in counts for other in counts)
    assert gini(counts) == pytest.approx(differences / (2 * n * total) if n else 0.0)
    assert 0 <= gini(counts) < 1


@given(COUNTS.filter(bool), st.randoms())
def test_concentration_knows_no_order_and_half_is_carried_by_no_fewer(counts: list[int], random: object) -> None:
    found = concentration_of(counts)
    random.shuffle(counts)  # type: ignore[attr-defined]
    assert concentration_of(counts) == found
    falling = sorted(counts, reverse=True)
    assert 2 * sum(falling[: found.half_on]) >= found.total > 2 * sum(falling[: found.half_on - 1])
