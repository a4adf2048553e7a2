"""The program's rules as frozen values, with the defaults of docs/matching.md: weights, caps, approvals, hours."""

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
    explore_points: float = 5.0
    """How far behind the best someone new may lie and still be drawn for a fair chance."""


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Who says yes to matches of this kind; of several rules the first that fits decides, and an empty list fits all.

    `approvers` is owner, manager, both or none. A deal fits from `min_value` on and below `max_value`, in its own
    currency's units; one without a value counts as 0.
    """

    approvers: str
    activities: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    min_value: float = 0.0
    max_value: float | None = None
    why: str = ""


DEFAULT_APPROVALS = (
    ApprovalRule("both", min_value=1_000_000.0, why="It is a large deal."),
    ApprovalRule("both", tiers=("strategic",), why="The customer is strategic."),
    ApprovalRule(
        "both",
        activities=("press", "analyst", "webinar", "advisory", "case_study", "video", "speaking", "site_visit"),
        why="It is public, or takes the customer much time.",
    ),
    ApprovalRule(
        "manager",
        activities=("survey", "share", "logo", "quote", "review"),
        why="It is a small favor; a manager sees to it that nobody gets too many of them.",
    ),
    ApprovalRule("owner", why="The account owner knows whether this is a good moment."),
)
"""What weighs most comes first. What is left are calls and introductions: the owner judges those alone, since caps
and fatigue protect the person and a manager in every call would only be waited for."""


@dataclass(frozen=True, slots=True)
class ServicePolicy:
    """Service levels, and the business hours they are counted in unless a field says otherwise.

    `opens` and `closes` are "HH:MM" in `time_zone`; weekdays count from Monday, 0; holidays are ISO dates.
    """

    time_zone: str = "UTC"
    opens: str = "09:00"
    closes: str = "17:00"
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: tuple[str, ...] = ()
    request_hours: float = 24.0
    """From submission to a yes; the clock stops while a customer is awaited."""
    approval_hours: float = 8.0
    urgent_approval_hours: float = 2.0
    answer_hours: float = 24.0
    """How long a promoter has; after that it is no answer."""
    urgent_answer_hours: float = 8.0
    reminder_hours: float = 8.0
    """From the invitation to its one reminder."""
    remind_before_hours: int = 24
    """Clock hours before a meeting."""
    feedback_after_hours: int = 2
    """Clock hours after a meeting has ended."""
    invitation_days: int = 14
    """Calendar days that an action link lives at least."""
    people_per_slot: int = 3
    """Asked one after another before a manager is needed."""
    rush_per_month: int = 5
    """Urgent requests that a team may make in a month."""


@dataclass(frozen=True, slots=True)
class ProgramPolicy:
    """One version of all rules, as handed to pure code. `version` 0 means the shipped defaults."""

    version: int = 0
    fatigue: FatiguePolicy = field(default_factory=FatiguePolicy)
    caps: CapPolicy = field(default_factory=CapPolicy)
    ranking: RankingPolicy = field(default_factory=RankingPolicy)
    approvals: tuple[ApprovalRule, ...] = DEFAULT_APPROVALS
    service: ServicePolicy = field(default_factory=ServicePolicy)
    show_customer_name: bool = True
    hold_hours: int = 72
