"""Addresses of calendar feeds: one for each person and kind, good for years, renewed and closed whenever they want."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from delivery.links import issue_link, revoke_links
from delivery.models import SignedLink
from matching.purposes import CALENDAR_OF_PROGRAM, CALENDAR_OF_PROMOTER, CALENDAR_OF_USER, contact_subject, user_subject
from references.errors import DomainError
from references.models import Contact
from references.permissions import may_edit_slots
from users.models import User

LIFETIME = timedelta(days=5 * 365)


def subject_of(whose: User | Contact) -> str:
    """The subject of somebody's feeds."""
    return user_subject(whose.pk) if isinstance(whose, User) else contact_subject(whose.pk)


def find_calendar_link(purpose: str, whose: User | Contact) -> SignedLink | None:
    """The address that is open now; None where there is none."""
    open_now = SignedLink.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    return open_now.filter(purpose=purpose, subject=subject_of(whose)).order_by("expires_at").last()


@transaction.atomic
def renew_calendar_link(*, purpose: str, whose: User | Contact) -> SignedLink:
    """Make a new address of a feed; the one before is closed. Raises DomainError: unknown_feed, not_allowed."""
    _require_feed(purpose, whose)
    if purpose == CALENDAR_OF_PROGRAM and isinstance(whose, User) and not may_edit_slots(whose):
        raise DomainError("not_allowed", "The calendar of the program is for marketers and managers.")
    close_calendar_link(purpose=purpose, whose=whose)
    return issue_link(purpose=purpose, subject=subject_of(whose), lifetime=LIFETIME)


def close_calendar_link(*, purpose: str, whose: User | Contact) -> int:
    """Close the address of a feed; gives how many were open. Raises DomainError(unknown_feed)."""
    _require_feed(purpose, whose)
    return revoke_links(subject=subject_of(whose), purpose=purpose)


def _require_feed(purpose: str, whose: User | Contact) -> None:
    of_users = {CALENDAR_OF_USER, CALENDAR_OF_PROGRAM}
    if purpose not in (of_users if isinstance(whose, User) else {CALENDAR_OF_PROMOTER}):
        raise DomainError("unknown_feed", f"There is no calendar '{purpose}'.", "feed")
