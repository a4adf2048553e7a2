"""How sure an NPS is: Tango's interval for the difference of two shares of the same people."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

from surveys.scores import Tally

CONFIDENCE = 0.95
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both NPS points in −100…100."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How many points it spans."""
        return self.high - self.low

    def holds(self, nps: float) -> bool:
        """Whether a score lies in it, ends included."""
        return self.low <= nps <= self.high


def tango_interval(tally: Tally, *, confidence: float = CONFIDENCE) -> Interval | None:
    """The interval that holds the true NPS in `confidence` of samples; None where nobody answered.

    Score interval of Tango (Statistics in Medicine 17, 1998, 891–908) for paired proportions, promoters and detractors
    being the discordant counts: the ends δ solve T(δ) = ±z, T taking its variance at the restricted maximum likelihood.
    T falls in δ, so halving finds them; an end without a solution is ±100.
    """
    if not tally.responses:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    center = (tally.promoters - tally.detractors) / tally.responses

    def falls_below(limit: float) -> Callable[[float], bool]:
        return lambda delta: _statistic(tally, delta) < limit

    low = _first(falls_below(z), -1.0, center) if center > -1 else -1.0
    high = _first(falls_below(-z), center, 1.0) if center < 1 else 1.0
    return Interval(100 * low, 100 * high)


def wald_interval(tally: Tally, *, confidence: float = CONFIDENCE) -> Interval | None:
    """The textbook interval, center ± z·√(v/n), cut at ±100: too narrow for few answers, here for comparison only."""
    if tally.exact is None:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    reach = 100 * z * math.sqrt(tally.variance / tally.responses)
    return Interval(max(-100.0, float(tally.exact) - reach), min(100.0, float(tally.exact) + reach))


def _statistic(tally: Tally, delta: float) -> float:
    """T(δ) = (b − c − nδ)/√(n(2q + δ(1 − δ))), q the likeliest share of detractors where the balance is δ, |δ| < 1.

    The variance is 0 only where everybody is passive and δ is 0, the center, at which nobody looks.
    """
    n, b, c = tally.responses, tally.promoters, tally.detractors
    linear = -b - c + (2 * n - b + c) * delta
    constant = -c * delta * (1 - delta)
    root = math.sqrt(max(0.0, linear * linear - 8 * n * constant))
    share = (root - linear) / (4 * n)
    variance = n * (2 * share + delta * (1 - delta))
    return (b - c - n * delta) / math.sqrt(variance)


def _first(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Where between two ends something that is false and then true begins to be true."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return (low + high) / 2
