"""Large exports as jobs: their file, whose it is, and how long it is kept."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import QueryDict
from django.utils import timezone

from delivery.jobs import run_job
from delivery.models import Job, JobStatus
from references.models import Disclosure
from references.spreadsheets import TableFormat
from references.tables.exporting import open_export
from references.tables.files import find_file, purge_files
from references.tables.jobs import start_export
from references.tables.table import find_table
from tests.factories import make_contact, make_customer
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]


def start(
    user: User, kind: TableFormat = TableFormat.CSV, *, table: str = "customers", contact_data: bool = False
) -> Job:
    found = find_table(table, user)
    assert found is not None
    export = open_export(table=found, user=user, query=QueryDict("q=nord"), with_contact_data=contact_data)
    return start_export(export, kind=kind)


def run(job: Job) -> Job:
    run_job({"job": job.pk})
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("kind", list(TableFormat))
def test_job_writes_the_rows_found_for_whoever_asked(kind: TableFormat, manager: User, rep: User) -> None:
    make_customer("Nordbank"), make_customer("Suedbank")
    job = run(start(manager, kind))
    assert job.status == JobStatus.SUCCEEDED, job.report
    path = find_file(job, manager)
    assert path is not None
    assert path.name == f"customers.{kind}"
    assert kind == TableFormat.XLSX or (b"Nordbank" in path.read_bytes() and b"Suedbank" not in path.read_bytes())
    assert job.report["rows"] == 1
    assert find_file(job, rep) is None


def test_job_records_whose_contact_data_it_writes(manager: User) -> None:
    make_contact(make_customer("Nordbank"), email="a@n.example")
    job = run(start(manager, table="promoters", contact_data=True))
    path = find_file(job, manager)
    assert path is not None
    assert b"a@n.example" in path.read_bytes()
    assert Disclosure.objects.count() == 1


def test_job_of_somebody_who_has_left_is_refused(manager: User) -> None:
    job = start(manager)
    manager.is_active = False
    manager.save()
    assert run(job).status == JobStatus.REFUSED


def test_job_of_a_manager_no_longer_gives_no_contact_data(manager: User) -> None:
    job = start(manager, table="promoters", contact_data=True)
    manager.role = "sales"
    manager.save()
    assert run(job).status == JobStatus.REFUSED
    assert not Disclosure.objects.exists()


def test_file_is_gone_after_seven_days(manager: User, tmp_path: Path) -> None:
    job = run(start(manager))
    path = find_file(job, manager)
    assert path is not None
    os.utime(path.parent, (time.time() - 8 * 86_400,) * 2)
    assert purge_files() == 1
    assert find_file(job, manager) is None


def test_file_whose_time_is_over_is_not_given_even_before_it_is_purged(manager: User) -> None:
    job = run(start(manager))
    job.finished_at = timezone.now() - timedelta(days=8)
    assert find_file(job, manager) is None


def test_file_outside_the_folder_is_never_named(manager: User) -> None:
    job = run(start(manager))
    job.report = {**job.report, "file": "../../secret_key"}
    assert find_file(job, manager) is None
