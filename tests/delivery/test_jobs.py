"""Jobs: started with their transaction, watched, cancelled, refused, failed, tried again."""

from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from delivery.jobs import (
    JobRefusedError,
    abandon_job,
    cancel_job,
    register_runner,
    report_progress,
    run_job,
    start_job,
)
from delivery.models import Job, JobStatus, OutboxMessage
from delivery.outbox import deliver
from users.models import User

pytestmark = pytest.mark.django_db


def start(run: Any) -> Job:
    register_runner("count", run)
    return start_job(kind="count", title="Count things", parameters={"up_to": 3})


def work_off(job: Job) -> Job:
    """Let a worker take the job, and give it as it is then."""
    deliver(OutboxMessage.objects.get(key=f"job:{job.pk}").pk)
    job.refresh_from_db()
    return job


def count(job: Job) -> dict[str, Any]:
    for done in range(job.parameters["up_to"]):
        report_progress(job, done=done + 1, total=job.parameters["up_to"], step="counting")
    return {"counted": job.parameters["up_to"]}


@pytest.mark.django_db(transaction=True)
def test_job_is_done_by_the_worker_once_committed(rep: User) -> None:
    register_runner("count", count)
    job = start_job(kind="count", title="Count things", parameters={"up_to": 3}, requested_by=rep)
    job.refresh_from_db()
    assert (job.status, job.report, job.requested_by) == (JobStatus.SUCCEEDED, {"counted": 3}, rep)


def test_job_reports_progress() -> None:
    job = work_off(start(count))
    assert (job.done, job.total, job.step, job.percent) == (3, 3, "counting", 100)
    assert job.started_at is not None
    assert job.finished_at is not None


def test_job_percent_is_unknown_without_a_total() -> None:
    assert Job(done=3).percent is None
    assert Job(done=3, total=4).percent == 75


def test_job_that_is_refused_says_why() -> None:
    def refuse(job: Job) -> dict[str, Any]:
        raise JobRefusedError({"message": "No such column", "line": 7})

    job = work_off(start(refuse))
    assert (job.status, job.report) == (JobStatus.REFUSED, {"message": "No such column", "line": 7})


def test_job_cancelled_while_queued_never_runs() -> None:
    ran: list[Job] = []

    def run(job: Job) -> dict[str, Any]:
        ran.append(job)
        return {}

    job = start(run)
    assert cancel_job(job=job)
    assert work_off(job).status == JobStatus.CANCELLED
    assert ran == []
    assert OutboxMessage.objects.get().delivered_at is not None


def test_job_cancelled_while_running_stops_at_its_next_step() -> None:
    reached: list[int] = []

    def run(job: Job) -> dict[str, Any]:
        for done in range(5):
            report_progress(job, done=done)
            reached.append(done)
            if done == 2:
                cancel_job(job=job)
        return {}

    job = work_off(start(run))
    assert (job.status, reached) == (JobStatus.CANCELLED, [0, 1, 2])


def test_job_cancelled_after_its_last_step_counts_as_done() -> None:
    def run(job: Job) -> dict[str, Any]:
        cancel_job(job=job)
        return {"done": True}

    job = work_off(start(run))
    assert (job.status, job.report) == (JobStatus.SUCCEEDED, {"done": True})


def test_job_that_ended_cannot_be_cancelled() -> None:
    job = work_off(start(count))
    assert not cancel_job(job=job)
    job.refresh_from_db()
    assert job.status == JobStatus.SUCCEEDED


def test_job_that_fails_says_so_without_contact_data_and_is_not_tried_again() -> None:
    def fail(job: Job) -> dict[str, Any]:
        raise KeyError("kim@example.test")

    job = work_off(start(fail))
    assert (job.status, job.report) == (JobStatus.FAILED, {"message": "KeyError: '[address]'"})
    assert OutboxMessage.objects.get().delivered_at is not None


def test_job_of_an_unknown_kind_fails_with_its_reason() -> None:
    job = work_off(start_job(kind="unheard-of", title="?", parameters={}))
    assert (job.status, job.report) == (JobStatus.FAILED, {"message": "UnknownJobError: No job is called 'unheard-of'"})


def test_job_is_tried_again_after_the_database_was_out_of_reach() -> None:
    failures = [OperationalError("the connection is lost")]

    def run(job: Job) -> dict[str, Any]:
        if failures:
            raise failures.pop()
        return {"done": True}

    job = work_off(start(run))
    assert job.status == JobStatus.RUNNING
    OutboxMessage.objects.update(due=timezone.now())
    assert work_off(job).report == {"done": True}


def test_job_abandoned_after_too_many_attempts_has_failed() -> None:
    def run(job: Job) -> dict[str, Any]:
        raise OperationalError("the connection is lost")

    job = start(run)
    for _ in range(4):
        OutboxMessage.objects.update(due=timezone.now())
        work_off(job)
    assert job.status == JobStatus.FAILED
    assert "several times" in job.report["message"]


def test_job_that_ended_is_left_alone() -> None:
    job = work_off(start(count))
    run_job({"job": job.pk})
    abandon_job({"job": job.pk})
    job.refresh_from_db()
    assert (job.status, job.report) == (JobStatus.SUCCEEDED, {"counted": 3})
