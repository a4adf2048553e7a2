"""The benchmarks over the database and of importing run over a tiny pool; their times are not looked at."""

from pathlib import Path

import pytest
from django.utils import timezone

from benchmarks import database, importing
from benchmarks.pool import make_pool
from benchmarks.report import Report
from references.importing.service import import_file
from references.models import Contact, Engagement


@pytest.mark.django_db(transaction=True)
def test_database_figures_are_taken() -> None:
    report = Report("test")
    report.begin("tiny")
    database.measure_all(report, make_pool(200, timezone.now().date()), 2)
    assert (Contact.objects.count(), Engagement.objects.count()) == (200, 300)
    assert {what for what, _, _ in report.rows["tiny"]} >= {"refresh of 100 changed promoters"}


@pytest.mark.django_db(transaction=True)
def test_generated_csv_is_imported_whole(tmp_path: Path) -> None:
    importing.write_csv(tmp_path / "promoters.csv", 30, timezone.now().date())
    report = import_file(tmp_path / "promoters.csv")
    assert report.refusal is None
    assert Contact.objects.count() == 30
