"""Runs an import as a job of a worker: with progress, cancellable until it is committed, told by its report."""

from typing import Any

from delivery.jobs import JobCancelledError, JobRefusedError, report_progress
from delivery.models import Job, JobStatus
from references.importing.errors import ImportRefusedError
from references.importing.report import ImportReport, Refusal
from references.importing.running import WRITING, import_file
from references.importing.uploads import delete_upload, find_upload
from references.services.duplicates import search_touched
from references.services.vocabulary import ensure_vocabulary

JOB_KIND = "import"
PROBLEMS_TOLD = 1_000


def run_import_job(job: Job) -> dict[str, Any]:
    """Import the upload of a job; gives the report as JSON, or raises JobRefusedError with it.

    The upload is deleted once it is imported, or the job cancelled; a dry run or a refusal keeps it for the next try.
    Progress is told outside the write's transaction only; inside, a cancelled job ends between batches. Importing twice
    changes nothing, so this is idempotent.
    """
    parameters = job.parameters
    try:
        upload = find_upload(parameters["upload"])
    except ImportRefusedError as error:
        report = ImportReport(file=job.title, refusal=Refusal.of(error))
        raise JobRefusedError(report.to_json()) from error

    def tell(step: str, done: int, total: int | None) -> None:
        if step != WRITING or done == 0:
            report_progress(job, done=done, total=total, step=step)
        elif Job.objects.filter(pk=job.pk, status=JobStatus.CANCELLED).exists():
            raise JobCancelledError  # the transaction is taken back

    ensure_vocabulary()
    try:
        report = import_file(
            upload.path,
            mapping=parameters["mapping"],
            dry_run=parameters["dry_run"],
            skip_bad_rows=parameters["skip_bad_rows"],
            imported_by=job.requested_by,
            on_progress=tell,
            name=upload.name,
            sheet=parameters.get("sheet", ""),
            encoding=parameters.get("encoding", ""),
        )
    except JobCancelledError:
        delete_upload(upload.token)
        raise
    told = report.to_json(problems=PROBLEMS_TOLD)
    if report.is_refused:
        raise JobRefusedError(told)
    if not report.is_dry_run:
        told |= _search_duplicates(job, report)
        delete_upload(upload.token)
    return told


def _search_duplicates(job: Job, report: ImportReport) -> dict[str, int]:
    """Count the likely duplicates among what was written; they are left where the job is cancelled only now."""
    try:
        report_progress(job, done=report.rows, total=report.rows, step="looking for duplicates")
    except JobCancelledError:  # too late: the import is committed
        return {}
    return {"duplicates": search_touched(report.touched)}
