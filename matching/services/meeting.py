"""From a yes to the day itself: a time is set, moved, reminded of, and in the end it took place or did not."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from advocacy.enums import Stage
from advocacy.services.earning import award_touch
from delivery.links import issue_link
from delivery.mails import send_later
from delivery.promises import enqueue
from matching.enums import MatchStatus, Side
from matching.kinds import (
    ASK_FEEDBACK,
    LETTER_FEEDBACK_PROMOTER,
    LETTER_FEEDBACK_REQUESTER,
    LETTER_MEETING_PROMOTER,
    LETTER_MEETING_REQUESTER,
    LETTER_MEETING_SOON_PROMOTER,
    LETTER_MEETING_SOON_REQUESTER,
    LETTER_REQUEST_NEWS,
    LETTER_THANKS,
    REMIND_MEETING,
)
from matching.models import Match
from matching.permissions import may_run_meeting
from matching.purposes import FEEDBACK, match_subject
from matching.services.requests import promise_filling, require_version
from matching.services.states import PROMOTER, fulfil_if_done, lock_match, move_match, save_match
from matching.services.telling import tell_requester
from matching.services.withdrawing import close_doors
from references.activities import BY_CODE
from references.enums import EngagementStatus
from references.errors import DomainError
from references.filtering import MOST_DAYS_AHEAD
from references.models import Contact, SpeakingSlot
from references.pool.writing import pool_write
from references.program import current_policy
from references.services.holds import Ask, require_room
from references.services.ledger import move_engagement_date, record_aftermath
from users.models import User

MINUTES = 30
FEEDBACK_DAYS = 30


def schedule_match(
    *,
    match: Match,
    at: datetime,
    minutes: int = MINUTES,
    meeting: str = "",
    by: User | None = None,
    expected_version: int | None = None,
) -> Match:
    """Set, or move, the time of a yes; caps are recounted on its day, and a calendar file goes to both sides.

    `by` None is the promoter. Raises DomainError: not_accepted, not_allowed, time_over, far_date, wrong_minutes,
    hold_refused, changed_meanwhile.
    """
    require_time_ahead(at, "at")
    if not 5 <= minutes <= 600:
        raise DomainError("wrong_minutes", _("A meeting takes between 5 and 600 minutes."), "minutes")
    with pool_write():
        row = _lock(match, by, expected_version)
        if row.status not in {MatchStatus.ACCEPTED, MatchStatus.SCHEDULED}:
            raise DomainError("not_accepted", _("There is no yes to set a time for."))
        if row.request.speaking_slot is None:
            _move_day(row, local_day(at, row.contact), by)
        else:
            _move_day(row, timezone.localdate(at, ZoneInfo(row.request.speaking_slot.time_zone)), by)
        fields: dict[str, Any] = {"scheduled_at": at, "minutes": minutes, "meeting": meeting.strip()[:300]}
        if row.status == MatchStatus.ACCEPTED:
            move_match(row, MatchStatus.SCHEDULED, by=by, actor=_actor(by), **fields)
        else:
            save_match(row, **fields)
        if row.engagement is not None:
            award_touch(row.engagement, Stage.SCHEDULED)
        _promise_around(row)
    return row


def schedule_at_slot(match: Match, slot: SpeakingSlot, *, by: User | None = None) -> Match:
    """Put a yes, or a move of the event, on the time and place of a speaking slot; inside a `pool_write`.

    Raises what `schedule_match` does.
    """
    place = ", ".join(filter(None, (slot.event, slot.place))) + (f" · {slot.url}" if slot.url else "")
    return schedule_match(match=match, at=slot.starts_at, minutes=slot.minutes, meeting=place, by=by)


def complete_match(
    *,
    match: Match,
    on: date | None = None,
    effort_hours: Decimal | None = None,
    by: User | None = None,
    thanks: bool = True,
    expected_version: int | None = None,
) -> Match:
    """Note that it took place: the ledger takes the real day and effort, the promoter is thanked, both sides are asked.

    With the last reference done, the request is fulfilled. Raises DomainError: not_accepted, not_allowed, date_ahead,
    changed_meanwhile.
    """
    with pool_write():
        row = _lock(match, by, expected_version)
        if row.status not in {MatchStatus.ACCEPTED, MatchStatus.SCHEDULED}:
            raise DomainError("not_accepted", _("Only what was agreed to can take place."))
        now = timezone.now()
        day = on or min(row.on, timezone.localdate())
        if day > timezone.localdate() + timedelta(days=1):
            raise DomainError("date_ahead", _("That day has not come yet."), "on")
        if row.status == MatchStatus.ACCEPTED:
            move_match(row, MatchStatus.SCHEDULED, by=by, actor=_actor(by), scheduled_at=row.scheduled_at or now)
        move_match(
            row,
            MatchStatus.COMPLETED,
            by=by,
            actor=_actor(by),
            on=day,
            effort_hours=effort_hours,
            completed_at=now,
        )
        if thanks:
            _thank(row)
        promise_feedback(row)
        fulfil_if_done(row.request)
    return row


def note_no_show(
    *, match: Match, side: str, by: User | None = None, why: str = "", expected_version: int | None = None
) -> Match:
    """Note that a meeting fell through because one side did not come; then the next best is looked for.

    A promoter who stayed away did not answer, in the ledger; with the prospect away it was cancelled. Raises
    DomainError: move_not_allowed, not_allowed, unknown_side, changed_meanwhile.
    """
    if side not in Side.values:
        raise DomainError("unknown_side", f"There is no side '{side}'.", "side")
    ledger = EngagementStatus.NO_ANSWER if side == Side.PROMOTER else EngagementStatus.CANCELLED
    with pool_write():
        row = _lock(match, by, expected_version)
        move_match(row, MatchStatus.NO_SHOW, by=by, actor=_actor(by), why=why, ledger=ledger)
        close_doors(row)
        payload = {"request": row.request_id, "match": row.pk, "news": "no_show"}
        tell_requester(row.request, LETTER_REQUEST_NEWS, occasion=f"no_show:{row.pk}", payload=payload)
        promise_filling(row.request)
    return row


def remind_of_meeting(*, match: Match, at: str) -> bool:
    """Remind both sides of a meeting, if it still stands at this time."""
    with pool_write():
        row = lock_match(match.pk)
        if not _stands_at(row, at):
            return False
        payload, occasion = {"match": row.pk, "at": at}, f"{row.pk}:{at}"
        tell_requester(row.request, LETTER_MEETING_SOON_REQUESTER, occasion=occasion, payload=payload)
        send_later(kind=LETTER_MEETING_SOON_PROMOTER, key=f"{LETTER_MEETING_SOON_PROMOTER}:{occasion}", payload=payload)
    return True


def ask_after_meeting(*, match: Match, at: str) -> bool:
    """Ask both sides how a meeting went, whose time has passed and of which nobody has said so yet."""
    with pool_write():
        row = lock_match(match.pk)
        if not _stands_at(row, at):
            return False
        promise_feedback(row)
    return True


def promise_feedback(match: Match) -> None:
    """Send both sides the question how it went, once; inside a `pool_write`."""
    payload: dict[str, Any] = {"match": match.pk}
    given = set(match.feedback.values_list("side", flat=True))
    if Side.REQUESTER not in given:
        tell_requester(match.request, LETTER_FEEDBACK_REQUESTER, occasion=str(match.pk), payload=payload)
    if Side.PROMOTER not in given and match.contact.email:
        link = issue_link(purpose=FEEDBACK, subject=match_subject(match.pk), lifetime=timedelta(days=FEEDBACK_DAYS))
        payload = {"match": match.pk, "link": str(link.pk)}
        send_later(kind=LETTER_FEEDBACK_PROMOTER, key=f"{LETTER_FEEDBACK_PROMOTER}:{match.pk}", payload=payload)


def require_time_ahead(at: datetime, field: str) -> None:
    """Raise DomainError: time_over for what is past, far_date for what is years ahead."""
    now = timezone.now()
    if at <= now:
        raise DomainError("time_over", _("That time is over already."), field)
    if at > now + timedelta(days=MOST_DAYS_AHEAD):
        raise DomainError("far_date", _("That time is too far ahead."), field)


def local_day(at: datetime, contact: Contact) -> date:
    """The day on which a moment falls for a promoter; in the server's zone where theirs is unknown."""
    return timezone.localdate(at, ZoneInfo(contact.time_zone)) if contact.time_zone else timezone.localdate(at)


def _lock(match: Match, by: User | None, expected_version: int | None) -> Match:
    row = lock_match(match.pk)
    require_version(row.version, expected_version)
    if by is not None and not may_run_meeting(by, row):
        raise DomainError("not_allowed", _("Only those concerned may do this."))
    return row


def _move_day(match: Match, day: date, by: User | None) -> None:
    """Put the ledger's row on another day, if there is room on it."""
    if day == match.on or match.engagement is None:
        return
    ask = Ask(match.activity, day, frozenset({match.engagement.source}))
    require_room(contact=match.contact, ask=ask, overridden=match.override_codes)
    move_engagement_date(engagement=match.engagement, on=day, by=by, reason=_("A time was set."))
    save_match(match, on=day)


def _promise_around(match: Match) -> None:
    """Calendar files now, reminders before, the question how it went after; all by this very time."""
    if match.scheduled_at is None or not BY_CODE[match.activity].live:
        return
    service, at = current_policy().service, match.scheduled_at.isoformat()
    payload, occasion = {"match": match.pk, "at": at}, f"{match.pk}:{at}:{match.version}"
    tell_requester(match.request, LETTER_MEETING_REQUESTER, occasion=occasion, payload=payload)
    send_later(kind=LETTER_MEETING_PROMOTER, key=f"{LETTER_MEETING_PROMOTER}:{occasion}", payload=payload)
    before = match.scheduled_at - timedelta(hours=service.remind_before_hours)
    if before > timezone.now():
        enqueue(kind=REMIND_MEETING, key=f"{REMIND_MEETING}:{occasion}", payload=payload, due=before)
    after = match.scheduled_at + timedelta(minutes=match.minutes, hours=service.feedback_after_hours)
    enqueue(kind=ASK_FEEDBACK, key=f"{ASK_FEEDBACK}:{occasion}", payload=payload, due=after)


def _thank(match: Match) -> None:
    send_later(kind=LETTER_THANKS, key=f"{LETTER_THANKS}:{match.pk}", payload={"match": match.pk})
    if match.engagement is not None:
        record_aftermath(engagement=match.engagement, was_thanked=True)


def _stands_at(match: Match, at: str) -> bool:
    stands = match.status == MatchStatus.SCHEDULED and match.scheduled_at is not None
    return stands and match.scheduled_at == datetime.fromisoformat(at)


def _actor(by: User | None) -> str:
    return PROMOTER if by is None else ""
