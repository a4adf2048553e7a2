"""Celery tasks: deliver one message, sweep up what no task is on its way for, and forget what is old."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import Case, Value, When

from delivery import idempotency, outbox, webhook_log
from delivery.models import OutboxMessage

_SWEEP_LIMIT = 200


@shared_task
def deliver_message(message_id: int) -> None:
    """Deliver one outbox message, if it still waits."""
    outbox.deliver(message_id)


@shared_task
def sweep_outbox() -> None:
    """Deliver everything due that a crash, or a broker out of reach, left behind; long work comes last."""
    length = Case(When(kind__in=outbox.long_kinds(), then=Value(1)), default=Value(0))
    waiting = OutboxMessage.objects.waiting().order_by(length, "due").values_list("pk", flat=True)
    for message_id in list(waiting[:_SWEEP_LIMIT]):
        outbox.deliver(message_id)


@shared_task
def forget_idempotency_keys() -> None:
    """Delete the idempotency keys that no caller repeats any more."""
    idempotency.forget_old_keys()


@shared_task
def forget_webhook_deliveries() -> None:
    """Delete what webhooks were told longer ago than the setting WEBHOOKS_LOG_DAYS says."""
    webhook_log.forget_old_deliveries(older_than=timedelta(days=settings.WEBHOOKS_LOG_DAYS))
