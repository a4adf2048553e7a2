"""Consents: recorded once, superseded by a later end, revoked by a no, and never given again by an import."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from references.models import Consent, Contact, StateChange
from references.services.consents import revoke_consent
from tests.factories import make_consent, make_contact, make_customer
from tests.references.importing.files import import_rows

pytestmark = pytest.mark.django_db
ANA = {"customer": "Acme", "promoter": "Ana"}


def test_consent_is_recorded_for_each_activity(tmp_path: Path) -> None:
    import_rows(tmp_path, ANA | {"consent": "call|quote", "consent_until": "2031-01-01"})
    today = timezone.localdate()
    assert list(Consent.objects.values_list("activity", "valid_from", "valid_until", "evidence")) == [
        (activity, today, date(2031, 1, 1), "import pool.csv") for activity in ("call", "quote")
    ]
    consent = Consent.objects.all()[0]
    assert consent.contact == Contact.objects.get()
    assert StateChange.objects.get(subject=f"consent:{consent.pk}").to_status == "in_force"


def test_consent_of_a_row_without_a_person_is_the_customers(tmp_path: Path) -> None:
    row = {"customer": "Acme", "story_title": "S", "consent": "case_study"}
    import_rows(tmp_path, row)
    consent = Consent.objects.get()
    assert consent.contact is None
    assert consent.customer.name == "Acme"
    assert import_rows(tmp_path, row).changes == 0


def test_consent_that_lapsed_before_is_kept_as_history(tmp_path: Path) -> None:
    import_rows(tmp_path, ANA | {"consent": "call", "consent_until": "2020-01-01"})
    assert Consent.objects.values_list("valid_from", "valid_until").get() == (date(2020, 1, 1), date(2020, 1, 1))
    assert not Consent.objects.in_force(on=timezone.localdate()).exists()


def test_consent_with_another_end_supersedes_the_imported_one(tmp_path: Path) -> None:
    import_rows(tmp_path, ANA | {"consent": "call", "consent_until": "2031-01-01"})
    report = import_rows(tmp_path, ANA | {"consent": "call", "consent_until": "2032-01-01"})
    old, new = Consent.objects.order_by("pk")
    assert (old.superseded_by, new.valid_until) == (new, date(2032, 1, 1))
    assert (report.counts["consents"].created, report.counts["consents"].updated) == (0, 1)


def test_consent_recorded_by_hand_is_left_alone(tmp_path: Path) -> None:
    contact = make_contact(make_customer("Acme"), "Ana")
    make_consent(contact, "call", evidence="signed form")
    import_rows(tmp_path, ANA | {"consent": "call", "consent_until": "2031-01-01"})
    assert Consent.objects.get().valid_until is None


def test_consent_that_was_revoked_is_not_given_again(tmp_path: Path) -> None:
    row = ANA | {"consent": "call"}
    import_rows(tmp_path, row)
    revoke_consent(consent=Consent.objects.get())
    assert import_rows(tmp_path, row).changes == 0
    assert not Consent.objects.in_force(on=timezone.localdate()).exists()


def test_no_revokes_what_the_person_gave(tmp_path: Path) -> None:
    contact = make_contact(make_customer("Acme"), "Ana", consents=["call", "quote"])
    make_consent(contact.customer, "logo")
    report = import_rows(tmp_path, ANA | {"consent": "no"})
    assert list(Consent.objects.filter(revoked_at=None).values_list("activity", flat=True)) == ["logo"]
    assert report.counts["consents"].updated == 2
    assert import_rows(tmp_path, ANA | {"consent": "no"}).changes == 0


def test_no_outdoes_a_yes_of_the_same_file(tmp_path: Path) -> None:
    rows = [ANA | {"consent": "call"}, ANA | {"consent": "no"}, ANA | {"consent": "call"}]
    import_rows(tmp_path, *rows)
    assert not Consent.objects.in_force(on=timezone.localdate() + timedelta(days=1)).exists()
    assert import_rows(tmp_path, *rows).changes == 0
