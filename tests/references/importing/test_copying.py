"""Copies that the server still has in hand: what follows waits for them, what they break is told, nothing is left."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from references.importing.copying import copying_ahead
from references.importing.inserting import append_rows, insert_rows
from references.models import Contact, Customer, CustomerTag, StateChange
from references.pool.writing import pool_write

pytestmark = pytest.mark.django_db
NAMES = ("subject", "from_status", "to_status", "why")


@pytest.fixture(autouse=True)
def _written() -> Iterator[None]:
    with pool_write():
        yield


def changes(count: int, why: str = "") -> list[tuple[str, str, str, str]]:
    return [(f"contact:{number}", "", "known", why) for number in range(count)]


def test_what_follows_finds_the_rows() -> None:
    with copying_ahead():
        append_rows(StateChange, NAMES, changes(500))
        assert StateChange.objects.count() == 500
        keys = insert_rows(StateChange, NAMES, changes(500))
        append_rows(StateChange, NAMES, changes(1))
        with transaction.atomic():
            assert StateChange.objects.filter(pk__in=keys).count() == 500
        append_rows(StateChange, NAMES, changes(1))
    assert StateChange.objects.count() == 1002


def test_more_than_the_line_to_the_server_holds_comes_in_whole() -> None:
    with copying_ahead():
        append_rows(StateChange, NAMES, changes(9_000, "x" * 290))
        append_rows(StateChange, NAMES, changes(9_000, "y" * 290))
    assert (
        StateChange.objects.filter(why="x" * 290).count() == StateChange.objects.filter(why="y" * 290).count() == 9_000
    )


@pytest.mark.parametrize("ends", ["at once", "by a statement", "by another copy", "by an error"])
def test_a_broken_constraint_is_told_and_undone(ends: str) -> None:
    insert_rows(Customer, ("name", "folded_name"), [("Acme", "acme")])

    def break_it() -> None:
        with transaction.atomic(), copying_ahead():
            append_rows(StateChange, NAMES, changes(3))
            append_rows(Customer, ("name", "folded_name"), [("Beta", "beta"), ("ACME", "acme")])
            if ends == "by a statement":
                Customer.objects.count()
            if ends == "by another copy":
                append_rows(StateChange, NAMES, changes(3))
            if ends == "by an error":
                raise IntegrityError

    with pytest.raises(IntegrityError):
        break_it()
    assert (Customer.objects.count(), StateChange.objects.count()) == (1, 0)


def test_an_error_meanwhile_is_the_one_that_is_raised() -> None:
    def stop_midway() -> None:
        with transaction.atomic(), copying_ahead():
            append_rows(StateChange, NAMES, changes(3_000))
            raise KeyError("stopped")

    with pytest.raises(KeyError, match="stopped"):
        stop_midway()
    assert not StateChange.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite looks at foreign keys in the end")
def test_a_foreign_key_is_looked_at_as_rows_come_in() -> None:
    def link_to_nothing() -> None:
        with transaction.atomic(), copying_ahead():
            append_rows(CustomerTag, ("customer_id", "tag_id", "verified_on"), [(10**9, 10**9, date(2026, 1, 1))])

    with pytest.raises(IntegrityError):
        link_to_nothing()


def test_afterwards_foreign_keys_may_be_broken_for_a_while_again() -> None:
    with copying_ahead():
        append_rows(StateChange, NAMES, changes(1))
    rows: list[tuple[Any, ...]] = [(10**9, "Ana", "ana")]
    (key,) = insert_rows(Contact, ("customer_id", "name", "folded_name"), rows)
    Contact.objects.filter(pk=key).delete()
