"""Reads an archive into an empty program: checked whole before anything is written, then written in one transaction."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models

from delivery.models import OutboxMessage
from matching.archive.parts import FORMAT, MANIFEST, ArchiveRefusedError, Part, dependents, list_parts, read_migrations
from matching.archive.writing import FILES, OnProgress
from references.pool.writing import pool_write, renew_epoch
from users.models import User

MOST_BYTES = 64 * 1024**3
MOST_LINE = 64 * 1024**2
MOST_MANIFEST = 64 * 1024**2
_PIECE = 1024 * 1024
_ROWS_AT_ONCE = 500
_UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError, ValueError)


def read_archive(path: Path, *, replace: bool = False, on_progress: OnProgress | None = None) -> dict[str, int]:
    """Fill the program from an archive; gives the rows by model. `replace` empties it first, in the same transaction.

    Raises ArchiveRefusedError, and changes nothing, for a file that is no archive, is damaged, or was written by
    another version; and for a program that holds anything, unless it is to be replaced.
    """
    tell = on_progress or (lambda step, done, total: None)
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = check_archive(archive, tell)
            with pool_write() as touched:
                _make_room(replace=replace)
                counts = {part.label: _read_part(archive, part, manifest, tell) for part in list_parts()}
                _reset_sequences()
                _restore_files(archive, manifest, tell)
                renew_epoch()
                touched.add(vocabulary=True, policy=True, everything=True)
    except _UNREADABLE as error:
        raise ArchiveRefusedError(f"{path.name} cannot be read as an archive: {error}") from error
    return counts


def check_archive(archive: zipfile.ZipFile, tell: OnProgress) -> dict[str, Any]:
    """Give the manifest of a sound archive of this version; raises ArchiveRefusedError saying what is wrong."""
    manifest = _read_manifest(archive)
    _check_version(manifest)
    wanted = {**manifest["parts"], **manifest["files"]}
    known = {part.name for part in list_parts()}
    if set(manifest["parts"]) != known:
        odd = ", ".join(sorted(set(manifest["parts"]) ^ known)[:5])
        raise ArchiveRefusedError(f"The archive does not hold the parts of this version: {odd}.")
    _check_names(archive, wanted)
    if sum(each.file_size for each in archive.infolist()) > MOST_BYTES:
        raise ArchiveRefusedError(f"The archive unpacks to more than {MOST_BYTES // 1024**3} GB.")
    for number, (name, facts) in enumerate(sorted(wanted.items())):
        tell("checking", number, len(wanted))
        if _digest(archive, name) != facts["sha256"]:
            raise ArchiveRefusedError(f"{name} is not what was written: take another copy of the archive.")
    return manifest


def _read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError as error:
        raise ArchiveRefusedError(f"There is no {MANIFEST}: take a file that export_program has written.") from error
    if info.file_size > MOST_MANIFEST:
        raise ArchiveRefusedError("The manifest is too large to be one.")
    try:
        manifest = json.loads(archive.read(info))
        whole = {"format", "migrations", "parts", "files"} <= manifest.keys()
    except (ValueError, AttributeError) as error:
        raise ArchiveRefusedError("The manifest is no JSON object.") from error
    if not whole:
        raise ArchiveRefusedError("The manifest lacks its format, migrations, parts or files.")
    found: dict[str, Any] = manifest
    return found


def _check_version(manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise ArchiveRefusedError(f"The archive has format {manifest['format']}; this version reads format {FORMAT}.")
    here = read_migrations()
    if manifest["migrations"] != here:
        odd = {app for app in {*here, *manifest["migrations"]} if here.get(app) != manifest["migrations"].get(app)}
        lines = [f"{app}: {manifest['migrations'].get(app)} there, {here.get(app)} here" for app in sorted(odd)]
        raise ArchiveRefusedError(
            f"The archive was written at another state of the database ({'; '.join(lines)}). "
            "Import it with the version that wrote it, then update that one."
        )


def _check_names(archive: zipfile.ZipFile, wanted: dict[str, Any]) -> None:
    """Only what the manifest names, each once, and no file outside the folder of uploads."""
    names = [info.filename for info in archive.infolist()]
    if len(names) != len(set(names)) or set(names) != {MANIFEST, *wanted}:
        raise ArchiveRefusedError("The archive holds other files than its manifest names.")
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise ArchiveRefusedError("The archive is locked by a password: take the file that export_program has written.")
    for name in wanted:
        way = PurePosixPath(name)
        if way.is_absolute() or ".." in way.parts or "\\" in name or str(way) != name:
            raise ArchiveRefusedError(f"'{name}' is no name for a file of an archive.")
        if name not in {part.name for part in list_parts()} and not name.startswith(FILES):
            raise ArchiveRefusedError(f"'{name}' is no part of an archive.")


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as source:
        while piece := source.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _make_room(*, replace: bool) -> None:
    """Empty the program, or make sure that it is empty."""
    parts = list_parts()
    held = [part for part in parts if part.model._base_manager.exists()]
    if held and not replace:
        names = ", ".join(part.label for part in held[:3])
        raise ArchiveRefusedError(
            f"This program holds rows already ({names} …). Import into an empty one, or say --replace to lose them."
        )
    for model in [*dependents(parts), *(part.model for part in reversed(parts))] if held else ():
        rows: models.QuerySet[Any] = models.QuerySet(model)
        rows._raw_delete(rows.db)  # constraints are checked at the commit
    if held:  # promises name rows by their ids, which are other people's from now on
        OutboxMessage.objects.all().delete()


def _read_part(archive: zipfile.ZipFile, part: Part, manifest: dict[str, Any], tell: OnProgress) -> int:
    fields = {field.attname: field for field in part.fields}
    total, count = manifest["parts"][part.name]["rows"], 0
    lines = _read_lines(archive, part.name)
    while some := list(islice(lines, _batch_size(part))):
        rows = [_make_row(part, fields, line) for line in some]
        # As they were: a save would set the times of change anew.
        models.QuerySet(part.model)._insert(  # type: ignore[attr-defined]
            rows, fields=part.model._meta.concrete_fields, using=connection.alias, raw=True
        )
        count += len(rows)
        tell(part.label, count, total)
    return count


def _batch_size(part: Part) -> int:
    limit = connection.features.max_query_params
    return (
        _ROWS_AT_ONCE if limit is None else max(1, min(_ROWS_AT_ONCE, limit // len(part.model._meta.concrete_fields)))
    )


def _read_lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as source:
        while line := source.readline(MOST_LINE):
            yield line


def _make_row(part: Part, fields: "dict[str, models.Field[Any, Any]]", line: bytes) -> models.Model:
    try:
        values = json.loads(line)
        row = part.model(**{name: _read_value(fields[name], value) for name, value in values.items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveRefusedError(f"A line of {part.name} is not what was written: {error}") from error
    if isinstance(row, User):
        row.password = make_password(None)
    return row


def _read_value(field: "models.Field[Any, Any]", value: Any) -> Any:
    is_plain = value is None or isinstance(field, models.JSONField)
    return value if is_plain else field.to_python(value)


def _reset_sequences() -> None:
    statements = connection.ops.sequence_reset_sql(no_style(), [part.model for part in list_parts()])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _restore_files(archive: zipfile.ZipFile, manifest: dict[str, Any], tell: OnProgress) -> None:
    """Put uploaded files where their rows say; one that is there already stays, since a rollback would not undo it."""
    for number, name in enumerate(sorted(manifest["files"])):
        tell("files", number, len(manifest["files"]))
        place = name.removeprefix(FILES)
        if default_storage.exists(place):
            _require_same(place, manifest["files"][name]["sha256"])
            continue
        with archive.open(name) as source:
            kept = default_storage.save(place, File(source))
        if kept != place:
            raise ArchiveRefusedError(f"{place} could not be put back under its name.")


def _require_same(place: str, sha256: str) -> None:
    with default_storage.open(place) as kept:
        if hashlib.file_digest(kept, "sha256").hexdigest() != sha256:
            raise ArchiveRefusedError(f"Another file is kept as {place} already: move it away first.")
