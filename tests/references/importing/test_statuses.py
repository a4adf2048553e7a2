"""What a file says of whole records: deleted in the CRM, on hold, not referenceable, gone."""

from pathlib import Path

import pytest

from references.importing.errors import CellError
from references.importing.headings import guess_mapping
from references.importing.statuses import parse_deleted, parse_status
from references.models import Contact, Customer, StateChange
from tests.factories import make_contact, make_customer
from tests.references.importing.files import import_rows


@pytest.mark.parametrize(
    ("cell", "is_deleted"),
    [
        ("true", True), ("1", True), ("Deleted", True), ("Inactive", True), ("2024-05-01", True), ("Gelöscht", True),
        ("FALSE", False), ("0", False), ("Active", False), ("no|yes", True), ("no|no", False),
    ],
)  # fmt: skip
def test_parse_deleted(cell: str, is_deleted: bool) -> None:
    assert parse_deleted(cell) is is_deleted


def test_parse_deleted_does_not_guess() -> None:
    with pytest.raises(CellError):
        parse_deleted("perhaps")


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("Active", "available"), ("Referenceable", "available"), ("yes", "available"), ("Verfügbar", "available"),
        ("On hold", "paused"), ("Paused", "paused"), ("Do not use", "paused"), ("Not referenceable", "paused"),
        ("Inactive", "paused"), ("Non-referenceable", "paused"), ("Active - on hold until Q3", "paused"),
        ("No", "paused"), ("Former reference", "paused"), ("At risk", "paused"), ("Yes|No", "paused"),
        ("nicht referenzierbar", "paused"), ("En pause", "paused"), ("Pending approval", "paused"),
        ("Retired", "retired"), ("Left company", "retired"), ("Active; do not contact", "opted_out"),
        ("Tier 2", ""), ("Nobel", ""),
    ],
)  # fmt: skip
def test_parse_status_lets_a_no_outdo_a_yes(cell: str, status: str) -> None:
    assert parse_status(cell) == status


@pytest.mark.parametrize(
    "heading", ["IsDeleted", "Is Deleted", "Archived", "statecode", "Deleted At", "Gelöscht", "is_deleted__c"]
)
def test_flag_of_deletion_is_recognized(heading: str) -> None:
    assert "deleted" in guess_mapping(["Company", "Email", heading]).fields


def test_status_of_a_dynamics_export_is_the_state_of_the_record() -> None:
    dynamics = [
        "(Do Not Modify) Contact",
        "(Do Not Modify) Row Checksum",
        "Full Name",
        "Company Name",
        "Email",
        "Status",
    ]
    assert "deleted" in guess_mapping(dynamics).fields
    assert "deleted" not in guess_mapping(["Full Name", "Company Name", "Email", "Status"]).fields


@pytest.mark.django_db
def test_deleted_rows_are_skipped_named_and_no_mistake(tmp_path: Path) -> None:
    kept = make_contact(make_customer("Beta"), "Bo", email="bo@beta.test")
    rows = [
        {"Account Name": "Acme", "Full Name": "Ana", "Email": "ana@acme.test", "IsDeleted": "false"},
        {"Account Name": "Beta", "Full Name": "Bo", "Email": "not an address", "IsDeleted": "true"},
    ]
    report = import_rows(tmp_path, *rows)
    assert (report.rows, report.deleted_rows, report.bad_rows) == (2, 1, 0)
    assert "1 deleted in the CRM and not imported" in report.summarize()
    assert [(note.line, note.column, note.problem) for note in report.notes] == [
        (3, "IsDeleted", "deleted in the CRM, not imported")
    ]
    assert report.notes[0].value.startswith("Bo")
    assert set(Contact.objects.values_list("name", flat=True)) == {"Ana", "Bo"}
    assert Contact.objects.get(pk=kept.pk).status == kept.status
    assert import_rows(tmp_path, *rows).changes == 0


@pytest.mark.django_db
def test_file_of_nothing_but_deleted_rows_is_imported_without_a_change(tmp_path: Path) -> None:
    report = import_rows(tmp_path, {"Company": "Acme", "Industry": "Textiles", "Archived": "yes"})
    assert (report.changes, report.deleted_rows, Customer.objects.count()) == (0, 1, 0)


@pytest.mark.django_db
def test_person_on_hold_is_paused_however_willing(tmp_path: Path) -> None:
    row = {"customer": "Acme", "promoter": "Ana", "activities": "call", "Reference status": "On hold"}
    import_rows(tmp_path, row)
    contact = Contact.objects.get()
    assert (contact.status, contact.activities) == ("paused", ["call"])
    moves = StateChange.objects.filter(subject=f"contact:{contact.pk}").order_by("pk")
    assert [move.to_status for move in moves] == ["known", "nominated", "active", "paused"]
    assert import_rows(tmp_path, row).changes == 0
    import_rows(tmp_path, {"customer": "Acme", "promoter": "Ana", "activities": "call", "consent": "call"})
    assert Contact.objects.get().status == "paused"


@pytest.mark.django_db
def test_whoever_may_be_asked_by_the_file_is_nominated_and_no_more(tmp_path: Path) -> None:
    row = {"customer": "Acme", "promoter": "Ana", "Referenceable": "Yes"}
    import_rows(tmp_path, row, {"customer": "Acme", "promoter": "Bo", "Referenceable": "Yes", "nps": "3"})
    assert dict(Contact.objects.values_list("name", "status")) == {"Ana": "nominated", "Bo": "known"}


@pytest.mark.django_db
def test_whoever_left_by_the_file_is_retired_without_having_opted_out(tmp_path: Path) -> None:
    make_contact(make_customer("Acme"), "Ana", activities=["call"])
    rows = [
        {"customer": "Acme", "promoter": "Ana", "Reference status": "Left company"},
        {"customer": "Acme", "promoter": "Bo", "Reference status": "Do not contact"},
    ]
    import_rows(tmp_path, *rows)
    found = {
        name: (status, out) for name, status, out in Contact.objects.values_list("name", "status", "has_opted_out")
    }
    assert found == {"Ana": ("retired", False), "Bo": ("retired", True)}
    assert import_rows(tmp_path, *rows).changes == 0


@pytest.mark.django_db
def test_account_that_is_not_referenceable_is_kept_as_such(tmp_path: Path) -> None:
    make_customer("Acme")
    rows = [
        {"Company": "Acme", "Industry": "Textiles", "Reference status": "Do not use"},
        {"Company": "Beta", "Industry": "Textiles", "Reference status": "Active"},
    ]
    import_rows(tmp_path, *rows)
    assert dict(Customer.objects.values_list("name", "is_referenceable")) == {"Acme": False, "Beta": True}
    assert import_rows(tmp_path, *rows).changes == 0
    import_rows(tmp_path, rows[0] | {"Reference status": "Active"})
    assert not Customer.objects.get(name="Acme").is_referenceable


@pytest.mark.django_db
def test_status_of_the_account_beside_a_person_is_the_accounts(tmp_path: Path) -> None:
    import_rows(tmp_path, {"Company": "Acme", "Contact": "Ana", "Referenceable account": "No"})
    assert not Customer.objects.get().is_referenceable
    assert Contact.objects.get().status == "known"


@pytest.mark.django_db
def test_bare_status_is_read_where_its_cells_say_who_may_be_asked(tmp_path: Path) -> None:
    import_rows(
        tmp_path,
        {"Company": "Acme", "Contact": "Ana", "Activities": "call", "Status": "Do not use"},
        {"Company": "Acme", "Contact": "Bo", "Activities": "call", "Status": "Active"},
    )
    assert dict(Contact.objects.values_list("name", "status")) == {"Ana": "paused", "Bo": "active"}
    report = import_rows(tmp_path, {"Company": "Beta", "Contact": "Cy", "Activities": "call", "Status": "Inactive"})
    assert Contact.objects.get(name="Cy").status == "active"
    assert any("“Status”" in warning for warning in report.warnings)


@pytest.mark.django_db
def test_status_that_nobody_knows_is_told(tmp_path: Path) -> None:
    rows = [
        {"Company": "Acme", "Contact": "Ana", "Reference status": "Tier 2"},
        {"Company": "Acme", "Contact": "Bo", "Reference status": "Active"},
    ]
    report = import_rows(tmp_path, *rows)
    assert [(note.column, note.value) for note in report.notes] == [("Reference status", "Tier 2")]
    assert dict(Contact.objects.values_list("name", "status")) == {"Ana": "known", "Bo": "nominated"}


@pytest.mark.django_db
def test_reference_with_yes_and_no_is_a_status_and_with_numbers_none(tmp_path: Path) -> None:
    people = [
        {"Company": "Acme", "Contact": "Ana", "Reference?": "Yes"},
        {"Company": "Acme", "Contact": "Bo", "Reference?": "No"},
    ]
    import_rows(tmp_path, *people)
    assert dict(Contact.objects.values_list("name", "status")) == {"Ana": "nominated", "Bo": "paused"}
    import_rows(tmp_path, {"Company": "Acme", "Contact": "Cy", "Reference": "No. 123"})
    assert Contact.objects.get(name="Cy").status == "known"


@pytest.mark.parametrize("heading", ["Reference Program Member Status", "Contact: Reference Availability"])
def test_status_of_a_member_is_recognized(heading: str) -> None:
    assert "reference_status" in guess_mapping(["Company", "Email", heading]).fields


@pytest.mark.parametrize("heading", ["Reference request status", "Reference call status", "Reference Status Date"])
def test_status_of_something_else_is_none(heading: str) -> None:
    assert "reference_status" not in guess_mapping(["Company", "Email", heading]).fields
