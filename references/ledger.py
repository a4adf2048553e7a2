"""Reads the ledger of some customers as the touches that fatigue, caps and availability are computed from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from references.fatigue import Touch
from references.models import Engagement, EngagementChange


def read_touches(customer_ids: Sequence[int], using: str = "default") -> Iterable[tuple[int, Touch]]:
    """Yield (customer id, touch) for every contact of these customers, in the order of day and row; two queries."""
    changes: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for engagement_id, at, status in (
        EngagementChange.objects.using(using)
        .filter(engagement__contact__customer__in=customer_ids)
        .order_by("at", "id")
        .values_list("engagement_id", "at", "status")
    ):
        changes[engagement_id].append((at, status))
    rows = (
        Engagement.objects.using(using)
        .filter(contact__customer__in=customer_ids)
        .order_by("on", "id")
        .values_list(
            "id", "contact__customer_id", "contact_id", "activity", "status", "on", "recorded_at", "source",
            "hold_expires_at", "went_badly", "was_thanked", "was_rewarded",
        )
    )  # fmt: skip
    for row in rows:
        yield row[1], Touch(*row[2:12], changes=tuple(changes[row[0]]))
