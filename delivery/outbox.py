"""Delivers the outbox: each promised effect once by key inside the database.

A handler is registered for a kind in `AppConfig.ready()`. A *transactional* handler runs in one transaction with the
mark "delivered", so its effect in the database happens exactly once. A *long* handler (a job) runs under a lease,
outside any transaction, must be idempotent, and is tried again when the lease runs out.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from delivery.models import OutboxMessage

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
MAX_ATTEMPTS = 12
_LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Handler:
    """What delivers a kind. `long` handlers run under a lease, the others inside the marking transaction."""

    deliver: Callable[[Mapping[str, Any]], None]
    long: bool = False


_handlers: dict[str, Handler] = {}


class UnknownKindError(Exception):
    """No handler is registered for the kind of a message."""


def register_handler(kind: str, deliver: Callable[[Mapping[str, Any]], None], *, long: bool = False) -> None:
    """Let `deliver(payload)` handle messages of `kind`; registering twice replaces the first."""
    _handlers[kind] = Handler(deliver, long)


def waiting(now: datetime | None = None) -> QuerySet[OutboxMessage]:
    """Messages whose time has come and that nobody holds."""
    now = now or timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return OutboxMessage.objects.filter(free, delivered_at__isnull=True, gave_up_at__isnull=True, due__lte=now)


def deliver(message_id: int) -> bool:
    """Deliver one message; False where it was not waiting. A failing handler is retried later with back-off."""
    kind = OutboxMessage.objects.filter(pk=message_id).values_list("kind", flat=True).first()
    if kind is None:
        return False
    handler = _handlers.get(kind)
    try:
        if handler is None:
            raise UnknownKindError(f"No handler for '{kind}'")
        return _deliver_long(message_id, handler) if handler.long else _deliver_within(message_id, handler)
    except Exception as error:
        logger.exception("Delivering message %s (%s) failed", message_id, kind)
        _postpone(message_id, error)
        return False


def _deliver_within(message_id: int, handler: Handler) -> bool:
    with transaction.atomic():
        message = waiting().select_for_update(skip_locked=True, of=("self",)).filter(pk=message_id).first()
        if message is None:
            return False
        handler.deliver(message.payload)
        _mark_delivered(message)
    return True


def _deliver_long(message_id: int, handler: Handler) -> bool:
    now = timezone.now()
    if not waiting(now).filter(pk=message_id).update(leased_until=now + LEASE):
        return False
    message = OutboxMessage.objects.get(pk=message_id)
    handler.deliver(message.payload)
    _mark_delivered(message)
    return True


def _mark_delivered(message: OutboxMessage) -> None:
    message.delivered_at = timezone.now()
    message.attempts += 1
    message.last_error = ""
    message.save(update_fields=["delivered_at", "attempts", "last_error"])


def _postpone(message_id: int, error: Exception) -> None:
    now = timezone.now()
    OutboxMessage.objects.filter(pk=message_id).update(
        attempts=F("attempts") + 1, last_error=f"{type(error).__name__}: {error}"[:2000], leased_until=None
    )
    message = OutboxMessage.objects.get(pk=message_id)
    if message.attempts >= MAX_ATTEMPTS:
        message.gave_up_at = now
    message.due = now + min(timedelta(seconds=5 * 2**message.attempts), _LONGEST_WAIT)
    message.save(update_fields=["gave_up_at", "due"])
