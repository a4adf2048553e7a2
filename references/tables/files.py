"""Keeps files that a job has made until whoever asked for them takes them along: private to them, for seven days."""

import re
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from delivery.models import Job
from users.models import User

KEPT_SECONDS = 7 * 24 * 3600
_NAME = re.compile(r"^[\w][\w.-]{0,99}$", re.ASCII)


def place_file(job: Job, name: str) -> Path:
    """Where a job writes its file, emptied of an earlier try; files whose time is over are thrown away first."""
    purge_files()
    if not _NAME.match(name):
        raise ValueError(f"'{name}' is no name for a file")
    folder = _folder(job.pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder / name


def find_file(job: Job, user: User) -> Path | None:
    """The file of a job, for whoever asked for it and still has that role; None for all others, and once it is gone.

    A job that makes a file keeps the role it was asked in as its parameter `role`.
    """
    name = str(job.report.get("file", ""))
    is_theirs = job.requested_by_id == user.pk and job.parameters.get("role") == user.role
    if not (is_theirs and _NAME.match(name)):
        return None
    path = _folder(job.pk) / name
    is_fresh = job.finished_at is not None and (timezone.now() - job.finished_at).total_seconds() < KEPT_SECONDS
    return path if is_fresh and path.is_file() else None


def delete_file(job: Job) -> None:
    """Throw away what a job has made; none is no error."""
    shutil.rmtree(_folder(job.pk), ignore_errors=True)


def purge_files(*, older_than: float = KEPT_SECONDS) -> int:
    """Throw away files older than so many seconds; gives how many."""
    root = Path(settings.VAR_DIR) / "exports"
    limit = time.time() - older_than
    old = [each for each in root.iterdir() if each.stat().st_mtime < limit] if root.is_dir() else []
    for each in old:
        shutil.rmtree(each, ignore_errors=True)
    return len(old)


def _folder(pk: int) -> Path:
    return Path(settings.VAR_DIR) / "exports" / str(pk)
