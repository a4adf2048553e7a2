"""Pieces of content as they are shown to somebody: their words, whose they are, and what may be done with them.

The rows come from one of the `usable_…` functions of `references.rights`, so nothing is shown that may not be used.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet

from references.blinding import headline, hide_names, may_see_customer_name
from references.enums import ContentNoun, Facet, TagStatus
from references.models import CaseStudy, ProofPoint, Tag, Testimonial
from references.policy import ProgramPolicy
from references.rights import Right, asset_of, rights_of, usable_until
from users.models import User

Row = CaseStudy | Testimonial | ProofPoint
R = TypeVar("R", CaseStudy, Testimonial, ProofPoint)

TOLD_FACETS = (Facet.PRODUCT, Facet.SOLUTION, Facet.INDUSTRY)
MOST_TAGS = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One case study, testimonial or proof point; where names are withheld, `customer_name` is None and `url` empty.

    `noun` is a `ContentNoun`; `kind` says more of a testimonial. `whose` describes the customer without naming it.
    `until` is the last day of use, None for no end.
    """

    noun: str
    id: int
    kind: str
    customer_id: int
    customer_name: str | None
    whose: str
    title: str
    text: str
    said_by: str
    language: str
    url: str
    tags: tuple[str, ...]
    rights: tuple[Right, ...]
    until: date | None
    published_on: date | None

    @property
    def is_named(self) -> bool:
        """Whether it carries names for whoever sees it so."""
        return self.customer_name is not None


def load_shown(rows: QuerySet[R]) -> QuerySet[R]:
    """Load with usable rows all that showing them takes."""
    shared: QuerySet[R] = rows.prefetch_related("customer__tags")
    if rows.model is ProofPoint:
        return shared
    return shared.select_related("customer", "contact").prefetch_related("tags")  # type: ignore[misc]  # of content


def show_to(user: User, policy: ProgramPolicy, row: Row) -> Piece:
    """Show a loaded row to somebody who logs in; named only where its rights and the policy let it."""
    return show_piece(row, is_named=may_be_named(row) and may_see_customer_name(user, row.customer, policy))


def may_be_named(row: Row) -> bool:
    """Whether the rights over a row let anybody use it with names, as `references.rights` has annotated it."""
    return bool(row.may_be_named)  # type: ignore[union-attr]


def show_piece(row: Row, *, is_named: bool) -> Piece:
    """Show a loaded row with names or without."""
    hidden = () if is_named else names_in(row)
    title, text, said_by, said_by_title = (hide_names(part, hidden) for part in _words(row))
    tags = [tag for tag in row.customer.tags.all() if tag.status == TagStatus.ACCEPTED]
    rights = rights_of(row, asset_of(row))
    return Piece(
        noun=noun_of(row),
        id=row.pk,
        kind=row.kind if isinstance(row, Testimonial) else noun_of(row),
        customer_id=row.customer_id,
        customer_name=row.customer.name if is_named else None,
        whose=headline(
            industries=_names(tags, Facet.INDUSTRY),
            regions=_names(tags, Facet.REGION),
            size=row.customer.size_band,
        ),
        title=title,
        text=text,
        said_by=", ".join(part for part in (said_by if is_named else "", said_by_title) if part),
        language="" if isinstance(row, ProofPoint) else row.language,
        url="" if isinstance(row, ProofPoint) or not is_named else row.url,
        tags=_told_tags(row, tags),
        rights=rights,
        until=_last_day(row, usable_until(rights)),
        published_on=row.measured_on if isinstance(row, ProofPoint) else row.published_on,
    )


def noun_of(row: Row) -> str:
    """The `ContentNoun` of a row."""
    if isinstance(row, CaseStudy):
        return ContentNoun.CASE_STUDY
    return ContentNoun.TESTIMONIAL if isinstance(row, Testimonial) else ContentNoun.PROOF_POINT


def names_in(row: Row) -> tuple[str, ...]:
    """Every name that must not show where a row carries none."""
    piece = (row.case_study or row.testimonial) if isinstance(row, ProofPoint) else row
    names = [row.customer.name, row.customer.domain]
    if piece is not None:
        names += [piece.contact.name if piece.contact else "", getattr(piece, "said_by", "")]
    return tuple(name for name in names if name)


def _words(row: Row) -> tuple[str, str, str, str]:
    """Title, text, who said it, and their title."""
    if isinstance(row, CaseStudy):
        return row.title, row.results or row.solution_text or row.challenge, "", ""
    if isinstance(row, Testimonial):
        return "", row.text, row.said_by, row.said_by_title
    return row.metric, _change(row), "", ""


def _change(point: ProofPoint) -> str:
    """A number before and after: "9 → 2 days"."""
    unit = f" {point.unit}" if point.unit else ""
    money = f" · {point.amount:,.0f} {point.currency}" if point.amount is not None else ""
    return f"{point.before} → {point.after}{unit}{money}" if point.before else f"{point.after}{unit}{money}"


def _names(tags: Iterable[Tag], facet: str) -> list[str]:
    return [tag.name for tag in tags if tag.facet == facet]


def _told_tags(row: Row, shared: Iterable[Tag]) -> tuple[str, ...]:
    """The tags that say what it is about: its own, else its customer's."""
    own = () if isinstance(row, ProofPoint) else row.tags.all()
    told = [tag.name for facet in TOLD_FACETS for tag in own if tag.facet == facet]
    told = told or [tag.name for facet in TOLD_FACETS for tag in shared if tag.facet == facet]
    return tuple(dict.fromkeys(told))[:MOST_TAGS]


def _last_day(row: Row, until: date | None) -> date | None:
    piece = (row.case_study or row.testimonial) if isinstance(row, ProofPoint) else row
    ends = [each for each in (until, None if piece is None else piece.expires_on) if each is not None]
    return min(ends) if ends else None
