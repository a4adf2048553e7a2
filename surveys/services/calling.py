"""Writes what came of calls that brought no answer: try again, give up, or the person would rather not."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from references.enums import EngagementStatus
from references.errors import DomainError
from references.pool.writing import pool_write
from references.services.holds import lock_person
from references.services.ledger import change_engagement_status
from references.services.saving import record_change, save_checked
from surveys.enums import CampaignStatus, InvitationStatus
from surveys.lifecycles import INVITATION
from surveys.models import Invitation, SurveyOptOut
from surveys.services.touches import write_touch
from users.models import User

OPEN = frozenset({InvitationStatus.WAITING, InvitationStatus.SENT, InvitationStatus.FAILED})


def note_missed_call(*, invitation: Invitation, by: User, again_on: date | None, note: str = "") -> Invitation:
    """Count a call that nobody took, to be tried again on a day; without a day it is given up as unanswered.

    Raises DomainError: not_running, not_to_be_called, date_over.
    """
    if again_on is not None and again_on < timezone.localdate():
        raise DomainError("date_over", _("That day is over."), "call_again_on")
    with pool_write():
        row = _lock(invitation)
        row.calls += 1
        row.call_again_on, row.call_note = again_on, note.strip()
        save_checked(row, update_fields=["calls", "call_again_on", "call_note"])
        if again_on is None:
            _end(row, EngagementStatus.NO_ANSWER, by, _("Called in vain"))
    return row


def refuse_call(*, invitation: Invitation, by: User, note: str = "", opts_out: bool = False) -> Invitation:
    """Note that a person would rather not answer; `opts_out` says that they want no more surveys at all.

    Raises DomainError: not_running, not_to_be_called.
    """
    with pool_write():
        row = _lock(invitation)
        row.calls += 1
        row.call_again_on, row.call_note = None, note.strip()
        save_checked(row, update_fields=["calls", "call_again_on", "call_note"])
        _end(row, EngagementStatus.DECLINED, by, _("Would rather not answer"))
        if opts_out:
            SurveyOptOut.objects.get_or_create(contact=row.contact)
    return row


def _lock(invitation: Invitation) -> Invitation:
    lock_person(invitation.contact_id)
    locked = Invitation.objects.select_for_update(of=("self",), no_key=True)
    row = locked.select_related("campaign", "contact").get(pk=invitation.pk)
    if row.campaign.status != CampaignStatus.RUNNING:
        raise DomainError("not_running", _("This survey takes no answers now."))
    if row.status not in OPEN:
        raise DomainError("not_to_be_called", _("This person has answered by now, or is not to be asked."))
    return row


def _end(row: Invitation, touched: EngagementStatus, by: User, why: str) -> None:
    """Lead an invitation to `no_answer`, and say in the ledger what came of it."""
    while row.status != InvitationStatus.NO_ANSWER:
        before = row.status
        row.status = InvitationStatus.NO_ANSWER if before == InvitationStatus.SENT else InvitationStatus.SENT
        INVITATION.require_move(before, row.status)
        record_change(subject=row, before=before, after=row.status, by=by, why=why)
    row.sent_at = row.sent_at or timezone.now()
    row.save(update_fields=["status", "sent_at"])
    touch = write_touch(row, touched, by=by)
    if touch.status == EngagementStatus.ASKED:
        change_engagement_status(engagement=touch, to=touched, by=by, reason=why)
