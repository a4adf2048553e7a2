"""Gives people a link by which others come to us through them, and leads one by which they can have us forget them.

Whether the page says by whose link one came is the person's own choice, kept as the purpose of the link, so that the
address stays the same.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from advocacy.models import Referral
from advocacy.purposes import LEAD_LINK, REFER_LINKS, REFER_NAMED_LINK, REFER_UNNAMED_LINK, referrer_subject
from delivery.links import LinkError, absolute_url, issue_link, link_token, read_link, revoke_links
from delivery.mails import send_later
from delivery.models import SignedLink
from references.enums import ContactStatus
from references.errors import DomainError
from references.models import Contact

LIFETIME = timedelta(days=730)
LEAD_LIFETIME = timedelta(days=400)
REST_OF_LEAD = timedelta(days=30)
"""One letter to one address in so many days, whoever writes the address into a form."""
LETTER_LEAD = "advocacy_referral_lead"


def find_personal_link(contact: Contact) -> SignedLink | None:
    """The link of a person that is open now."""
    rows = SignedLink.objects.filter(
        subject=referrer_subject(contact.pk), purpose__in=REFER_LINKS, revoked_at=None, expires_at__gt=timezone.now()
    )
    return rows.order_by("-created_at").first()


@transaction.atomic
def personal_link(*, contact: Contact) -> SignedLink:
    """The link by which others come to us through a person; made where there is none. Raises has_opted_out."""
    person = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if person.has_opted_out or person.status == ContactStatus.RETIRED:
        raise DomainError("has_opted_out", "This person has left or opted out.", "contact")
    there = find_personal_link(person)
    return there or issue_link(purpose=REFER_UNNAMED_LINK, subject=referrer_subject(person.pk), lifetime=LIFETIME)


@transaction.atomic
def show_name(*, contact: Contact, is_shown: bool) -> SignedLink:
    """Let the page of a person's link say their first name, or only that a customer of ours invites; their choice."""
    link = personal_link(contact=contact)
    link.purpose = REFER_NAMED_LINK if is_shown else REFER_UNNAMED_LINK
    link.save(update_fields=["purpose"])
    return link


@transaction.atomic
def close_personal_link(*, contact: Contact) -> int:
    """Close a person's link for good; gives how many were open. The next one has another address."""
    return revoke_links(subject=referrer_subject(contact.pk))


def read_personal_link(token: str) -> tuple[Contact, SignedLink]:
    """Whose link a token is; raises LinkError, of somebody who has left as well."""
    link = read_link(token, *REFER_LINKS)
    contact = Contact.objects.select_related("customer").get(pk=int(link.subject.rpartition(":")[2]))
    if contact.has_opted_out or contact.status == ContactStatus.RETIRED:
        raise LinkError("revoked", link)
    return contact, link


def read_lead_link(token: str) -> Referral:
    """The referral that a lead's link is about; raises LinkError."""
    link = read_link(token, LEAD_LINK)
    return Referral.objects.get(pk=int(link.subject.rpartition(":")[2]))


def link_url(link: SignedLink) -> str:
    """The address of a person's link, or of a lead's, as people outside reach it."""
    part = "lead/" if link.purpose == LEAD_LINK else ""
    return absolute_url(f"/r/{part}{link_token(link)}/")


def promise_lead_letter(row: Referral) -> bool:
    """Promise a lead the one letter that says who we are and how to be forgotten; inside a transaction.

    Nobody is written to who has not agreed, nor twice in 30 days, nor a duplicate.
    """
    if not (row.lead_agreed and row.lead_email) or row.duplicate_of_id is not None:
        return False
    since = timezone.now() - REST_OF_LEAD
    alike = Referral.objects.filter(lead_email=row.lead_email, lead_agreed=True, created_at__gt=since)
    if alike.exclude(pk=row.pk).exists():
        return False
    link = issue_link(purpose=LEAD_LINK, subject=row.source, lifetime=LEAD_LIFETIME)
    payload = {"referral": row.pk, "link": str(link.pk)}
    send_later(kind=LETTER_LEAD, key=f"{LETTER_LEAD}:{row.pk}", payload=payload)
    return True
