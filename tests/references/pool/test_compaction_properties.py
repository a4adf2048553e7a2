"""Merging, without a database: whatever was laid over what, the result is what building anew would give."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from references.days import OPEN_END
from references.pool.compaction import merge_views
from references.pool.features import ConsentFeature, CustomerFeature, PersonFeature
from references.pool.segment import Segment, build_segment
from references.pool.snapshot import View
from tests.references.pool.drawing import TODAY, pools
from tests.references.pool.test_compaction import told


def build(customers: list[CustomerFeature]) -> Segment:
    return build_segment(iter([customers]))


def fresh(customers: list[CustomerFeature]) -> View:
    return View(build(customers), np.zeros(0, dtype=np.int64))


def types_of(segment: Segment) -> dict[str, np.dtype]:
    """The type of every column by its name, those of postings among them."""
    parts = {"": segment, "people.": segment.people, "ledger.": segment.ledger}
    for name in ("people_docs", "content_docs"):
        documents = getattr(segment, name)
        parts |= {f"{name}.": documents}
        parts |= {f"{name}.{each}.": getattr(documents, each) for each in ("tags", "words", "consents")}
    return {
        prefix + name: values.dtype
        for prefix, part in parts.items()
        for name, values in vars(part).items()
        if isinstance(values, np.ndarray)
    }


@settings(max_examples=30)
@given(pools(), st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=4))
def test_merged_is_what_building_anew_gives(customers: list[CustomerFeature], layers: list[set[int]]) -> None:
    """Each layer stands in for what it holds of those before it, so that customers die in the older ones."""
    views: list[View] = []
    alive: set[int] = set()
    for layer in layers:
        chosen = sorted(each for each in layer if each < len(customers))
        ids = np.array([customers[each].id for each in chosen], dtype=np.int64)
        views = [view.without(ids) for view in views]
        views.append(fresh([customers[each] for each in chosen]))
        alive.update(chosen)

    merged = merge_views(views)

    anew = build([customers[each] for each in sorted(alive)])
    assert told(merged) == told(anew)
    assert types_of(merged) == types_of(anew)


@settings(max_examples=15)
@given(pools())
def test_what_nobody_is_left_of_is_an_empty_segment(customers: list[CustomerFeature]) -> None:
    gone = fresh(customers).without(np.array([each.id for each in customers]))
    assert told(merge_views([gone, gone])) == told(build([]))


def test_spans_of_one_person_stay_in_their_order() -> None:
    """However many there are, and in whatever order they were given."""
    spans = [(TODAY + place * 7 % 50, OPEN_END - place) for place in range(50)]
    customers = []
    for customer_id in (1, 2):
        person = PersonFeature(customer_id, 0, -1, 0, 0, 0, 0, -1, 0, [], blackouts=spans)
        person.consents = [ConsentFeature(3, *span) for span in spans]
        customers.append(CustomerFeature(customer_id, -1, 0, 0, 0, [], people=[person]))
    merged = merge_views([fresh(customers[1:]), fresh(customers[:1])])
    assert told(merged) == told(build(customers))


@settings(max_examples=15)
@given(pools())
def test_older_parts_are_left_as_they_were(customers: list[CustomerFeature]) -> None:
    """Other snapshots still read them."""
    views = [fresh(customers[:2]), fresh(customers[2:]).without(np.array([customers[-1].id]))]
    before = [told(view.segment) for view in views]
    merge_views(views)
    assert [told(view.segment) for view in views] == before
