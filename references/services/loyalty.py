"""Writes loyalty: what score somebody gave, the class it puts them in, and the history of both."""

from datetime import date

from references.enums import Actor, ContactStatus
from references.loyalty import classify_score
from references.models import Contact, LoyaltyRecord
from references.pool.writing import pool_write
from references.services.contacts import change_status, save_contact

FALL = 3
"""Points on the scale of 0 to 10 by which a score falls noticeably within its class."""


def note_score(*, contact: Contact, score: int, on: date | None, comment: str, source: str) -> bool:
    """Keep a score in a person's history, once per `source` (given again it is what it says now).

    It is their present score, and decides their class, unless they gave another on a later day. Tells whether it is.
    Raises DomainError(erased).
    """
    with pool_write():
        kept = {"contact": contact, "on": on, "score": score, "loyalty": classify_score(score)}
        LoyaltyRecord.objects.update_or_create(source=source, defaults=kept)
        row = Contact.objects.select_related("customer").get(pk=contact.pk)
        later = row.nps_on is not None and (on is None or on < row.nps_on)
        if later:
            return False
        data = {"nps_score": score, "nps_on": on, "nps_comment": comment}
        save_contact(contact=row, customer=row.customer, data=data, keeps_score=False)  # type: ignore[arg-type]
    return True


def has_fallen(before: int | None, after: int) -> bool:
    """Whether a score fell out of its class, or by three and more within it."""
    if before is None or after >= before:
        return False
    return classify_score(before) != classify_score(after) or before - after >= FALL


def pause_after_fall(*, contact: Contact, until: date, why: str) -> bool:
    """Ask an active promoter for nothing until a day, since their score fell; False for anybody else."""
    with pool_write():
        row = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        if row.status != ContactStatus.ACTIVE:
            return False
        change_status(contact=row, to=ContactStatus.PAUSED, paused_until=until, why=why, actor=Actor.SYSTEM)
    return True
