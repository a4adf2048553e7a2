"""What is done with webhooks: made, changed, paused, stopped, given another secret, tried out and sent again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery import webhooks
from delivery.models import OutboxMessage, WebhookDelivery, WebhookSubscription
from delivery.promises import enqueue, nudge
from delivery.webhook_sending import TEST_EVENT
from delivery.webhook_signing import secret_of
from delivery.webhook_targets import TargetError, check_url
from users.models import User

BOTH_SIGN = timedelta(hours=24)
MOST_REPLAYED = 1_000
MOST_VALUES = 50
MOST_WEBHOOKS = 100
FACTS: "Mapping[str, str | Promise]" = {
    "noun": gettext_lazy("What it is"),
    "kind": gettext_lazy("Kind"),
    "status": gettext_lazy("Status"),
    "activity": gettext_lazy("Activity"),
    "channel": gettext_lazy("Channel"),
    "language": gettext_lazy("Language"),
    "tags": gettext_lazy("Tags"),
}
"""The facts that filters read, where an event carries them."""


class WebhookError(Exception):
    """Something about a webhook that cannot be; `code` for programs, `field` names the input at fault."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class WebhookFields(TypedDict, total=False):
    """What is said of a webhook."""

    name: str
    url: str
    events: Sequence[str]
    filters: Mapping[str, Sequence[str]]


def events_for(user: User) -> list[webhooks.EventType]:
    """The events that webhooks of this user may hear of, by name."""
    return [event for event in webhooks.known_events() if webhooks.may_hear(user, event.name)]


@transaction.atomic
def create_webhook(*, owner: User, **fields: Unpack[WebhookFields]) -> WebhookSubscription:
    """Subscribe to events; the secret follows from the row (see `secret_of`).

    Raises WebhookError: not_allowed, too_many, and what `change_webhook` raises.
    """
    if not webhooks.may_keep_webhooks(owner):
        raise WebhookError("not_allowed", _("Webhooks are kept by managers and marketers."))
    if WebhookSubscription.objects.filter(owner=owner).count() >= MOST_WEBHOOKS:
        raise WebhookError("too_many", _("You have %(n)s webhooks: delete one first.") % {"n": MOST_WEBHOOKS})
    subscription = WebhookSubscription(owner=owner)
    _write(subscription, {"name": "", "url": "", "events": [], **fields})
    subscription.save()
    return subscription


@transaction.atomic
def change_webhook(*, subscription: WebhookSubscription, **fields: Unpack[WebhookFields]) -> WebhookSubscription:
    """Change what is given; what waits goes to the new address.

    Raises WebhookError: name_required, url_refused, unknown_event, unknown_fact, filter_never_fits, invalid_filter.
    """
    row = _lock(subscription)
    _write(row, fields)
    row.save()
    return row


@transaction.atomic
def pause_webhook(*, subscription: WebhookSubscription) -> WebhookSubscription:
    """Tell it of nothing more until it is resumed; what waits is given up and can be replayed."""
    row = _lock(subscription)
    row.is_active = False
    row.save(update_fields=["is_active", "updated_at"])
    return row


@transaction.atomic
def resume_webhook(*, subscription: WebhookSubscription) -> WebhookSubscription:
    """Tell it of events again, whatever it was stopped for."""
    row = _lock(subscription)
    row.is_active, row.stopped_why, row.failing_since, row.quiet_until = True, "", None, None
    row.save(update_fields=["is_active", "stopped_why", "failing_since", "quiet_until", "updated_at"])
    return row


@transaction.atomic
def delete_webhook(*, subscription: WebhookSubscription) -> None:
    """Forget a webhook, its deliveries with it; what waits is not sent."""
    subscription.delete()


@transaction.atomic
def rotate_secret(*, subscription: WebhookSubscription) -> str:
    """Sign by a new secret from now on, which is given; for a day the old one signs too."""
    row = _lock(subscription)
    row.secret_version, row.old_secret_until = row.secret_version + 1, timezone.now() + BOTH_SIGN
    row.save(update_fields=["secret_version", "old_secret_until", "updated_at"])
    return secret_of(row)


@transaction.atomic
def send_test(*, subscription: WebhookSubscription) -> WebhookDelivery:
    """Promise the event `webhook.test`, whatever is subscribed to. Raises WebhookError(not_active)."""
    row = _require_active(subscription)
    data = {"webhook": str(row.pk), "name": row.name}
    return webhooks.promise_delivery(row, event=TEST_EVENT, subject=f"webhook:{row.pk}", data=data)


@transaction.atomic
def replay(*, delivery: WebhookDelivery) -> WebhookDelivery:
    """Send an event again under its webhook id; one that still waits is sent now.

    Raises WebhookError(not_active).
    """
    row = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    _require_active(row.subscription)
    _send_again([row])
    return row


@transaction.atomic
def replay_failed(*, subscription: WebhookSubscription, since: datetime) -> int:
    """Send again, oldest first, what has happened since a moment and was given up, at most 1,000; gives how many.

    Raises WebhookError(not_active).
    """
    _require_active(subscription)
    failed = WebhookDelivery.objects.failed().filter(subscription=subscription, happened_at__gte=since)
    rows = list(failed.select_for_update().order_by("pk")[:MOST_REPLAYED])
    _send_again(rows)
    return len(rows)


def _send_again(rows: Iterable[WebhookDelivery]) -> None:
    for row in rows:
        if row.state == "pending":
            waiting = OutboxMessage.objects.waiting_for(row.outbox_key)
            if waiting is not None:
                OutboxMessage.objects.filter(pk=waiting).update(due=timezone.now())
                transaction.on_commit(lambda pk=waiting: nudge(pk))  # type: ignore[misc]
                continue
        row.replays, row.delivered_at, row.gave_up_at, row.error = row.replays + 1, None, None, ""
        row.save(update_fields=["replays", "delivered_at", "gave_up_at", "error"])
        enqueue(kind=webhooks.WEBHOOK, key=row.outbox_key, payload={"delivery": row.pk})


def _write(row: WebhookSubscription, fields: WebhookFields) -> None:
    if "name" in fields:
        row.name = fields["name"].strip()[:120]
        if not row.name:
            raise WebhookError("name_required", _("Name the webhook after what listens."), "name")
    if "url" in fields:
        row.url = _read_url(fields["url"].strip())
    if "events" in fields:
        row.events = _read_events(row.owner, fields["events"])
    if "filters" in fields:
        row.filters = _read_filters(fields["filters"])
    carried = {fact for name in row.events for fact in webhooks.event_type(name).example}
    for fact in row.filters:
        if fact not in carried:
            words = _("None of these events says anything about '%(fact)s', so it would hear of none.")
            raise WebhookError("filter_never_fits", words % {"fact": fact}, "filters")


def _read_url(url: str) -> str:
    try:
        check_url(url)
    except TargetError as error:
        raise WebhookError("url_refused", str(error), "url") from error
    if len(url) > 500:
        raise WebhookError("url_refused", _("The address is too long."), "url")
    return url


def _read_events(owner: User, names: Sequence[str]) -> list[str]:
    wanted = sorted(set(names))
    allowed = [event.name for event in events_for(owner)]
    for name in wanted:
        if name not in allowed:
            words = _("There is no event '%(name)s' for you; there are %(known)s.")
            raise WebhookError("unknown_event", words % {"name": name, "known": ", ".join(allowed)}, "events")
    if not wanted:
        raise WebhookError("unknown_event", _("Choose at least one event."), "events")
    return wanted


def _read_filters(given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Facts by name, each with the values of which one must fit; facts without a value are left out."""
    filters: dict[str, list[str]] = {}
    for fact, values in given.items():
        if fact not in FACTS:
            words = _("Events cannot be filtered by '%(fact)s'; they can by %(known)s.")
            raise WebhookError("unknown_fact", words % {"fact": fact, "known": ", ".join(FACTS)}, "filters")
        kept = sorted({value.strip() for value in values if value.strip()})
        if len(kept) > MOST_VALUES or any(len(value) > 120 for value in kept):
            words = _("A filter takes at most %(n)s values of at most 120 characters.")
            raise WebhookError("invalid_filter", words % {"n": MOST_VALUES}, "filters")
        if kept:
            filters[fact] = kept
    return filters


def _lock(subscription: WebhookSubscription) -> WebhookSubscription:
    return WebhookSubscription.objects.select_for_update(of=("self",)).select_related("owner").get(pk=subscription.pk)


def _require_active(subscription: WebhookSubscription) -> WebhookSubscription:
    row = _lock(subscription)
    if not row.is_active:
        raise WebhookError("not_active", _("The webhook is paused or stopped: resume it first."))
    return row
