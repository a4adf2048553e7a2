"""How many are won back: what the next scores say of recovery plays, and how sure that is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

from django.db.models import Count

from advocacy.enums import PlayResult, PlayStatus
from advocacy.models import RecoveryPlay
from advocacy.querysets import PlayQuerySet

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Recovered:
    """Plays that were not given up, by what their next score says of them."""

    results: Mapping[str, int] = field(default_factory=dict)

    @property
    def measured(self) -> int:
        """How many have a next score."""
        return sum(number for result, number in self.results.items() if result != PlayResult.WAITING)

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return self.results.get(PlayResult.WAITING, 0)

    @property
    def recovered(self) -> int:
        """How many are promoters now."""
        return self.results.get(PlayResult.RECOVERED, 0)

    @property
    def share(self) -> float | None:
        """Promoters now, of those measured, 0–1; None where none is."""
        return self.recovered / self.measured if self.measured else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """From where to where that share lies with 95 % confidence; None where none is measured."""
        return wilson_interval(self.recovered, self.measured) if self.measured else None


def read_recovered(rows: "PlayQuerySet[RecoveryPlay]") -> Recovered:
    """Count plays by what came of them; one query. A play given up is no try to win somebody back."""
    tried = rows.exclude(status=PlayStatus.ABANDONED).order_by()
    return Recovered(dict(tried.values_list("result").annotate(n=Count("pk"))))


def wilson_interval(successes: int, tries: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927), both ends in 0…1; ValueError without tries."""
    if not 0 <= successes <= tries or not tries:
        raise ValueError("A share is of something.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = successes / tries, z * z / tries
    center = (share + weight / 2) / (1 + weight)
    reach = z * math.sqrt(share * (1 - share) / tries + weight / (4 * tries)) / (1 + weight)
    return max(0.0, center - reach), min(1.0, center + reach)
