"""Grants of contact data: that one user may see one contact's name, e-mail and phone, and for what cause."""

from django.db import transaction
from django.utils import timezone

from references.models import Contact, ContactGrant
from users.models import User


@transaction.atomic
def grant_contact(*, contact: Contact, user: User, source: str) -> ContactGrant:
    """Let `user` see this contact from now on; once per `source` ("match:12"), and in force again where revoked.

    It gives nothing out by itself: every look is a disclosure of its own.
    """
    grant, is_new = ContactGrant.objects.get_or_create(contact=contact, user=user, source=source)
    if not is_new and grant.revoked_at is not None:
        grant.revoked_at = None
        grant.save(update_fields=["revoked_at"])
    return grant


def revoke_grants(*, source: str) -> int:
    """Take back what was granted for this cause; gives how many grants were in force."""
    return ContactGrant.objects.in_force().filter(source=source).update(revoked_at=timezone.now())
