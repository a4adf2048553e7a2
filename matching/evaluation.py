"""Measures a ranking against graded answers: NDCG, precision at one, reciprocal rank and recall, with intervals.

NDCG@k uses the gain 2^grade − 1 and the discount log2(rank + 1) (Järvelin & Kekäläinen, *Cumulated gain-based
evaluation of IR techniques*, 2002; the exponential gain is Burges et al., 2005). Intervals are percentile bootstraps
over briefs, paired where two runs answer the same ones.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

GOOD = 2
"""From this grade the first answer counts as right."""
_SAMPLES = 2_000
_SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class BriefScore:
    """How one brief was answered; all but the latency are 0–1.

    `has_eligible_fit` says whether somebody who may be asked fits well enough; None where the ranker does not judge it.
    """

    brief: str
    ndcg: float
    first_is_good: float
    reciprocal_rank: float
    recall: float
    elapsed_ms: float
    has_eligible_fit: bool | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over briefs with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of scored briefs comes to; times in milliseconds, `eligible_fit` None where it was not judged."""

    briefs: int
    ndcg: Measure
    first_is_good: Measure
    reciprocal_rank: Measure
    recall: Measure
    eligible_fit: float | None
    median_ms: float
    p95_ms: float


def sum_up(scores: Sequence[BriefScore]) -> Figures:
    """Means with intervals over briefs, and the latency; ValueError without a brief."""
    judged = [float(each.has_eligible_fit) for each in scores if each.has_eligible_fit is not None]
    times = [each.elapsed_ms for each in scores]
    return Figures(
        briefs=len(scores),
        ndcg=measure([each.ndcg for each in scores]),
        first_is_good=measure([each.first_is_good for each in scores]),
        reciprocal_rank=measure([each.reciprocal_rank for each in scores]),
        recall=measure([each.recall for each in scores]),
        eligible_fit=fmean(judged) if judged else None,
        median_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
    )


def score_brief(
    brief: str,
    ranked: Sequence[str],
    grades: Mapping[str, int],
    elapsed_ms: float,
    has_eligible_fit: bool | None = None,
) -> BriefScore:
    """Score one ranking of names; a name without a grade has grade 0. ValueError where nothing has a grade above 0."""
    if not any(grade > 0 for grade in grades.values()):
        raise ValueError(f"Brief {brief} has no relevant answer.")
    found = [grades.get(name, 0) for name in ranked]
    first_right = next((place for place, grade in enumerate(found, start=1) if grade >= GOOD), None)
    relevant = [name for name, grade in grades.items() if grade >= GOOD]
    hits = sum(1 for grade in found[:10] if grade >= GOOD)
    return BriefScore(
        brief=brief,
        ndcg=ndcg(found, list(grades.values()), 5),
        first_is_good=float(bool(found) and found[0] >= GOOD),
        reciprocal_rank=1.0 / first_right if first_right else 0.0,
        recall=hits / min(10, len(relevant)) if relevant else 0.0,
        elapsed_ms=elapsed_ms,
        has_eligible_fit=has_eligible_fit,
    )


def ndcg(found: Sequence[int], grades: Sequence[int], k: int) -> float:
    """NDCG@k of grades in ranked order against the best order of all grades."""
    best = _gain(sorted(grades, reverse=True)[:k])
    return _gain(found[:k]) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1.0) / math.log2(place + 1) for place, grade in enumerate(grades, start=1))


def measure(values: Sequence[float]) -> Measure:
    """Mean and bootstrap interval of one figure over briefs; ValueError without any."""
    if not values:
        raise ValueError("There is nothing to measure.")
    sample = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(_SEED).integers(0, len(sample), (_SAMPLES, len(sample)))
    low, high = np.percentile(sample[draws].mean(axis=1), (2.5, 97.5))
    return Measure(fmean(values), float(low), float(high))


def compare(ours: Mapping[str, float], theirs: Mapping[str, float]) -> Measure:
    """The mean difference, ours minus theirs, over the briefs both answered; ValueError where there is none."""
    return measure([ours[brief] - theirs[brief] for brief in ours if brief in theirs])


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0–1) of the values lie, interpolated."""
    return float(np.percentile(np.asarray(values, dtype=np.float64), 100.0 * share))
