"""What subscribers outside hear: the events there are, and one promised delivery for each subscription that fits.

Bodies are thin: what happened to what, by its id, and facts that filters read; no contact data of promoters ever. An
event whose body must not be kept (a lead) registers what builds it when it is sent. A subscription hears only what its
owner may hear, when an event happens and again when it is sent.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from delivery.models import WebhookDelivery, WebhookSubscription
from delivery.promises import enqueue
from users.models import User

WEBHOOK = "webhook"
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event: its name, what it says, an example of its data.

    `build` reads the data when it is sent, None where there is nothing left to tell. What is `for_managers` no marketer
    subscribes to.
    """

    name: str
    title: "str | Promise"
    example: Body
    build: Callable[[Body], Body | None] | None = None
    for_managers: bool = False


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


def may_keep_webhooks(user: User) -> bool:
    """Managers, administrators and marketers may have webhooks."""
    return user.is_active and (user.is_manager or user.is_marketer)


def may_hear(user: User, event: str) -> bool:
    """Whether webhooks of this user may hear of the event; nobody hears of an unknown one."""
    known = _events.get(event)
    return known is not None and may_keep_webhooks(user) and (user.is_manager or not known.for_managers)


def emit(event: str, *, subject: str, data: Body) -> int:
    """Promise, in the caller's transaction, that every subscription to the event that fits hears of it; gives how many.

    Raises KeyError for an event that nobody registered.
    """
    event_type(event)
    active = WebhookSubscription.objects.active().select_related("owner")
    fitting = [each for each in active if each.wants(event, data) and may_hear(each.owner, event)]
    for subscription in fitting:
        promise_delivery(subscription, event=event, subject=subject, data=data)
    return len(fitting)


def promise_delivery(subscription: WebhookSubscription, *, event: str, subject: str, data: Body) -> WebhookDelivery:
    """Note an event for one subscription in the caller's transaction, under a webhook id of its own, and promise it."""
    delivery = WebhookDelivery.objects.create(
        subscription=subscription,
        message_id=f"msg_{uuid.uuid4().hex}",
        event=event,
        subject=subject,
        data=dict(data),
        happened_at=timezone.now(),
    )
    enqueue(kind=WEBHOOK, key=delivery.outbox_key, payload={"delivery": delivery.pk})
    return delivery
