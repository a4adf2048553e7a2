"""A compiled queryset gives what the queryset itself gives, for whatever ids, on whichever thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from references.compiled import Compiled, CompiledCount
from references.models import Contact, ContactTag, Customer
from tests.factories import make_contact, make_customer, make_tag

QUESTIONS: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "rows": lambda: Contact.objects.order_by("-pk"),
    "with their customers": lambda: Contact.objects.select_related("customer").order_by("name", "pk"),
    "values": lambda: Contact.objects.order_by("pk").values_list("name", "customer__name"),
    "one value": lambda: Contact.objects.order_by("pk").values_list("name", flat=True),
    "annotated": lambda: Contact.objects.order_by("pk").annotate(
        is_tagged=Exists(ContactTag.objects.filter(contact=OuterRef("pk")))
    ),
    "with their tags": lambda: Contact.objects.order_by("pk").prefetch_related(Prefetch("tags", to_attr="tagged")),
}


@pytest.fixture
def people(db: None) -> list[Contact]:
    tags = [make_tag(slug="cfo")]
    return [make_contact(make_customer(), name=f"Person {number % 2}", tags=tags[:number]) for number in range(5)]


def told(row: Any) -> Any:
    if not isinstance(row, Contact):
        return row
    extras = (getattr(row, "is_tagged", None), [each.pk for each in getattr(row, "tagged", [])])
    loaded = row.customer.name if "customer" in row._state.fields_cache else ""
    return row.pk, row.name, loaded, *extras


@pytest.mark.parametrize("what", QUESTIONS)
def test_compiled_gives_what_the_queryset_gives(what: str, people: list[Contact]) -> None:
    compiled = Compiled(QUESTIONS[what]())
    ids = [each.pk for each in people]
    for wanted in (ids[:1], ids[1:4], ids, [*ids, ids[-1] + 7]):
        with CaptureQueriesContext(connection) as plain:
            expected = list(map(told, QUESTIONS[what]().filter(pk__in=wanted)))
        with CaptureQueriesContext(connection) as queries:
            assert list(map(told, compiled.among(wanted))) == expected
        assert len(queries) == len(plain)


def test_lookup_may_be_another_column(people: list[Contact]) -> None:
    compiled = Compiled(Contact.objects.values_list("pk", flat=True), "customer")
    assert list(compiled.among([people[2].customer_id])) == [people[2].pk]


def test_nothing_is_asked_without_ids(people: list[Contact]) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert Compiled(Customer.objects.all()).among([]) == []
    assert len(queries) == 0


@pytest.mark.django_db(transaction=True)
def test_threads_ask_on_connections_of_their_own() -> None:
    compiled = Compiled(Contact.objects.select_related("customer"))
    ids = [make_contact(name=f"Person {number}").pk for number in range(4)]

    def ask(number: int) -> set[int]:
        try:
            return {row.pk for row in compiled.among(ids[: number % 4 + 1])}
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(40)))
    assert answers == [set(ids[: number % 4 + 1]) for number in range(40)]


def test_count_of_one_thing(people: list[Contact]) -> None:
    """Whatever the queryset joins, and wherever it names the thing."""
    counted = CompiledCount(
        lambda whose: Contact.objects.filter(Q(customer=whose) | Q(tags__in=[7, 8]), customer__pk=whose).order_by(
            "name"
        )
    )
    alone = people[0]
    make_contact(alone.customer)
    for person in (alone, people[1], alone):
        with CaptureQueriesContext(connection) as queries:
            assert counted.of(person.customer_id) == person.customer.contacts.count()
        assert len(queries) == 2
    assert counted.of(0) == 0
