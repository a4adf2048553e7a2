"""The program's rules as frozen values: weights, caps, bands and rests, with the defaults of docs/matching.md."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FatiguePolicy:
    """How touches add up to fatigue: days for `half_life`, efforts (w) for the scales R, shares for the relief."""

    half_life: float = 45.0
    spill: float = 0.3
    scale_normal: float = 2.5
    scale_sensitive: float = 1.5
    scale_ambassador: float = 4.0
    status_weights: dict[str, float] = field(
        default_factory=lambda: {
            "asked": 0.2,
            "declined": 0.35,
            "cancelled": 0.4,
            "no_answer": 0.5,
            "held": 0.6,
            "planned": 0.6,
            "completed": 1.0,
            "released": 0.0,
        }
    )
    badly_factor: float = 1.3
    thanks: float = 0.15
    reward: float = 0.15
    relief_limit: float = 0.3
    soft: float = 0.30
    needs_approval: float = 0.50
    stop: float = 0.65

    def scale(self, sensitivity: str) -> float:
        """R for a sensitivity (normal, sensitive, ambassador)."""
        return {
            "sensitive": self.scale_sensitive,
            "ambassador": self.scale_ambassador,
        }.get(sensitivity, self.scale_normal)


@dataclass(frozen=True, slots=True)
class CapPolicy:
    """Hard limits beside fatigue. All windows are in days, their ends included, and contain the date asked about."""

    rest_days: int = 30
    per_quarter: int = 2
    quarter_days: int = 90
    per_year: int = 6
    year_days: int = 365
    asks_per_month: int = 2
    month_days: int = 30
    outstanding_asks: int = 1
    speaking: int = 1
    speaking_days: int = 180
    customer_per_quarter: int = 3
    customer_per_year: int = 10
    decline_rest_days: int = 30
    misses_in_a_row: int = 2
    misses_pause_days: int = 90


@dataclass(frozen=True, slots=True)
class RankingPolicy:
    """Weights of the score (docs/matching.md): facet shares, points per term, and the shrinkage of acceptance."""

    weights: dict[str, float] = field(
        default_factory=lambda: {
            "product": 0.30,
            "solution": 0.25,
            "industry": 0.25,
            "role": 0.15,
            "size": 0.12,
            "region": 0.12,
            "language": 0.10,
            "technology": 0.15,
            "competitor": 0.10,
            "persona": 0.10,
            "text": 1.20,
        }
    )
    words_floor: float = 0.3
    """The share of their weight that words keep where tags answer the whole brief."""
    words_scale: float = 10.0
    """How much a brief's words must tell, in nats of rarity, to weigh half of what many would."""
    fit_points: float = 100.0
    acceptance_points: float = 20.0
    acceptance_prior: float = 8.0
    acceptance_default: float = 0.5
    fatigue_points: float = 25.0
    stress: float = 2.0
    band_similarity: tuple[float, ...] = (1.0, 0.6, 0.2, 0.0)
    region_language: float = 0.6
    region_continent: float = 0.4
    verified_days: int = 365
    stale_half_life: int = 730
    floor: float = 0.2
    """The fit from which a promoter counts as found."""


@dataclass(frozen=True, slots=True)
class ProgramPolicy:
    """One version of all rules, as handed to pure code. `version` 0 means the shipped defaults."""

    version: int = 0
    fatigue: FatiguePolicy = field(default_factory=FatiguePolicy)
    caps: CapPolicy = field(default_factory=CapPolicy)
    ranking: RankingPolicy = field(default_factory=RankingPolicy)
    show_customer_name: bool = True
    hold_hours: int = 72
