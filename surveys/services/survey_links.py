"""Gives out the links of surveys: one to answer by while the campaign runs, one to end surveys by, good much longer."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from delivery.links import issue_link
from delivery.models import SignedLink
from surveys.models import Campaign, Invitation
from surveys.purposes import SURVEY, SURVEY_STOP, invitation_subject

OPEN_FOR = timedelta(days=60)
"""How long a link is good where the campaign has no last day."""
STOP_FOR = timedelta(days=730)
"""How long the link to end surveys is good: whoever finds an old mail can still do so."""
_CHUNK = 500


def find_link(invitation: Invitation, purpose: str = SURVEY) -> SignedLink | None:
    """The newest link of an invitation that was not revoked."""
    rows = SignedLink.objects.filter(subject=invitation_subject(invitation.pk), purpose=purpose, revoked_at=None)
    return rows.order_by("-expires_at").first()


def give_links(invitation: Invitation) -> None:
    """Make the two links of an invitation (its campaign loaded), unless they are good, in the caller's transaction."""
    subject, there = invitation_subject(invitation.pk), find_link(invitation)
    if there is None or there.expires_at <= timezone.now():
        issue_link(purpose=SURVEY, subject=subject, lifetime=ends_at(invitation.campaign) - timezone.now())
    if find_link(invitation, SURVEY_STOP) is None:
        issue_link(purpose=SURVEY_STOP, subject=subject, lifetime=STOP_FOR)


def keep_links_open(campaign: Campaign) -> None:
    """Let the links of a campaign be good until its last day as it is now."""
    ids = list(campaign.invitations.values_list("pk", flat=True))
    for start in range(0, len(ids), _CHUNK):
        subjects = [invitation_subject(pk) for pk in ids[start : start + _CHUNK]]
        SignedLink.objects.filter(subject__in=subjects, purpose=SURVEY).update(expires_at=ends_at(campaign))


def ends_at(campaign: Campaign) -> datetime:
    """When the links of a campaign end: after its last day everywhere on earth, or in sixty days."""
    if campaign.closes_on is None:
        return timezone.now() + OPEN_FOR
    return datetime.combine(campaign.closes_on + timedelta(days=1), time(12), UTC)
