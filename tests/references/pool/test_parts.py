"""A large pool read in parts, by processes of their own, is the pool that one process reads."""

import os
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from references.pool import parts
from references.pool.index import PoolIndex
from references.pool.snapshot import Snapshot
from tests.factories import make_contact, make_customer, make_engagement, make_tag
from tests.references.pool.test_compaction import told

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "pool"])


@pytest.fixture(autouse=True)
def _parts(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A pool of nine customers that is worth reading in parts, and processes that find the database of the test."""
    settings.POOL_DATABASE, settings.POOL_IMAGE_DIR, settings.POOL_PARTS_MIN_PEOPLE = "pool", tmp_path, 1
    known = connections["default"].settings_dict
    access = f"{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
    is_sqlite = connections["default"].vendor == "sqlite"
    url = f"sqlite:///{known['NAME']}" if is_sqlite else f"postgres://{access}/{known['NAME']}"
    for name in [name for name in os.environ if name.startswith("PYTEST")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    banking, retail = make_tag(slug="banking"), make_tag(slug="retail")
    for number in range(9):
        customer = make_customer(tags=[banking, retail][number % 2 :], notes=f"billing in region {number}")
        for each in range(1 + number % 3):
            contact = make_contact(customer, title=f"Head {each}", consents=["call"])
            make_engagement(contact, "call", on=date(2026, 1, 1 + number))
    yield
    connections["pool"].close()


def held(snapshot: Snapshot) -> dict[str, Any]:
    (view,) = snapshot.views
    return told(view.segment)


def read_in_one(settings: Any) -> Snapshot:
    settings.POOL_IMAGE_DIR = None
    return PoolIndex().current()


def images(tmp_path: Path) -> list[str]:
    return [each.name for each in tmp_path.iterdir() if each.is_dir()]


def test_parts_make_the_pool_that_is_read_in_one(settings: Any, tmp_path: Path) -> None:
    opened = PoolIndex().current()
    (image,) = images(tmp_path)
    assert image.endswith(f"-{opened.number}")
    assert held(opened) == held(read_in_one(settings))


def test_what_is_written_between_parts_is_followed(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part is of a revision of its own; the image is of the first, and the notes since lead to the last."""
    start = parts._start

    def start_and_write(folder: Path, beyond: int, last: int) -> subprocess.Popen[bytes]:
        process = start(folder, beyond, last)
        process.wait(60)
        make_contact(make_customer(name=f"New {folder.name}"), title="Newcomer")
        return process

    monkeypatch.setattr(parts, "_start", start_and_write)
    opened = PoolIndex().current()
    (image,) = images(tmp_path)
    assert not image.endswith(f"-{opened.number}")
    ids = [int(each) for view in opened.views for each in view.segment.people_docs.ids[view.people.is_live]]
    assert sorted(ids) == held(read_in_one(settings))["people.ids"]


def test_pool_is_read_in_one_where_a_part_fails(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nothing://")
    opened = PoolIndex().current()
    assert "cannot be read in parts" in caplog.text
    assert images(tmp_path) == []
    assert held(opened) == held(read_in_one(settings))
