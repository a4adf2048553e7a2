"""Sends what a person asks for: effects that were given up, those that wait for another attempt, and mails once more.

A mail sent anew is another promise with a Message-ID of its own, since its receiver is meant to get it once more; the
attempts at one promise share theirs.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery import mails
from delivery.models import OutboxMessage
from delivery.outbox import handler_of
from delivery.promises import enqueue, nudge
from delivery.querysets import OutboxQuerySet


class ResendError(Exception):
    """A message that cannot be sent as asked; `code` is not_sendable or already_waiting."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@transaction.atomic
def try_again(messages: OutboxQuerySet[OutboxMessage]) -> int:
    """Let the sweeper deliver those of `messages` that were given up, with all their attempts; gives how many."""
    chosen = list(messages.given_up().select_for_update())
    for message in chosen:
        handler = handler_of(message.kind)
        if handler.reopen is not None:
            handler.reopen(message.payload)
    rows = OutboxMessage.objects.filter(pk__in=[message.pk for message in chosen])
    return rows.update(gave_up_at=None, attempts=0, due=timezone.now())


def may_send_now(message: OutboxMessage) -> bool:
    """Whether a person may hasten an open message: a mail, or anything whose own time has come.

    Other effects promised for later, such as the end of a hold, are about their time.
    """
    if message.delivered_at or message.gave_up_at or message.is_being_delivered:
        return False
    return message.kind == mails.OUTBOX_KIND or message.attempts > 0 or message.due <= timezone.now()


@transaction.atomic
def send_now(*, message: OutboxMessage) -> None:
    """Make an open message due and nudge a worker. Raises ResendError(not_sendable)."""
    row = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if not may_send_now(row):
        raise ResendError("not_sendable", _("This cannot be sent ahead of its time, or is being sent right now."))
    row.due = timezone.now()
    row.save(update_fields=["due"])
    transaction.on_commit(lambda: nudge(row.pk))


def may_send_anew(message: OutboxMessage) -> bool:
    """Whether a message is a mail that was delivered."""
    return message.kind == mails.OUTBOX_KIND and message.delivered_at is not None


@transaction.atomic
def send_anew(*, message: OutboxMessage) -> OutboxMessage:
    """Promise a delivered mail once more, built afresh. Raises ResendError(not_sendable, already_waiting)."""
    row = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if not may_send_anew(row):
        raise ResendError("not_sendable", _("Only a mail that was delivered can be sent once more."))
    prefix = f"{mails.OUTBOX_KIND}:again:{row.pk}:"
    earlier = OutboxMessage.objects.filter(key__startswith=prefix)
    if earlier.open().exists():
        raise ResendError("already_waiting", _("It is on its way once more already."))
    key = f"{prefix}{earlier.count() + 1}"
    return enqueue(kind=row.kind, key=key, payload={**row.payload, "key": key.partition(":")[2]})
