"""Counts in the ledger, by plain SQL and not by the code under test, whatever a person or a customer has too much of.

A closed window of so many days is broken by a row if more than the limit lie from its day to so many days later. What
counts is what stands: planned, completed, and held with time left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from references.activities import ACTIVITIES
from references.policy import CapPolicy

LIVE = tuple(each.code for each in ACTIVITIES if each.live)
HEAVY = tuple(each.code for each in ACTIVITIES if not each.is_light)

_FULL = """
WITH counted AS (
    SELECT touch.id, touch.contact_id, contact.customer_id, touch.happens_on AS day
    FROM references_engagement AS touch JOIN references_contact AS contact ON contact.id = touch.contact_id
    WHERE touch.activity IN ({activities})
      AND (touch.status IN ('planned', 'completed') OR (touch.status = 'held' AND touch.hold_expires_at > %s)))
SELECT count(*) FROM (
    SELECT first.id FROM counted AS first JOIN counted AS later
      ON later.{whose} = first.{whose} AND {days_between} BETWEEN 0 AND %s
    GROUP BY first.id HAVING count(*) > %s) AS too_many
"""
_ASKED_TWICE = """
SELECT count(*) FROM (
    SELECT contact_id FROM references_engagement WHERE status = 'asked' AND activity IN ({activities})
    GROUP BY contact_id HAVING count(*) > %s) AS too_many
"""


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` rows of these activities for one person, or customer, in any closed window of `days`."""

    code: str
    whose: str
    activities: Sequence[str]
    days: int
    limit: int


def windows_of(caps: CapPolicy) -> list[Window]:
    """What a policy caps, as windows to count."""
    return [
        Window("rest", "contact_id", LIVE, caps.rest_days, 1),
        Window("per_quarter", "contact_id", HEAVY, caps.quarter_days, caps.per_quarter),
        Window("per_year", "contact_id", HEAVY, caps.year_days, caps.per_year),
        Window("speaking", "contact_id", ("speaking",), caps.speaking_days, caps.speaking),
        Window("customer_per_quarter", "customer_id", HEAVY, caps.quarter_days, caps.customer_per_quarter),
        Window("customer_per_year", "customer_id", HEAVY, caps.year_days, caps.customer_per_year),
    ]


def count_broken(caps: CapPolicy, now: datetime) -> dict[str, int]:
    """By rule, how many rows begin a window that holds too many, and how many people have too many open asks."""
    broken = {window.code: _count_full(window, now) for window in windows_of(caps)}
    broken["ask_outstanding"] = _ask(_ASKED_TWICE, HEAVY, {}, [caps.outstanding_asks])
    return {code: count for code, count in broken.items() if count}


def read_statuses() -> dict[str, tuple[int, str]]:
    """(row, status) of everything in the ledger, by its source."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, id, status FROM references_engagement")
        return {source: (row, status) for source, row, status in cursor.fetchall()}


def _count_full(window: Window, now: datetime) -> int:
    is_sqlite = connection.vendor == "sqlite"
    between = "julianday(later.day) - julianday(first.day)" if is_sqlite else "later.day - first.day"
    names = {"whose": window.whose, "days_between": between}
    return _ask(_FULL, window.activities, names, [_as_stored(now), window.days, window.limit])


def _ask(query: str, activities: Sequence[str], names: Mapping[str, str], given: Sequence[Any]) -> int:
    marks = ", ".join(["%s"] * len(activities))
    with connection.cursor() as cursor:
        cursor.execute(query.format(activities=marks, **names), [*activities, *given])
        return int(cursor.fetchone()[0])


def _as_stored(now: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(now)
