"""What a selection leaves and its counts say equals looking at each person's features, one by one."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest
from django.db.models import TextChoices
from hypothesis import given, settings
from hypothesis import strategies as st

from references.activities import CODES
from references.enums import ContactStatus, Seniority, SizeBand
from references.fatigue import band
from references.policy import ProgramPolicy
from references.pool.conditions import Conditions
from references.pool.features import (
    NOT_REFERENCEABLE,
    OPTED_OUT,
    SENIORITIES,
    SIZES,
    STATUSES,
    CustomerFeature,
    PersonFeature,
    TagFeature,
)
from references.pool.result import FacetCount
from references.pool.segment import build_segment
from references.pool.selection import (
    MOST_COUNTS,
    chosen_people,
    count_facets,
    in_pool,
    in_tree_order,
    masks_by_facet,
    rows_with_tag,
    visible_people,
)
from references.pool.snapshot import Snapshot, View
from references.vocabulary import Vocabulary, VocabularyTag
from tests.references.pool.drawing import pools
from users.enums import Role
from users.models import User

POLICY = ProgramPolicy()
VOCABULARY = Vocabulary(
    (
        VocabularyTag(1, "industry", "finance", "Finance"),
        VocabularyTag(2, "industry", "banking", "Banking", (1,)),
        VocabularyTag(3, "industry", "insurance", "Insurance", (1,)),
        VocabularyTag(4, "industry", "pensions", "Pensions", (3, 2)),
        VocabularyTag(5, "region", "world", "World"),
        VocabularyTag(6, "region", "europe", "Europe", (5,)),
        VocabularyTag(7, "product", "ledger", "Ledger"),
        VocabularyTag(8, "product", "atlas", "Atlas"),
    )
)


def labels_of(choices: type[TextChoices]) -> dict[str, str]:
    return {code: str(label) for code, label in choices.choices}


LABELS: dict[str, dict[str, str]] = {
    "size": labels_of(SizeBand),
    "seniority": labels_of(Seniority),
    "status": labels_of(ContactStatus),
    "band": {"fresh": "fresh", "soft": "a little used", "approval": "tired", "stop": "worn out"},
}
VALUES: dict[str, list[str]] = {
    **{facet: [each.slug for each in VOCABULARY.facet(facet)] for facet in ("industry", "region", "product")},
    **{facet: list(labels) for facet, labels in LABELS.items()},
    "activity": ["call", "speaking", "quote"],
    "nonsense": ["call"],
}
CHOSEN = st.lists(st.sampled_from([*VALUES]), max_size=2, unique=True).flatmap(
    lambda facets: st.fixed_dictionaries(
        {each: st.lists(st.sampled_from([*VALUES[each], "unknown"]), max_size=4) for each in facets}
    )
)
PHI = (0.65, 0.3, 0.5, 0.0, 0.64, 0.29, 0.49, 0.9)
"""Fatigue on both sides of every limit, dealt out to the people by turns."""


def view_of(pool: list[CustomerFeature], *, gone: Sequence[int] = ()) -> View:
    return View(build_segment(iter([pool])), np.zeros(0, dtype=np.int64)).without(np.array(gone, dtype=np.int64))


def snapshot_of(*views: View) -> Snapshot:
    return Snapshot(epoch="e", number=1, views=views, vocabulary=VOCABULARY, policy=POLICY)


def judge(snapshot: Snapshot) -> list[Conditions]:
    return [
        Conditions(np.resize(PHI, len(view.segment.people_docs)), np.zeros(0), np.zeros(0), {})
        for view in snapshot.views
    ]


def each_person(pool: list[CustomerFeature]) -> Iterator[tuple[int, PersonFeature, CustomerFeature]]:
    people = [(person, customer) for customer in pool for person in customer.people]
    for row, (person, customer) in enumerate(people):
        yield row, person, customer


def carries(tags: Mapping[int, TagFeature], tag_id: int) -> bool:
    """Whether among these tags is one that leads up to `tag_id`."""
    return any(tag_id == each or carries(dict.fromkeys(VOCABULARY.get(each).parents), tag_id) for each in tags)  # type: ignore[arg-type]


def values_of(person: PersonFeature, customer: CustomerFeature, phi: float) -> dict[str, set[str]]:
    """By facet, the values of one person, as they are chosen and counted."""
    found: dict[str, set[str]] = {
        "size": {SIZES[customer.size]} if customer.size >= 0 else set(),
        "seniority": {SENIORITIES[person.seniority]} if person.seniority >= 0 else set(),
        "status": {STATUSES[person.status]},
        "band": {band(phi, POLICY.fatigue)},
        "activity": {code for place, code in enumerate(CODES) if person.activities & 1 << place},
    }
    for tag in VOCABULARY.tags:
        if carries(person.tags, tag.id):
            found.setdefault(tag.facet, set()).add(tag.slug)
    return found


def fits(values: Mapping[str, set[str]], chosen: Mapping[str, list[str]], *, apart_from: str = "") -> bool:
    return all(
        values.get(facet, set()).intersection(wanted)
        for facet, wanted in chosen.items()
        if wanted and facet != apart_from
    )


@settings(max_examples=30)
@given(pools(), st.sampled_from(Role.values), st.sampled_from([None, 0, 1, 2]))
def test_who_may_be_seen(pool: list[CustomerFeature], role: str, pk: int | None) -> None:
    """Managers see all who are alive, others the promoters who may be asked and all of their own customers'."""
    view = view_of(pool, gone=[pool[-1].id])
    promoters, seen = in_pool(view), visible_people(view, User(pk=pk, role=role))
    for row, person, customer in each_person(pool):
        assert promoters[row] == (STATUSES[person.status] in ("active", "paused"))
        is_shown = promoters[row] and not person.flags & (OPTED_OUT | NOT_REFERENCEABLE)
        is_own = pk is not None and customer.owner == pk
        is_alive = customer is not pool[-1]
        assert seen[row] == (is_alive and (role in ("manager", "admin") or is_shown or is_own))


@pytest.mark.parametrize(("flags", "is_shown"), [(0, True), (OPTED_OUT, False), (NOT_REFERENCEABLE, False), (28, True)])
def test_only_promoters_who_may_be_asked_are_shown_to_all(flags: int, is_shown: bool) -> None:
    """An escalation, red health and a sensitive renewal hide nobody."""
    person = PersonFeature(1, STATUSES.index("active"), -1, 0, 0, flags, 0, -1, 0, [])
    view = view_of([CustomerFeature(1, -1, 7, 0, 0, [], people=[person])])
    assert visible_people(view, User(pk=8, role=Role.SALES)) == [is_shown]
    assert visible_people(view, User(pk=7, role=Role.SALES)) == [True]
    assert in_pool(view) is in_pool(view), "worked out once"


@settings(max_examples=40)
@given(pools(), CHOSEN, st.sampled_from(["", "industry", "size"]))
def test_selection_leaves_whoever_fits_every_facet(
    pool: list[CustomerFeature], chosen: dict[str, list[str]], apart_from: str
) -> None:
    snapshot = snapshot_of(view_of(pool))
    (conditions,) = judge(snapshot)
    left = chosen_people(snapshot.views[0], chosen, snapshot, conditions, apart_from=apart_from)
    for row, person, customer in each_person(pool):
        values = values_of(person, customer, float(conditions.phi[row]))
        assert left[row] == fits(values, chosen, apart_from=apart_from)


@settings(max_examples=30)
@given(pools(), st.sampled_from(VOCABULARY.tags))
def test_people_and_content_with_a_tag_or_one_below(pool: list[CustomerFeature], tag: VocabularyTag) -> None:
    view = view_of(pool)
    people = [each for customer in pool for each in customer.people]
    content = [each for customer in pool for each in customer.content]
    assert rows_with_tag(view, "people", VOCABULARY, tag.id).tolist() == [carries(each.tags, tag.id) for each in people]
    assert rows_with_tag(view, "content", VOCABULARY, tag.id).tolist() == [
        carries(each.tags, tag.id) for each in content
    ]


def in_preorder(counts: Mapping[int, int]) -> list[tuple[int, int]]:
    """Tags with their depths: a tag's way down from its root, larger and then earlier by name first, is its place."""

    def way(tag_id: int) -> tuple[tuple[int, str], ...]:
        tag = VOCABULARY.get(tag_id)
        above = way(tag.parents[0]) if tag.parents and counts.get(tag.parents[0]) else ()
        return (*above, (-counts[tag_id], tag.name))

    found = sorted((each for each in counts if counts[each]), key=way)
    return [(each, len(way(each)) - 1) for each in found]


def count(tag: VocabularyTag, number: int, chosen: Mapping[str, list[str]], depth: int) -> FacetCount:
    return FacetCount(tag.slug, tag.name, number, tag.slug in chosen.get(tag.facet, ()), depth)


@settings(max_examples=40)
@given(pools(), st.integers(0, 5), CHOSEN)
def test_counts_are_what_choosing_a_value_too_would_leave(
    pool: list[CustomerFeature], split: int, chosen: dict[str, list[str]]
) -> None:
    """Over all segments, of those alive, and for each facet without its own choice."""
    snapshot = snapshot_of(view_of(pool[:split]), view_of(pool[split:], gone=[pool[-1].id]))
    conditions = judge(snapshot)
    base = [view.people.is_live for view in snapshot.views]
    found = count_facets(snapshot, masks_by_facet(snapshot, base, chosen, conditions), chosen, conditions)

    phi = np.concatenate([each.phi for each in conditions])
    alive = np.concatenate(base)
    everyone = [
        values_of(person, customer, float(phi[row])) for row, person, customer in each_person(pool) if alive[row]
    ]

    def total(facet: str, value: str) -> int:
        return sum(value in each.get(facet, ()) and fits(each, chosen, apart_from=facet) for each in everyone)

    expected: dict[str, tuple[FacetCount, ...]] = {}
    for facet in ("industry", "region", "product"):
        counts = {tag.id: total(facet, tag.slug) for tag in VOCABULARY.facet(facet)}
        expected[facet] = tuple(
            count(VOCABULARY.get(each), counts[each], chosen, depth) for each, depth in in_preorder(counts)
        )
    for facet, labels in LABELS.items():
        rows = ((code, label, total(facet, code)) for code, label in labels.items())
        expected[facet] = tuple(
            FacetCount(code, label, number, code in chosen.get(facet, ())) for code, label, number in rows if number
        )
    assert found == {facet: counts for facet, counts in expected.items() if counts}


def test_long_tail_is_cut_but_for_what_is_chosen() -> None:
    tags = [VocabularyTag(each, "technology", f"tool-{each}", f"Tool {each:03}") for each in range(MOST_COUNTS + 5)]
    vocabulary = Vocabulary(tuple(tags))
    numbers = {each.id: 1 for each in tags} | {MOST_COUNTS + 1: 2}
    chosen = frozenset({"tool-42", "tool-3"})
    plain, marked = (in_tree_order(vocabulary, "technology", numbers, each) for each in (frozenset[str](), chosen))
    assert [each.key for each in plain] == ["tool-41", *(f"tool-{each}" for each in range(MOST_COUNTS - 1))]
    assert [each.key for each in marked] == [*(each.key for each in plain), "tool-42"]
    assert [each.key for each in marked if each.is_chosen] == ["tool-3", "tool-42"]


def test_tag_whose_parent_nobody_carries_stands_by_itself() -> None:
    found = in_tree_order(VOCABULARY, "industry", {4: 2, 2: 1}, frozenset())
    assert [(each.key, each.depth) for each in found] == [("pensions", 0), ("banking", 0)]


def test_nobody_to_count() -> None:
    snapshot = snapshot_of(view_of([]))
    conditions = judge(snapshot)
    base = [view.people.is_live for view in snapshot.views]
    assert count_facets(snapshot, masks_by_facet(snapshot, base, {}, conditions), {}, conditions) == {}
