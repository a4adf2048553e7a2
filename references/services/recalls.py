"""Ends content whose rights have ended: at once where a consent was revoked, every day where one ran out."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from delivery.outbox import Payload
from delivery.promises import enqueue
from references.announcing import CONSENT_CHANGED
from references.enums import ContentStatus
from references.models import CaseStudy, Consent, Testimonial
from references.pool.writing import pool_write
from references.querysets import USABLE_CONTENT
from references.rights_standing import end_of, ended_by, uncovered
from references.services.content_states import lock_piece
from references.services.covered import touch_covered
from references.services.library import end_content
from references.wording import Written

DAYS_BACK = 7
"""A sweep looks back over so many days, should the clock have stood still."""


def keep_rights_promise(payload: Payload) -> None:
    """Handle a promise to look at a customer's content again; doing it twice changes nothing."""
    if payload.get("touches"):
        with pool_write() as touched:
            touch_covered(customer_id=payload["customer"], contact_id=payload.get("contact"))
            touched.add(payload["customer"])
    review_rights(customer_id=payload["customer"])


def review_rights(*, customer_id: int) -> int:
    """End what no consent covers any more of one customer's content; gives how many pieces that were."""
    today = timezone.localdate()
    rows = [row for found in uncovered(today) for row in found.filter(customer=customer_id)]
    return sum(_end_if_over(row, today) for row in rows)


def sweep_content() -> int:
    """End all content that came to its own last day, or to that of its last consent; gives how many pieces that were.

    What a consent begins or stops to cover is marked as changed, for whoever pulls changes. A second run does nothing.
    """
    today = timezone.localdate()
    _promise_touches(today)
    past = {"expires_on__lt": today, "status__in": USABLE_CONTENT}
    own: list[Written] = [*CaseStudy.objects.filter(**past), *Testimonial.objects.filter(**past)]
    ended = sum(_expire_on_its_day(row, today) for row in own)
    rows = [row for found in uncovered(today) for row in found]
    return ended + sum(_end_if_over(row, today) for row in rows)


def _expire_on_its_day(piece: Written, today: date) -> bool:
    with pool_write():
        row = lock_piece(piece)
        if row.status not in USABLE_CONTENT or row.expires_on is None or row.expires_on >= today:
            return False
        why = f"Its last day was {row.expires_on.isoformat()}."
        end_content(piece=row, to=ContentStatus.EXPIRED, why=why)
    return True


def _end_if_over(piece: Written, today: date) -> bool:
    """Recall a piece whose last consent was revoked, expire one whose last consent ran out."""
    with pool_write():
        row = lock_piece(piece)
        last = ended_by(row, today) if row.status in USABLE_CONTENT else None
        if last is None:
            return False
        if end_of(last) == last.revoked_at:
            end_content(piece=row, to=ContentStatus.RECALLED, why="The consent for it was revoked.")
        else:
            why = f"The last consent for it ended on {last.valid_until:%Y-%m-%d}."
            end_content(piece=row, to=ContentStatus.EXPIRED, why=why)
    return True


@transaction.atomic
def _promise_touches(today: date) -> None:
    """Promise, once for each consent, to mark what it covers as changed when it begins and after it ended."""
    live = Consent.objects.filter(revoked_at__isnull=True, superseded_by__isnull=True)
    start = today - timedelta(days=DAYS_BACK)
    begun = live.filter(valid_from__gt=start, valid_from__lte=today, recorded_at__date__lt=today)
    over = live.filter(valid_until__gte=start, valid_until__lt=today)
    for word, rows in (("begins", begun), ("ends", over)):
        for pk, customer_id, contact_id in rows.values_list("pk", "customer", "contact"):
            payload = {"customer": customer_id, "contact": contact_id, "touches": True}
            enqueue(kind=CONSENT_CHANGED, key=f"{CONSENT_CHANGED}:{word}:{pk}", payload=payload)
