"""Imports as jobs: done by a worker, watched, refused with a report, cancelled before they write."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from delivery.jobs import cancel_job
from delivery.models import Job, JobStatus, OutboxMessage
from delivery.outbox import deliver
from references.importing import jobs
from references.importing.errors import ImportRefusedError
from references.importing.headings import guess_mapping
from references.importing.record import ImportRow
from references.importing.report import ImportReport
from references.importing.service import find_upload, import_file, start_import, store_upload
from references.importing.writing import PoolWriter
from references.models import Customer
from users.models import User

GOOD = b"customer,promoter\nAcme,Ana\n"
BAD = b"customer,email\nAcme,\nBeta,no address\n"


@pytest.fixture(autouse=True)
def _uploads(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def store(content: bytes) -> str:
    return store_upload(SimpleUploadedFile("pool.csv", content)).token


def is_kept(token: str) -> bool:
    try:
        find_upload(token)
    except ImportRefusedError:
        return False
    return True


@pytest.mark.django_db(transaction=True)
def test_import_job_is_done_once_committed(manager: User) -> None:
    token = store(GOOD)
    job = start_import(upload=token, mapping=None, imported_by=manager)
    job.refresh_from_db()
    assert (job.status, job.title, job.total) == (JobStatus.SUCCEEDED, "Import pool.csv", 1)
    assert (job.report["imported"], job.report["counts"]["customers"]["created"]) == (True, 1)
    assert Customer.objects.get().name == "Acme"
    assert not is_kept(token)


@pytest.mark.django_db(transaction=True)
def test_import_job_that_is_refused_tells_every_row_and_keeps_the_upload() -> None:
    token = store(BAD)
    job = start_import(upload=token, mapping=None, imported_by=None)
    job.refresh_from_db()
    assert job.status == JobStatus.REFUSED
    assert job.report["refusal"]["code"] == "bad_rows"
    assert [problem["line"] for problem in job.report["problems"]] == [3]
    assert not Customer.objects.exists()
    again = start_import(upload=token, mapping=None, imported_by=None, skip_bad_rows=True)
    again.refresh_from_db()
    assert (again.status, again.report["bad_rows"], is_kept(token)) == (JobStatus.SUCCEEDED, 1, False)


@pytest.mark.django_db(transaction=True)
def test_import_job_tried_out_writes_nothing_and_keeps_the_upload() -> None:
    token = store(GOOD)
    job = start_import(upload=token, mapping=None, imported_by=None, dry_run=True)
    job.refresh_from_db()
    assert (job.status, job.report["dry_run"], job.report["imported"]) == (JobStatus.SUCCEEDED, True, False)
    assert not Customer.objects.exists()
    assert is_kept(token)


@pytest.mark.django_db(transaction=True)
def test_import_job_applies_the_mapping_given() -> None:
    mapping = guess_mapping(("Firm", "Company Name"))
    token = store(b"Firm,Company Name\nX,Acme\n")
    start_import(upload=token, mapping=mapping, imported_by=None)
    assert Customer.objects.get().name == "Acme"


@pytest.mark.django_db
def test_import_job_cancelled_before_it_writes_leaves_nothing() -> None:
    token = store(GOOD)
    job = start_import(upload=token, mapping=None, imported_by=None)
    cancel_job(job=job)
    deliver(OutboxMessage.objects.get(key=f"job:{job.pk}").pk)
    assert Job.objects.get().status == JobStatus.CANCELLED
    assert not Customer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_import_job_cancelled_while_it_writes_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    write = PoolWriter.write

    def write_and_cancel(self: PoolWriter, rows: Sequence[ImportRow]) -> None:
        write(self, rows)
        assert Customer.objects.exists()
        cancel_job(job=Job.objects.get())

    monkeypatch.setattr(PoolWriter, "write", write_and_cancel)
    token = store(GOOD)
    job = start_import(upload=token, mapping=None, imported_by=None)
    job.refresh_from_db()
    assert (job.status, job.report) == (JobStatus.CANCELLED, {"message": "Cancelled; nothing was changed."})
    assert not Customer.objects.exists()
    assert not is_kept(token)


@pytest.mark.django_db(transaction=True)
def test_import_job_cancelled_once_it_is_committed_counts_as_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def import_and_cancel(*args: Any, **options: Any) -> ImportReport:
        report = import_file(*args, **options)
        cancel_job(job=Job.objects.get())
        return report

    monkeypatch.setattr(jobs, "import_file", import_and_cancel)
    token = store(GOOD)
    job = start_import(upload=token, mapping=None, imported_by=None)
    job.refresh_from_db()
    assert (job.status, job.report["imported"]) == (JobStatus.SUCCEEDED, True)
    assert Customer.objects.get().name == "Acme"
    assert not is_kept(token)


@pytest.mark.django_db
def test_import_of_an_upload_that_is_gone_is_refused_at_once() -> None:
    with pytest.raises(ImportRefusedError):
        start_import(upload="x" * 32, mapping=None, imported_by=None)
