"""Writes the whole program into one zip file: rows as lines of JSON, uploaded files, and a manifest of both."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from matching.archive.parts import FIELDS_LEFT_OUT, FORMAT, LEFT_OUT, MANIFEST, Part, list_parts, read_migrations
from references.models import StoredFile

OnProgress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much of it is done, and of how much."""

ROWS_AT_ONCE = 1_000
FILES = "files/"
_PIECE = 1024 * 1024


def write_archive(path: Path, *, on_progress: OnProgress | None = None) -> dict[str, Any]:
    """Write the program as it stands now, in bounded memory; gives the manifest."""
    tell = on_progress or (lambda step, done, total: None)
    database = settings.POOL_DATABASE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        with transaction.atomic(using=database):  # one moment of it all
            manifest = _begin_manifest()
            for part in list_parts():
                manifest["parts"][part.name] = _write_part(archive, part, database, tell)
            names = list(StoredFile.objects.using(database).order_by("pk").values_list("content", flat=True))
        for number, name in enumerate(names):
            tell("files", number, len(names))
            _write_file(archive, name, manifest)
        archive.writestr(MANIFEST, json.dumps(manifest, indent=2, sort_keys=True))
    return manifest


def _begin_manifest() -> dict[str, Any]:
    return {
        "format": FORMAT,
        "program": settings.PROGRAM_NAME,
        "written_at": timezone.now().isoformat(),
        "migrations": read_migrations(),
        "parts": {},
        "files": {},
        "missing_files": [],
        "left_out": dict(LEFT_OUT) | {f"{label}.{name}": "No password travels." for label, name in _fields_left_out()},
    }


def _fields_left_out() -> Iterator[tuple[str, str]]:
    return ((label, name) for label, names in FIELDS_LEFT_OUT.items() for name in sorted(names))


def _write_part(archive: zipfile.ZipFile, part: Part, database: str, tell: OnProgress) -> dict[str, Any]:
    names = [field.attname for field in part.fields]
    rows = part.model._base_manager.using(database).order_by("pk").values_list(*names)
    digest, count = hashlib.sha256(), 0
    with archive.open(part.name, "w", force_zip64=True) as target:
        for count, row in enumerate(rows.iterator(chunk_size=ROWS_AT_ONCE), start=1):
            line = write_line(dict(zip(names, row, strict=True)))
            digest.update(line)
            target.write(line)
            if count % ROWS_AT_ONCE == 0:
                tell(part.label, count, None)
    return {"rows": count, "sha256": digest.hexdigest()}


def write_line(values: dict[str, Any]) -> bytes:
    """One row as one line, the same on every database."""
    text = json.dumps(values, default=_write_value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def _write_value(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in an archive")


def _write_file(archive: zipfile.ZipFile, name: str, manifest: dict[str, Any]) -> None:
    if not default_storage.exists(name):
        manifest["missing_files"].append(name)
        return
    with default_storage.open(name) as source, archive.open(FILES + name, "w", force_zip64=True) as target:
        manifest["files"][FILES + name] = _copy(source, target)


def _copy(source: IO[Any], target: IO[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        digest.update(piece)
        target.write(piece)
        size += len(piece)
    return {"bytes": size, "sha256": digest.hexdigest()}
