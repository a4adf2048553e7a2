"""The one door for writes: notes and numbers come last, in commit order, and nothing gets past it."""

import contextlib
from collections.abc import Callable

import pytest
from django.db import transaction

from references.models import Contact, Customer, CustomerTag, NoteKind, PoolNote, PoolRevision, Tag
from references.pool.gate import PoolWriteError
from references.pool.writing import pool_write
from tests.factories import make_contact, make_customer, make_tag

pytestmark = pytest.mark.django_db


def number() -> int:
    row = PoolRevision.objects.filter(pk=1).first()
    return 0 if row is None else row.value


def test_pool_write_nested_takes_one_number_for_all() -> None:
    customer, other = make_customer(), make_customer()
    before = number()

    with pool_write() as touched:
        touched.add(customer.pk)
        with pool_write() as inner:
            inner.add(other.pk)

    assert number() == before + 1
    notes = PoolNote.objects.filter(number=before + 1, kind=NoteKind.CUSTOMER)
    assert set(notes.values_list("object_id", flat=True)) == {customer.pk, other.pk}


def test_pool_write_failing_leaves_neither_rows_nor_note() -> None:
    before, count = number(), Customer.objects.count()

    with contextlib.suppress(ZeroDivisionError), pool_write() as touched:
        touched.add(Customer.objects.create(name="A", folded_name="a").pk)
        raise ZeroDivisionError

    assert (number(), Customer.objects.count()) == (before, count)
    with pytest.raises(PoolWriteError):
        Customer.objects.create(name="B", folded_name="b")


def test_pool_write_touching_nothing_takes_no_number() -> None:
    make_customer()
    before = number()
    with pool_write():
        pass
    assert number() == before


@pytest.mark.django_db(transaction=True)
def test_pool_write_inside_another_transaction_is_refused() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), pool_write():
        pass


@pytest.mark.parametrize(
    "attempt",
    [
        lambda contact, tag: contact.save(),
        lambda contact, tag: contact.delete(),
        lambda contact, tag: Contact.objects.update(notes="x"),
        lambda contact, tag: Contact.objects.filter(pk=contact.pk).delete(),
        lambda contact, tag: Contact.objects.bulk_create([contact]),
        lambda contact, tag: Contact.objects.bulk_update([contact], ["notes"]),
        lambda contact, tag: Contact.objects.create(customer=contact.customer, name="N", folded_name="n"),
        lambda contact, tag: contact.customer.tags.add(tag, through_defaults={"verified_on": "2026-01-01"}),
        lambda contact, tag: contact.customer.contacts.update(notes="x"),
        lambda contact, tag: contact.customer.customer_tags.all().delete(),
        lambda contact, tag: Tag.objects.get_or_create(facet="industry", slug="new", name="New"),
        lambda contact, tag: CustomerTag.objects.update_or_create(
            customer=contact.customer, tag=tag, defaults={"verified_on": "2026-01-01"}
        ),
    ],
)
def test_write_outside_pool_write_raises(attempt: Callable[[Contact, Tag], object]) -> None:
    contact, tag = make_contact(), make_tag()
    with pytest.raises(PoolWriteError):
        attempt(contact, tag)
