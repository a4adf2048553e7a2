"""Mails promoters the link to their own page: afresh each time, to the address on file, good for half an hour."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from delivery.links import issue_link
from delivery.mails import send_later
from delivery.models import OutboxMessage
from matching.kinds import LETTER_HUB
from matching.purposes import HUB, contact_subject
from references.models import Contact

LIFETIME = timedelta(minutes=30)
MOST_PEOPLE = 3
"""An address can stand at a person's old employer too."""


@transaction.atomic
def mail_own_link(*, contact: Contact) -> bool:
    """Promise a mail with a new link to somebody's own page; again within the same minute it is the same mail.

    False for somebody without an address.
    """
    if not contact.email:
        return False
    key = f"{LETTER_HUB}:{contact.pk}:{timezone.now():%Y%m%d%H%M}"
    if not OutboxMessage.objects.filter(key=f"mail:{key}").exists():
        link = issue_link(purpose=HUB, subject=contact_subject(contact.pk), lifetime=LIFETIME)
        send_later(kind=LETTER_HUB, key=key, payload={"contact": contact.pk, "link": str(link.pk)})
    return True


def mail_own_links_to(*, address: str) -> int:
    """Mail everybody with this address their link; gives how many, which nobody outside may learn."""
    people = Contact.objects.filter(email=address.strip().lower()).exclude(email="").order_by("-pk")[:MOST_PEOPLE]
    return sum(mail_own_link(contact=contact) for contact in people)
