"""The Net Promoter Score of counted answers: bands, how many are enough, changes between waves, shrinkage."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

from references.enums import Loyalty
from references.loyalty import classify_score

HIDDEN_BELOW = 10
"""Fewer answers than this say nothing of a group, and might tell who gave them: no score is shown."""
INDICATIVE_BELOW = 30
"""Fewer answers than this only hint."""
PRIOR_ANSWERS = 20
"""A segment is shrunk as though it had so many answers of its parent beside its own."""

NEEDS_IMPROVEMENT, GOOD, GREAT, EXCELLENT = "needs_improvement", "good", "great", "excellent"
BANDS: tuple[tuple[str, int], ...] = ((NEEDS_IMPROVEMENT, -100), (GOOD, 0), (GREAT, 30), (EXCELLENT, 70))
"""The bands of an NPS with where each begins; a boundary belongs to the band above it: 0 is good, 30 great."""

HIDDEN, INDICATIVE, RELIABLE = "hidden", "indicative", "reliable"

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many promoters (9–10), passives (7–8) and detractors (0–6) answered; ValueError below zero."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    def __post_init__(self) -> None:
        if min(self.promoters, self.passives, self.detractors) < 0:
            raise ValueError("Nobody answers less than never.")

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.promoters + other.promoters, self.passives + other.passives, self.detractors + other.detractors
        )

    @property
    def responses(self) -> int:
        """How many answered."""
        return self.promoters + self.passives + self.detractors

    @property
    def exact(self) -> Fraction | None:
        """The NPS, 100·(promoters − detractors)/responses, in −100…100; None where nobody answered."""
        return Fraction(100 * (self.promoters - self.detractors), self.responses) if self.responses else None

    @property
    def nps(self) -> float | None:
        """The NPS to two decimals, −100…100; None where nobody answered."""
        return None if self.exact is None else float(round(self.exact, 2))

    @property
    def variance(self) -> float:
        """The variance of one answer counted as −1, 0 or 1: p + d − (p − d)², in 0…1; 0 where nobody answered."""
        n = self.responses
        if not n:
            return 0.0
        balance = (self.promoters - self.detractors) / n
        return (self.promoters + self.detractors) / n - balance * balance

    @property
    def band(self) -> str | None:
        """The code of the band the exact NPS falls in; None where nobody answered."""
        return None if self.exact is None else band_of(self.exact)

    @property
    def sample(self) -> str:
        """Whether so many answers are hidden (below 10), indicative (below 30) or reliable."""
        return judge_sample(self.responses)


def tally_scores(counts: Mapping[int, int] | Iterable[int]) -> Tally:
    """Tally scores of 0–10, given one by one or as {score: how many}; ValueError for any other score."""
    pairs = counts.items() if isinstance(counts, Mapping) else ((score, 1) for score in counts)
    found = {Loyalty.PROMOTER: 0, Loyalty.PASSIVE: 0, Loyalty.DETRACTOR: 0}
    for score, number in pairs:
        found[classify_score(score)] += number
    return Tally(found[Loyalty.PROMOTER], found[Loyalty.PASSIVE], found[Loyalty.DETRACTOR])


def band_of(nps: Fraction | float) -> str:
    """The code of the band of an NPS; a boundary belongs to the band above. ValueError outside −100…100."""
    if not -100 <= nps <= 100:
        raise ValueError(f"An NPS lies in -100 to 100, not at {nps}")
    return next(code for code, begins in reversed(BANDS) if nps >= begins)


def judge_sample(responses: int) -> str:
    """Whether so many answers may not be shown, only hint, or can be relied on."""
    if responses < HIDDEN_BELOW:
        return HIDDEN
    return INDICATIVE if responses < INDICATIVE_BELOW else RELIABLE


def shrink(tally: Tally, parent: float, *, prior: float = PRIOR_ANSWERS) -> float:
    """Draw the NPS of a segment to that of its parent: (n·NPS + m·NPS_parent)/(n + m), m = `prior` > 0 answers.

    The posterior mean under a prior worth m answers (Efron & Morris 1975); a segment without answers has its parent's.
    """
    own = 0.0 if tally.exact is None else float(tally.exact)
    return (tally.responses * own + prior * parent) / (tally.responses + prior)


@dataclass(frozen=True, slots=True)
class Change:
    """By how many points an NPS rose (fell, below 0) from one wave to the next, and how surely it did.

    `z` is the change in standard errors; `p_value` how often waves that differ by chance alone differ this much.
    """

    points: float
    z: float
    p_value: float

    def is_significant(self, level: float = 0.05) -> bool:
        """Whether chance alone explains it less often than `level`."""
        return self.p_value < level


def compare_waves(before: Tally, after: Tally) -> Change | None:
    """Compare two waves of different people: z test of two independent means; None where either is empty.

    For the test, each wave has half a promoter, half a detractor and one passive more than answered, as Agresti & Min
    (2005) do for paired proportions: so a handful of equal answers does not pass for certainty. The points are those of
    the answers alone.
    """
    if before.exact is None or after.exact is None:
        return None
    (old, old_error), (new, new_error) = _smooth(before), _smooth(after)
    z = (new - old) / math.hypot(old_error, new_error)
    return Change(float(after.exact - before.exact), z, _two_sided(z))


def compare_same_people(pairs: Mapping[tuple[int, int], int]) -> Change | None:
    """Compare two answers of the same people, given as {(score before, score after): how many}; None without any.

    Exact sign-flip test: if nothing changed, each person's step down or up (one or two classes) was as likely the other
    way round (Fisher's randomization test). It asks for nothing of the distribution; z is given beside it.
    """
    steps = dict.fromkeys((-2, -1, 0, 1, 2), 0)
    for (before, after), number in pairs.items():
        steps[_value(after) - _value(before)] += number
    people = sum(steps.values())
    if not people:
        return None
    total = sum(step * number for step, number in steps.items())
    energy = sum(step * step * number for step, number in steps.items())
    z = total / math.sqrt(energy) if energy else 0.0
    return Change(100 * total / people, z, _flip_probability(steps[-1] + steps[1], steps[-2] + steps[2], abs(total)))


_EXACT_UP_TO = 400


def _flip_probability(ones: int, twos: int, reached: int) -> float:
    """P(|sum| ≥ reached) for so many random signs of weight one and of weight two; normal beyond 400 people."""
    if ones + twos > _EXACT_UP_TO:
        half_a_step = 1 if ones else 2  # such sums are two apart, or four
        return _two_sided(max(0, reached - half_a_step) / math.sqrt(ones + 4 * twos))
    ways = sum(
        math.comb(ones, up) * math.comb(twos, double)
        for up in range(ones + 1)
        for double in range(twos + 1)
        if abs(2 * up - ones + 2 * (2 * double - twos)) >= reached
    )
    return ways / (1 << (ones + twos))


def adjust_for_many(p_values: Sequence[float]) -> list[float]:
    """Adjust p values, in their order, for their number: Benjamini & Hochberg (1995).

    Calling those below q significant lets at most a share q of them be false, on the average.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    adjusted, least = [1.0] * len(p_values), 1.0
    for place, at in enumerate(order):
        least = min(least, p_values[at] * (len(p_values) / (len(p_values) - place)))
        adjusted[at] = least
    return adjusted


def required_answers(points: float, *, variance: float = 0.6, power: float = 0.8, level: float = 0.05) -> int:
    """Answers needed in each of two waves to notice a change of so many NPS points, rounded up.

    n = 2·v·((z(1−α/2) + z_power)/Δ)², v the variance of one answer: .6 is usual, 1 the worst.
    Raises ValueError unless points > 0.
    """
    if points <= 0:
        raise ValueError("A change to be noticed is larger than nothing.")
    reach = _NORMAL.inv_cdf(1 - level / 2) + _NORMAL.inv_cdf(power)
    return math.ceil(2 * variance * (100 * reach / points) ** 2)


def _value(score: int) -> int:
    """A promoter as 1, a passive as 0, a detractor as −1."""
    return {Loyalty.PROMOTER: 1, Loyalty.PASSIVE: 0}.get(classify_score(score), -1)


def _smooth(wave: Tally) -> tuple[float, float]:
    """Balance p − d of a wave with two answers added, and its standard error; never 0."""
    n = wave.responses + 2
    balance = (wave.promoters - wave.detractors) / n
    return balance, math.sqrt(((wave.promoters + wave.detractors + 1) / n - balance * balance) / n)


def _two_sided(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))
