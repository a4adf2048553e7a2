"""What anybody may see: published pieces that consents allow on the web today, told without names where they must be.

Everything is read from the rows at each look, so a consent that is revoked takes its pieces away at the next one. A
consent for one region counts where that region is named; without one only those that hold everywhere do.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal

import django_filters
from django.conf.locale import LANG_INFO
from django.core.cache import cache
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from references.enums import Channel, ContentNoun, ContentStatus, Facet, TestimonialKind
from references.filters import CaseStudyFilter, TestimonialFilter
from references.models import CaseStudy, CaseStudyTag, CustomerTag, StoredFile, Testimonial, TestimonialTag
from references.pool.index import current_snapshot
from references.rights import Use
from references.wall_pieces import Piece, read_pieces, read_points

CASE_STUDY, TESTIMONIAL = ContentNoun.CASE_STUDY, ContentNoun.TESTIMONIAL
NOUNS: tuple[str, ...] = (TESTIMONIAL, CASE_STUDY)
KINDS: tuple[str, ...] = (*TestimonialKind.values, CASE_STUDY)
FACETS = (Facet.PRODUCT, Facet.INDUSTRY)
WORLD = (Facet.REGION, "world")
NOWHERE = 0
LONG_AGO = date(1, 1, 1)
COUNTED_FOR = 600
PICTURE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})


@dataclass(frozen=True, slots=True)
class WallQuery:
    """What of the wall is asked for: slugs of tags, kinds of pieces, a language's code, words, and where it is shown.

    `one` is the noun and id of a single piece.
    """

    search: str = ""
    product: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    language: str = ""
    used_in: str = ""
    oldest_first: bool = False
    one: tuple[str, int] | None = None

    @classmethod
    def from_filters(cls, filters: Mapping[str, Any], *, one: tuple[str, int] | None = None) -> "WallQuery":
        """Read what an embed keeps of its filters; anything unknown in it is left out."""
        many = {name: tuple(_texts(filters.get(name))) for name in ("product", "industry", "kind")}
        single = {name: next(iter(_texts(filters.get(name))), "") for name in ("language", "used_in")}
        return cls(**many, **single, one=one)  # type: ignore[arg-type]

    @property
    def data(self) -> dict[str, Any]:
        """The query as the filters of content take it."""
        return {
            "search": self.search,
            "product": list(self.product),
            "industry": list(self.industry),
            "language": self.language,
            "used_in": self.used_in,
        }

    @property
    def testimonial_kinds(self) -> list[str]:
        """The kinds of testimonials asked for; all where none was named."""
        return [each for each in TestimonialKind.values if not self.kind or each in self.kind]

    @property
    def has_stories(self) -> bool:
        """Whether case studies are asked for."""
        return not self.kind or CASE_STUDY in self.kind


def _texts(value: Any) -> Iterable[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return (each for each in values if isinstance(each, str) and each)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of pieces, and how many there are on all of them."""

    pieces: Sequence[Piece]
    total: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to narrow the wall by, and how many pieces it leaves."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the wall can be narrowed by."""

    product: Sequence[Choice] = ()
    industry: Sequence[Choice] = ()
    kind: Sequence[Choice] = ()
    language: Sequence[Choice] = field(default=())


class _OnTheWall:
    """What both filters share: the channel is always the web, and names withheld cannot be searched for."""

    form: Any
    through: ClassVar[Any]
    owner: ClassVar[str]

    def carrying(self, facet: Facet, picked: Any) -> Q:
        """Pieces that are about a tag; what a piece is about is its customer's only where it does not say itself."""
        own = self.through._default_manager.filter(tag__facet=facet)
        theirs = Q(customer__in=CustomerTag.objects.filter(tag__in=picked.tag_ids).values("customer"))
        says_itself = Q(pk__in=own.values(self.owner))
        return Q(pk__in=own.filter(tag__in=picked.tag_ids).values(self.owner)) | (theirs & ~says_itself)

    @property
    def use(self) -> Use:
        """The use asked about: the web, today, in the region named, or everywhere."""
        place = self.form.cleaned_data.get("used_in")
        return Use(timezone.localdate(), Channel.WEB, place.tag_ids if place else _everywhere())


def _everywhere() -> frozenset[int]:
    """Regions of which only consents without a limit, or for the whole world, hold."""
    return frozenset({current_snapshot().vocabulary.slugs.get(WORLD, NOWHERE)})


class WallTestimonialFilter(_OnTheWall, TestimonialFilter):
    """Testimonials of the wall."""

    language = django_filters.CharFilter(field_name="language")
    text_fields: ClassVar[Any] = ("text", "transcript")

    class Meta(TestimonialFilter.Meta):
        pass

    def containing(self, word: str) -> Q:
        names = Q(said_by__icontains=word) | Q(customer__domain__icontains=word)
        return super().containing(word) & (Q(may_be_named=True) | ~names)


class WallCaseStudyFilter(_OnTheWall, CaseStudyFilter):
    """Case studies of the wall."""

    language = django_filters.CharFilter(field_name="language")

    class Meta(CaseStudyFilter.Meta):
        pass

    def containing(self, word: str) -> Q:
        return super().containing(word) & (Q(may_be_named=True) | ~Q(customer__domain__icontains=word))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that a query leaves."""

    stories: "QuerySet[CaseStudy]"
    quotes: "QuerySet[Testimonial]"

    @property
    def keys(self) -> "QuerySet[Any, tuple[str, int, date]]":
        """(noun, id, day) of all of them."""
        stories = _keys(self.stories, CASE_STUDY)
        found: QuerySet[Any, Any] = _keys(self.quotes, TESTIMONIAL).union(stories, all=True)
        return found


def _keys(rows: "QuerySet[Any]", noun: str) -> "QuerySet[Any, Any]":
    shown_on = Coalesce("published_on", Value(LONG_AGO))
    named = _bare(rows).annotate(noun=Value(noun), shown_on=shown_on)
    found: QuerySet[Any, Any] = named.values_list("noun", "pk", "shown_on")
    return found


def _bare(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return rows.order_by().prefetch_related(None)


def _narrow(query: WallQuery) -> _Rows:
    stories = CaseStudy.objects.filter(status=ContentStatus.PUBLISHED)
    quotes = Testimonial.objects.filter(status=ContentStatus.PUBLISHED, kind__in=query.testimonial_kinds)
    if not query.has_stories:
        stories = stories.none()
    if query.one is not None:
        noun, pk = query.one
        stories = stories.filter(pk=pk) if noun == CASE_STUDY else stories.none()
        quotes = quotes.filter(pk=pk) if noun == TESTIMONIAL else quotes.none()
    return _Rows(
        stories=WallCaseStudyFilter(query.data, queryset=stories).qs,
        quotes=WallTestimonialFilter(query.data, queryset=quotes).qs,
    )


def find_pieces(query: WallQuery, *, page: int = 1, size: int = 12) -> Shelf:
    """Give one page of the wall, newest first unless asked otherwise; the same number of queries for any size."""
    rows = _narrow(query)
    order = ("shown_on", "noun", "pk") if query.oldest_first else ("-shown_on", "-noun", "-pk")
    keys = rows.keys.order_by(*order)
    chosen = list(keys[(page - 1) * size : page * size])
    total = keys.count()
    ids: dict[str, list[int]] = {noun: [] for noun in NOUNS}
    for noun, pk, _day in chosen:
        ids[noun].append(pk)
    found = read_pieces(
        rows.stories.filter(pk__in=ids[CASE_STUDY]), rows.quotes.filter(pk__in=ids[TESTIMONIAL]), _use(query)
    )
    shown = [found[noun, pk] for noun, pk, _day in chosen if (noun, pk) in found]
    return Shelf(shown, total)


def find_piece(noun: str, pk: int, *, used_in: str = "") -> Piece | None:
    """One piece with its full text and its numbers; None where it is not on the wall, or not any more."""
    query = WallQuery(one=(noun, pk), used_in=used_in)
    shelf = find_pieces(query, size=1)
    return read_points(shelf.pieces[0], _use(query)) if shelf.pieces else None


def find_picture(pk: Any, *, used_in: str = "") -> StoredFile | None:
    """The picture of a piece on the wall that may be named; None for any other file."""
    row = StoredFile.objects.filter(pk=pk, kind="picture", content_type__in=PICTURE_TYPES).first()
    if row is None:
        return None
    one = (CASE_STUDY, row.case_study_id) if row.case_study_id else (TESTIMONIAL, row.testimonial_id or NOWHERE)
    pieces = find_pieces(WallQuery(one=one, used_in=used_in), size=1).pieces
    return row if pieces and pieces[0].picture == row.pk else None


def _use(query: WallQuery) -> Use:
    """The use that the filters check, for rows beside the pieces."""
    snapshot = current_snapshot().vocabulary
    tag = snapshot.slugs.get((Facet.REGION, query.used_in)) if query.used_in else None
    regions = _everywhere() if tag is None else frozenset({tag, *snapshot.ancestors(tag)})
    return Use(timezone.localdate(), Channel.WEB, regions)


def count_choices(query: WallQuery) -> Choices:
    """What a query can be narrowed by, each facet counted as if nothing of it were chosen, most first.

    Counts are kept for some minutes, and counted anew as soon as anything in the pool has changed.
    """
    snapshot = current_snapshot()
    key = f"wall {snapshot.epoch} {snapshot.number} {timezone.localdate()}"
    name = hashlib.sha256(f"{key} {query}".encode()).hexdigest()
    found = cache.get(name)
    if not isinstance(found, Choices):
        found = _count_choices(query)
        cache.set(name, found, COUNTED_FOR)
    return found


def _count_choices(query: WallQuery) -> Choices:
    return Choices(
        product=_count_tags(_without(query, "product"), Facet.PRODUCT),
        industry=_count_tags(_without(query, "industry"), Facet.INDUSTRY),
        kind=_count_kinds(_without(query, "kind")),
        language=_count_languages(_without(query, "language")),
    )


def _without(query: WallQuery, name: Literal["product", "industry", "kind", "language"]) -> WallQuery:
    values = {each: getattr(query, each) for each in query.__slots__}
    return WallQuery(**{**values, name: "" if name == "language" else ()})


def _count_tags(query: WallQuery, facet: Facet) -> list[Choice]:
    """By tag of a facet, how many pieces carry it or anything below it, by themselves or by their customer."""
    rows = _narrow(query)
    carried = [*_carried(rows.stories, CaseStudyTag, "case_study", facet)]
    carried += _carried(rows.quotes, TestimonialTag, "testimonial", facet)
    vocabulary = current_snapshot().vocabulary
    whole = {((noun, piece), each) for noun, piece, tag in carried for each in (tag, *vocabulary.ancestors(tag))}
    counts = Counter(tag for _piece, tag in whole)
    tags = [vocabulary.get(pk) for pk in counts if pk in vocabulary]
    return _sort(Choice(tag.slug, tag.name, counts[tag.id]) for tag in tags)


def _carried(
    rows: "QuerySet[Any]", through: type[CaseStudyTag | TestimonialTag], owner: str, facet: Facet
) -> Iterable[tuple[str, int, int]]:
    """(noun, id, tag) of every tag of a facet that a piece is about, as `carrying` judges it."""
    found = _bare(rows)
    own = through._default_manager.filter(tag__facet=facet, **{f"{owner}__in": found.values("pk")})
    said = list(own.values_list(f"{owner}_id", "tag_id"))
    yield from ((owner, piece, tag) for piece, tag in said)
    speaking = {piece for piece, _tag in said}
    customers: dict[int, list[int]] = {}
    theirs = CustomerTag.objects.filter(Q(customer__in=found.values("customer")), tag__facet=facet)
    for customer, tag in theirs.values_list("customer_id", "tag_id"):
        customers.setdefault(customer, []).append(tag)
    for piece, customer in found.values_list("pk", "customer_id"):
        if piece not in speaking:
            yield from ((owner, piece, tag) for tag in customers.get(customer, ()))


def _count_kinds(query: WallQuery) -> list[Choice]:
    rows = _narrow(query)
    counts = Counter(_bare(rows.quotes).values_list("kind", flat=True))
    counts[CASE_STUDY] = _bare(rows.stories).count()
    return [Choice(kind, kind_label(kind), counts[kind]) for kind in KINDS if counts[kind]]


def _count_languages(query: WallQuery) -> list[Choice]:
    rows = _narrow(query)
    counts = Counter(_bare(rows.quotes).values_list("language", flat=True))
    counts.update(_bare(rows.stories).values_list("language", flat=True))
    return _sort(Choice(code, language_name(code), count) for code, count in counts.items())


def language_name(code: str) -> str:
    """What a language is called in itself; the code where it is unknown."""
    info: dict[str, str] = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0], {})
    return info.get("name_local", code).capitalize()


def kind_label(kind: str) -> str:
    """How a kind of piece is called; the code itself where unknown."""
    labels = {**dict(TestimonialKind.choices), CASE_STUDY: ContentNoun.CASE_STUDY.label}
    return str(labels.get(kind, kind))


def _sort(choices: Iterable[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda each: (-each.count, each.name))
