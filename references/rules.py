"""Every rule that stands against asking one person, read from rows: the scalar twin of `pool.conditions`.

The index proposes by the vector rules; whoever takes a hold judges again by these, with the rows locked. A test holds
the two together.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from references.availability import Circumstances, Range, latest_ask
from references.caps import Breach, check_caps
from references.enums import ContactStatus, Health
from references.fatigue import score, total_load
from references.models import Contact, Customer
from references.policy import ProgramPolicy
from references.pool.conditions import RENEWAL_QUIET_DAYS

NEVER_OVERRIDDEN = frozenset(
    {"opted_out", "no_consent", "not_agreed", "not_active", "blackout", "paused", "not_referenceable", "conflict"}
)
"""What nobody may override: the person's own word, their consent, and what was promised to the customer."""

ABOUT_ASKING = frozenset({"asks_per_month", "declined_recently", "misses", "ask_outstanding"})
"""Caps that protect from being asked; they say nothing of somebody who has answered."""


def broken_rules(
    contact: Contact, circumstances: Circumstances, activity: str, on: date, *, now: datetime, policy: ProgramPolicy
) -> dict[str, Breach | None]:
    """Give the code of every rule that stands against asking `contact` (customer loaded), caps with their breach.

    `circumstances` as `read_circumstances` reads them for this activity; `now` is aware. KeyError for an unknown
    activity.
    """
    broken: dict[str, Breach | None] = dict.fromkeys(_standing(contact, circumstances, activity, on))
    if fatigue_on(contact, circumstances, on, now=now, policy=policy) >= policy.fatigue.stop:
        broken["fatigue"] = None
    breaches = check_caps(
        circumstances.own,
        circumstances.own + circumstances.colleagues,
        activity,
        on,
        now,
        policy.caps,
        circumstances.own_limits,
        asked_on=latest_ask(activity, on, now),
    )
    return broken | {breach.code: breach for breach in breaches}


def fatigue_on(
    contact: Contact, circumstances: Circumstances, on: date, *, now: datetime, policy: ProgramPolicy
) -> float:
    """Φ of one person on a day, the ledger as known `now`."""
    total = total_load(circumstances.own, circumstances.colleagues, on, policy.fatigue, known_at=now)
    return score(total, contact.sensitivity, policy.fatigue)


def leave_out(circumstances: Circumstances, sources: Collection[str]) -> Circumstances:
    """The same without the touches of these sources: the rows that are being rechecked."""
    return replace(circumstances, own=tuple(touch for touch in circumstances.own if touch.source not in sources))


def _standing(contact: Contact, circumstances: Circumstances, activity: str, on: date) -> list[str]:
    customer = contact.customer
    is_paused = contact.status == ContactStatus.PAUSED
    rules = {
        "not_active": not is_paused and contact.status != ContactStatus.ACTIVE,
        "opted_out": contact.has_opted_out,
        "not_referenceable": not customer.is_referenceable,
        "no_consent": not _is_within(circumstances.consents or (), on),
        "paused": is_paused and (contact.paused_until is None or contact.paused_until > on),
        "blackout": _is_within(circumstances.days_off, on),
        "escalation": customer.has_open_escalation,
        "red_health": customer.health == Health.RED,
        "renewal": _is_quiet(customer, on),
    }
    return [code for code, is_broken in rules.items() if is_broken]


def _is_within(ranges: tuple[Range, ...], on: date) -> bool:
    return any(start <= on and (end is None or on <= end) for start, end in ranges)


def _is_quiet(customer: Customer, on: date) -> bool:
    if not customer.is_renewal_sensitive or customer.renewal_date is None:
        return False
    return abs(customer.renewal_date - on) <= timedelta(days=RENEWAL_QUIET_DAYS)
