"""The log of webhooks: what was told to whom and what came of it, searched by page and API, and forgotten in time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.models import OutboxMessage, WebhookDelivery, WebhookSubscription
from delivery.querysets import DeliveryQuerySet, WebhookQuerySet

STATES = (("pending", _("Waiting")), ("delivered", _("Delivered")), ("failed", _("Failed")))
STANDINGS = (("active", _("Active")), ("failing", _("Failing")), ("paused", _("Paused")), ("stopped", _("Stopped")))
Webhooks = WebhookQuerySet[WebhookSubscription]
Deliveries = DeliveryQuerySet[WebhookDelivery]


class WebhookFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds webhooks by how they stand, by a word of their name or address, and in an order."""

    standing = django_filters.ChoiceFilter(
        choices=STANDINGS, method="filter_standing", help_text="active, failing, paused or stopped."
    )
    search = django_filters.CharFilter(method="filter_search", help_text="Part of the name or address.")
    ordering = django_filters.OrderingFilter(fields=["name", "created_at"], help_text="`name` or `created_at`.")

    class Meta:
        model = WebhookSubscription
        fields: ClassVar[list[str]] = []

    def filter_standing(self, rows: Webhooks, name: str, value: str) -> Webhooks:
        """Those that stand so; one that fails is active too."""
        return rows.standing(value)

    def filter_search(self, rows: Webhooks, name: str, value: str) -> Webhooks:
        """Those with the words in their name or address."""
        return rows.filter(Q(name__icontains=value) | Q(url__icontains=value))


class DeliveryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds deliveries by state and event, newest first unless `ordering` says otherwise."""

    state = django_filters.ChoiceFilter(
        choices=STATES, method="filter_state", help_text="pending, delivered or failed."
    )
    event = django_filters.CharFilter(help_text="The name of an event.")
    ordering = django_filters.OrderingFilter(fields=["id"], help_text="`id`, the oldest first, or `-id`.")

    class Meta:
        model = WebhookDelivery
        fields: ClassVar[list[str]] = []

    def filter_state(self, rows: Deliveries, name: str, value: str) -> Deliveries:
        """Those in one state."""
        by_state = {"pending": rows.pending, "delivered": rows.delivered, "failed": rows.failed}
        return by_state[value]()


def next_tries(rows: Iterable[WebhookDelivery]) -> dict[int, datetime]:
    """When each delivery that waits is tried next, by its id; one query."""
    keys = {row.outbox_key: row.pk for row in rows if row.state == "pending"}
    waiting: QuerySet[OutboxMessage] = OutboxMessage.objects.open().filter(key__in=keys)
    return {keys[key]: due for key, due in waiting.values_list("key", "due")}


def forget_old_deliveries(*, older_than: timedelta) -> int:
    """Delete what happened longer ago and waits no more; gives how many."""
    old = WebhookDelivery.objects.filter(happened_at__lt=timezone.now() - older_than)
    deleted, _by_model = old.exclude(pk__in=WebhookDelivery.objects.pending().values("pk")).delete()
    return deleted
