"""Names in memory: in order, found by any part of them, and as the database has them after every change."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.models import Contact, Customer
from references.pool.index import current_snapshot, forget_snapshot
from references.pool.names import MOST_STALE, Line, NameList
from references.pool.writing import pool_write
from tests.factories import make_contact, make_customer

NAMES = st.text("abé", max_size=5)


def lines(names: list[tuple[str, int]], first: int = 0) -> list[Line]:
    return [(first + place, name, (customer,)) for place, (name, customer) in enumerate(names)]


def told(names: NameList) -> list[Line]:
    return [
        (int(pk), names.name(line), tuple(names.facts[line].tolist())) for line, pk in enumerate(names.ids.tolist())
    ]


@given(rows=st.lists(st.tuples(NAMES, st.integers(1, 4)), max_size=12), part=st.text("abé", max_size=2))
def test_list_finds_what_a_walk_over_the_names_finds(rows: list[tuple[str, int]], part: str) -> None:
    names = NameList.of(reversed(lines(rows)))
    ordered = sorted(lines(rows), key=lambda line: (line[1], line[0]))
    assert told(names) == ordered
    assert names.holding(part) == {place for place, line in enumerate(ordered) if part in line[1]}
    asked = np.arange(-1, len(rows) + 2)
    places = {pk: place for place, (pk, _, _) in enumerate(ordered)}
    assert names.places(asked).tolist() == [places.get(pk, len(rows)) for pk in asked.tolist()]


@given(
    rows=st.lists(st.tuples(NAMES, st.integers(1, 4)), max_size=12),
    changed=st.sets(st.integers(1, 5)),
    later=st.lists(st.tuples(NAMES, st.integers(1, 5)), max_size=6),
)
def test_replacing_gives_what_reading_all_would(
    rows: list[tuple[str, int]], changed: set[int], later: list[tuple[str, int]]
) -> None:
    fresh = [line for line in lines(later, first=100) if line[2][0] in changed]
    kept = [line for line in lines(rows) if line[2][0] not in changed]
    assert told(NameList.of(lines(rows)).with_those_of(changed, fresh)) == told(NameList.of([*kept, *fresh]))


@pytest.mark.django_db
def test_snapshot_hands_on_its_names_and_reads_anew_what_was_changed() -> None:
    one, two = make_contact(make_customer("Oakmere"), name="Ada Lind"), make_contact(make_customer("Thistle"))
    assert len(current_snapshot().names.people.ids) == 2
    with pool_write() as touched:
        Customer.objects.filter(pk=one.customer_id).update(folded_name="zephyr", domain="Zephyr.example")
        Contact.objects.filter(pk=one.pk).update(folded_name="ada berg")
        touched.add(one.customer_id)
    make_contact(one.customer, name="Nils Ek")
    with pool_write() as touched:
        two.delete()
        touched.add(two.customer_id)
    names = current_snapshot().names
    assert [name for _, name, _ in told(names.people)] == ["ada berg", "nils ek"]
    assert [name for _, name, _ in told(names.customers)] == ["thistle\t", "zephyr\tzephyr.example"]
    forget_snapshot()
    fresh = current_snapshot().names
    assert (told(names.people), told(names.customers)) == (told(fresh.people), told(fresh.customers))


@pytest.mark.django_db
def test_names_are_read_once_and_all_anew_after_many_changes(django_assert_num_queries: Any) -> None:
    contact = make_contact()
    names = current_snapshot().names
    with django_assert_num_queries(1):
        known = names.people
        assert names.people is names.after([]).people is known
    with django_assert_num_queries(1) as few:
        assert told(names.after([contact.customer_id]).people) == told(known)
    with django_assert_num_queries(1) as many:
        assert told(names.after([contact.customer_id]).after(range(10**6, 10**6 + MOST_STALE)).people) == told(known)
    assert "WHERE" in few[0]["sql"]
    assert "WHERE" not in many[0]["sql"]
