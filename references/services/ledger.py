"""Writes the engagement ledger: one row per touch, and a change for every status it takes."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from references import activities
from references.announcing import announce_touch
from references.enums import EngagementStatus
from references.errors import DomainError
from references.lifecycles import ENGAGEMENT
from references.models import Contact, Engagement, EngagementChange
from references.pool.writing import pool_write
from references.services.saving import save_checked
from users.models import User

AHEAD = frozenset({EngagementStatus.HELD, EngagementStatus.PLANNED})
TAKEN_PART = frozenset({EngagementStatus.PLANNED, EngagementStatus.COMPLETED})
OVER = frozenset(
    {EngagementStatus.COMPLETED, EngagementStatus.DECLINED, EngagementStatus.CANCELLED, EngagementStatus.NO_ANSWER}
)


def log_engagement(
    *,
    contact: Contact,
    activity: str,
    status: str,
    on: date,
    source: str,
    by: User | None = None,
    effort_hours: Decimal | None = None,
    hold_expires_at: datetime | None = None,
    is_outside: bool = False,
    note: str = "",
    reason: str = "",
) -> Engagement:
    """Log a touch, once per `source`: the same touch logged again is the row that is there, unchanged.

    Caps are not judged here: the ledger says what happened. Raises DomainError: source_required, source_taken (by
    another touch), unknown_activity, unknown_status, hold_needs_end, date_over, date_ahead, or a field's own code.
    """
    _check(activity, status, source, hold_expires_at)
    with pool_write() as touched:
        there = Engagement.objects.filter(source=source).first()
        if there is not None:
            if (there.contact_id, there.activity) != (contact.pk, activity):
                raise DomainError("source_taken", f"'{source}' is the source of another touch.", "source")
            return there
        _require_possible(status, on)
        row = Engagement(
            contact=contact,
            activity=activity,
            status=status,
            on=on,
            source=source,
            effort_hours=effort_hours,
            hold_expires_at=hold_expires_at,
            is_outside=is_outside,
            note=note,
            recorded_at=timezone.now(),
        )
        save_checked(row)
        _note_change(row, row.recorded_at, by, reason, before="")
        touched.add(contact.customer_id)
    return row


def _require_possible(status: str, on: date) -> None:
    """Refuse what cannot be true: an outcome of a day to come, or a plan for one that is over (by a day, anywhere)."""
    today = timezone.localdate()
    if status in AHEAD and on < today - timedelta(days=1):
        raise DomainError("date_over", "That day is over: say what came of it, or give a day to come.", "on")
    if status == EngagementStatus.COMPLETED and on > today + timedelta(days=1):
        raise DomainError("date_ahead", "That day has not come yet: log it as planned, or give the day it was.", "on")


def change_engagement_status(
    *,
    engagement: Engagement,
    to: str,
    by: User | None = None,
    reason: str = "",
    on: date | None = None,
    effort_hours: Decimal | None = None,
    hold_expires_at: datetime | None = None,
    at_origin: bool = False,
) -> Engagement:
    """Move a touch along its table and keep the change; `on` and `effort_hours` where they turned out differently.

    `at_origin` says that what it came from never was, and whoever wrote it there takes it back. Raises DomainError:
    move_not_allowed, hold_needs_end, not_logged_by_hand for releasing what is over, unless somebody logged it.
    """
    with pool_write() as touched:
        row = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        before = row.status
        ENGAGEMENT.require_move(before, to)
        if to == EngagementStatus.RELEASED and row.status in OVER and not (row.is_by_hand or at_origin):
            raise DomainError("not_logged_by_hand", "Nobody logged this touch by hand: correct it where it began.")
        row.status = to
        row.hold_expires_at = hold_expires_at if to == EngagementStatus.HELD else row.hold_expires_at
        if to == EngagementStatus.HELD and hold_expires_at is None:
            raise DomainError("hold_needs_end", "A hold needs the moment it expires.", "hold_expires_at")
        row.on = on or row.on
        row.effort_hours = row.effort_hours if effort_hours is None else effort_hours
        save_checked(row, update_fields=["status", "hold_expires_at", "on", "effort_hours"])
        _note_change(row, timezone.now(), by, reason, before=before)
        touched.add(row.contact.customer_id)
    engagement.refresh_from_db()
    return engagement


def move_engagement_date(*, engagement: Engagement, on: date, by: User | None = None, reason: str = "") -> Engagement:
    """Put a planned touch on another day; whether there is room on it, `holds.require_room` says before.

    Raises DomainError: not_planned for any other status, date_over.
    """
    with pool_write() as touched:
        row = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        if row.status != EngagementStatus.PLANNED:
            raise DomainError("not_planned", "Only what is planned can move to another day.", "on")
        _require_possible(row.status, on)
        row.on = on
        save_checked(row, update_fields=["on"])
        _note_change(row, timezone.now(), by, reason, before=row.status)
        touched.add(row.contact.customer_id)
    engagement.refresh_from_db()
    return engagement


def record_aftermath(
    *,
    engagement: Engagement,
    went_badly: bool | None = None,
    was_thanked: bool | None = None,
    was_rewarded: bool | None = None,
    effort_hours: Decimal | None = None,
) -> Engagement:
    """Note how a touch was felt, whether it was thanked or rewarded, the hours it took; None leaves it as it is."""
    given = {
        "went_badly": went_badly,
        "was_thanked": was_thanked,
        "was_rewarded": was_rewarded,
        "effort_hours": effort_hours,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    with pool_write() as touched:
        for name, value in changes.items():
            setattr(engagement, name, value)
        engagement.save(update_fields=list(changes))
        touched.add(engagement.contact.customer_id)
    return engagement


def _check(activity: str, status: str, source: str, hold_expires_at: datetime | None) -> None:
    if not source:
        raise DomainError("source_required", "A touch needs its source.", "source")
    if activity not in activities.BY_CODE:
        raise DomainError("unknown_activity", f"There is no activity '{activity}'.", "activity")
    if status not in EngagementStatus.values:
        raise DomainError("unknown_status", f"There is no status '{status}'.", "status")
    if status == EngagementStatus.HELD and hold_expires_at is None:
        raise DomainError("hold_needs_end", "A hold needs the moment it expires.", "hold_expires_at")


def _note_change(row: Engagement, at: datetime, by: User | None, reason: str, *, before: str) -> None:
    """Keep a change; floors above hear of a touch that is planned or done now, or is so no more."""
    change = EngagementChange.objects.create(engagement=row, at=at, status=row.status, by=by, reason=reason[:300])
    if before != row.status and {before, row.status} & TAKEN_PART:
        announce_touch(engagement_id=row.pk, change_id=change.pk)
