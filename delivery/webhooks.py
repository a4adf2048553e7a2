"""What subscribers outside hear: the events there are, and one promised delivery for each subscription that fits.

Bodies are thin: what happened to what, by its id, and facts that filters read; no contact data of promoters ever. An
event whose body must not be kept (a lead) registers what builds it when it is sent.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from delivery.models import WebhookDelivery, WebhookSubscription
from delivery.promises import enqueue

WEBHOOK = "webhook"
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event: its name, what it says, an example of its data; `build` reads the data when it is sent."""

    name: str
    title: "str | Promise"
    example: Body
    build: Callable[[Body], Body] | None = None


_events: dict[str, EventType] = {}


def register_event(event: EventType) -> None:
    """Let subscriptions name this event; registering a name twice replaces the first."""
    _events[event.name] = event


def known_events() -> list[EventType]:
    """The events there are, by name."""
    return [_events[name] for name in sorted(_events)]


def event_type(name: str) -> EventType:
    """The event of a name; raises KeyError for an unknown one."""
    return _events[name]


def emit(event: str, *, subject: str, data: Body) -> int:
    """Promise, in the caller's transaction, that every subscription to the event that fits hears of it; gives how many.

    Raises KeyError for an event that nobody registered.
    """
    event_type(event)
    fitting = [each for each in WebhookSubscription.objects.active() if each.wants(event, data)]
    for subscription in fitting:
        delivery = WebhookDelivery.objects.create(
            subscription=subscription,
            message_id=f"msg_{uuid.uuid4().hex}",
            event=event,
            subject=subject,
            data=dict(data),
            happened_at=timezone.now(),
        )
        enqueue(kind=WEBHOOK, key=f"{WEBHOOK}:{delivery.pk}", payload={"delivery": delivery.pk})
    return len(fitting)
