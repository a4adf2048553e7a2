"""A back-up is restored: the rows are as they were, and every reader starts afresh."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from references.models import Customer, PoolRevision
from references.snapshots import SnapshotError, back_up, restore
from tests.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "pool"])


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
