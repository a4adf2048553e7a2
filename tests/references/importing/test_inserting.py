"""Many rows inserted at once: every value comes back as it went in, keys are in order, and a broken rule is told."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from references.enums import ContactStatus, Health
from references.importing import inserting
from references.importing.inserting import insert_objects, insert_rows
from references.models import Contact, Customer, Engagement, StateChange
from references.pool.gate import PoolWriteError
from references.pool.writing import pool_write

pytestmark = pytest.mark.django_db
ODD = [
    "", " ", "a\tb", "a\nb", "a\r\nb", "a\\b", "\\", "\\N", "\\.", "\\t", "\\\n", "NULL", "null", "'", '"', "{}",
    "%s", "ä ß € 東京 🙂", "e\u0301", "\x01\x7f", "\u2028", ",;|", "\ttab first", "tab last\t", "\\x41", "\\101",
]  # fmt: skip
CUSTOMER = ("name", "folded_name", "notes", "annual_value", "currency", "renewal_date", "health", "is_named")


def insert_notes(*notes: str) -> list[str]:
    """Insert a customer for each of these notes; gives the notes as the pool holds them, in the order of the keys."""
    with pool_write():
        rows = [(f"C{place}", f"c{place}", text) for place, text in enumerate(notes)]
        keys = insert_rows(Customer, ("name", "folded_name", "notes"), rows)
    found = Customer.objects.in_bulk(keys)
    return [found[key].notes for key in keys]


@pytest.mark.parametrize("text", ODD)
def test_text_comes_back_as_it_went_in(text: str) -> None:
    assert insert_notes(text) == [text]
    assert insert_notes_again("plain", text, "plain too") == ["plain", text, "plain too"]


def insert_notes_again(*notes: str) -> list[str]:
    """As `insert_notes`, after those that it made are gone."""
    with pool_write():
        Customer.objects.all().delete()
    return insert_notes(*notes)


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=8))
@settings(deadline=None, max_examples=60)
def test_any_text_comes_back_as_it_went_in(texts: list[str]) -> None:
    assert insert_notes_again(*texts) == texts


def test_values_of_every_kind_come_back_as_they_went_in() -> None:
    rows = [
        ("Acme", "acme", "x", Decimal("1234567.80"), "EUR", date(2031, 2, 28), Health.GREEN, True),
        ("Beta", "beta", "", None, "", None, "red", False),
        ("Gamma", "gamma", "y", Decimal("-0.01"), "USD", date(1, 1, 1), Health.UNKNOWN, True),
        ("Delta", "delta", "z", Decimal("0"), "JPY", date(9999, 12, 31), "yellow", False),
    ]
    with pool_write():
        keys = insert_rows(Customer, CUSTOMER, rows)
    found = Customer.objects.in_bulk(keys)
    assert [tuple(getattr(found[key], name) for name in CUSTOMER) for key in keys] == rows


def test_nothing_is_told_from_an_empty_text() -> None:
    customer = make_customer()
    rows = [(customer, "A", "a", None, ""), (customer, "B", "b", 3, "\\N"), (customer, "C", "c", 0, "None")]
    with pool_write():
        keys = insert_rows(Contact, ("customer_id", "name", "folded_name", "max_per_quarter", "notes"), rows)
    found = Contact.objects.in_bulk(keys)
    assert [(found[key].max_per_quarter, found[key].notes) for key in keys] == [(None, ""), (3, "\\N"), (0, "None")]
    assert Contact.objects.filter(max_per_quarter=None).count() == 1


@pytest.mark.parametrize(
    "value", [[], ["call", "quote"], ["a\tb", "a\\b", 'a"b', "a\nb", "ä🙂"], ["\\N"], [[1, None], {}]]
)
def test_json_comes_back_as_it_went_in(value: list[object]) -> None:
    customer = make_customer()
    rows = [(customer, "A", "a", value), (customer, "B", "b", []), (customer, "C", "c", value)]
    with pool_write():
        keys = insert_rows(Contact, ("customer_id", "name", "folded_name", "activities"), rows)
    assert [Contact.objects.get(pk=key).activities for key in keys] == [value, [], value]


def test_other_columns_get_what_is_fixed_or_their_defaults() -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
    contact = make_contact()
    fixed = {"activity": "call", "status": "completed", "recorded_at": at, "on": date(2026, 3, 4)}
    with pool_write():
        (key,) = insert_rows(Engagement, ["contact_id", "source"], [(contact, "a\tb\\")], fixed)
    made = Engagement.objects.get(pk=key)
    assert (made.contact_id, made.source, made.activity, made.on, made.recorded_at) == (
        contact, "a\tb\\", "call", date(2026, 3, 4), at,
    )  # fmt: skip
    assert made.hold_expires_at is None


def test_keys_are_those_of_the_rows_and_no_one_gets_them_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inserting, "_COPIED_AT_ONCE", 3)
    monkeypatch.setattr(inserting, "_MAX_PARAMETERS", 30)
    subjects = [f"contact:{number}" for number in range(20)]
    keys = insert_rows(StateChange, ["subject", "from_status", "to_status"], [(each, "", "known") for each in subjects])
    found = StateChange.objects.in_bulk(keys)
    assert [found[key].subject for key in keys] == subjects
    assert StateChange.objects.create(subject="contact:20", to_status="known").pk > max(keys)


def test_nothing_to_insert_gives_no_keys() -> None:
    assert insert_rows(StateChange, ["subject"], []) == []


def test_objects_get_their_keys_and_are_saved() -> None:
    with pool_write():
        made = [Customer(name=f"C{number}", folded_name=f"c{number}") for number in range(3)]
        insert_objects(made)
        customer = made[1]
        contact = Contact(customer=customer, name="Ana", folded_name="ana", status=ContactStatus.ACTIVE)
        insert_objects([contact])
    assert [Customer.objects.get(pk=each.pk).name for each in made] == ["C0", "C1", "C2"]
    found = Contact.objects.get()
    assert (found.pk, found.customer_id, found.status, found.activities) == (contact.pk, customer.pk, "active", [])
    assert found.created_at == contact.created_at
    with pool_write():
        contact.name = "Ana María"
        contact.save(update_fields=["name"])
    assert Contact.objects.get().name == "Ana María"


def test_a_broken_constraint_is_told_as_such() -> None:
    with pytest.raises(IntegrityError), pool_write():
        insert_rows(Customer, ("name", "folded_name"), [("Acme", "acme"), ("ACME", "acme")])
    assert not Customer.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps it")
def test_a_nul_is_told_as_wrong_data() -> None:
    with pytest.raises(DataError), pool_write():
        insert_rows(Customer, ("name", "folded_name"), [("Acme\0", "acme")])


def test_rows_of_the_pool_need_a_write_to_the_pool() -> None:
    with pytest.raises(PoolWriteError):
        insert_rows(Customer, ("name", "folded_name"), [("Acme", "acme")])


def make_customer() -> int:
    """A customer; gives the key."""
    with pool_write():
        return insert_rows(Customer, ("name", "folded_name"), [("Acme", "acme")])[0]


def make_contact() -> int:
    """A contact of a customer; gives the key."""
    customer = make_customer()
    with pool_write():
        return insert_rows(Contact, ("customer_id", "name", "folded_name"), [(customer, "Ana", "ana")])[0]
