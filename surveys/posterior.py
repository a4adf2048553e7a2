"""How likely an NPS lies in each band: the posterior of three shares, integrated numerically to nine figures."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from surveys.scores import BANDS, Tally

PRIOR = 0.5
"""Answers of each class added before any was given: Jeffreys' prior of three shares, Dirichlet(½, ½, ½)."""

Floats = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_PANELS = 16
_SPREAD = 12.0  # standard deviations on each side that hold all that can be seen
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class BandChances:
    """How likely the true NPS is in each band; the chances sum to 1."""

    needs_improvement: float
    good: float
    great: float
    excellent: float

    @property
    def likeliest(self) -> tuple[str, float]:
        """The band with the best chance, the lower of equals, and that chance."""
        return max(((code, float(getattr(self, code))) for code, _ in BANDS), key=lambda pair: pair[1])


def band_chances(tally: Tally, *, prior: float = PRIOR) -> BandChances:
    """How likely the NPS of all who might have answered lies in each band, given who did; also without any answer."""
    below = [0.0, *(chance_below(tally, begins, prior=prior) for _, begins in BANDS[1:]), 1.0]
    return BandChances(*(max(0.0, high - low) for low, high in pairwise(below)))


def chance_below(tally: Tally, nps: float, *, prior: float = PRIOR) -> float:
    """P(true NPS < nps), for −100 ≤ nps ≤ 100, under a Dirichlet posterior of the shares of the three classes.

    s = p + d ~ Beta(a_p + a_d, a_0) and u = p/(p + d) ~ Beta(a_p, a_d) are independent and p − d = s(2u − 1), so the
    chance is ∫ P(u < (1 + t/s)/2) f(s) ds, t = nps/100. With s = sin²θ the density has no pole at 1; panels of
    Gauss–Legendre nodes, laid by a square so that the kink at s = |t| is smooth too, take the integral.
    """
    if nps > 0:  # by symmetry, so that the certain part s < |t| is always nothing
        return 1.0 - chance_below(Tally(tally.detractors, tally.passives, tally.promoters), -nps, prior=prior)
    promoters, passives, detractors = (count + prior for count in (tally.promoters, tally.passives, tally.detractors))
    balance = nps / 100
    angles, widths = _lay_nodes(promoters + detractors, passives, math.asin(math.sqrt(-balance)))
    sines = np.sin(angles) ** 2
    shares = np.clip((1 + balance / np.maximum(sines, _TINY)) / 2, 0.0, 1.0)
    total = float(np.sum(widths * _angle_density(angles, promoters + detractors, passives)
                         * regularized_beta(shares, promoters, detractors)))  # fmt: skip
    return min(1.0, max(0.0, total))


def regularized_beta(x: Floats, a: float, b: float) -> Floats:
    """I_x(a, b), the chance that a Beta(a, b) variable lies below each x in 0…1; a, b > 0.

    Continued fraction by Lentz's method (Numerical Recipes, 3rd ed., 6.4), of 1 − I where that converges faster.
    """
    x = np.asarray(x, dtype=np.float64)
    is_high = x > (a + 1) / (a + b + 2)
    result = np.empty_like(x)
    for high, first, second in ((False, a, b), (True, b, a)):
        chosen = is_high == high
        if chosen.any():
            at = 1 - x[chosen] if high else x[chosen]
            found = _lower_beta(at, first, second)
            result[chosen] = 1 - found if high else found
    return result


def _lower_beta(x: Floats, a: float, b: float) -> Floats:
    with np.errstate(divide="ignore"):
        logs = a * np.log(x) + b * np.log1p(-x)
    front = np.exp(logs + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)) / a
    return np.where(x > 0, front * _beta_fraction(x, a, b), 0.0)


def _beta_fraction(x: Floats, a: float, b: float) -> Floats:
    c = np.ones_like(x)
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    result = d.copy()
    for m in range(1, 200 + int(10 * math.sqrt(max(a, b)))):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / _away_from_zero(1 + step * d)
            c = _away_from_zero(1 + step / c)
            factor = c * d
            result *= factor
        if np.all(np.abs(factor - 1) < 1e-14):
            break
    return result


def _away_from_zero(values: Floats) -> Floats:
    return np.where(np.abs(values) < _TINY, _TINY, values)


def _angle_density(angles: Floats, a: float, b: float) -> Floats:
    """The density of θ where sin²θ ~ Beta(a, b): 2·sin^(2a−1)θ·cos^(2b−1)θ / B(a, b)."""
    logs = (2 * a - 1) * np.log(np.maximum(np.sin(angles), _TINY)) + (2 * b - 1) * np.log(
        np.maximum(np.cos(angles), _TINY)
    )
    return 2 * np.exp(logs + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))


def _lay_nodes(a: float, b: float, least: float) -> tuple[Floats, Floats]:
    """Angles above `least` where sin²θ ~ Beta(a, b) has its weight, and how much each counts; none may be left."""
    middle = math.asin(math.sqrt(a / (a + b)))
    reach = _SPREAD / (2 * math.sqrt(a + b))
    start, end = max(least, middle - reach), min(math.pi / 2, middle + reach)
    if end <= start:
        return np.empty(0), np.empty(0)
    edges = np.linspace(0.0, 1.0, _PANELS + 1)
    half = (edges[1:] - edges[:-1])[:, None] / 2
    places = (edges[:-1, None] + half * (_NODES + 1)).ravel()
    angles = start + (end - start) * places**2
    return angles, (half * _WEIGHTS).ravel() * 2 * places * (end - start)
