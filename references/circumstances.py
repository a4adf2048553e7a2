"""Reads from the database all that decides when some contacts are free, as the pure rules take it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from references.availability import Circumstances, Range
from references.caps import OwnLimits
from references.compiled import Compiled
from references.fatigue import Touch
from references.ledger import read_touches
from references.models import Blackout, Consent, Contact, Customer
from references.pool.conditions import RENEWAL_QUIET_DAYS


def read_circumstances(contacts: Iterable[Contact], activity: str) -> dict[int, Circumstances]:
    """Give the circumstances of each contact, its customer loaded, for one kind of activity, by contact id.

    Six queries. A pause with an end is a blackout until the day before, and so are the quiet days around a sensitive
    renewal. What time does not heal (status, opt-out, escalation, health) is not in it.
    """
    people = {contact.pk: contact for contact in contacts}
    customers = sorted({contact.customer_id for contact in people.values()})
    touches: dict[int, list[Touch]] = defaultdict(list)
    for customer_id, touch in read_touches(customers):
        touches[customer_id].append(touch)
    consents: dict[int | None, dict[int, list[Range]]] = defaultdict(lambda: defaultdict(list))
    own, shared, withdrawals = _consents(activity)
    withdrawn = set(withdrawals.among(people))
    # Each of the two has an index; "one or the other" has none, and would walk all consents for the activity.
    for contact_id, customer_id, starts, until in (*own.among(people), *shared.among(customers)):
        consents[contact_id][customer_id].append((starts, until))
    blackouts: dict[int, list[Range]] = defaultdict(list)
    for contact_id, starts, ends in _BLACKOUTS.among(people):
        blackouts[contact_id].append((starts, ends))
    return {
        contact.pk: Circumstances(
            own=tuple(touch for touch in touches[contact.customer_id] if touch.contact_id == contact.pk),
            colleagues=tuple(touch for touch in touches[contact.customer_id] if touch.contact_id != contact.pk),
            sensitivity=contact.sensitivity,
            own_limits=OwnLimits(contact.max_per_quarter, frozenset(contact.activities)),
            blackouts=(*blackouts[contact.pk], *_pause(contact), *_quiet(contact.customer)),
            days_off=tuple(blackouts[contact.pk]),
            consents=(
                *consents[contact.pk][contact.customer_id],
                *(() if contact.pk in withdrawn else consents[None][contact.customer_id]),
            ),
        )
        for contact in people.values()
    }


_BLACKOUTS = Compiled(Blackout.objects.values_list("contact_id", "starts_on", "ends_on"), "contact")


@cache
def _consents(activity: str) -> tuple[Compiled[Any], Compiled[Any], Compiled[int]]:
    """The live consents for an activity of people and of customers, and who has withdrawn theirs."""
    live = Consent.objects.general().filter(activity=activity, revoked_at__isnull=True, superseded_by__isnull=True)
    columns = ("contact_id", "customer_id", "valid_from", "valid_until")
    shared = live.filter(contact__isnull=True)
    withdrawn = Consent.objects.withdrawn([activity]).values_list("contact", flat=True)
    return (
        Compiled(live.values_list(*columns), "contact"),
        Compiled(shared.values_list(*columns), "customer"),
        Compiled(withdrawn, "contact"),
    )


def _pause(contact: Contact) -> tuple[Range, ...]:
    if contact.status != "paused":
        return ()
    until = contact.paused_until
    return ((date.min, None if until is None else date.fromordinal(until.toordinal() - 1)),)


def _quiet(customer: Customer) -> tuple[Range, ...]:
    if not customer.is_renewal_sensitive or customer.renewal_date is None:
        return ()
    quiet = timedelta(days=RENEWAL_QUIET_DAYS)
    return ((customer.renewal_date - quiet, customer.renewal_date + quiet),)
