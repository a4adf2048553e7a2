"""Jobs: long work asked for on a page, done by a worker, with progress that can be watched and left."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from delivery.models import Job, JobStatus
from delivery.promises import enqueue
from users.models import User

OUTBOX_KIND = "job"
_runners: dict[str, Callable[[Job], dict[str, Any]]] = {}


class JobRefusedError(Exception):
    """The job's input cannot be used; `report` says why, for a person to act on."""

    def __init__(self, report: dict[str, Any]) -> None:
        super().__init__(report.get("message", "refused"))
        self.report = report


class JobCancelledError(Exception):
    """Someone cancelled the job while it ran."""


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
    """Do a job to its end and keep its report; a job that is finished already is left alone."""
    job = Job.objects.get(pk=payload["job"])
    if job.is_finished:
        return
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, started_at=timezone.now())
    try:
        _finish(job, JobStatus.SUCCEEDED, _runners[job.kind](job))
    except JobRefusedError as refusal:
        _finish(job, JobStatus.REFUSED, refusal.report)
    except JobCancelledError:
        _finish(job, JobStatus.CANCELLED, {"message": "Cancelled; nothing was changed."})
    except Exception as error:
        _finish(job, JobStatus.FAILED, {"message": f"{type(error).__name__}: {error}"})
        raise


def report_progress(job: Job, *, done: int, total: int | None = None, step: str = "") -> None:
    """Note how far a job is; raises JobCancelledError where someone has cancelled it. Call it outside transactions."""
    changed = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(done=done, total=total, step=step)
    if not changed:
        raise JobCancelledError


def cancel_job(*, job: Job) -> bool:
    """Ask a queued or running job to stop at its next step; False where it has ended already."""
    live = [JobStatus.QUEUED, JobStatus.RUNNING]
    return bool(
        Job.objects.filter(pk=job.pk, status__in=live).update(
            status=JobStatus.CANCELLED, finished_at=timezone.now(), report={"message": "Cancelled."}
        )
    )


def _finish(job: Job, status: JobStatus, report: dict[str, Any]) -> None:
    Job.objects.filter(pk=job.pk).update(status=status, report=report, finished_at=timezone.now())
