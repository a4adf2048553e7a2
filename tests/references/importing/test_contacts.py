"""Which person a row means, what status it earns them, and who stays out."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from delivery.models import OutboxMessage
from references.announcing import UNAVAILABLE
from references.enums import ContactStatus
from references.importing.contacts import choose_status, name_address
from references.importing.record import ImportRow
from references.models import Contact, Engagement, StateChange
from references.pool.index import current_snapshot
from tests.factories import make_contact, make_customer
from tests.references.importing.files import import_rows

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (ImportRow(1, activities=("call",)), "active"),
        (ImportRow(1, consent=("call",)), "active"),
        (ImportRow(1, consent=("call",), consent_until=date(2026, 10, 31)), "known"),
        (ImportRow(1, consent=("call",), consent_until=TODAY), "active"),
        (ImportRow(1, activities=("call",), consent_refused=True), "known"),
        (ImportRow(1, activities=("call",), nps=6), "known"),
        (ImportRow(1, activities=("call",), nps=7), "active"),
        (ImportRow(1, nps=9), "nominated"),
        (ImportRow(1, nps=8), "known"),
        (ImportRow(1, nps=9, consent_refused=True), "nominated"),
        (ImportRow(1), "known"),
    ],
)
def test_status_is_earned_by_what_a_row_says(row: ImportRow, status: str) -> None:
    assert choose_status(row, TODAY) == status


@pytest.mark.parametrize(
    ("email", "name"), [("ana.lopez@acme.test", "Ana Lopez"), ("j_doe2@x.test", "J Doe"), ("007@x.test", "007")]
)
def test_name_is_made_of_an_address(email: str, name: str) -> None:
    assert name_address(email) == name


def test_contact_is_found_by_crm_id_then_address_then_name(tmp_path: Path) -> None:
    acme = make_customer("Acme")
    by_id = make_contact(acme, "Ana", external_id="1", title="a")
    by_email = make_contact(acme, "Bo", email="bo@acme.test", title="b")
    by_name = make_contact(acme, "Cy Özil", title="c")
    report = import_rows(
        tmp_path,
        {"customer": "Acme", "external_id": "1", "promoter": "Ana Lopez", "title": "A"},
        {"customer": "Acme", "email": "BO@acme.test", "title": "B"},
        {"customer": "Acme", "promoter": "CY OZIL", "title": "C"},
    )
    assert report.counts["contacts"].updated == 3
    found = {contact.pk: contact.title for contact in Contact.objects.all()}
    assert found == {by_id.pk: "A", by_email.pk: "B", by_name.pk: "C"}
    assert Contact.objects.get(pk=by_id.pk).name == "Ana Lopez"


def test_namesakes_with_addresses_of_their_own_are_two_people(tmp_path: Path) -> None:
    rows = [
        {"customer": "Acme", "promoter": "Jo Li", "email": "jo@acme.test"},
        {"customer": "Acme", "promoter": "Jo Li", "email": "jo.li@acme.test"},
        {"customer": "Acme", "promoter": "Jo Li", "email": ""},
    ]
    assert import_rows(tmp_path, *rows).counts["contacts"].created == 2
    assert import_rows(tmp_path, *rows).changes == 0


def test_shared_mailbox_is_nobodys_identity(tmp_path: Path) -> None:
    rows = [
        {"customer": "Acme", "promoter": "Ana", "email": "info@acme.test"},
        {"customer": "Acme", "promoter": "Bo", "email": "info@acme.test"},
    ]
    assert import_rows(tmp_path, *rows).counts["contacts"].created == 2
    assert import_rows(tmp_path, *rows).changes == 0


def test_contact_without_a_name_gets_one_of_the_address_until_one_is_told(tmp_path: Path) -> None:
    import_rows(tmp_path, {"customer": "Acme", "email": "ana.lopez@acme.test"})
    assert Contact.objects.get().name == "Ana Lopez"
    import_rows(tmp_path, {"customer": "Acme", "email": "ana.lopez@acme.test", "promoter": "Dr. Ana López"})
    assert Contact.objects.get().name == "Dr. Ana López"


def test_known_contact_steps_up_along_the_table(tmp_path: Path) -> None:
    contact = make_contact(make_customer("Acme"), "Ana", status="known")
    import_rows(tmp_path, {"customer": "Acme", "promoter": "Ana", "activities": "call"})
    contact.refresh_from_db()
    assert contact.status == "active"
    moves = StateChange.objects.filter(subject=f"contact:{contact.pk}").order_by("pk")
    assert [(move.from_status, move.to_status) for move in moves] == [("known", "nominated"), ("nominated", "active")]


@pytest.mark.parametrize("status", [ContactStatus.ACTIVE, ContactStatus.PAUSED])
def test_status_is_never_lowered(tmp_path: Path, status: str) -> None:
    make_contact(make_customer("Acme"), "Ana", status=status)
    import_rows(tmp_path, {"customer": "Acme", "promoter": "Ana", "nps": "2", "consent": "no"})
    contact = Contact.objects.get()
    assert (contact.status, contact.loyalty) == (status, "detractor")


@pytest.mark.parametrize("fields", [{"status": "retired", "has_opted_out": True}, {"status": "retired"}])
def test_whoever_left_or_opted_out_stays_out(tmp_path: Path, fields: dict[str, Any]) -> None:
    contact = make_contact(make_customer("Acme"), "Ana", email="ana@acme.test", title="CTO", **fields)
    row = {"customer": "Acme", "promoter": "Ana", "email": "ana@acme.test", "title": "CEO", "consent": "call"}
    report = import_rows(tmp_path, row)
    assert (contact.consents.count(), contact.customer.consents.count()) == (0, 0)
    assert list(Contact.objects.values_list("status", "title")) == [("retired", "CTO")]
    assert "stays out" in report.notes[0].problem


def test_new_address_at_a_new_customer_is_a_change_of_job(tmp_path: Path) -> None:
    old = make_contact(make_customer("Acme"), "Ana", external_id="1", email="ana@acme.test", consents=["call"])
    row = {"customer": "Beta", "promoter": "Ana", "external_id": "1", "email": "ana@beta.test", "nps": "9"}
    import_rows(tmp_path, row)
    old.refresh_from_db()
    new = Contact.objects.exclude(pk=old.pk).get()
    assert (old.status, old.external_id) == ("retired", "")
    assert (new.customer.name, new.status, new.external_id, new.consents.count()) == ("Beta", "nominated", "1", 0)
    assert import_rows(tmp_path, row).changes == 0


def test_same_address_under_another_customer_is_left_where_it_is(tmp_path: Path) -> None:
    make_contact(make_customer("Acme"), "Ana", email="ana@acme.test")
    report = import_rows(tmp_path, {"customer": "Acme Inc.", "email": "ana@acme.test", "promoter": "Ana"})
    assert Contact.objects.get().customer.name == "Acme"
    assert report.notes[0].problem == "is known at Acme and was left there"


def test_opting_out_holds_for_the_next_job_too(tmp_path: Path) -> None:
    make_contact(
        make_customer("Acme"), "Ana", external_id="1", email="a@acme.test", status="retired", has_opted_out=True
    )
    import_rows(tmp_path, {"customer": "Beta", "promoter": "Ana", "external_id": "1", "email": "a@beta.test"})
    assert Contact.objects.count() == 1


def test_activities_are_added_never_taken(tmp_path: Path) -> None:
    make_contact(make_customer("Acme"), "Ana", activities=["press"])
    import_rows(tmp_path, {"customer": "Acme", "promoter": "Ana", "activities": "call|press"})
    assert Contact.objects.get().activities == ["press", "call"]


def test_seniority_and_role_are_read_from_the_title_only_where_the_file_is_silent(tmp_path: Path) -> None:
    import_rows(
        tmp_path,
        {"customer": "Acme", "promoter": "Ana", "title": "VP of Sales"},
        {"customer": "Acme", "promoter": "Bo", "title": "VP of Sales", "seniority": "manager", "role": "Zookeeping"},
    )
    ana, bo = Contact.objects.order_by("pk")
    assert (ana.seniority, bo.seniority) == ("vp", "manager")
    assert list(bo.tags.values_list("slug", "status")) == [("zookeeping", "proposed")]


def test_newest_answer_holds_and_each_dated_one_is_logged_once(tmp_path: Path) -> None:
    rows = [
        {"customer": "Acme", "promoter": "Ana", "nps": "3", "nps_date": "2025-05-01", "nps_comment": "slow"},
        {"customer": "Acme", "promoter": "Ana", "nps": "9", "nps_date": "2026-05-01", "nps_comment": "fast"},
        {"customer": "Acme", "promoter": "Ana", "nps": "1", "nps_date": "", "nps_comment": ""},
    ]
    report = import_rows(tmp_path, *rows)
    contact = Contact.objects.get()
    assert (contact.nps_score, contact.nps_on, contact.nps_comment) == (9, date(2026, 5, 1), "fast")
    assert contact.loyalty == "promoter"
    assert report.counts["answers"].created == 2
    logged = Engagement.objects.values_list("activity", "status", "on", "source")
    assert list(logged) == [
        ("survey", "completed", day, f"import:nps:{contact.pk}:{day}") for day in (date(2025, 5, 1), date(2026, 5, 1))
    ]
    assert import_rows(tmp_path, *rows).changes == 0


def test_imported_promoter_is_in_the_pool_at_once(tmp_path: Path) -> None:
    current_snapshot()
    import_rows(tmp_path, {"customer": "Acme", "promoter": "Ana", "activities": "call"})
    assert Contact.objects.promoters().count() == 1


def test_whoever_opts_out_by_the_file_is_kept_and_retired(tmp_path: Path) -> None:
    row = {"customer": "Acme", "promoter": "Ana", "email": "ana@acme.test", "consent": "call", "opted_out": "yes"}
    report = import_rows(tmp_path, row)
    contact = Contact.objects.get()
    assert (contact.name, contact.has_opted_out, contact.status) == ("Ana", True, "retired")
    assert contact.customer.consents.count() == contact.consents.count() == 0
    assert [note.field for note in report.notes] == ["opted_out"]
    moves = StateChange.objects.filter(subject=f"contact:{contact.pk}").order_by("pk")
    assert [move.to_status for move in moves][-1] == "retired"
    assert import_rows(tmp_path, row).changes == 0


def test_whoever_the_pool_knows_opts_out_by_the_file(tmp_path: Path) -> None:
    contact = make_contact(make_customer("Acme"), "Ana", email="ana@acme.test", status=ContactStatus.ACTIVE)
    import_rows(tmp_path, {"customer": "Beta", "promoter": "Ana", "email": "ana@acme.test", "opted_out": "1"})
    contact.refresh_from_db()
    assert (contact.has_opted_out, contact.status, contact.customer.name) == (True, "retired", "Acme")
    assert OutboxMessage.objects.filter(kind=UNAVAILABLE, payload__contact=contact.pk).exists()


def test_no_in_the_column_of_those_who_opted_out_is_no_word_of_it(tmp_path: Path) -> None:
    import_rows(tmp_path, {"customer": "Acme", "promoter": "Ana", "email": "ana@acme.test", "opted_out": "no"})
    assert list(Contact.objects.values_list("status", "has_opted_out")) == [("known", False)]


def test_ids_of_fifteen_and_of_eighteen_characters_are_the_same(tmp_path: Path) -> None:
    customer = make_customer("Acme", external_id="0015g00000XyZaB")
    contact = make_contact(customer, "Ana", external_id="0035g00000AbCdE")
    import_rows(
        tmp_path, {"customer_id": "0015g00000XyZaBAAV", "promoter": "Ana P.", "external_id": "0035g00000AbCdEAAV"}
    )
    import_rows(tmp_path, {"customer_id": "0015g00000XyZaB", "promoter": "Ben", "external_id": "0035g00000AbCdF"})
    contact.refresh_from_db()
    assert (contact.name, contact.customer) == ("Ana P.", customer)
    assert set(Contact.objects.values_list("customer", flat=True)) == {customer.pk}
