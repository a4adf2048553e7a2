"""Keeps uploaded files until they are imported: under random names, out of reach of the web server, for a day."""

import re
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from references.importing.errors import ImportRefusedError

KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{20,64}$")
_NAME_LENGTH = 50


class UploadedFile(Protocol):
    """What Django's upload handlers give."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """An upload on disk: the token to name it by, the name the user gave it, and where it lies."""

    token: str
    name: str
    path: Path


def store_upload(file: UploadedFile) -> StoredUpload:
    """Keep an uploaded file; older ones nobody imported are thrown away.

    Raises ImportRefusedError: too_large (past settings.IMPORT_MAX_BYTES), empty, disk (no room).
    """
    purge_uploads()
    token = secrets.token_urlsafe(24)
    folder = _folder() / token
    name = _clean_name(file.name or "")
    try:
        folder.mkdir(parents=True, mode=0o700)
        _write(file, folder / name)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ImportRefusedError("disk", "The file cannot be stored.", "Ask whoever runs this server.") from error
    except ImportRefusedError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return StoredUpload(token, name, folder / name)


def find_upload(token: str) -> StoredUpload:
    """Give a stored upload by its token; raises ImportRefusedError(gone) where there is none any more."""
    folder = _folder() / token
    found = sorted(folder.iterdir()) if _TOKEN.match(token) and folder.is_dir() else []
    if not found:
        raise ImportRefusedError("gone", "The uploaded file is no longer there.", "Upload it again.")
    return StoredUpload(token, found[0].name, found[0])


def delete_upload(token: str) -> None:
    """Throw a stored upload away; none is no error."""
    if _TOKEN.match(token):
        shutil.rmtree(_folder() / token, ignore_errors=True)


def purge_uploads(*, older_than: float = KEPT_SECONDS) -> int:
    """Throw away uploads older than so many seconds; gives how many."""
    folder = _folder()
    limit = time.time() - older_than
    old = [each for each in folder.iterdir() if each.stat().st_mtime < limit] if folder.is_dir() else []
    for each in old:
        shutil.rmtree(each, ignore_errors=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _clean_name(name: str) -> str:
    """The last part of a name in letters, digits, dashes, dots; short enough for any file system."""
    base = re.sub(r"[^-\w.]", "", re.split(r"[/\\]", name)[-1].strip().replace(" ", "_")).strip(".")
    stem, dot, ending = base.rpartition(".")
    return f"{stem[:_NAME_LENGTH]}{dot}{ending[:10]}" if stem else base[:_NAME_LENGTH] or "upload"


def _write(file: UploadedFile, path: Path) -> None:
    limit, size = int(settings.IMPORT_MAX_BYTES), 0
    with path.open("wb") as target:
        for chunk in file.chunks():
            size += len(chunk)
            if size > limit:
                message = f"The file is larger than {limit // 1024**2:,} MB."
                raise ImportRefusedError("too_large", message, "Split it, or import it on the server's command line.")
            target.write(chunk)
    if not size:
        raise ImportRefusedError("empty", "The file is empty.", "It needs one row of headings and a row per customer.")
