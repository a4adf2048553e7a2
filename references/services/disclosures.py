"""Gives out contact data, to those who may have it, and keeps who looked, at whose, when and why."""

from dataclasses import dataclass

from django.db import transaction

from references.errors import DomainError
from references.models import Contact, Disclosure
from references.permissions import may_see_contact_data
from users.models import User


@dataclass(frozen=True, slots=True)
class ContactData:
    """How to reach a contact; either may be empty."""

    email: str
    phone: str


@transaction.atomic
def disclose_contact(*, user: User, contact: Contact, why: str) -> ContactData:
    """Give a contact's e-mail and phone to `user`, recorded before it is given.

    Raises DomainError: not_disclosed unless for managers, the account owner or by a grant; reason_required.
    """
    if not may_see_contact_data(user, contact):
        raise DomainError("not_disclosed", "You may see this contact data once the person has said yes to you.")
    if not why.strip():
        raise DomainError("reason_required", "Say why you need the contact data.", "why")
    Disclosure.objects.create(contact=contact, user=user, why=why.strip()[:200])
    return ContactData(email=contact.email, phone=contact.phone)
