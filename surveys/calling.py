"""Says whom an interviewer calls next: who was asked and has not answered, with a number on file, and may be called."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from references.enums import ContactStatus
from surveys.enums import InvitationChannel, InvitationStatus
from surveys.models import Invitation

UNANSWERED = (InvitationStatus.SENT, InvitationStatus.FAILED)


def find_to_call(user: Any, campaign_id: int) -> "QuerySet[Invitation]":
    """Whom `user` may call for a campaign, those who were promised a call first, then those tried least.

    Managers call anybody, account owners their customers' people: nobody else sees the number. Customers are loaded.
    """
    rows = Invitation.objects.filter(campaign=campaign_id).filter(
        Q(status__in=UNANSWERED) | Q(status=InvitationStatus.WAITING, channel=InvitationChannel.PHONE)
    )
    if not user.is_manager:
        rows = rows.filter(contact__customer__account_owner=user)
    return (
        rows.filter(contact__has_opted_out=False, contact__survey_opt_out__isnull=True)
        .exclude(contact__phone="")
        .exclude(contact__status=ContactStatus.RETIRED)
        .select_related("contact__customer", "campaign")
        .order_by(F("call_again_on").asc(nulls_last=True), "calls", "pk")
    )


def keep_due(rows: "QuerySet[Invitation]", on: date) -> "QuerySet[Invitation]":
    """Those of `find_to_call` whose day has come, and who want no quiet on it."""
    quiet = Q(contact__blackouts__starts_on__lte=on, contact__blackouts__ends_on__gte=on)
    rested = rows.exclude(pk__in=rows.filter(quiet).order_by().values("pk"))
    return rested.filter(Q(call_again_on__isnull=True) | Q(call_again_on__lte=on))
