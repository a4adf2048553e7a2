"""What a match search answers with: the same values for the page, the terminal and the API."""

from dataclasses import dataclass
from datetime import date

from matching.need import Need
from references.pool.result import FacetCount, PromoterCard


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a score: points earned of those to be had, with the words that say why."""

    code: str
    label: str
    points: float
    possible: float
    words: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One eligible promoter: `score` is the sum of its terms' points; `fit` is 0–100."""

    rank: int
    card: PromoterCard
    score: float
    fit: float
    terms: tuple[Term, ...]
    next_free: date | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that stands against a promoter: a stable code, a sentence, and from when it no longer does."""

    code: str
    sentence: str
    until: date | None = None
    may_override: bool = False


@dataclass(frozen=True, slots=True)
class Excluded:
    """One promoter who would fit but may not be asked now: every rule that failed, and the next free date."""

    card: PromoterCard
    fit: float
    score: float
    refusals: tuple[Refusal, ...]
    next_free: date | None
    terms: tuple[Term, ...] = ()

    @property
    def may_be_overridden(self) -> bool:
        """Whether a manager may set aside all that stands against this person."""
        return all(each.may_override for each in self.refusals)

    def as_candidate(self, on: date) -> Candidate:
        """The same person as if nothing stood against them: what a manager's override puts forward."""
        return Candidate(1, self.card, self.score, self.fit, self.terms, on)


@dataclass(frozen=True, slots=True)
class ContentHit:
    """A story or quote that may be used for the same brief, with its fit and why it fits."""

    kind: str
    content_id: int
    customer_id: int
    customer_name: str | None
    title: str
    excerpt: str
    said_by: str
    url: str
    fit: float
    words: str
    rights: tuple[str, ...]
    usable_until: date | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Everything one brief found. `total_*` count beyond the rows given, `facets` refine the people.

    One row stands for each customer, so the totals of people count customers.
    """

    need: Need
    activity: str
    on: date
    candidates: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    content: tuple[ContentHit, ...]
    total_candidates: int
    total_excluded: int
    total_content: int
    facets: dict[str, tuple[FacetCount, ...]]
    revision: str
    policy_version: int
    elapsed_ms: float
    notice: str = ""
