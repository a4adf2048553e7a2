"""Leases of long deliveries: which attempt works on a message, and how a living worker keeps it.

A thread lengthens the lease while the work goes on, so its length only says how long after a crash another worker
may begin. The number of the attempt is the fence: whoever lost the lease can neither lengthen it nor mark the message.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from delivery.models import OutboxMessage
from delivery.querysets import OutboxQuerySet

logger = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """Another worker has taken the message over; this one must stop."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one attempt to work on one message."""

    message_id: int
    attempt: int
    lost: threading.Event = field(default_factory=threading.Event)

    def rows(self) -> OutboxQuerySet[OutboxMessage]:
        """The message, as long as it is still open and this attempt's."""
        return OutboxMessage.objects.open().filter(pk=self.message_id, attempts=self.attempt)


_held: ContextVar[Lease | None] = ContextVar("held_lease", default=None)


def lease_length() -> timedelta:
    """How long a silent worker keeps its message."""
    return timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


@transaction.atomic
def take_lease(message_id: int) -> Lease | None:
    """Begin the next attempt at a waiting message; None where it is not waiting."""
    now = timezone.now()
    waiting = OutboxMessage.objects.waiting(now).filter(pk=message_id)
    if not waiting.update(leased_until=now + lease_length(), attempts=F("attempts") + 1):
        return None
    return Lease(message_id, OutboxMessage.objects.values_list("attempts", flat=True).get(pk=message_id))


@contextmanager
def hold_lease(lease: Lease) -> Iterator[None]:
    """Keep `lease` alive while the block runs."""
    done = threading.Event()
    keeper = threading.Thread(target=_keep_alive, args=(lease, done), name=f"lease-{lease.message_id}", daemon=True)
    token = _held.set(lease)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        _held.reset(token)


def require_lease() -> None:
    """Raise LeaseLostError where the long delivery running here was taken over; nothing outside of one."""
    lease = _held.get()
    if lease is not None and lease.lost.is_set():
        raise LeaseLostError(f"Message {lease.message_id} was taken over")


def lengthen(lease: Lease) -> bool:
    """Push the end of `lease` out from now; False, and noted as lost, where another attempt has begun."""
    kept = bool(lease.rows().update(leased_until=timezone.now() + lease_length()))
    if not kept:
        lease.lost.set()
    return kept


def _keep_alive(lease: Lease, done: threading.Event) -> None:
    try:
        while not done.wait(lease_length().total_seconds() / 4):
            try:
                if not lengthen(lease):
                    return
            except DatabaseError as error:  # a long write elsewhere: the next beat tries again
                logger.warning("The lease of message %s was not lengthened: %s", lease.message_id, error)
    finally:
        connection.close()
