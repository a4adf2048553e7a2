"""One piece of the wall as anybody reads it: texts with every name withheld that no consent lets be told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from references.blinding import headline, hide_names
from references.enums import ContentNoun, Facet, FileKind, SizeBand
from references.models import CaseStudy, ProofPoint, StoredFile, Tag, Testimonial
from references.rights import Use, usable_proof_points

EXCERPT = 280


@dataclass(frozen=True, slots=True)
class Point:
    """A number that a customer reports."""

    metric: str
    before: str
    after: str
    how_measured: str


@dataclass(frozen=True, slots=True)
class PieceTag:
    """A product or an industry that a piece is about."""

    facet: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A quote, video, review, recorded webinar or case study, safe to show to anybody.

    `customer` and `said_by` are empty where they may not be told; `who` describes them then. `url` leads to where the
    piece is shown in full, and is empty where that could tell a name.
    """

    noun: str
    id: int
    kind: str
    language: str
    published_on: date | None
    title: str
    text: str
    challenge: str
    solution: str
    results: str
    transcript: str
    said_by: str
    said_by_title: str
    customer: str
    who: str
    tags: tuple["PieceTag", ...]
    url: str
    review_site: str
    picture: UUID | None = None
    points: tuple[Point, ...] = ()
    customer_id: int = 0

    @property
    def is_named(self) -> bool:
        """Whether the customer may be told."""
        return bool(self.customer)

    @property
    def product(self) -> str:
        """The first product it is about; "" for none."""
        return next((tag.name for tag in self.tags if tag.facet == Facet.PRODUCT), "")

    @property
    def excerpt(self) -> str:
        """The words a card shows: a quote's own, or what came of a story."""
        return _shorten(self.text or self.results or self.solution or self.challenge)

    @property
    def speaker(self) -> str:
        """Who speaks, in one line: by name where it may be told, the customer itself where nobody else does."""
        named = ", ".join(part for part in (self.said_by, self.said_by_title) if part)
        return (named or self.customer) if self.is_named else self.who

    @property
    def summary(self) -> str:
        """What the piece is called where it has no title of its own."""
        about = {"who": self.byline, "subject": self.product}
        return self.title or (_("%(who)s on %(subject)s") % about if self.product else self.byline)

    @property
    def byline(self) -> str:
        """The speaker and, where it may be told, the customer."""
        if not self.is_named:
            return self.who
        return ", ".join(dict.fromkeys([self.speaker, self.customer]))


def read_pieces(
    stories: "QuerySet[CaseStudy]", quotes: "QuerySet[Testimonial]", use: Use
) -> Mapping[tuple[str, int], Piece]:
    """Read usable rows as pieces, by noun and id; each with the first number that is its own."""
    loaded = ("contact__tags", "customer__tags", "tags", _pictures())
    rows: list[CaseStudy | Testimonial] = [
        *stories.order_by().select_related("customer", "contact").prefetch_related(*loaded),
        *quotes.order_by().select_related("customer", "contact").prefetch_related(*loaded),
    ]
    of_stories = [row.pk for row in rows if isinstance(row, CaseStudy)]
    of_quotes = [row.pk for row in rows if isinstance(row, Testimonial)]
    own = ProofPoint.objects.filter(Q(case_study__in=of_stories) | Q(testimonial__in=of_quotes))
    points: dict[tuple[str, int], list[ProofPoint]] = {}
    for point in usable_proof_points(own, use) if rows else ():
        points.setdefault(_owner(point), []).append(point)
    found = {}
    for row in rows:
        noun = _noun(row)
        found[noun, row.pk] = _read(row, points.get((noun, row.pk), [])[:1])
    return found


def read_points(piece: Piece, use: Use) -> Piece:
    """The piece with all its numbers; a named one also with those its customer reports of the whole.

    Beside a piece without a name they would tell whose it is: the same numbers stand beside the customer's named ones.
    """
    column = "case_study" if piece.noun == ContentNoun.CASE_STUDY else "testimonial"
    whole = Q(customer=piece.customer_id, case_study=None, testimonial=None)
    own = Q(**{column: piece.id})
    rows = usable_proof_points(ProofPoint.objects.filter(own | whole if piece.is_named else own), use)
    names = {point.pk: _hidden_of(point) for point in rows}
    shown = [point for point in rows if point.may_be_named or not piece.is_named]  # type: ignore[attr-defined]
    return replace(piece, points=tuple(_point(point, [] if piece.is_named else names[point.pk]) for point in shown))


def _pictures() -> "Prefetch[str, QuerySet[StoredFile], str]":
    pictures = StoredFile.objects.filter(kind=FileKind.PICTURE).only("pk", "kind", "case_study", "testimonial")
    return Prefetch("files", queryset=pictures, to_attr="pictures_loaded")


def _noun(row: CaseStudy | Testimonial) -> str:
    return ContentNoun.CASE_STUDY if isinstance(row, CaseStudy) else ContentNoun.TESTIMONIAL


def _owner(point: ProofPoint) -> tuple[str, int]:
    if point.case_study_id is not None:
        return ContentNoun.CASE_STUDY, point.case_study_id
    return ContentNoun.TESTIMONIAL, point.testimonial_id or 0


def _read(row: CaseStudy | Testimonial, points: Sequence[ProofPoint]) -> Piece:
    is_named = bool(row.may_be_named)  # type: ignore[union-attr]  # annotated by rights.py
    hidden = [] if is_named else _hidden(row)

    def shown(name: str) -> str:
        return hide_names(str(getattr(row, name, "")), hidden)

    pictures: Sequence[StoredFile] = row.pictures_loaded if is_named else ()  # type: ignore[union-attr]
    return Piece(
        noun=_noun(row),
        id=row.pk,
        kind=row.kind if isinstance(row, Testimonial) else ContentNoun.CASE_STUDY,
        language=row.language,
        published_on=row.published_on,
        title=shown("title"),
        text=shown("text"),
        challenge=shown("challenge"),
        solution=shown("solution_text"),
        results=shown("results"),
        transcript=shown("transcript"),
        said_by=str(getattr(row, "said_by", "")) if is_named else "",
        said_by_title=shown("said_by_title") if is_named else "",
        customer=row.customer.name if is_named else "",
        who=_describe(row, _hidden(row)),
        tags=(*_tags(row, Facet.PRODUCT), *_tags(row, Facet.INDUSTRY)),
        url=row.url if is_named else "",
        review_site=shown("review_site"),
        picture=pictures[0].pk if pictures else None,
        points=tuple(_point(point, hidden) for point in points),
        customer_id=row.customer_id,
    )


def _hidden(row: CaseStudy | Testimonial) -> list[str]:
    """The names that a piece without attribution must not tell."""
    person = row.contact.name if row.contact else ""
    names = [row.customer.name, row.customer.domain, person, str(getattr(row, "said_by", ""))]
    return [name for name in names if name]


def _hidden_of(point: ProofPoint) -> list[str]:
    piece = point.case_study or point.testimonial
    return _hidden(piece) if piece else [name for name in (point.customer.name, point.customer.domain) if name]


def _point(point: ProofPoint, hidden: Sequence[str]) -> Point:
    unit = f" {point.unit}" if point.unit else ""
    return Point(
        metric=hide_names(point.metric, hidden),
        before=hide_names(f"{point.before}{unit}" if point.before else "", hidden),
        after=hide_names(f"{point.after}{unit}", hidden),
        how_measured=hide_names(point.how_measured, hidden),
    )


def _describe(row: CaseStudy | Testimonial, hidden: Sequence[str]) -> str:
    """Role, industry and size in words: "Head of Risk · Banking · 10,000+ people"."""
    contact = row.contact
    size = row.customer.size_band
    label = str(SizeBand(size).label) if size in SizeBand.values else ""
    industries = [tag.name for tag in _tags(row, Facet.INDUSTRY)]
    who = headline(
        title=str(getattr(row, "said_by_title", "")) or (contact.title if contact else ""),
        roles=[tag.name for tag in contact.tags.all() if tag.facet == Facet.ROLE] if contact else [],
        seniority=contact.seniority if contact else "",
        industries=industries,
        hidden=hidden,
    )
    people = _("%(size)s people") % {"size": label} if label else ""
    return " · ".join(part for part in (who, people) if part) or _("A customer")


def _tags(row: CaseStudy | Testimonial, facet: Facet) -> tuple[PieceTag, ...]:
    """The tags of a facet that a piece carries, or else its customer."""
    own = [tag for tag in _sorted(row.tags.all()) if tag.facet == facet]
    found = own or [tag for tag in _sorted(row.customer.tags.all()) if tag.facet == facet]
    return tuple(PieceTag(tag.facet, tag.slug, tag.name) for tag in found)


def _sorted(tags: Iterable[Any]) -> list[Tag]:
    return sorted(tags, key=lambda tag: tag.pk)


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"
