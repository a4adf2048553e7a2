"""Which rows of the pool a viewer may see and a selection of facets leaves, and how many carry each tag."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from references.enums import ContactStatus, Facet, Seniority, SizeBand
from references.pool.conditions import Conditions
from references.pool.features import (
    ACTIVITY_INDEX,
    NOT_REFERENCEABLE,
    OPTED_OUT,
    SENIORITIES,
    SIZES,
    STATUSES,
)
from references.pool.result import FacetCount
from references.pool.snapshot import Kind, Snapshot, View
from references.pool.tallying import tally_tags
from references.querysets import SHOWN_STATUSES
from references.vocabulary import Vocabulary
from users.models import User

Mask = npt.NDArray[np.bool_]
Chosen = Mapping[str, Sequence[str]]

BANDS = ("fresh", "soft", "approval", "stop")
TAG_FACETS = (
    Facet.INDUSTRY, Facet.PRODUCT, Facet.SOLUTION, Facet.REGION, Facet.ROLE, Facet.LANGUAGE, Facet.TECHNOLOGY,
    Facet.COMPETITOR, Facet.PERSONA,
)  # fmt: skip
CODE_FACETS = ("size", "seniority", "status", "band")
MOST_COUNTS = 40
_IS_SHOWN = np.array([status in SHOWN_STATUSES for status in STATUSES])


def visible_people(view: View, user: User) -> Mask:
    """By row, whether `user` may see the person at all; the twin of `ContactQuerySet.visible_to`."""
    live = view.people.is_live
    if user.is_manager:
        return live
    shown: Mask = live & _shown_to_all(view)
    if user.pk is not None:
        shown |= live & (view.segment.people.owner == user.pk)
    return shown


def _shown_to_all(view: View) -> Mask:
    known: Mask | None = view.segment.remembered.get("shown to all")
    if known is None:
        known = in_pool(view) & ((view.segment.people.flags & (OPTED_OUT | NOT_REFERENCEABLE)) == 0)
        view.segment.remembered["shown to all"] = known
    return known


def in_pool(view: View) -> Mask:
    """By row, who is a promoter: active, or only paused. Ranking sees no others."""
    known: Mask | None = view.segment.remembered.get("in pool")
    if known is None:
        known = view.segment.remembered["in pool"] = _IS_SHOWN[view.segment.people.status]
    return known


def rows_with_tag(view: View, kind: Kind, vocabulary: Vocabulary, tag_id: int) -> Mask:
    """By row, who carries a tag or one below it."""
    documents = view.documents(kind)
    found = np.zeros(len(documents.documents), dtype=bool)
    for each in (tag_id, *vocabulary.descendants(tag_id)):
        found[documents.tags.at(each)[0]] = True
    return found


def chosen_people(
    view: View, chosen: Chosen, snapshot: Snapshot, conditions: Conditions, *, apart_from: str = ""
) -> Mask:
    """By row, who fits a selection: any of the values within a facet, all facets together; `apart_from` is left out.

    Facets are those of tags by slug, and size, seniority, status, activity and band by code. Unknown values fit nobody.
    """
    fits = np.ones(len(view.segment.people_docs), dtype=bool)
    for facet, values in chosen.items():
        if facet == apart_from or not values:
            continue
        fits &= np.logical_or.reduce([_carries(view, facet, value, snapshot, conditions) for value in values])
    return fits


def _carries(view: View, facet: str, value: str, snapshot: Snapshot, conditions: Conditions) -> Mask:
    people = view.segment.people
    nobody = np.zeros(len(people.status), dtype=bool)
    if facet in CODE_FACETS:
        column, codes = _column(view, facet, snapshot, conditions)
        return column == codes.index(value) if value in codes else nobody
    if facet == "activity":
        return (people.activities >> ACTIVITY_INDEX[value]) & 1 == 1 if value in ACTIVITY_INDEX else nobody
    tag_id = snapshot.vocabulary.slugs.get((facet, value))
    return nobody if tag_id is None else rows_with_tag(view, "people", snapshot.vocabulary, tag_id)


def _column(
    view: View, facet: str, snapshot: Snapshot, conditions: Conditions
) -> tuple[npt.NDArray[Any], Sequence[str]]:
    """A facet's column by row, and the codes that its numbers stand for."""
    people, policy = view.segment.people, snapshot.policy.fatigue
    if facet == "band":
        limits = (policy.soft, policy.needs_approval, policy.stop)
        bands: npt.NDArray[np.uint8] = np.searchsorted(limits, conditions.phi, side="right").astype(np.uint8)
        return bands, BANDS
    columns = {
        Facet.SIZE.value: (people.size, SIZES),
        Facet.SENIORITY.value: (people.seniority, SENIORITIES),
        "status": (people.status, STATUSES),
    }
    return columns[facet]


def count_facets(
    snapshot: Snapshot, masks: Mapping[str, Sequence[Mask]], chosen: Chosen, conditions: Sequence[Conditions]
) -> dict[str, tuple[FacetCount, ...]]:
    """Count how many rows of a selection carry each value, facet by facet; facets nobody carries are left out.

    `masks` give by facet, "" for all others, the rows of each view: the selection without that facet's own choice, so
    that its alternatives show what choosing them would add.
    """
    found: dict[str, tuple[FacetCount, ...]] = {}
    tallies = {facet: tally_tags(snapshot, each) for facet, each in masks.items() if facet in ("", *TAG_FACETS)}
    for facet in TAG_FACETS:
        tally = tallies.get(facet, tallies[""])
        counts = in_tree_order(snapshot.vocabulary, facet, tally, frozenset(chosen.get(facet, ())))
        if counts:
            found[facet] = counts
    for code in CODE_FACETS:
        counts = _count_codes(snapshot, code, masks.get(code, masks[""]), chosen.get(code, ()), conditions)
        if counts:
            found[code] = counts
    return found


def in_tree_order(
    vocabulary: Vocabulary, facet: str, counts: Mapping[int, int], chosen: frozenset[str]
) -> tuple[FacetCount, ...]:
    """Arrange counts by tag id, children below their parents and the largest first; the long tail is cut."""
    rows = iter(_walk_tree(vocabulary, facet, counts, chosen))
    first = tuple(islice(rows, MOST_COUNTS))
    return (*first, *(each for each in rows if each.is_chosen)) if chosen else first


def _walk_tree(
    vocabulary: Vocabulary, facet: str, counts: Mapping[int, int], chosen: frozenset[str]
) -> Iterable[FacetCount]:
    tags = {tag.id: tag for tag in vocabulary.facet(facet) if counts.get(tag.id)}

    def by_size(ids: Iterable[int]) -> list[int]:
        return sorted(ids, key=lambda each: (-counts[each], tags[each].name))

    def walk(tag_id: int, depth: int) -> Iterable[FacetCount]:
        tag = tags[tag_id]
        yield FacetCount(tag.slug, tag.name, counts[tag_id], tag.slug in chosen, depth)
        children = [each for each in vocabulary.children.get(tag_id, ()) if each in tags]
        for child in by_size(each for each in children if tags[each].parents[:1] == (tag_id,)):
            yield from walk(child, depth + 1)

    for root in by_size(each for each, tag in tags.items() if not tag.parents or tag.parents[0] not in tags):
        yield from walk(root, 0)


def _count_codes(
    snapshot: Snapshot, facet: str, masks: Sequence[Mask], chosen: Sequence[str], conditions: Sequence[Conditions]
) -> tuple[FacetCount, ...]:
    all_labels: dict[str, dict[str, Any]] = {
        "size": dict(SizeBand.choices),
        "seniority": dict(Seniority.choices),
        "status": dict(ContactStatus.choices),
        "band": {"fresh": _("fresh"), "soft": _("a little used"), "approval": _("tired"), "stop": _("worn out")},
    }
    labels = all_labels[facet]
    totals = np.zeros(256, dtype=np.int64)
    for view, mask, each in zip(snapshot.views, masks, conditions, strict=True):
        column, codes = _column(view, facet, snapshot, each)
        totals += np.bincount(column[mask].astype(np.uint8), minlength=256)  # -1, unknown, is the last
    counts = {code: int(totals[codes.index(code)]) for code in labels if code in codes}
    return tuple(
        FacetCount(code, str(label), counts[code], code in chosen) for code, label in labels.items() if counts.get(code)
    )


def masks_by_facet(
    snapshot: Snapshot, base: Sequence[Mask], chosen: Chosen, conditions: Sequence[Conditions]
) -> dict[str, list[Mask]]:
    """The masks `count_facets` takes: the selection under "", and for each chosen facet the selection without it."""
    facets = ["", *(facet for facet, values in chosen.items() if values)]
    return {
        facet: [
            mask & chosen_people(view, chosen, snapshot, each, apart_from=facet)
            for view, mask, each in zip(snapshot.views, base, conditions, strict=True)
        ]
        for facet in facets
    }
