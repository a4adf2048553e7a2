"""Invites people to a campaign, reminds them, and settles what became of each invitation.

An invitation counts as sent once its letter is promised in the outbox, in the same transaction as its row in the
ledger; a letter that could never be delivered makes it a failed one, and its row one that never was.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from delivery.jobs import start_job
from delivery.mails import send_later
from references.enums import EngagementStatus
from references.errors import DomainError
from references.pool.writing import pool_write
from references.services.ledger import change_engagement_status
from references.services.saving import record_change
from surveys.enums import CampaignStatus, InvitationChannel, InvitationStatus
from surveys.kinds import INVITE_JOB, LETTER_INVITATION, LETTER_REMINDER
from surveys.lifecycles import INVITATION
from surveys.models import Campaign, Invitation
from surveys.querysets import InvitationQuerySet, runs_surveys
from surveys.services.audience import NOT_SAMPLED, Audience, find_audience, judge_one
from surveys.services.survey_links import find_link, give_links
from surveys.services.touches import find_touch, write_touch
from users.models import User

OnProgress = Callable[[int, int], None]
"""Is told how many of how many invitations have gone out, outside transactions; what it raises ends the sending."""
MANY = 200
"""More letters than this go out in a job, whose progress can be watched."""
BATCH = 50
NOT_REACHED = "not_reached"
"""Why somebody who still waited to be asked was not, as the campaign closed."""


def invite_campaign(*, campaign_id: int) -> None:
    """Invite the audience of a running campaign; run again it goes on where it stopped. Not within a transaction."""
    campaign = Campaign.objects.get(pk=campaign_id)
    if campaign.status != CampaignStatus.RUNNING:
        return
    write_invitations(campaign)
    waiting = Invitation.objects.to_be_mailed().filter(campaign=campaign_id).count()
    if waiting <= MANY:
        send_waiting(campaign_id=campaign_id)
        return
    start_job(
        kind=INVITE_JOB,
        title=f"Invite {waiting:,} people to {campaign.name}",
        parameters={"campaign": campaign_id},
        requested_by=campaign.owner,
    )


@transaction.atomic
def write_invitations(campaign: Campaign) -> Audience:
    """Write who is asked and who is not, and why; those that are there and wait are kept, or skipped by now."""
    row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    audience = find_audience(row)
    listed = {each.contact_id: each for each in row.invitations.to_be_mailed()}
    channels = {
        **dict.fromkeys(audience.mailed, InvitationChannel.EMAIL),
        **dict.fromkeys(audience.called, InvitationChannel.PHONE),
    }
    new = [Invitation(campaign=row, contact_id=pk, channel=channels[pk]) for pk in channels if pk not in listed]
    new += [
        Invitation(campaign=row, contact_id=pk, status=InvitationStatus.SKIPPED, skipped_because=why)
        for pk, why in audience.skipped.items()
        if pk not in listed
    ]
    Invitation.objects.bulk_create(new, batch_size=1_000, ignore_conflicts=True)
    for pk, invitation in listed.items():
        if pk not in channels:
            _skip(invitation, audience.skipped.get(pk, NOT_SAMPLED))
        elif invitation.channel != channels[pk]:
            invitation.channel = channels[pk]
            invitation.save(update_fields=["channel"])
    return audience


def send_waiting(*, campaign_id: int, on_progress: OnProgress | None = None) -> int:
    """Send the letters that wait, a batch at a time, while the campaign runs; gives how many went out."""
    ids = list(Invitation.objects.to_be_mailed().filter(campaign=campaign_id).values_list("pk", flat=True))
    sent = 0
    for start in range(0, len(ids), BATCH):
        if on_progress is not None:
            on_progress(start, len(ids))
        if not Campaign.objects.filter(pk=campaign_id, status=CampaignStatus.RUNNING).exists():
            break
        with pool_write():
            rows = _lock(ids[start : start + BATCH]).filter(status=InvitationStatus.WAITING)
            sent += sum(_send(row) for row in rows)
    return sent


def send_reminders(*, now: datetime | None = None) -> int:
    """Remind everybody whose time has come and who has not answered; gives how many letters were promised.

    Nobody is reminded who is not to be asked at the moment, nor once the link or the campaign is at its end.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    running = Q(campaign__status=CampaignStatus.RUNNING) & (
        Q(campaign__closes_on=None) | Q(campaign__closes_on__gte=today)
    )
    rows = Invitation.objects.filter(
        running,
        status=InvitationStatus.SENT,
        channel=InvitationChannel.EMAIL,
        reminders__lt=F("campaign__most_reminders"),
    ).annotate(last=Coalesce("reminded_at", "sent_at"))
    due = [
        pk
        for pk, last, days in rows.values_list("pk", "last", "campaign__reminder_days")
        if last is not None and last + timedelta(days=days) <= now
    ]
    return sum(_remind(pk, now) for pk in due)


def close_off(*, campaign_id: int) -> None:
    """Settle what is open of a closed campaign: who was asked gave no answer, who was not is skipped."""
    rows = Invitation.objects.filter(campaign=campaign_id, status__in=(InvitationStatus.WAITING, InvitationStatus.SENT))
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with pool_write():
            if not Campaign.objects.filter(pk=campaign_id, status=CampaignStatus.CLOSED).exists():
                return
            for row in _lock(ids[start : start + BATCH]):
                if row.status == InvitationStatus.WAITING:
                    _skip(row, NOT_REACHED)
                elif row.status == InvitationStatus.SENT:
                    _end(row, InvitationStatus.NO_ANSWER, EngagementStatus.NO_ANSWER)


def note_undelivered(*, invitation_id: int) -> None:
    """Note that the letter of an invitation never got there; one that was answered meanwhile stays as it is."""
    with pool_write():
        row = _lock([invitation_id]).first()
        if row is not None and row.status == InvitationStatus.SENT:
            _end(row, InvitationStatus.FAILED, EngagementStatus.RELEASED)


def resend_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Send a failed invitation once more, to the address that is on file by now.

    Raises DomainError: not_allowed, not_running, move_not_allowed, not_now (with the reason in its message).
    """
    if not runs_surveys(by):
        raise DomainError("not_allowed", "Surveys are run by managers and marketers.")
    with pool_write():
        row = _lock([invitation.pk])[0]
        INVITATION.require_move(row.status, InvitationStatus.SENT)
        if row.campaign.status != CampaignStatus.RUNNING:
            raise DomainError("not_running", "This survey takes no answers now.", "campaign")
        if row.status != InvitationStatus.FAILED:
            raise DomainError("move_not_allowed", "Only what could not be delivered is sent again.", "status")
        why = judge_one(row.contact)
        if why:
            raise DomainError("not_now", f"They must not be written to ({why}).", "contact")
        _send(row, by=by)
    invitation.refresh_from_db()
    return invitation


def _lock(ids: list[int]) -> InvitationQuerySet[Invitation]:
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("campaign", "contact__customer").filter(pk__in=ids).order_by("pk")


def _send(row: Invitation, *, by: User | None = None) -> bool:
    """Send one letter, or skip who must not be written to by now; tells which."""
    why = judge_one(row.contact)
    if why:
        _skip(row, why)
        return False
    before = row.status
    INVITATION.require_move(before, InvitationStatus.SENT)
    row.status, row.sent_at = InvitationStatus.SENT, timezone.now()
    row.save(update_fields=["status", "sent_at"])
    record_change(subject=row, before=before, after=row.status, by=by)
    give_links(row)
    touch = write_touch(row, EngagementStatus.ASKED, by=by)
    send_later(kind=LETTER_INVITATION, key=f"{LETTER_INVITATION}:{touch.source}", payload={"invitation": row.pk})
    return True


def _remind(invitation_id: int, now: datetime) -> bool:
    with transaction.atomic():
        row = _lock([invitation_id]).filter(status=InvitationStatus.SENT).first()
        if row is None or row.reminders >= row.campaign.most_reminders or judge_one(row.contact):
            return False
        last, link = row.reminded_at or row.sent_at, find_link(row)
        if last is None or last + timedelta(days=row.campaign.reminder_days) > now:
            return False
        if link is None or link.expires_at <= now:
            return False
        row.reminders, row.reminded_at = row.reminders + 1, now
        row.save(update_fields=["reminders", "reminded_at"])
        key = f"{LETTER_REMINDER}:{row.pk}:{row.reminders}"
        send_later(kind=LETTER_REMINDER, key=key, payload={"invitation": row.pk})
    return True


def _skip(row: Invitation, why: str) -> None:
    INVITATION.require_move(row.status, InvitationStatus.SKIPPED)
    before, row.status, row.skipped_because = row.status, InvitationStatus.SKIPPED, why
    row.save(update_fields=["status", "skipped_because"])
    record_change(subject=row, before=before, after=row.status, by=None, why=why)


def _end(row: Invitation, to: str, touch_to: str) -> None:
    INVITATION.require_move(row.status, to)
    before, row.status = row.status, to
    row.save(update_fields=["status"])
    record_change(subject=row, before=before, after=to, by=None)
    touch = find_touch(row)
    if touch is not None and touch.status == EngagementStatus.ASKED:
        change_engagement_status(engagement=touch, to=touch_to, at_origin=True)
