"""Delivers the outbox: each promised effect once by key inside the database.

A handler is registered for a kind in `AppConfig.ready()`. A *transactional* handler runs in one transaction with the
mark "delivered", so its effect in the database happens exactly once; it cannot open a durable transaction of its own.
A *long* handler (a job) runs under a lease, outside any transaction, must be idempotent, and is tried again when a
crashed worker's lease runs out. It may say when: RetryLaterError fails the attempt, PostponedError was none.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from delivery.leases import LeaseLostError, hold_lease, take_lease
from delivery.models import OutboxMessage
from delivery.querysets import OutboxQuerySet
from delivery.redaction import redact

logger = logging.getLogger(__name__)

_LONGEST_WAIT = timedelta(hours=6)
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """What delivers a kind, and what is told, in the same transaction, when a message is given up or tried again."""

    deliver: Callable[[Payload], None]
    long: bool = False
    max_attempts: int = 12
    give_up: Callable[[Payload], None] | None = None
    reopen: Callable[[Payload], None] | None = None


_handlers: dict[str, Handler] = {}


class UnknownKindError(Exception):
    """No handler is registered for the kind of a message."""


class WorkerDiedError(Exception):
    """A worker ended in the middle of its last attempt."""


class RetryLaterError(Exception):
    """An attempt failed as such attempts do, which is no fault of ours: tried again, after `wait` at the earliest."""

    def __init__(self, message: str, wait: timedelta = timedelta(0)) -> None:
        super().__init__(message)
        self.wait = wait


class PostponedError(Exception):
    """A long handler did nothing yet: the message is due again after `wait`, and no attempt is counted."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Postponed by {wait}")
        self.wait = wait


def register_handler(kind: str, handler: Handler) -> None:
    """Let `handler` deliver messages of `kind`; registering twice replaces the first."""
    _handlers[kind] = handler


def known_kinds() -> list[str]:
    """The kinds that have a handler, by name."""
    return sorted(_handlers)


def handler_of(kind: str) -> Handler:
    """What delivers messages of `kind`; an unknown kind's refuses."""
    return _handlers.get(kind, _UNKNOWN)


def long_kinds() -> list[str]:
    """The kinds whose handlers run under a lease."""
    return [kind for kind, handler in _handlers.items() if handler.long]


def deliver(message_id: int) -> bool:
    """Deliver one message; False where it was not waiting or failed. A failing one is retried later with back-off."""
    kind = OutboxMessage.objects.filter(pk=message_id).values_list("kind", flat=True).first()
    if kind is None:
        return False
    handler = handler_of(kind)
    return _deliver_long(message_id, handler) if handler.long else _deliver_within(message_id, handler)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 10 s, 20 s, 40 s, … at most six hours."""
    return min(timedelta(seconds=5 * 2**attempts), _LONGEST_WAIT)


def _deliver_within(message_id: int, handler: Handler) -> bool:
    message = None
    try:
        with transaction.atomic():
            message = OutboxMessage.objects.waiting().select_for_update(skip_locked=True).filter(pk=message_id).first()
            if message is None:
                return False
            handler.deliver(message.payload)
            _mark_delivered(message, attempts=message.attempts + 1)
    except Exception as error:
        if message is None:
            raise
        rows = OutboxMessage.objects.open().filter(pk=message_id)
        _note_failure(rows, message, handler, error, attempts=message.attempts + 1)
        return False
    return True


def _deliver_long(message_id: int, handler: Handler) -> bool:
    lease = take_lease(message_id)
    if lease is None:
        return False
    message = OutboxMessage.objects.get(pk=message_id)
    try:
        if lease.attempt > handler.max_attempts:
            raise WorkerDiedError(f"A worker died in the last of {handler.max_attempts} attempts")
        with hold_lease(lease):
            handler.deliver(message.payload)
        _mark_delivered(message, attempts=lease.attempt)
    except LeaseLostError as error:
        logger.warning("Stopped: %s", error)
        return False
    except PostponedError as error:
        due = timezone.now() + min(error.wait, _LONGEST_WAIT)
        lease.rows().update(attempts=F("attempts") - 1, leased_until=None, due=due)
        return False
    except Exception as error:
        _note_failure(lease.rows(), message, handler, error, attempts=lease.attempt)
        return False
    return True


def _mark_delivered(message: OutboxMessage, *, attempts: int) -> None:
    message.delivered_at = timezone.now()
    message.attempts = attempts
    message.leased_until = None
    message.last_error = ""
    message.save(update_fields=["delivered_at", "attempts", "leased_until", "last_error"])


def _note_failure(
    rows: OutboxQuerySet[OutboxMessage], message: OutboxMessage, handler: Handler, error: Exception, *, attempts: int
) -> None:
    """Postpone the message, or give it up after its last attempt and say so to its handler."""
    is_expected = isinstance(error, RetryLaterError)
    level, details = (logging.WARNING, None) if is_expected else (logging.ERROR, error)
    logger.log(level, "Attempt %s at %s failed: %s", attempts, message, redact(str(error)), exc_info=details)
    wait = max(wait_after(attempts), error.wait if isinstance(error, RetryLaterError) else timedelta(0))
    now = timezone.now()
    is_last = attempts >= handler.max_attempts
    with transaction.atomic():
        changed = rows.update(
            attempts=attempts,
            last_error=redact(f"{type(error).__name__}: {error}")[:2000],
            leased_until=None,
            due=now + min(wait, _LONGEST_WAIT),
            gave_up_at=now if is_last else None,
        )
        if changed and is_last and handler.give_up is not None:
            handler.give_up(message.payload)


def _refuse_unknown(payload: Payload) -> None:
    raise UnknownKindError("No handler is registered for this kind")


_UNKNOWN = Handler(_refuse_unknown)
