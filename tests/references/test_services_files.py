"""Files are written with their row and go with it; half a file is never left."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from references.errors import DomainError
from references.models import CaseStudy, Consent, Customer, StoredFile
from references.pool.writing import pool_write
from references.services import files
from references.services.consents import record_consent
from references.services.erasing import erase_contact
from references.services.files import record_with_evidence, remove_file, save_file, stored_names, sweep_orphans
from tests.factories import make_case_study, make_consent, make_contact, make_customer, make_testimonial
from tests.references.uploads import PDF, picture, upload
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def test_a_file_is_kept_under_a_name_that_tells_nothing(manager: User) -> None:
    story = make_case_study()
    file = save_file(owner=story, kind="pdf", upload=upload("Fjordbank story.pdf", PDF), by=manager)
    row = StoredFile.objects.get()
    assert (row, row.case_study, row.uploaded_by, row.name) == (file, story, manager, "Fjordbank story.pdf")
    with row.content.open() as content:
        assert content.read() == PDF
    assert (row.size, len(row.sha256)) == (len(PDF), 64)
    assert "Fjordbank" not in str(row.content.name)
    assert list(stored_names()) == [row.content.name]


@pytest.mark.parametrize(
    ("make", "kind"), [(make_case_study, "logo"), (make_customer, "pdf"), (make_customer, "evidence")]
)
def test_what_does_not_belong_there_is_refused(make: Callable[[], CaseStudy | Customer], kind: str) -> None:
    owner = make()
    with pytest.raises(DomainError) as refused:
        save_file(owner=owner, kind=kind, upload=upload("a.pdf", PDF))
    assert refused.value.code == "wrong_kind"
    assert not list(stored_names())


def test_there_is_one_logo() -> None:
    customer = make_customer()
    save_file(owner=customer, kind="logo", upload=upload("old.png", picture()))
    save_file(owner=customer, kind="logo", upload=upload("new.png", picture()))
    assert [row.name for row in customer.files.all()] == ["new.png"]
    assert len(list(stored_names())) == 1


def test_nothing_is_left_where_the_row_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 0)
    with pytest.raises(DomainError) as refused:
        save_file(owner=make_case_study(), kind="pdf", upload=upload("a.pdf", PDF))
    assert refused.value.code == "too_many_files"
    assert not list(stored_names())


def test_a_consent_and_its_evidence_stand_or_fall_together() -> None:
    contact = make_contact()
    given = record_with_evidence(
        upload=upload("mail.txt", b"Yes, gladly."), record=lambda: record_consent(contact=contact, activity="quote")
    )
    assert [row.name for row in given.files.all()] == ["mail.txt"]

    with pytest.raises(DomainError):
        record_with_evidence(
            upload=upload("mail.txt", b"Yes"), record=lambda: record_consent(contact=contact, activity="nonsense")
        )
    with pytest.raises(DomainError):
        record_with_evidence(
            upload=upload("x.exe", b"MZ\x00"), record=lambda: record_consent(contact=contact, activity="call")
        )
    assert Consent.objects.count() == 1
    assert len(list(stored_names())) == 1


def test_evidence_stays_with_its_consent() -> None:
    consent = make_consent(make_contact(), "quote")
    file = save_file(owner=consent, kind="evidence", upload=upload("mail.txt", b"Yes"))
    with pytest.raises(DomainError) as refused:
        remove_file(file=file)
    assert refused.value.code == "evidence_stays"


def test_a_file_goes_once_its_row_is_gone_for_good() -> None:
    file = save_file(owner=make_case_study(), kind="pdf", upload=upload("a.pdf", PDF))
    with transaction.atomic():
        remove_file(file=StoredFile.objects.get())
        transaction.set_rollback(True)
    assert list(stored_names()) == [file.content.name]
    remove_file(file=StoredFile.objects.get())
    assert not list(stored_names())


def test_files_go_with_their_piece() -> None:
    quote = make_testimonial()
    save_file(owner=quote, kind="picture", upload=upload("a.png", picture()))
    with pool_write():
        quote.delete()
    assert not list(stored_names())


def test_what_a_person_sent_goes_when_they_are_erased() -> None:
    quote = make_testimonial()
    contact = quote.contact
    assert contact is not None
    save_file(owner=quote, kind="picture", upload=upload("nora.png", picture()))
    save_file(owner=make_consent(contact, "quote"), kind="evidence", upload=upload("mail.txt", b"From: Nora"))
    others = save_file(owner=contact.customer, kind="logo", upload=upload("logo.png", picture()))
    erase_contact(contact=contact)
    assert list(StoredFile.objects.all()) == [others]
    assert list(stored_names()) == [others.content.name]


def test_what_a_crash_left_behind_is_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = save_file(owner=make_case_study(), kind="pdf", upload=upload("a.pdf", PDF))
    storage = kept.content.storage
    storage.save("pdf/ab/abandoned", ContentFile(b"x"))
    assert sweep_orphans() == 0  # it may be the file of a transaction that is still open
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert sweep_orphans() == 1
    assert list(stored_names()) == [kept.content.name]
