"""Announces, in the transaction it happens in, that somebody may not be asked any more, to whoever plans with them.

The floors above listen by a handler of the outbox; each of them checks again when it reads, so a late one is no leak.
"""

import uuid

from delivery.promises import enqueue

UNAVAILABLE = "contact.unavailable"


def announce_unavailable(*, contact_id: int | None = None, customer_id: int | None = None) -> None:
    """Promise that plans with a contact, or with everybody at a customer, are looked at again."""
    payload = {"contact": contact_id, "customer": customer_id}
    enqueue(kind=UNAVAILABLE, key=f"{UNAVAILABLE}:{uuid.uuid4().hex}", payload=payload)
