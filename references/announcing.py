"""Announces, in the transaction it happens in, what floors above plan with: a person's availability, the policy.

The floors above listen by a handler of the outbox; each of them checks again when it reads, so a late one is no leak.
"""

import uuid

from delivery.promises import enqueue

UNAVAILABLE = "contact.unavailable"
POLICY_CHANGED = "policy.changed"
CONSENT_CHANGED = "consent.changed"
TOUCH_MOVED = "touch.moved"


def announce_unavailable(*, contact_id: int | None = None, customer_id: int | None = None) -> None:
    """Promise that plans with a contact, or with everybody at a customer, are looked at again."""
    payload = {"contact": contact_id, "customer": customer_id}
    enqueue(kind=UNAVAILABLE, key=f"{UNAVAILABLE}:{uuid.uuid4().hex}", payload=payload)


def announce_consent(*, customer_id: int) -> None:
    """Promise that what consents allow of a customer's content is looked at again."""
    key = f"{CONSENT_CHANGED}:{uuid.uuid4().hex}"
    enqueue(kind=CONSENT_CHANGED, key=key, payload={"customer": customer_id})


def announce_policy(version: int) -> None:
    """Promise that what is counted by the policy's service levels is counted anew."""
    enqueue(kind=POLICY_CHANGED, key=f"{POLICY_CHANGED}:{version}", payload={"version": version})


def announce_touch(*, engagement_id: int, change_id: int) -> None:
    """Promise that what follows from a touch that was planned, done or taken back is seen to: points, for one."""
    enqueue(kind=TOUCH_MOVED, key=f"{TOUCH_MOVED}:{change_id}", payload={"engagement": engagement_id})
