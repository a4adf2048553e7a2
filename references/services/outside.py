"""Logs references used outside the system, without blame, and withdraws what was logged by mistake."""

from datetime import date

from django.utils import timezone

from references.enums import EngagementStatus
from references.errors import DomainError
from references.models import Contact, Engagement
from references.permissions import may_withdraw_touch
from references.services.ledger import change_engagement_status, log_engagement
from users.models import User


def log_outside_use(
    *, contact: Contact, activity: str, on: date, by: User, note: str = "", source_key: str
) -> Engagement:
    """Log that a promoter was used outside the system: a completed touch, once per user and `source_key`.

    It counts for caps and fatigue as any other. Raises DomainError: date_ahead, and what `log_engagement` does.
    """
    return log_engagement(
        contact=contact,
        activity=activity,
        status=EngagementStatus.COMPLETED,
        on=on,
        source=f"outside:{by.pk}:{source_key}",
        by=by,
        is_outside=True,
        note=note,
    )


def withdraw_touch(*, engagement: Engagement, by: User, reason: str) -> Engagement:
    """Release a touch that was logged by hand and never was: it counts nothing from now on, and stays on record.

    Raises DomainError: not_allowed for all but those who may edit the person and, for ten minutes, whoever logged it;
    not_logged_by_hand, reason_required, move_not_allowed where it was withdrawn before.
    """
    row = Engagement.objects.with_logged_by().select_related("contact__customer").get(pk=engagement.pk)
    if not may_withdraw_touch(by, row, timezone.now()):
        raise DomainError("not_allowed", "Whoever logged it may undo it for ten minutes; later the account owner does.")
    if not row.is_by_hand:
        raise DomainError("not_logged_by_hand", "Nobody logged this touch by hand: correct it where it began.")
    if not reason.strip():
        raise DomainError("reason_required", "Say why it is withdrawn.", "reason")
    return change_engagement_status(engagement=engagement, to=EngagementStatus.RELEASED, by=by, reason=reason.strip())
