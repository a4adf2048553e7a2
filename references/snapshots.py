"""Backs the whole database up into one file, and restores it from one, so that every reader starts afresh."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from django.db import connections

from references.pool.writing import renew_epoch

_SQLITE_MAGIC = b"SQLite format 3\x00"
_PG_DUMP_MAGIC = b"PGDMP"


class SnapshotError(Exception):
    """A back-up could not be written or restored; the message says why and what to do."""


def back_up(target: Path) -> None:
    """Write the database, consistent while it is in use, to a file that must not exist yet."""
    if target.exists():
        raise SnapshotError(f"{target} exists already; name a new file.")
    database = connections["default"]
    if database.vendor == "sqlite":
        database.ensure_connection()
        _copy_sqlite(database.connection, target)
    else:
        _run_client("pg_dump", "--format=custom", "--no-owner", f"--file={target}", *_address())


def restore(source: Path) -> None:
    """Replace the database by a file that `back_up` wrote, and renew the pool's epoch. Stop the site before."""
    if not source.is_file():
        raise SnapshotError(f"There is no file {source}.")
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
