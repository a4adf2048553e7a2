"""Columns that say yes or no to one activity: which headings they have, and what their cells come to."""

from pathlib import Path

import pytest

from references.importing.agreeing import parse_agreement, recognize_agreement
from references.importing.errors import CellError
from references.importing.wording import recognize
from references.models import Consent, Contact
from tests.factories import make_contact, make_customer
from tests.references.importing.files import import_rows


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Reference call", "agrees_to_call"),
        ("Reference Call (Y/N)", "agrees_to_call"),
        ("Willing to be a phone reference?", "agrees_to_call"),
        ("Case Study OK?", "permits_case_study"),
        ("Case study (Y/N)", "agrees_to_case_study"),
        ("Logo permission", "permits_logo"),
        ("Permission to use logo", "permits_logo"),
        ("Logo_Usage_Approved__c", "permits_logo"),
        ("Will speak at events", "agrees_to_speaking"),
        ("Willing to do site visit", "agrees_to_site_visit"),
        ("Would you host a site visit?", "agrees_to_site_visit"),
        ("Quote approved", "permits_quote"),
        ("Can be quoted", "agrees_to_quote"),
        ("Open to video testimonial", "agrees_to_video"),
        ("Press interview allowed", "agrees_to_press"),
        ("Customer Advisory Board", "agrees_to_advisory"),
        ("Bereit zu Referenzgespräch", "agrees_to_call"),
        ("G2 Review", "agrees_to_review"),
        ("Logofreigabe", "permits_logo"),
        ("Llamada de referencia", "agrees_to_call"),
    ],
)
def test_headings_that_ask_for_a_yes_or_no_to_an_activity(heading: str, field: str) -> None:
    found = recognize(heading)
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    "heading",
    [
        "Last reference call date", "Logo URL", "Reference call notes", "Event", "Story", "Number of calls", "Call",
        "Website", "May we contact you?", "Approved by", "Available on", "Will", "Can", "x" * 200,
    ],
)  # fmt: skip
def test_headings_that_mean_something_else(heading: str) -> None:
    assert recognize_agreement(heading, alone=True) is None


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        ("Y", True), ("yes", True), ("✓", True), ("OK", True), ("checked", True), ("Allowed", True),
        ("N", False), ("No, not any more", False), ("Never", False), ("☐", False), ("unchecked", False),
        ("Declined 2024", False), ("yes|Approved", True),
        ("yes|no", False), ("nein", False),
    ],
)  # fmt: skip
def test_parse_agreement(cell: str, verdict: bool) -> None:
    assert parse_agreement(cell) is verdict


@pytest.mark.parametrize("cell", ["Maybe", "Not yet asked", "Yes, but only in EMEA", "2024-01-01"])
def test_parse_agreement_guesses_nothing(cell: str) -> None:
    with pytest.raises(CellError):
        parse_agreement(cell)


@pytest.mark.django_db
def test_yes_is_an_opt_in_and_no_consent(tmp_path: Path) -> None:
    row = {"Company": "Acme", "Contact": "Ana", "Reference call": "Y", "Quote approved": "yes", "Site visit": "No"}
    import_rows(tmp_path, row)
    contact = Contact.objects.get()
    assert (contact.activities, contact.status) == (["call", "quote"], "active")
    assert not Consent.objects.exists()
    assert import_rows(tmp_path, row).changes == 0


@pytest.mark.django_db
def test_no_outdoes_every_yes_of_the_file_and_of_the_pool(tmp_path: Path) -> None:
    make_contact(make_customer("Acme"), "Ana", activities=["call", "press"])
    rows = [
        {"customer": "Acme", "promoter": "Ana", "activities": "call|quote", "consent": "call|quote"},
        {"customer": "Acme", "promoter": "Ana", "Reference call": "N"},
        {"customer": "Acme", "promoter": "Ana", "activities": "call"},
    ]
    import_rows(tmp_path, *rows)
    assert Contact.objects.get().activities == ["press", "quote"]
    assert import_rows(tmp_path, *rows).changes == 0


@pytest.mark.django_db
def test_no_in_the_row_itself_keeps_consent_from_being_read(tmp_path: Path) -> None:
    import_rows(
        tmp_path, {"customer": "Acme", "promoter": "Ana", "consent": "call|logo", "Willing to do reference calls": "no"}
    )
    assert list(Consent.objects.values_list("activity", flat=True)) == ["logo"]


@pytest.mark.django_db
def test_permission_refused_ends_the_consent_to_that_alone(tmp_path: Path) -> None:
    make_contact(make_customer("Acme"), "Ana", consents=["logo", "quote", "call"], activities=["logo", "quote", "call"])
    row = {"Company": "Acme", "Contact": "Ana", "Logo permission": "N", "Reference call": "N"}
    import_rows(tmp_path, row)
    assert set(Consent.objects.filter(revoked_at=None).values_list("activity", flat=True)) == {"quote", "call"}
    assert Contact.objects.get().activities == ["quote"]
    assert import_rows(tmp_path, row).changes == 0


@pytest.mark.django_db
def test_permission_refused_in_a_list_of_accounts_ends_the_customers_consent(tmp_path: Path) -> None:
    import_rows(tmp_path, {"customer": "Acme", "consent": "logo|quote"})
    import_rows(tmp_path, {"Company": "Acme", "Industry": "Textiles", "Logo permission": "No"})
    assert list(Consent.objects.filter(revoked_at=None).values_list("activity", flat=True)) == ["quote"]


@pytest.mark.django_db
def test_what_is_neither_yes_nor_no_is_told_and_agrees_to_nothing(tmp_path: Path) -> None:
    rows = [
        {"Company": "Acme", "Contact": "Ana", "Reference call": "Yes, but ask first"},
        {"Company": "Acme", "Contact": "Bo", "Reference call": "yes"},
    ]
    report = import_rows(tmp_path, *rows)
    assert dict(Contact.objects.values_list("name", "activities")) == {"Ana": [], "Bo": ["call"]}
    assert [(note.line, note.column, note.value) for note in report.notes] == [
        (2, "Reference call", "Yes, but ask first")
    ]


@pytest.mark.django_db
def test_column_of_an_activity_that_holds_no_yes_or_no_is_left_out(tmp_path: Path) -> None:
    report = import_rows(tmp_path, {"Company": "Acme", "Contact": "Ana", "Webinar": "Looms in the cloud"})
    assert Contact.objects.get().activities == []
    assert any("“Webinar” was not read as agrees_to_webinar" in warning for warning in report.warnings)
