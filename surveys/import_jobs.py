"""Runs an import of answers as a job of a worker: with progress, cancellable until it writes, told by its report."""

from typing import Any

from delivery.jobs import JobCancelledError, JobRefusedError, report_progress, start_job
from delivery.models import Job
from references.importing.errors import ImportRefusedError
from references.importing.report import Refusal
from references.importing.uploads import delete_upload, find_upload
from surveys.columns import GivenColumns
from surveys.importing import WRITING, ResponseImport, import_responses
from users.models import User

JOB_KIND = "import_responses"
PROBLEMS_TOLD = 1_000


def start_response_import(
    *, upload: str, campaign: str, given: GivenColumns, imported_by: User | None, dry_run: bool = False
) -> Job:
    """Queue the import of a stored upload (its token); the job's report is `ResponseImport.to_json()`.

    A job that refuses the file keeps the upload for another try, and so does a dry run; else it is deleted in the end.
    Raises ImportRefusedError(gone) where the upload is not there.
    """
    stored = find_upload(upload)
    return start_job(
        kind=JOB_KIND,
        title=f"Import answers of {stored.name}" if not dry_run else f"Try out {stored.name}",
        parameters={
            "upload": upload,
            "campaign": campaign,
            "columns": {"score": given.score, "day": given.day, "comment": given.comment},
            "dry_run": dry_run,
        },
        requested_by=imported_by,
    )


def run_response_import(job: Job) -> dict[str, Any]:
    """Import the upload of a job; gives the report as JSON, or raises JobRefusedError with it.

    Importing twice changes nothing, so this is idempotent.
    """
    parameters = job.parameters
    try:
        upload = find_upload(parameters["upload"])
    except ImportRefusedError as error:
        report = ResponseImport(job.title, parameters["campaign"], refusal=Refusal.of(error))
        raise JobRefusedError(report.to_json()) from error

    def tell(step: str, done: int, total: int | None) -> None:
        if step != WRITING or done == 0:  # inside the transaction nobody would see it
            report_progress(job, done=done, total=total, step=step)

    try:
        report = import_responses(
            upload.path,
            campaign=parameters["campaign"],
            given=GivenColumns(**parameters["columns"]),
            dry_run=parameters["dry_run"],
            imported_by=job.requested_by,
            on_progress=tell,
            name=upload.name,
        )
    except JobCancelledError:
        delete_upload(upload.token)
        raise
    told = report.to_json(problems=PROBLEMS_TOLD)
    if report.is_refused:
        raise JobRefusedError(told)
    if not report.is_dry_run:
        delete_upload(upload.token)
    return told
