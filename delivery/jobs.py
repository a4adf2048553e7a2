"""Jobs: long work asked for on a page, done by a worker, with progress that can be watched and left."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from delivery.leases import LeaseLostError, require_lease
from delivery.models import Job, JobStatus
from delivery.promises import enqueue
from delivery.redaction import redact
from users.models import User

logger = logging.getLogger(__name__)

OUTBOX_KIND = "job"
_runners: dict[str, Callable[[Job], dict[str, Any]]] = {}


class JobRefusedError(Exception):
    """The job's input cannot be used; `report` says why, for a person to act on."""

    def __init__(self, report: dict[str, Any]) -> None:
        super().__init__(report.get("message", "refused"))
        self.report = report


class JobCancelledError(Exception):
    """Someone cancelled the job while it ran."""


class UnknownJobError(Exception):
    """No runner is registered for the kind of a job."""


def register_runner(kind: str, run: Callable[[Job], dict[str, Any]]) -> None:
    """Let `run(job)` do jobs of `kind`; what it returns becomes the job's report. It must be idempotent."""
    _runners[kind] = run


@transaction.atomic
def start_job(*, kind: str, title: str, parameters: Mapping[str, Any], requested_by: User | None = None) -> Job:
    """Queue a job; a worker begins once the caller's transaction commits."""
    job = Job.objects.create(kind=kind, title=title[:200], parameters=dict(parameters), requested_by=requested_by)
    enqueue(kind=OUTBOX_KIND, key=f"job:{job.pk}", payload={"job": job.pk})
    return job


def run_job(payload: Mapping[str, Any]) -> None:
    """Do a job to its end and keep its report; one that has ended already is left alone.

    A database out of reach leaves the job to the outbox, which tries again; any other unexpected error fails it.
    """
    job = Job.objects.get(pk=payload["job"])
    if not _live(job).update(status=JobStatus.RUNNING, started_at=timezone.now()):
        return
    try:
        _finish(job, JobStatus.SUCCEEDED, _find_runner(job.kind)(job))
    except JobRefusedError as refusal:
        _finish(job, JobStatus.REFUSED, refusal.report)
    except JobCancelledError:
        _finish(job, JobStatus.CANCELLED, {"message": "Cancelled; nothing was changed."})
    except (LeaseLostError, OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        _finish(job, JobStatus.FAILED, {"message": redact(f"{type(error).__name__}: {error}")})


def abandon_job(payload: Mapping[str, Any]) -> None:
    """Note that a job was tried too often: its worker died, or the database was out of reach, each time."""
    job = Job.objects.get(pk=payload["job"])
    _finish(job, JobStatus.FAILED, {"message": "The worker died while doing this, several times. Please try again."})


def reopen_job(payload: Mapping[str, Any]) -> None:
    """Queue a failed job anew, since its message is tried again."""
    failed = Job.objects.filter(pk=payload["job"], status=JobStatus.FAILED)
    failed.update(status=JobStatus.QUEUED, done=0, total=None, step="", report={}, finished_at=None)


def report_progress(job: Job, *, done: int, total: int | None = None, step: str = "") -> None:
    """Note how far a job is, outside transactions (inside one, nobody would see it).

    Raises JobCancelledError where someone has cancelled it, LeaseLostError where another worker has taken it over.
    """
    require_lease()
    changed = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(done=done, total=total, step=step)
    if not changed:
        raise JobCancelledError


def cancel_job(*, job: Job) -> bool:
    """Ask a queued or running job to stop at its next step; False where it has ended already."""
    report = {"message": "Cancelled."}
    return bool(_live(job).update(status=JobStatus.CANCELLED, finished_at=timezone.now(), report=report))


def _find_runner(kind: str) -> Callable[[Job], dict[str, Any]]:
    if kind not in _runners:
        raise UnknownJobError(f"No job is called '{kind}'")
    return _runners[kind]


def _live(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, status__in=[JobStatus.QUEUED, JobStatus.RUNNING])


def _finish(job: Job, status: JobStatus, report: dict[str, Any]) -> None:
    """End a live job. Work that was done in full counts as done, even where someone cancelled at the last moment."""
    rows = _live(job)
    if status in {JobStatus.SUCCEEDED, JobStatus.CANCELLED}:
        rows = rows | Job.objects.filter(pk=job.pk, status=JobStatus.CANCELLED)
    rows.update(status=status, report=report, finished_at=timezone.now())
