"""Writes that somebody wants no more surveys, or wants them again; both are their own word."""

from django.db import transaction

from references.enums import Actor
from references.models import Contact
from references.services.saving import record_change
from surveys.models import SurveyOptOut


@transaction.atomic
def stop_surveys(*, contact: Contact) -> None:
    """Send somebody no more surveys, nor reminders of one; once is enough. They may be asked for other things."""
    _row, is_new = SurveyOptOut.objects.get_or_create(contact=contact)
    if is_new:
        _note(contact, "surveys: allowed → none, by their own link")


@transaction.atomic
def resume_surveys(*, contact: Contact) -> None:
    """Send surveys again to somebody who wanted none."""
    count, _rows = SurveyOptOut.objects.filter(contact=contact).delete()
    if count:
        _note(contact, "surveys: none → allowed, by their own link")


def _note(contact: Contact, why: str) -> None:
    record_change(subject=contact, before=contact.status, after=contact.status, by=None, why=why, actor=Actor.PROMOTER)
