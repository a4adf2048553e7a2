"""Records a promoter's answer: yes with times, no with a reason, a colleague instead, or silence."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.mails import send_later
from matching.enums import DeclineReason, MatchStatus
from matching.kinds import (
    LETTER_ACCEPTED_PROMOTER,
    LETTER_ACCEPTED_REQUESTER,
    LETTER_MISSES,
    LETTER_REMINDER,
    LETTER_REQUEST_NEWS,
)
from matching.models import Match
from matching.permissions import may_answer_for
from matching.purposes import match_subject
from matching.services.meeting import require_time_ahead, schedule_at_slot
from matching.services.proposing import keep_day_ahead
from matching.services.requests import promise_filling, require_version
from matching.services.states import PROMOTER, lock_match, move_match, save_match
from matching.services.telling import tell_managers, tell_requester
from matching.services.unfilled import end_if_failed
from matching.services.withdrawing import close_doors, withdraw_match
from references.caps import check_caps
from references.circumstances import read_circumstances
from references.enums import NominationVia
from references.errors import DomainError
from references.pool.writing import pool_write
from references.program import current_policy
from references.services.contacts import add_blackout
from references.services.grants import grant_contact
from references.services.holds import Ask, HoldRefusedError, require_room
from references.services.nominations import nominate
from users.models import User

MOST_TIMES = 5


def accept_match(
    *, match: Match, times: Sequence[datetime] = (), by: User | None = None, expected_version: int | None = None
) -> Match:
    """Say yes, with up to five times that would suit; caps are recounted, and only then is contact data opened.

    `by` is whoever records a yes given by telephone; None is the promoter, by their link. Where the caps are full by
    now, the match is withdrawn with thanks: look at the status of what is given back. Raises DomainError: not_waiting,
    not_allowed, time_over, far_date, changed_meanwhile.
    """
    offered = _check_times(times)
    with pool_write():
        row = _lock_invited(match, by, expected_version)
        keep_day_ahead(row)
        if not _has_room(row):
            withdraw_match(row, by=by, why=_("Said yes, but the limits are full by now."))
            promise_filling(row.request)
            return row
        move_match(
            row,
            MatchStatus.ACCEPTED,
            by=by,
            actor=_actor(by),
            on=row.on,
            answered_at=timezone.now(),
            offered_times=offered,
        )
        grant_contact(contact=row.contact, user=row.request.owner, source=match_subject(row.pk))
        payload = {"match": row.pk}
        tell_requester(row.request, LETTER_ACCEPTED_REQUESTER, occasion=str(row.pk), payload=payload)
        if row.request.speaking_slot is not None:
            return schedule_at_slot(row, row.request.speaking_slot, by=by)
        send_later(kind=LETTER_ACCEPTED_PROMOTER, key=f"{LETTER_ACCEPTED_PROMOTER}:{row.pk}", payload=payload)
    return row


def decline_match(
    *,
    match: Match,
    reason: str,
    note: str = "",
    not_before: date | None = None,
    by: User | None = None,
    expected_version: int | None = None,
) -> Match:
    """Say no: the next best is looked for. "Not now" with a day keeps the person from being asked before it.

    Two misses running tell the account owner. Raises DomainError: not_waiting, not_allowed, unknown_reason, date_over,
    changed_meanwhile.
    """
    if reason not in DeclineReason.values:
        raise DomainError("unknown_reason", f"There is no reason '{reason}'.", "reason")
    today = timezone.localdate()
    if not_before is not None and not_before <= today:
        raise DomainError("date_over", _("Give a day to come."), "not_before")
    with pool_write():
        row = _lock_invited(match, by, expected_version)
        move_match(
            row,
            MatchStatus.DECLINED,
            by=by,
            actor=_actor(by),
            why=str(DeclineReason(reason).label),
            answered_at=timezone.now(),
            decline_reason=reason,
            decline_note=note.strip()[:2_000],
        )
        if not_before is not None:
            until = not_before - timedelta(days=1)
            add_blackout(contact=row.contact, starts_on=today, ends_on=until, reason=_("Asked not to be asked before"))
        _after_a_miss(row)
    return row


def suggest_colleague(
    *, match: Match, name: str, title: str = "", email: str = "", note: str = "", by: User | None = None
) -> Match:
    """Say that a colleague would suit better: the colleague is nominated, and this person's answer is a no.

    Raises DomainError: who_required, and what `decline_match` does.
    """
    with pool_write():
        row = _lock_invited(match, by, None)
        nominate(
            customer=row.contact.customer,
            person_name=name,
            person_title=title,
            person_email=email,
            moment=note.strip() or _("Suggested by a colleague who was asked for: %(deal)s") % {"deal": row.activity},
            activities=[row.activity],
            by=by,
            suggested_by=row.contact,
            via=NominationVia.PROMOTER if by is None else NominationVia.PAGE,
            creation_key=f"colleague:{row.pk}",
        )
        return decline_match(match=row, reason=DeclineReason.NOT_SUITED, note=note, by=by)


def note_silence(*, match: Match) -> bool:
    """End an invitation that nobody answered in time; False where it was answered, or is not due yet."""
    with pool_write():
        row = lock_match(match.pk)
        is_due = row.answer_due_at is not None and row.answer_due_at <= timezone.now()
        if row.status != MatchStatus.INVITED or not is_due:
            return False
        move_match(row, MatchStatus.NO_ANSWER, why=_("No answer in time."))
        _after_a_miss(row)
    return True


def remind_promoter(*, match: Match, link: str) -> bool:
    """Remind, once, of an invitation that still waits; False where it was answered."""
    with pool_write():
        row = lock_match(match.pk)
        if row.status != MatchStatus.INVITED:
            return False
        payload = {"match": row.pk, "link": link}
        send_later(kind=LETTER_REMINDER, key=f"{LETTER_REMINDER}:{row.pk}", payload=payload)
    return True


def cancel_by_customer(
    *, match: Match, by: User | None = None, why: str = "", expected_version: int | None = None
) -> Match:
    """The promoter takes a yes back, before it took place.

    Raises DomainError: move_not_allowed, not_allowed, changed_meanwhile.
    """
    with pool_write():
        row = lock_match(match.pk)
        require_version(row.version, expected_version)
        if by is not None and not may_answer_for(by, row):
            raise DomainError("not_allowed", _("Only a manager, or the account owner, records this."))
        move_match(row, MatchStatus.CANCELLED, by=by, actor=_actor(by), why=why)
        close_doors(row)
        payload = {"request": row.request_id, "match": row.pk, "news": "cancelled"}
        tell_requester(row.request, LETTER_REQUEST_NEWS, occasion=f"cancelled:{row.pk}", payload=payload)
        promise_filling(row.request)
    return row


def _lock_invited(match: Match, by: User | None, expected_version: int | None) -> Match:
    row = lock_match(match.pk)
    require_version(row.version, expected_version)
    if by is not None and not may_answer_for(by, row):
        raise DomainError("not_allowed", _("Only a manager, or the account owner, records an answer."))
    if row.status != MatchStatus.INVITED:
        raise DomainError("not_waiting", _("This has been answered, or is not needed any more."))
    return row


def _has_room(match: Match) -> bool:
    sources = frozenset() if match.engagement is None else frozenset({match.engagement.source})
    try:
        require_room(contact=match.contact, ask=Ask(match.activity, match.on, sources), overridden=match.override_codes)
    except HoldRefusedError:
        return False
    return True


def _after_a_miss(match: Match) -> None:
    """Look for the next best, tell the requester, and tell the owner of somebody who has missed twice running."""
    close_doors(match)
    payload = {"request": match.request_id, "match": match.pk, "news": match.status}
    tell_requester(match.request, LETTER_REQUEST_NEWS, occasion=f"{match.status}:{match.pk}", payload=payload)
    if not end_if_failed(match.request):
        promise_filling(match.request)
    if not _is_missing_often(match):
        return
    owner = match.contact.customer.account_owner
    if owner is not None and owner.is_active:
        key = f"{LETTER_MISSES}:{match.pk}"
        send_later(kind=LETTER_MISSES, key=key, payload={"match": match.pk, "user": owner.pk})
    else:
        tell_managers(match.request, occasion=f"misses {match.pk}")


def _is_missing_often(match: Match) -> bool:
    """Whether the latest answers have all been declines or silences, as often as the policy says."""
    theirs = read_circumstances([match.contact], match.activity)[match.contact_id]
    now = timezone.now()
    breaches = check_caps(theirs.own, theirs.own, match.activity, now.date(), now, current_policy().caps)
    return any(breach.code == "misses" for breach in breaches)


def _check_times(times: Sequence[datetime]) -> list[str]:
    for moment in times:
        require_time_ahead(moment, "times")
    return [moment.isoformat() for moment in sorted(set(times))[:MOST_TIMES]]


def _actor(by: User | None) -> str:
    return PROMOTER if by is None else ""


def offer_times(*, match: Match, times: Sequence[datetime]) -> Match:
    """Give other times for a yes that is not scheduled yet. Raises DomainError: not_waiting, time_over, far_date."""
    offered = _check_times(times)
    with pool_write():
        row = lock_match(match.pk)
        if row.status != MatchStatus.ACCEPTED:
            raise DomainError("not_waiting", _("A time has been set already, or it is over."))
        save_match(row, offered_times=offered)
        payload = {"request": row.request_id, "match": row.pk, "news": "new_times"}
        occasion = f"new_times:{row.pk}:{row.version}"
        tell_requester(row.request, LETTER_REQUEST_NEWS, occasion=occasion, payload=payload)
    return row
