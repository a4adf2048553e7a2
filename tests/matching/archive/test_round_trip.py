"""The whole program as an archive: out, in, and out again the same; and every archive that is refused."""

import contextlib
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from delivery.jobs import run_job
from delivery.models import JobStatus, OutboxMessage
from matching.archive.jobs import start_archive
from matching.archive.parts import LEFT_OUT, MANIFEST, ArchiveRefusedError, list_parts
from matching.archive.reading import read_archive
from matching.archive.writing import write_archive
from references.errors import DomainError
from references.models import Customer, StoredFile
from references.pool.search import search_pool
from references.tables.files import find_file
from tests.conftest import make_user
from tests.factories import make_case_study, make_consent, make_customer, make_disclosure, make_proof_point, make_slot
from tests.matching.factories import make_banker, schedule, submit
from users.enums import Role
from users.models import User
from users.services import create_api_key

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.VAR_DIR = tmp_path / "var"


@pytest.fixture
def world(rep: User, manager: User) -> User:
    """Rows in most tables, a file, and an API key; gives the manager."""
    manager.deputy = rep
    manager.save()
    contact = make_banker("Ada Voss", owner=rep, customer_annual_value="1200.50", customer_currency="EUR")
    schedule(rep, manager, chosen=[contact.pk])
    submit(rep, brief="Nobody has this.", activity="speaking")
    make_consent(contact.customer, "case_study")
    story = make_case_study(contact.customer, "Zinsen — wie „Ada“ sie sah")
    make_proof_point(contact.customer)
    make_slot(speaker=contact)
    make_disclosure(contact, user=rep)
    name = default_storage.save("pdf/ab/abcdef", ContentFile(b"%PDF-1.7 secret"))
    StoredFile.objects.create(
        kind="pdf",
        case_study=story,
        name="story.pdf",
        content=name,
        content_type="application/pdf",
        size=15,
        sha256="x",
    )
    create_api_key(user=manager, name="crm", scopes=["pool:read"])
    return manager


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}


def rewrite(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The archive with its files changed."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(changed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return changed


def test_every_model_is_a_part_or_left_out_with_a_reason() -> None:
    ours = {
        model._meta.label
        for app in ("users", "delivery", "references", "advocacy", "surveys", "matching")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    assert {part.label for part in list_parts()} | set(LEFT_OUT) == ours


def test_parts_stand_on_earlier_ones() -> None:
    seen = set()
    for part in list_parts():
        seen.add(part.model)
        others = {field.related_model for field in part.fields if field.is_relation}
        assert {other for other in others if other in {each.model for each in list_parts()}} <= seen


def test_archive_read_into_an_empty_program_is_written_again_byte_by_byte(world: User, tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    manifest = write_archive(first)
    assert manifest["parts"]["rows/references.Customer.jsonl"]["rows"] == Customer.objects.count()
    call_command("flush", interactive=False)
    default_storage.delete("pdf/ab/abcdef")
    counts = read_archive(first)
    assert counts["matching.Match"] >= 1
    write_archive(second)
    assert parts_of(first) == parts_of(second)
    with default_storage.open("pdf/ab/abcdef") as file:
        assert file.read() == b"%PDF-1.7 secret"


def test_archive_holds_no_password_and_no_key_and_says_so(world: User, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    manifest = write_archive(path)
    assert b"pbkdf2" not in b"".join(parts_of(path).values())
    assert b"argon2" not in b"".join(parts_of(path).values())
    assert {"users.ApiKey", "users.User.password", "delivery.OutboxMessage"} <= set(manifest["left_out"])
    assert not any("ApiKey" in name for name in parts_of(path))
    read_archive(path, replace=True)
    assert not User.objects.get(pk=world.pk).has_usable_password()


def test_program_works_on_after_an_import(world: User, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write_archive(path)
    before = search_pool(user=world).total
    call_command("flush", interactive=False)
    read_archive(path)
    assert search_pool(user=User.objects.get(pk=world.pk)).total == before >= 1
    assert make_customer("New after the import").pk > 0  # its id is a fresh one


def test_program_that_holds_rows_is_not_overwritten_unless_it_is_to_be(world: User, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write_archive(path)
    late = make_customer("Made after the archive")
    with pytest.raises(ArchiveRefusedError, match="holds rows already"):
        read_archive(path)
    assert Customer.objects.filter(pk=late.pk).exists()
    read_archive(path, replace=True)
    assert not Customer.objects.filter(pk=late.pk).exists()


def test_promises_of_a_program_that_is_replaced_go_with_it(world: User, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write_archive(path)
    OutboxMessage.objects.create(kind="mail", key="late", payload={"letter": "any"})
    read_archive(path, replace=True)
    assert not OutboxMessage.objects.exists()  # they would reach whoever has those ids now


def test_file_of_another_content_is_never_overwritten(world: User, tmp_path: Path) -> None:
    path, place = tmp_path / "a.zip", "pdf/ab/abcdef"
    write_archive(path)
    default_storage.delete(place)
    default_storage.save(place, ContentFile(b"%PDF-1.7 another"))
    with pytest.raises(ArchiveRefusedError, match="Another file"):
        read_archive(path, replace=True)
    with default_storage.open(place) as file:
        assert file.read() == b"%PDF-1.7 another"


def test_archive_that_broke_on_its_way_is_refused_in_words(world: User, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write_archive(path)
    whole, broken = path.read_bytes(), tmp_path / "broken.zip"
    dice = random.Random(1)
    for _ in range(60):
        content = bytearray(whole)
        content[dice.randrange(len(content))] ^= 0xFF
        broken.write_bytes(content)
        with contextlib.suppress(ArchiveRefusedError):  # any other error fails the test
            read_archive(broken, replace=False)
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("rows/users.User.jsonl").header_offset + 60
    broken.write_bytes(whole[:start] + b"\xff" * 40 + whole[start + 40 :])
    with pytest.raises(ArchiveRefusedError):
        read_archive(broken, replace=True)


def _other_format(files: dict[str, bytes]) -> None:
    files[MANIFEST] = json.dumps({**json.loads(files[MANIFEST]), "format": 99}).encode()


def _other_migrations(files: dict[str, bytes]) -> None:
    manifest = json.loads(files[MANIFEST])
    manifest["migrations"]["references"] = "0001_initial"
    files[MANIFEST] = json.dumps(manifest).encode()


def _damage(files: dict[str, bytes]) -> None:
    files["rows/references.Customer.jsonl"] += b"\n"


def _slip(files: dict[str, bytes]) -> None:
    manifest = json.loads(files[MANIFEST])
    manifest["files"]["files/../../evil"] = {"bytes": 1, "sha256": "0"}
    files[MANIFEST], files["files/../../evil"] = json.dumps(manifest).encode(), b"x"


def _smuggle(files: dict[str, bytes]) -> None:
    files["extra.txt"] = b"x"


def _lose_manifest(files: dict[str, bytes]) -> None:
    del files[MANIFEST]


def _lose_part(files: dict[str, bytes]) -> None:
    manifest = json.loads(files[MANIFEST])
    del manifest["parts"]["rows/references.Customer.jsonl"], files["rows/references.Customer.jsonl"]
    files[MANIFEST] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_other_format, "reads format 1"),
        (_other_migrations, "references: 0001_initial there, 0"),
        (_damage, "not what was written"),
        (_slip, "no name for a file"),
        (_smuggle, "other files than its manifest"),
        (_lose_manifest, "no manifest.json"),
        (_lose_part, "parts of this version: rows/references.Customer"),
    ],
)
def test_archive_that_is_not_right_is_refused_and_nothing_changes(
    change: Callable[[dict[str, bytes]], None], says: str, world: User, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    write_archive(path)
    before = Customer.objects.count()
    with pytest.raises(ArchiveRefusedError, match=says):
        read_archive(rewrite(path, change), replace=True)
    assert Customer.objects.count() == before
    assert not (tmp_path / "evil").exists()


def test_commands_write_and_read(world: User, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    call_command("export_program", str(path))
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_program", str(path))
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("import_program", str(path))
    call_command("import_program", str(path), "--replace", "--yes")
    (tmp_path / "no.zip").write_bytes(b"no zip")
    with pytest.raises(CommandError, match="cannot be read as an archive"):
        call_command("import_program", str(tmp_path / "no.zip"), "--replace", "--yes")


def test_job_is_for_administrators(world: User) -> None:
    with pytest.raises(DomainError):
        start_archive(by=world)
    admin = make_user(Role.ADMIN, "admin@example.test")
    job = start_archive(by=admin)
    run_job({"job": job.pk})
    job.refresh_from_db()
    assert job.status == JobStatus.SUCCEEDED, job.report
    assert find_file(job, admin) is not None
    assert find_file(job, world) is None
