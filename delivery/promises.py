"""Promises effects: an outbox row in the caller's transaction, and a nudge to the worker once it commits."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from delivery.models import OutboxMessage
from delivery.tasks import deliver_message

logger = logging.getLogger(__name__)


def enqueue(
    *, kind: str, key: str, payload: Mapping[str, Any] | None = None, due: datetime | None = None
) -> OutboxMessage:
    """Promise an effect inside the caller's transaction; the same key twice is one promise.

    Raises RuntimeError outside a transaction, since a promise must stand or fall with what it follows from.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("enqueue() belongs in the transaction whose effect it is")
    now = timezone.now()
    message, is_new = OutboxMessage.objects.get_or_create(
        key=key, defaults={"kind": kind, "payload": dict(payload or {}), "due": due or now}
    )
    if is_new and message.due <= now:
        transaction.on_commit(lambda: nudge(message.pk))
    return message


def nudge(message_id: int) -> None:
    """Tell a worker that a message waits; without a broker the sweeper finds it."""
    try:
        deliver_message.delay(message_id)
    except (OperationalError, OSError) as error:
        logger.warning("No broker reached, the sweeper will deliver message %s: %s", message_id, error)
