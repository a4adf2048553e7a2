"""Backs the whole database and the uploaded files up into one file, and restores them, so that readers start afresh.

The file is a ZIP archive. What older versions wrote, the database alone, is restored as well; uploads then stay.
"""

import os
import shutil
import sqlite3
import subprocess
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connections

from references.enums import FileKind
from references.pool.writing import renew_epoch
from references.services.files import stored_names

_SQLITE_MAGIC = b"SQLite format 3\x00"
_PG_DUMP_MAGIC = b"PGDMP"
_DATABASE = "database"
_UPLOADS = "uploads"


class SnapshotError(Exception):
    """A back-up could not be written or restored; the message says why and what to do."""


def back_up(target: Path) -> None:
    """Write the database, consistent while it is in use, and the uploads to a file that must not exist yet.

    The database is copied first: a file that its rows name was there before. Half a file is never left.
    """
    if target.exists():
        raise SnapshotError(f"{target} exists already; name a new file.")
    with TemporaryDirectory(dir=target.parent, prefix=".back-up-") as folder:
        database, archive = Path(folder) / _DATABASE, Path(folder) / "archive"
        _dump(database)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
            parts.write(database, _DATABASE)
            for name in stored_names():
                _add_upload(parts, name)
        archive.rename(target)


def restore(source: Path) -> None:
    """Replace the database, and the uploads, by what `back_up` wrote, and renew the pool's epoch. Stop the site before.

    Nothing is changed where the file is not whole.
    """
    if not source.is_file():
        raise SnapshotError(f"There is no file {source}.")
    if not zipfile.is_zipfile(source):
        _restore_database(source)
        return
    uploads = Path(settings.MEDIA_ROOT)
    uploads.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=uploads, prefix=".restored-") as folder:
        unpacked = Path(folder)
        try:
            with zipfile.ZipFile(source) as parts:
                parts.extractall(unpacked)  # which checks every part
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise SnapshotError(f"{source} is damaged: {error}") from error
        if not (unpacked / _DATABASE).is_file():
            raise SnapshotError(f"{source} is not a back-up of this program.")
        _restore_database(unpacked / _DATABASE)
        _replace_uploads(uploads, unpacked / _UPLOADS)


def _dump(target: Path) -> None:
    database = connections["default"]
    if database.vendor == "sqlite":
        database.ensure_connection()
        _copy_sqlite(database.connection, target)
    else:
        _run_client("pg_dump", "--format=custom", "--no-owner", f"--file={target}", *_address())


def _restore_database(source: Path) -> None:
    database = connections["default"]
    with source.open("rb") as handle:
        beginning = handle.read(16)
    expected = _SQLITE_MAGIC if database.vendor == "sqlite" else _PG_DUMP_MAGIC
    if not beginning.startswith(expected):
        raise SnapshotError(f"{source} is not a back-up of this kind of database ({database.vendor}).")
    name = str(database.settings_dict["NAME"])
    connections.close_all()
    if database.vendor == "sqlite":
        _restore_sqlite(source, name)
    else:
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _run_client("pg_restore", *options, *_address(), str(source))
    renew_epoch()


def _add_upload(parts: zipfile.ZipFile, name: str) -> None:
    """One uploaded file, unless it was deleted while the others were written."""
    try:
        parts.write(Path(settings.MEDIA_ROOT) / name, f"{_UPLOADS}/{name}")
    except FileNotFoundError:
        return


def _replace_uploads(uploads: Path, restored: Path) -> None:
    """Put the restored files in place of those there are; files waiting to be imported stay."""
    for kind in FileKind.values:
        shutil.rmtree(uploads / kind, ignore_errors=True)
        if (restored / kind).is_dir():
            (restored / kind).rename(uploads / kind)


def _copy_sqlite(live: sqlite3.Connection, target: Path) -> None:
    copy = sqlite3.connect(target)
    try:
        live.backup(copy)
    finally:
        copy.close()


def _restore_sqlite(source: Path, name: str) -> None:
    kept = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    try:
        problem = _find_damage(kept)
        if problem:
            raise SnapshotError(f"{source} is damaged: {problem}")
        live = sqlite3.connect(name, timeout=20)
        try:
            kept.backup(live)
        finally:
            live.close()
    finally:
        kept.close()


def _find_damage(database: sqlite3.Connection) -> str:
    try:
        verdict = str(database.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if verdict == "ok" else verdict


def _address() -> list[str]:
    settings = connections["default"].settings_dict
    given: dict[str, Any] = {
        "--host": settings["HOST"],
        "--port": settings["PORT"],
        "--username": settings["USER"],
        "--dbname": settings["NAME"],
    }
    return [f"{option}={value}" for option, value in given.items() if value]


def _run_client(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise SnapshotError(f"{program} is not installed; it comes with PostgreSQL's client programs.")
    password = connections["default"].settings_dict["PASSWORD"]
    environment = {"PGPASSWORD": password} if password else {}
    result = subprocess.run(  # noqa: S603 - a fixed program with our own arguments
        [path, *arguments], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    if result.returncode != 0:
        raise SnapshotError(f"{program} failed: {result.stderr.strip()}")
