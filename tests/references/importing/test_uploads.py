"""Uploads: kept under names nobody can guess, of limited size, and thrown away in time."""

import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from references.importing.errors import ImportRefusedError
from references.importing.uploads import delete_upload, find_upload, purge_uploads, store_upload


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


def test_upload_is_kept_under_its_name_in_a_folder_of_its_own(folder: Path) -> None:
    stored = store_upload(SimpleUploadedFile("My pool.csv", b"customer\nAcme\n"))
    assert stored == find_upload(stored.token)
    assert (stored.name, stored.path.read_bytes()) == ("My_pool.csv", b"customer\nAcme\n")
    assert stored.path.parent.parent == folder
    assert stored.token != store_upload(SimpleUploadedFile("My pool.csv", b"x")).token


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\pool.csv", "..", "", "a" * 300 + ".csv", "…", "\0.csv"])
def test_upload_of_any_name_stays_in_its_folder(folder: Path, name: str) -> None:
    file = SimpleUploadedFile("pool.csv", b"x")
    file._name = name  # type: ignore[attr-defined]
    stored = store_upload(file)
    assert stored.path.resolve().parent == (folder / stored.token).resolve()


def test_upload_past_the_limit_is_refused_and_leaves_nothing(settings: Settings, folder: Path) -> None:
    settings.IMPORT_MAX_BYTES = 10
    with pytest.raises(ImportRefusedError) as refusal:
        store_upload(SimpleUploadedFile("pool.csv", b"x" * 11))
    assert refusal.value.code == "too_large"
    assert list(folder.iterdir()) == []


def test_upload_of_nothing_is_refused() -> None:
    with pytest.raises(ImportRefusedError):
        store_upload(SimpleUploadedFile("pool.csv", b""))


@pytest.mark.parametrize("token", ["", "x" * 32, "../" * 10, "a/b" * 10])
def test_upload_that_is_not_there_is_gone(token: str) -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        find_upload(token)
    assert refusal.value.code == "gone"
    delete_upload(token)


def test_old_uploads_are_thrown_away(folder: Path) -> None:
    old, new = (store_upload(SimpleUploadedFile("pool.csv", b"x")) for _ in range(2))
    os.utime(folder / old.token, (0, 0))
    assert purge_uploads() == 1
    assert find_upload(new.token)
    with pytest.raises(ImportRefusedError):
        find_upload(old.token)
