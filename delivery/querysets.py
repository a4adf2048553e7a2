"""Questions to ask of the outbox."""

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

PATIENCE = timedelta(minutes=5)
M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class OutboxQuerySet(models.QuerySet[M_co]):
    """Outbox messages."""

    def open(self) -> Self:
        """Promises neither kept nor given up."""
        return self.filter(delivered_at__isnull=True, gave_up_at__isnull=True)

    def waiting(self, now: datetime | None = None) -> Self:
        """Open messages whose time has come and that nobody holds."""
        now = now or timezone.now()
        return self.open().filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now), due__lte=now)

    def overdue(self, now: datetime | None = None, patience: timedelta = PATIENCE) -> Self:
        """Waiting messages that a worker should have taken up long ago."""
        return self.waiting((now or timezone.now()) - patience)

    def given_up(self) -> Self:
        """Promises that failed to the end: the dead letters."""
        return self.filter(delivered_at__isnull=True, gave_up_at__isnull=False)

    def delivered(self, since: datetime | None = None) -> Self:
        """Promises kept, since a moment if given."""
        return self.filter(delivered_at__isnull=False) if since is None else self.filter(delivered_at__gte=since)


class WebhookQuerySet(models.QuerySet[M_co]):
    """Webhook subscriptions."""

    def active(self) -> Self:
        """Those that are told of events; a subscription falls silent with its owner's log-in."""
        return self.filter(is_active=True, owner__is_active=True)

    def visible_to(self, user: Any) -> Self:
        """Managers see all, others their own."""
        return self.all() if user.is_manager else self.filter(owner=user)
