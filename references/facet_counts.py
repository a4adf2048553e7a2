"""Counts beside the facets of a list that the database has filtered: how many of its rows carry each value.

The database says which rows are left; which tags most of them carry the index knows. The tags of a person whose words
they are, and those of proof points, are not in it: these are read from the database as well.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf.locale import LANG_INFO
from django.db.models import Count, Model, QuerySet

from references.enums import Facet, Seniority, SizeBand
from references.models import (
    CaseStudy,
    CaseStudyTag,
    Contact,
    ContactTag,
    CustomerTag,
    ProofPoint,
    Testimonial,
    TestimonialTag,
)
from references.pool.features import CONTENT_KINDS
from references.pool.index import current_snapshot
from references.pool.result import FacetCount
from references.pool.selection import TAG_FACETS, in_tree_order
from references.pool.snapshot import Kind, Snapshot, View
from references.pool.tallying import tally_tags
from references.text import fold_name

Selections = Mapping[str, QuerySet[Any]]
Chosen = Mapping[str, Sequence[str]]

COLUMNS: dict[type[Model], dict[str, str]] = {
    Contact: {Facet.SIZE: "customer__size_band", Facet.SENIORITY: "seniority"},
    CaseStudy: {
        Facet.SIZE: "customer__size_band", Facet.SENIORITY: "contact__seniority", Facet.LANGUAGE: "language",
    },
    Testimonial: {
        Facet.SIZE: "customer__size_band", Facet.SENIORITY: "contact__seniority", Facet.LANGUAGE: "language",
    },
    ProofPoint: {Facet.SIZE: "customer__size_band"},
}  # fmt: skip
"""Facets that a column of the row answers instead of its tags."""

OF_PEOPLE = (Facet.ROLE, Facet.PERSONA)
IN_INDEX: dict[type[Model], tuple[Facet, ...]] = {
    Contact: TAG_FACETS,
    CaseStudy: tuple(facet for facet in TAG_FACETS if facet not in {*OF_PEOPLE, Facet.LANGUAGE}),
    Testimonial: tuple(facet for facet in TAG_FACETS if facet not in {*OF_PEOPLE, Facet.LANGUAGE}),
    ProofPoint: (),
}
IN_ROWS: dict[type[Model], tuple[Facet, ...]] = {
    Contact: (),
    CaseStudy: OF_PEOPLE,
    Testimonial: OF_PEOPLE,
    ProofPoint: tuple(facet for facet in TAG_FACETS if facet != Facet.LANGUAGE),
}
CARRIERS: dict[type[Model], tuple[tuple[type[Model], str, str], ...]] = {
    CaseStudy: (
        (CaseStudyTag, "case_study", "pk"), (ContactTag, "contact", "contact"), (CustomerTag, "customer", "customer"),
    ),
    Testimonial: (
        (TestimonialTag, "testimonial", "pk"), (ContactTag, "contact", "contact"),
        (CustomerTag, "customer", "customer"),
    ),
    ProofPoint: (
        (CaseStudyTag, "case_study", "case_study"), (TestimonialTag, "testimonial", "testimonial"),
        (ContactTag, "contact", "case_study__contact"), (ContactTag, "contact", "testimonial__contact"),
        (CustomerTag, "customer", "customer"),
    ),
}  # fmt: skip
"""Where the tags of a row are: the table, its column for the carrier, and the row's column that names the carrier."""


def count_selections(selections: Selections, chosen: Chosen) -> dict[str, tuple[FacetCount, ...]]:
    """Count by facet, those that nobody carries left out: {facet: counts}.

    `selections` give by facet, "" for all others, the rows of one model (Contact, CaseStudy, Testimonial, ProofPoint):
    what was found without that facet's own choice, so that its alternatives show what choosing them would add. How many
    queries it takes depends on the choice alone.
    """
    model, snapshot = selections[""].model, current_snapshot()
    rows = {facet: found.order_by().prefetch_related(None) for facet, found in selections.items()}
    counts: dict[str, tuple[FacetCount, ...]] = {}
    if IN_INDEX[model]:
        kind: Kind = "people" if model is Contact else "content"
        masks = {facet: _masks(snapshot, model, found) for facet, found in rows.items()}
        tallies = {facet: tally_tags(snapshot, found, kind) for facet, found in masks.items()}
        for facet in IN_INDEX[model]:
            tally = tallies.get(facet, tallies[""])
            counts[facet] = in_tree_order(snapshot.vocabulary, facet, tally, frozenset(chosen.get(facet, ())))
    if IN_ROWS[model]:
        counts |= _count_in_rows(snapshot, rows, IN_ROWS[model], chosen)
    for code, column in COLUMNS[model].items():
        counts[code] = _count_column(snapshot, rows.get(code, rows[""]), code, column, chosen)
    return {facet: found for facet, found in counts.items() if found}


def _count_in_rows(
    snapshot: Snapshot, rows: Selections, facets: Iterable[Facet], chosen: Chosen
) -> dict[str, tuple[FacetCount, ...]]:
    """Count by reading who carries what; rows whose facet is not narrowed by itself are read together."""
    alike = [facet for facet in facets if facet not in rows]
    groups: list[tuple[str, list[Facet]]] = [("", alike), *((facet, [facet]) for facet in facets if facet in rows)]
    counts: dict[str, tuple[FacetCount, ...]] = {}
    for selection, wanted in groups:
        if wanted:
            carried = _read_carried(rows[selection], wanted)
            for facet in wanted:
                counts[facet] = _count_carried(snapshot, facet, carried, chosen.get(facet, ()))
    return counts


def _read_carried(rows: QuerySet[Any], facets: Sequence[Facet]) -> dict[int, set[int]]:
    """The rows that carry each tag of these facets, by its id; one query, and one for each place of tags."""
    carriers = CARRIERS[rows.model]
    found: dict[int, set[int]] = defaultdict(set)
    columns = [column for _, _, column in carriers]
    whose: list[dict[int, list[int]]] = [defaultdict(list) for _ in carriers]
    for pk, *values in rows.values_list("pk", *columns):
        for place, value in enumerate(values):
            if value is not None:
                whose[place][value].append(pk)
    for (through, carrier, column), by_carrier in zip(carriers, whose, strict=True):
        tags = through._default_manager.filter(tag__facet__in=facets, **{f"{carrier}__in": rows.values(column)})
        for carrier_id, tag_id in tags.values_list(carrier, "tag"):
            found[tag_id].update(by_carrier.get(carrier_id, ()))
    return found


def _count_carried(
    snapshot: Snapshot, facet: str, carried: Mapping[int, set[int]], chosen: Sequence[str]
) -> tuple[FacetCount, ...]:
    vocabulary = snapshot.vocabulary
    counts = {}
    for tag in vocabulary.facet(facet):
        ids = [tag.id, *vocabulary.descendants(tag.id)]
        below = [carried[each] for each in ids if carried.get(each)]
        if below:
            counts[tag.id] = len(set().union(*below))
    return in_tree_order(vocabulary, facet, counts, frozenset(chosen))


def _masks(snapshot: Snapshot, model: type[Model], rows: QuerySet[Any]) -> list[npt.NDArray[np.bool_]]:
    ids = np.fromiter(rows.values_list("pk", flat=True), dtype=np.int64)
    return [_mask(view, model, ids) for view in snapshot.views]


def _mask(view: View, model: type[Model], ids: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    if model is Contact:
        return view.people.is_live & np.isin(view.segment.people_docs.ids, ids)
    kind = CONTENT_KINDS.index("case_study" if model is CaseStudy else "testimonial")
    is_kind = view.segment.content_kind == kind
    found: npt.NDArray[np.bool_] = view.content.is_live & is_kind & np.isin(view.segment.content_docs.ids, ids)
    return found


def _count_column(
    snapshot: Snapshot, rows: QuerySet[Any], facet: str, column: str, chosen: Chosen
) -> tuple[FacetCount, ...]:
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for code, count in rows.values_list(column).annotate(Count("pk")):
        value = _value(snapshot, facet, code or "")
        if value is not None:
            slug, name = value
            counts[slug], names[slug] = counts.get(slug, 0) + count, name
    picked = chosen.get(facet, ())
    order = _order(facet, counts)
    return tuple(FacetCount(slug, names[slug], counts[slug], slug in picked) for slug in order)


def _order(facet: str, counts: Mapping[str, int]) -> list[str]:
    if facet == Facet.LANGUAGE:
        return sorted(counts, key=lambda slug: (-counts[slug], slug))
    values = SizeBand.values if facet == Facet.SIZE else Seniority.values
    return [value for value in values if value in counts]


def _value(snapshot: Snapshot, facet: str, code: str) -> tuple[str, str] | None:
    """Slug and name of a column's code; None where the facet has no such value to choose."""
    slug = code
    if facet == Facet.LANGUAGE:
        language = LANG_INFO.get(code.partition("-")[0] if code in LANG_INFO else "", {})
        slug = fold_name(language.get("name", "")).replace(" ", "-")
    tag_id = snapshot.vocabulary.slugs.get((facet, slug))
    if tag_id is None:
        return None
    labels: dict[str, Any] = {Facet.SIZE: dict(SizeBand.choices), Facet.SENIORITY: dict(Seniority.choices)}
    return slug, str(labels.get(facet, {}).get(slug, snapshot.vocabulary.get(tag_id).name))
