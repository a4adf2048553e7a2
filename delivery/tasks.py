"""Celery tasks of the outbox: deliver one message, and sweep up what no task is on its way for."""

from celery import shared_task

from delivery import outbox

_SWEEP_LIMIT = 200


@shared_task
def deliver_message(message_id: int) -> None:
    """Deliver one outbox message, if it still waits."""
    outbox.deliver(message_id)


@shared_task
def sweep_outbox() -> None:
    """Deliver everything due that a crash, or a broker out of reach, left behind."""
    for message_id in list(outbox.waiting().order_by("due").values_list("pk", flat=True)[:_SWEEP_LIMIT]):
        outbox.deliver(message_id)
