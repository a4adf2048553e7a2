"""Questions to ask of the outbox."""

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Count, Q
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

    def waiting_for(self, key: str) -> int | None:
        """The id of the open promise of a key that nobody works on right now; None where there is none."""
        idle = Q(leased_until__isnull=True) | Q(leased_until__lte=timezone.now())
        return self.open().filter(idle, key=key).values_list("pk", flat=True).first()

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

    def standing(self, standing: str) -> Self:
        """Those that stand so: active, failing, paused or stopped. KeyError for anything else."""
        conditions = {
            "active": Q(is_active=True),
            "failing": Q(is_active=True, failing_since__isnull=False),
            "paused": Q(is_active=False, stopped_why=""),
            "stopped": Q(is_active=False) & ~Q(stopped_why=""),
        }
        return self.filter(conditions[standing])

    def visible_to(self, user: Any) -> Self:
        """Managers see all, marketers their own; whoever has lost the role sees none."""
        if user.is_manager:
            return self.all()
        return self.filter(owner=user) if user.is_marketer else self.none()

    def with_health(self, since: datetime) -> Self:
        """Annotated with how many deliveries since a moment have `arrived`, have `failed`, and are `waiting`."""
        lately, open_ = Q(deliveries__happened_at__gte=since), Q(deliveries__delivered_at__isnull=True)
        return self.annotate(
            arrived=Count("deliveries", filter=lately & Q(deliveries__delivered_at__isnull=False)),
            failed=Count("deliveries", filter=lately & open_ & Q(deliveries__gave_up_at__isnull=False)),
            waiting=Count("deliveries", filter=lately & open_ & Q(deliveries__gave_up_at__isnull=True)),
        )


class DeliveryQuerySet(models.QuerySet[M_co]):
    """Deliveries of webhooks."""

    def pending(self) -> Self:
        """Neither delivered nor given up."""
        return self.filter(delivered_at__isnull=True, gave_up_at__isnull=True)

    def failed(self) -> Self:
        """Given up."""
        return self.filter(delivered_at__isnull=True, gave_up_at__isnull=False)

    def delivered(self) -> Self:
        """Arrived."""
        return self.filter(delivered_at__isnull=False)
