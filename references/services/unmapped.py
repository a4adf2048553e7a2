"""The words that mean nothing yet: proposed tags, and titles, industries and places that led to no tag, by use."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import Count

from references.enums import Facet, TagStatus
from references.importing.tagnames import fold_value, may_be_tag
from references.models import (
    CaseStudy,
    CaseStudyTag,
    Contact,
    ContactTag,
    Customer,
    CustomerTag,
    PoolRevision,
    SlotTag,
    SpeakingSlot,
    Tag,
    TagSynonym,
    Testimonial,
    TestimonialTag,
)
from references.synonyms import parse_synonym
from references.term_suggestions import Name, Suggestion, Term, Together, suggest_tags

MOST_TERMS = 5_000
"""As many words are looked at, the most used first."""


@dataclass(frozen=True, slots=True)
class RawField:
    """A field that keeps what was imported, with the rows that say what tags it led to."""

    model: type[models.Model]
    field: str
    facet: str
    through: type[models.Model]
    owner: str


RAW_FIELDS = {
    "title": RawField(Contact, "title", Facet.ROLE, ContactTag, "contact"),
    "industry": RawField(Customer, "raw_industry", Facet.INDUSTRY, CustomerTag, "customer"),
    "location": RawField(Customer, "raw_location", Facet.REGION, CustomerTag, "customer"),
}
CARRIERS: tuple[tuple[str, type[models.Model], str], ...] = (
    ("customers", CustomerTag, "customer"),
    ("people", ContactTag, "contact"),
    ("stories", CaseStudyTag, "case_study"),
    ("quotes", TestimonialTag, "testimonial"),
    ("slots", SlotTag, "slot"),
)
KIND_OF: dict[type[models.Model], str] = {Customer: "customers", Contact: "people"}
OWNERS: dict[str, type[models.Model]] = {
    "customers": Customer,
    "people": Contact,
    "stories": CaseStudy,
    "quotes": Testimonial,
    "slots": SpeakingSlot,
}


@dataclass(frozen=True, slots=True)
class Unmapped:
    """An unknown word. `key` is "tag:12" or "title:cartographer"; `uses` counts rows by kind (see `CARRIERS`)."""

    key: str
    facet: str
    text: str
    source: str
    uses: Mapping[str, int]
    tag: int = 0
    suggestion: Suggestion | None = None

    @property
    def total(self) -> int:
        """How many rows use it."""
        return sum(self.uses.values())

    @property
    def confidence(self) -> float:
        """That of the suggestion, 0 without one."""
        return self.suggestion.confidence if self.suggestion else 0.0


_kept: dict[str, tuple[tuple[Any, ...], tuple[Unmapped, ...]]] = {}


def list_unmapped() -> tuple[Unmapped, ...]:
    """All unknown words with suggestions, the most used first; a constant number of queries.

    Kept in the process until the pool changes.
    """
    mark = PoolRevision.objects.values_list("epoch", "value").first() or ()
    kept = _kept.get("all")
    if mark and kept is not None and kept[0] == mark:
        return kept[1]
    found = _suggest(_by_use([*_read_proposed(), *_read_raw()])[:MOST_TERMS])
    _kept["all"] = (mark, found)
    return found


def _by_use(terms: Iterable[Unmapped]) -> list[Unmapped]:
    return sorted(terms, key=lambda term: (-term.total, term.facet, term.text.casefold(), term.key))


def _read_proposed() -> list[Unmapped]:
    uses: dict[int, dict[str, int]] = defaultdict(dict)
    for kind, model, _owner in CARRIERS:
        rows = model._default_manager.filter(tag__status=TagStatus.PROPOSED)
        for tag_id, count in rows.values_list("tag").annotate(n=Count("pk")).order_by():
            uses[tag_id][kind] = count
    tags = Tag.objects.proposed().values_list("pk", "facet", "name")
    return [Unmapped(f"tag:{pk}", facet, name, "word", uses[pk], pk) for pk, facet, name in tags]


def _read_raw() -> list[Unmapped]:
    refused = {
        (facet, fold_value(name))
        for facet, name in Tag.objects.filter(status=TagStatus.REJECTED).values_list("facet", "name")
    }
    found: list[Unmapped] = []
    for source, raw in RAW_FIELDS.items():
        counts: dict[str, int] = defaultdict(int)
        spelled: dict[str, str] = {}
        for value, count in unmapped_rows(raw).values_list(raw.field).annotate(n=Count("pk")).order_by("-n", raw.field):
            folded = fold_value(value)
            if folded and may_be_tag(value) and (raw.facet, folded) not in refused:
                counts[folded] += count
                spelled.setdefault(folded, value)
        kind = KIND_OF[raw.model]
        found += [
            Unmapped(f"{source}:{folded}", raw.facet, spelled[folded], source, {kind: count})
            for folded, count in counts.items()
        ]
    return found


def unmapped_rows(raw: RawField) -> models.QuerySet[Any]:
    """The rows whose field says something that led to no tag of its facet."""
    tagged = raw.through._default_manager.filter(tag__facet=raw.facet).values(raw.owner)
    return raw.model._default_manager.exclude(**{raw.field: ""}).exclude(pk__in=tagged)


def rows_saying(raw: RawField, folded: str) -> models.QuerySet[Any]:
    """Those of the unmapped rows that say this word, in whatever spelling."""
    values = unmapped_rows(raw).values_list(raw.field, flat=True).order_by().distinct()
    return unmapped_rows(raw).filter(**{f"{raw.field}__in": [each for each in values if fold_value(each) == folded]})


def rows_using(key: str, kind: str) -> models.QuerySet[Any]:
    """The rows of one kind (see `CARRIERS`) that use an unknown word, by its key; none where it is unknown no more."""
    rows = OWNERS[kind]._default_manager.all()
    source, _colon, name = key.partition(":")
    if source == "tag":
        waiting = Tag.objects.proposed().filter(pk=int(name) if name.isdecimal() and len(name) < 18 else 0)
        through, owner = next((model, owner) for each, model, owner in CARRIERS if each == kind)
        return rows.filter(pk__in=through._default_manager.filter(tag__in=waiting).values(owner))
    raw = RAW_FIELDS.get(source)
    return rows_saying(raw, name) if raw is not None and KIND_OF[raw.model] == kind else rows.none()


def _suggest(terms: Sequence[Unmapped]) -> tuple[Unmapped, ...]:
    ranks = {term.tag: rank for rank, term in enumerate(terms) if term.tag}
    asked = [Term(each.key, each.facet, each.text, each.tag, rank) for rank, each in enumerate(terms)]
    together, carriers = _read_together(terms)
    found = suggest_tags(asked, read_names(ranks), together, carriers, Customer.objects.count())
    return tuple(replace(term, suggestion=found.get(term.key)) for term in terms)


def read_names(ranks: Mapping[int, int]) -> list[Name]:
    """All ways of writing accepted tags, and the names of those proposed ones that have a rank; two queries."""
    names = [
        Name(pk, facet, name, -1 if status == TagStatus.ACCEPTED else ranks[pk])
        for pk, facet, name, status in Tag.objects.order_by("pk").values_list("pk", "facet", "name", "status")
        if status == TagStatus.ACCEPTED or (status == TagStatus.PROPOSED and pk in ranks)
    ]
    written = TagSynonym.objects.filter(tag__status=TagStatus.ACCEPTED).order_by("pk")
    for tag_id, facet, text in written.values_list("tag", "tag__facet", "text"):
        synonym = parse_synonym(text)
        if not synonym.exact:
            names.append(Name(tag_id, facet, synonym.text, is_weak=synonym.weak))
    return names


def _read_together(terms: Sequence[Unmapped]) -> tuple[dict[str, Together], dict[int, int]]:
    """Which accepted tags of its facet stand on the customers that carry a proposed one; three queries."""
    new = CustomerTag.objects.filter(tag__status=TagStatus.PROPOSED)
    proposed: dict[int, set[int]] = defaultdict(set)
    for customer_id, tag_id in new.values_list("customer", "tag"):
        proposed[customer_id].add(tag_id)
    facets = {term.tag: term.facet for term in terms if term.tag}
    accepted = CustomerTag.objects.filter(tag__status=TagStatus.ACCEPTED)
    beside: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    marked = accepted.filter(customer__in=new.values("customer"))
    for customer_id, tag_id, facet in marked.values_list("customer", "tag", "tag__facet"):
        for each in proposed[customer_id]:
            if facets.get(each) == facet:
                beside[each][tag_id] += 1
    carriers = dict(accepted.values_list("tag").annotate(n=Count("pk")).order_by())
    together = {
        term.key: Together(term.uses.get("customers", 0), beside[term.tag]) for term in terms if term.tag in beside
    }
    return together, carriers
