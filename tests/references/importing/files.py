"""Makes small files to import, and imports them."""

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from references.importing.report import ImportReport
from references.importing.running import import_file
from references.models import PoolRevision

Row = Mapping[str, object]
DATA = Path(os.environ.get("REFPROGRAM_DATA", Path(__file__).parents[4] / "shared" / "data"))


def find_data(name: str) -> Path:
    """A file of real data; skips the test where it is absent."""
    path = DATA / name
    if not path.exists():
        pytest.skip("The real data is not there.")
    return path


def write_csv(folder: Path, *rows: Row, name: str = "pool.csv") -> Path:
    """Write rows under all the headings that any of them uses, in the order they first do."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def import_rows(folder: Path, *rows: Row, name: str = "pool.csv", **options: Any) -> ImportReport:
    """Import rows that are expected to be fine."""
    report = import_file(write_csv(folder, *rows, name=name), **options)
    assert report.refusal is None, (report.refusal, report.problems)
    return report


def count_rows(models: Iterable[Any]) -> list[int]:
    """How many rows each model has."""
    return [model.objects.count() for model in models]


def read_revision() -> int:
    """The number of the last committed write to the pool."""
    return PoolRevision.objects.values_list("value", flat=True).first() or 0
