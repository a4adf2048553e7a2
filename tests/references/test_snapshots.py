"""A back-up is restored: the rows are as they were, and every reader starts afresh."""

import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from references.models import Customer, PoolRevision, StoredFile
from references.services.files import remove_file, save_file, stored_names
from references.snapshots import SnapshotError, back_up, restore
from tests.factories import make_case_study, make_contact, make_customer
from tests.references.uploads import PDF, upload

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "pool"])


@pytest.fixture(autouse=True)
def uploads(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


def run(command: str, *arguments: object) -> str:
    output = StringIO()
    call_command(command, *map(str, arguments), stdout=output)
    return output.getvalue()


def test_restore_brings_back_what_was_backed_up(tmp_path: Path) -> None:
    contact = make_contact()
    epoch = PoolRevision.objects.get().epoch
    assert "Backed up" in run("back_up", tmp_path / "copy")
    make_customer()
    assert Customer.objects.count() == 2

    assert "Restored" in run("restore", tmp_path / "copy")

    assert list(Customer.objects.values_list("pk", flat=True)) == [contact.customer_id]
    assert PoolRevision.objects.get().epoch != epoch
    make_customer()
    assert Customer.objects.count() == 2


def test_uploads_are_backed_up_and_brought_back_with_their_rows(tmp_path: Path, uploads: Path) -> None:
    kept = save_file(owner=make_case_study(), kind="pdf", upload=upload("kept.pdf", PDF))
    (uploads / "imports").mkdir()
    (uploads / "imports" / "waiting.csv").write_text("customer")
    back_up(tmp_path / "copy")
    remove_file(file=kept)
    save_file(owner=make_case_study(), kind="pdf", upload=upload("later.pdf", PDF))

    restore(tmp_path / "copy")

    row = StoredFile.objects.get()
    assert row.name == "kept.pdf"
    with row.content.open() as content:
        assert content.read() == PDF
    assert list(stored_names()) == [row.content.name]
    assert sorted(each.name for each in uploads.iterdir()) == ["imports", "pdf"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy", "uploads"]


def test_a_back_up_of_an_older_version_brings_the_rows_back_and_leaves_the_uploads(tmp_path: Path) -> None:
    file = save_file(owner=make_case_study(), kind="pdf", upload=upload("kept.pdf", PDF))
    back_up(tmp_path / "copy")
    with zipfile.ZipFile(tmp_path / "copy") as parts:
        (tmp_path / "old").write_bytes(parts.read("database"))  # what older versions wrote
    make_customer()
    restore(tmp_path / "old")
    assert Customer.objects.count() == 1
    assert list(stored_names()) == [file.content.name]


def test_restore_of_an_archive_of_something_else_changes_nothing(tmp_path: Path) -> None:
    make_customer()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as parts:
        parts.writestr("readme.txt", "hello")
    with pytest.raises(SnapshotError, match="not a back-up of this program"):
        restore(tmp_path / "other.zip")
    assert Customer.objects.count() == 1


def test_restore_of_something_else_changes_nothing(tmp_path: Path) -> None:
    make_customer()
    (tmp_path / "notes.txt").write_text("no database at all")
    with pytest.raises(SnapshotError, match="not a back-up of this kind"):
        restore(tmp_path / "notes.txt")
    with pytest.raises(SnapshotError, match="no file"):
        restore(tmp_path / "missing")
    assert Customer.objects.count() == 1


def test_restore_of_a_damaged_file_changes_nothing(tmp_path: Path) -> None:
    make_customer()
    copy = tmp_path / "copy"
    back_up(copy)
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SnapshotError):
        restore(copy)
    assert Customer.objects.count() == 1


def test_back_up_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("yesterday's")
    with pytest.raises(CommandError, match="exists already"):
        run("back_up", tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "yesterday's"


def test_renew_pool_epoch_makes_readers_start_afresh() -> None:
    make_customer()
    before = PoolRevision.objects.get()
    run("renew_pool_epoch")
    after = PoolRevision.objects.get()
    assert after.epoch != before.epoch
    assert after.value == before.value
