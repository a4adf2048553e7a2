"""What delivers the promised effects of surveys, and runs their jobs: each looks at the row as it stands.

All run outside transactions, since what they call writes the pool in one of its own.
"""

from collections.abc import Callable
from typing import Any

from delivery import jobs, outbox
from delivery.jobs import JobCancelledError, report_progress
from delivery.models import Job
from delivery.outbox import Handler, Payload
from surveys import kinds
from surveys.models import Invitation
from surveys.services.inviting import close_off, invite_campaign, note_undelivered, send_waiting


def _invite(payload: Payload) -> None:
    invite_campaign(campaign_id=payload["campaign"])


def _close_off(payload: Payload) -> None:
    close_off(campaign_id=payload["campaign"])


def _note_undelivered(payload: Payload) -> None:
    note_undelivered(invitation_id=payload["invitation"])


HANDLERS: dict[str, Callable[[Payload], None]] = {
    kinds.INVITE: _invite,
    kinds.CLOSE_OFF: _close_off,
    kinds.UNDELIVERED: _note_undelivered,
}


def run_invite_job(job: Job) -> dict[str, Any]:
    """Send the letters that wait, with progress; cancelled it stops between two batches, and what is sent is sent."""
    campaign_id = job.parameters["campaign"]

    def tell(done: int, total: int) -> None:
        report_progress(job, done=done, total=total, step="inviting")

    try:
        sent = send_waiting(campaign_id=campaign_id, on_progress=tell)
    except JobCancelledError:
        left = Invitation.objects.to_be_mailed().filter(campaign=campaign_id).count()
        return {"left": left, "message": f"Stopped: {left:,} people still wait to be written to."}
    return {"sent": sent, "message": f"{sent:,} letters are on their way."}


def register_handlers() -> None:
    """Let the outbox deliver the effects of surveys, and workers run their jobs."""
    for kind, deliver in HANDLERS.items():
        outbox.register_handler(kind, Handler(deliver, long=True))
    jobs.register_runner(kinds.INVITE_JOB, run_invite_job)
