"""Webhooks for tests: events with and without a body of their own, subscriptions, and the worker that delivers."""

from typing import Any

from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxMessage, WebhookSubscription
from delivery.webhook_services import create_webhook
from delivery.webhooks import EventType, register_event
from users.models import User

OPEN_EVENT, CLOSED_EVENT = "thing.made", "thing.counted"
EXAMPLE = {"id": 1, "kind": "quote", "language": "en", "tags": ["banking", "ledger"]}


def register_things() -> None:
    """One event for whoever may have webhooks, one for managers."""
    register_event(EventType(OPEN_EVENT, "A thing was made", EXAMPLE))
    register_event(EventType(CLOSED_EVENT, "A thing was counted", {"id": 1}, for_managers=True))


def make_webhook(owner: User, url: str = "https://hooks.example/in", **fields: Any) -> WebhookSubscription:
    """A webhook of everything that happens to things, unless told otherwise."""
    return create_webhook(owner=owner, **{"name": "Website", "url": url, "events": [OPEN_EVENT], **fields})


def deliver_all() -> list[bool]:
    """Deliver what waits, as a worker would, whenever it is due; gives which were delivered."""
    OutboxMessage.objects.open().update(due=timezone.now())
    return [outbox.deliver(message.pk) for message in OutboxMessage.objects.open()]
