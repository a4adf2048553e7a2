"""The middle of what was measured, shares with their sizes, and how evenly a load is spread: pure figures, honest."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

FEWEST = 5
"""Below this many nothing is said: a middle or a share of four would be gossip."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share, 0–1; None where there are too few to say."""
        return self.part / self.whole if self.whole >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Middle:
    """The median of `n` values in hours; None where there are too few to say."""

    hours: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """How unevenly `total` uses fall on `people` who were used at all.

    `busiest` of them are the busiest tenth, rounded up, and carry `share` of it all; `half_on` is the least number of
    people who together carry half. `gini` is 0 where all carry the same, and nears 1 where one carries everything.
    `share` and `gini` are None where there are too few people to say.
    """

    people: int
    total: int
    busiest: int
    share: float | None
    half_on: int
    gini: float | None


def middle_of(hours: Sequence[float]) -> Middle:
    """The median of spans in hours, with how many there are."""
    return Middle(median(hours) if len(hours) >= FEWEST else None, len(hours))


def concentration_of(counts: Sequence[int]) -> Concentration:
    """Describe how uses are spread over people, each with a count of 1 or more; ValueError for a smaller one."""
    if any(count < 1 for count in counts):
        raise ValueError("Only those count who were used.")
    falling = sorted(counts, reverse=True)
    people, total = len(falling), sum(falling)
    busiest = -(-people // 10)
    says = people >= FEWEST
    return Concentration(
        people=people,
        total=total,
        busiest=busiest,
        share=sum(falling[:busiest]) / total if says else None,
        half_on=_fewest_carrying_half(falling, total),
        gini=gini(falling) if says else None,
    )


def gini(counts: Sequence[int]) -> float:
    """The Gini coefficient of counts, 0–1: Σ(2i − n − 1)·xᵢ / (n·Σx) over rising x (Dorfman 1979); 0 for nobody."""
    rising = sorted(counts)
    n, total = len(rising), sum(rising)
    if not total:
        return 0.0
    return sum((2 * place - n - 1) * count for place, count in enumerate(rising, 1)) / (n * total)


def _fewest_carrying_half(falling: Sequence[int], total: int) -> int:
    carried = 0
    for number, count in enumerate(falling, 1):
        carried += count
        if 2 * carried >= total:
            return number
    return 0
