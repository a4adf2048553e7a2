"""Marks what a consent bears on as changed, so that whoever pulls what changed since a moment gets it again."""

from django.utils import timezone

from references.models import CaseStudy, Contact, ProofPoint, Testimonial


def touch_covered(*, customer_id: int, contact_id: int | None = None) -> None:
    """Give the customer's content, and the person or everybody at the customer, a new time of change.

    Called inside a `pool_write()` that touches the customer.
    """
    now = timezone.now()
    for noun in (CaseStudy, Testimonial, ProofPoint):
        noun.objects.filter(customer=customer_id).update(updated_at=now)
    people = Contact.objects.filter(customer=customer_id)
    if contact_id is not None:
        people = people.filter(pk=contact_id)
    people.update(updated_at=now)
