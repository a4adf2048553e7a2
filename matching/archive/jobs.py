"""Writes the archive of the whole program as a job, for an administrator who asked for it on a page."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.jobs import JobCancelledError, JobRefusedError, report_progress, start_job
from delivery.models import Job
from matching.archive.writing import write_archive
from references.errors import DomainError
from references.permissions import may_administer
from references.tables.files import delete_file, place_file
from users.models import User

JOB_KIND = "archive"


def start_archive(*, by: User) -> Job:
    """Queue the archive of the whole program; raises DomainError(not_allowed) for all but administrators."""
    if not may_administer(by):
        raise DomainError("not_allowed", _("The whole program is exported by an administrator."))
    title = _("Archive of the whole program")
    return start_job(kind=JOB_KIND, title=title, parameters={"role": by.role}, requested_by=by)


def run_archive_job(job: Job) -> dict[str, Any]:
    """Write the archive of a job; raises JobRefusedError where whoever asked is no administrator any more."""
    if job.requested_by is None or not may_administer(job.requested_by):
        raise JobRefusedError({"message": _("The whole program is exported by an administrator.")})
    path = place_file(job, f"program-{timezone.localdate().isoformat()}.zip")

    def tell(step: str, done: int, total: int | None) -> None:
        report_progress(job, done=done, total=total, step=step)

    try:
        manifest = write_archive(path, on_progress=tell)
    except JobCancelledError:
        delete_file(job)
        raise
    rows = sum(part["rows"] for part in manifest["parts"].values())
    message = _(
        "%(rows)s rows and %(files)s files are in it; it is kept for seven days. Guard it: it holds everything."
    )
    return {
        "message": message % {"rows": f"{rows:,}", "files": f"{len(manifest['files']):,}"},
        "file": path.name,
        "rows": rows,
    }
