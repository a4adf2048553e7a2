"""The service clock of a request: business hours since it came in, stopped while a customer is awaited. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from matching.business_time import add_business_hours, business_hours_between, calendar_of
from references.policy import ServicePolicy

Span = tuple[datetime, datetime | None]


def ends_at(
    started: datetime, awaited_spans: Sequence[Span], *, awaited: bool, now: datetime, service: ServicePolicy
) -> datetime | None:
    """The moment by which a request is due; None while the clock stands.

    `awaited_spans` are the (invited, answered) of its matches, None for what still waits; where they overlap, time
    stands still once.
    """
    if awaited:
        return None
    calendar = calendar_of(service)
    stood = sum(business_hours_between(start, end, calendar) for start, end in merge_spans(awaited_spans, now))
    return add_business_hours(started, service.request_hours + stood, calendar)


def merge_spans(spans: Iterable[Span], now: datetime) -> list[tuple[datetime, datetime]]:
    """The spans as disjoint ones, in order; an open one ends now."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted((start, end or now) for start, end in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
