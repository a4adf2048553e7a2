"""What a search of the pool answers with, as plain values that pages, the API and the terminal all render."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PromoterCard:
    """How a promoter is shown to one viewer: names are None where that viewer may not see them."""

    contact_id: int
    customer_id: int
    headline: str
    customer_name: str | None
    promoter_name: str | None
    title: str
    seniority: str
    industries: tuple[str, ...]
    products: tuple[str, ...]
    solutions: tuple[str, ...]
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    size: str
    status: str
    activities: tuple[str, ...]
    phi: float
    band: str
    last_used: date | None
    used_past_year: int


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many rows of the present selection carry a tag; `depth` indents children under their parents."""

    key: str
    name: str
    count: int
    is_chosen: bool
    depth: int = 0


@dataclass(frozen=True, slots=True)
class PoolPage:
    """One page of the pool: cards in order, the whole count, and counts per facet (`{facet: counts}`)."""

    cards: tuple[PromoterCard, ...]
    total: int
    facets: dict[str, tuple[FacetCount, ...]]
    revision: str
    elapsed_ms: float
