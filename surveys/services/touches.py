"""Keeps the rows of invitations in the engagement ledger: what was asked, answered, or never got there."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from references.enums import EngagementStatus
from references.lifecycles import ENGAGEMENT
from references.models import Engagement
from references.services.ledger import change_engagement_status, log_engagement
from surveys.models import Invitation
from users.models import User


def find_touch(invitation: Invitation) -> Engagement | None:
    """The row of an invitation that counts: not one that never got there."""
    return _touches(invitation).exclude(status=EngagementStatus.RELEASED).order_by("-pk").first()


def write_touch(invitation: Invitation, status: str, *, by: User | None = None) -> Engagement:
    """Log that an invitation went out, or was answered; once, unless what was logged before never got there."""
    return find_touch(invitation) or _log(invitation, status, by)


def complete_touch(invitation: Invitation, *, channel: str, by: User | None = None) -> None:
    """Note that an invitation was answered; who declined before and answers all the same was touched once more."""
    touch = find_touch(invitation)
    if touch is not None and ENGAGEMENT.may_move(touch.status, EngagementStatus.COMPLETED):
        to, today = EngagementStatus.COMPLETED, timezone.localdate()
        change_engagement_status(engagement=touch, to=to, by=by, reason=channel, on=today)
    elif touch is None or touch.status != EngagementStatus.COMPLETED:
        _log(invitation, EngagementStatus.COMPLETED, by)


def _log(invitation: Invitation, status: str, by: User | None) -> Engagement:
    tries = _touches(invitation).count()
    return log_engagement(
        contact=invitation.contact,
        activity="survey",
        status=status,
        on=timezone.localdate(),
        source=invitation.source if tries == 0 else f"{invitation.source}:{tries}",
        by=by,
    )


def _touches(invitation: Invitation) -> QuerySet[Engagement]:
    return Engagement.objects.filter(
        Q(source=invitation.source) | Q(source__startswith=f"{invitation.source}:"), contact=invitation.contact_id
    )
