"""Puts asks to people by letter, follows what they say, reminds once, and takes silence for an answer in the end."""

from datetime import datetime, time, timedelta

from django.db.models import F
from django.utils import timezone

from advocacy.enums import AssignmentStatus
from advocacy.models import Ask, AskAssignment, AskCampaign
from advocacy.purposes import ASK_LINK, assignment_subject
from advocacy.services.assignments import answer_assignment, assign_ask, lock_assignment, move_assignment
from advocacy.suggestions import read_next_asks
from delivery.links import issue_link, revoke_links
from delivery.mails import send_later
from delivery.models import SignedLink
from references.enums import Actor, ContactStatus
from references.errors import DomainError
from references.models import Contact, Nomination
from references.pool.writing import pool_write
from references.services.holds import lock_person
from references.services.saving import record_change
from users.models import User

_S = AssignmentStatus
LETTER_ASK = "advocacy_ask"
LETTER_REMINDER = "advocacy_ask_reminder"
LETTER_AGAIN = "advocacy_ask_again"
LETTER_THANKS = "advocacy_ask_thanks"
LETTER_ANSWERED = "advocacy_ask_answered"
GRACE = timedelta(days=14)
"""How long after the day to answer by the link still takes an answer."""
REMIND_BEFORE = timedelta(days=4)
REST_BEFORE_REMINDER = timedelta(days=2)
"""Nobody is reminded of what came the day before yesterday."""
MOST_SWEPT = 500
NOT_NOW = "Not now."


def put_ask(
    *,
    contact: Contact,
    ask: Ask,
    creation_key: str,
    by: User | None = None,
    campaign: AskCampaign | None = None,
    nomination: Nomination | None = None,
    note: str = "",
) -> AskAssignment:
    """Put an ask to a person who may be asked for it today, once per key: it is noted, and a letter with a link goes.

    Raises DomainError: no_address, not_now with every rule that stands against it, and what `assign_ask` does.
    """
    with pool_write():
        there = AskAssignment.objects.filter(creation_key=creation_key).first()
        if there is not None:
            return there
        person = lock_person(contact.pk)
        if not person.email and not person.has_opted_out:
            raise DomainError("no_address", "There is no e-mail address on file.", "contact")
        row = assign_ask(
            contact=person,
            ask=ask,
            creation_key=creation_key,
            by=by,
            campaign=campaign,
            nomination=nomination,
            reasons=require_now(person, ask),
            note=note,
        )
        _send(row, LETTER_ASK, _open_link(row))
    return row


def require_now(person: Contact, ask: Ask) -> list[str]:
    """Why this ask suits a person today, in words; raises DomainError(not_now) with what stands against it."""
    found = read_next_asks([person.pk], asks=[ask])[person.pk]
    for suggestion in found.suggestions:
        if suggestion.ask.id == ask.pk:
            return [reason.text for reason in suggestion.reasons]
    told = [rule.text for refusal in found.refusals if refusal.ask.id == ask.pk for rule in refusal.rules]
    raise DomainError("not_now", " ".join(told) or "They are not to be asked for this now.", "contact")


def answer_ask(*, assignment: AskAssignment, to: str, **given: object) -> AskAssignment:
    """What a person says to an ask; whoever put it hears of it. Raises what `answer_assignment` does."""
    with pool_write():
        row = answer_assignment(assignment=assignment, to=to, **given)
        if row.campaign_id is None and row.asked_by_id is not None:
            payload = {"assignment": row.pk, "status": to}
            send_later(kind=LETTER_ANSWERED, key=f"{LETTER_ANSWERED}:{row.pk}:{to}:{_moment()}", payload=payload)
    return row


def confirm_ask(*, assignment: AskAssignment, by: User, led_to: str = "") -> AskAssignment:
    """Confirm that it was done; the person is thanked and told what it led to. Raises what `move_assignment` does."""
    with pool_write():
        row = move_assignment(assignment=assignment, to=_S.CONFIRMED, by=by, why=led_to.strip())
        send_later(kind=LETTER_THANKS, key=f"{LETTER_THANKS}:{row.pk}", payload={"assignment": row.pk})
    return row


def send_back_ask(*, assignment: AskAssignment, by: User, why: str) -> AskAssignment:
    """Ask for better evidence, with a word on what is missing; raises why_required and what `move_assignment` does."""
    if not why.strip():
        raise DomainError("why_required", "Say what is missing: they read it.", "why")
    with pool_write():
        row = move_assignment(assignment=assignment, to=_S.ACCEPTED, by=by, why=why.strip())
        _send(row, LETTER_AGAIN, _open_link(row), occasion=_moment())
    return row


def withdraw_ask(*, assignment: AskAssignment, by: User, why: str) -> AskAssignment:
    """Take an ask back, or what turned out not to be so; its link closes and what it earned is taken back.

    Raises why_required and what `move_assignment` does.
    """
    if not why.strip():
        raise DomainError("why_required", "Say why.", "why")
    with pool_write():
        row = move_assignment(assignment=assignment, to=_S.WITHDRAWN, by=by, why=why.strip())
        revoke_links(subject=row.source, purpose=ASK_LINK)
    return row


def note_for_person(*, assignment: AskAssignment, to: str, by: User, **given: object) -> AskAssignment:
    """Note what a person told us by other ways than their link; raises what `move_assignment` does."""
    if to not in {_S.ACCEPTED, _S.SCHEDULED, _S.DONE, _S.DECLINED, _S.CANCELLED}:
        raise DomainError("not_theirs", "That is not for the person to say.", "status")
    return move_assignment(assignment=assignment, to=to, by=by, **given)  # type: ignore[arg-type]


def sweep_asks() -> tuple[int, int]:
    """Remind those who have few days left, and take silence for no answer; gives how many of each.

    May be run at any time and again: each is reminded once, and ends once.
    """
    return _remind_due(), _end_overdue()


def remind(*, assignment: AskAssignment) -> bool:
    """Remind a person of what they have not answered, once; False where there is nothing to remind of."""
    with pool_write():
        person = lock_person(assignment.contact_id)
        row = lock_assignment(assignment.pk)
        is_reached = person.status == ContactStatus.ACTIVE and not person.has_opted_out and person.email
        if row.status != _S.ASKED or row.reminded_at is not None or not is_reached:
            return False
        row.reminded_at = timezone.now()
        row.save(update_fields=["reminded_at"])
        _send(row, LETTER_REMINDER, _find_link(row) or _open_link(row))
    return True


def end_silence(*, assignment: AskAssignment) -> bool:
    """Take silence for no answer once the day to answer by is over; False for anything else."""
    with pool_write():
        lock_person(assignment.contact_id)
        row = lock_assignment(assignment.pk)
        if row.status != _S.ASKED or row.answer_by >= timezone.localdate():
            return False
        move_assignment(assignment=row, to=_S.NO_ANSWER, actor=Actor.SYSTEM, why="No answer by the day it was due.")
    return True


def postpone_answer(*, assignment: AskAssignment, days: int, by: User) -> AskAssignment:
    """Give a person more days to answer; raises DomainError: not_waiting, wrong_days."""
    if not 1 <= days <= 180:
        raise DomainError("wrong_days", "Give a number of days from 1 to 180.", "days")
    with pool_write():
        lock_person(assignment.contact_id)
        row = lock_assignment(assignment.pk)
        if row.status != _S.ASKED:
            raise DomainError("not_waiting", "It has been answered, or is not needed any more.", "status")
        row.answer_by = max(row.answer_by, timezone.localdate()) + timedelta(days=days)
        row.save(update_fields=["answer_by"])
        SignedLink.objects.filter(subject=row.source, purpose=ASK_LINK, revoked_at=None).update(expires_at=_end_of(row))
        record_change(subject=row, before=row.status, after=row.status, by=by, why=f"Until {row.answer_by:%Y-%m-%d}.")
    return row


def _remind_due() -> int:
    today = timezone.localdate()
    rows = AskAssignment.objects.filter(
        status=_S.ASKED,
        reminded_at=None,
        answer_by__gte=today,
        answer_by__lte=today + REMIND_BEFORE,
        asked_at__lte=timezone.now() - REST_BEFORE_REMINDER,
        contact__status=ContactStatus.ACTIVE,
        contact__has_opted_out=False,
    )
    return sum(remind(assignment=row) for row in rows.order_by("answer_by", "pk")[:MOST_SWEPT])


def _end_overdue() -> int:
    rows = AskAssignment.objects.filter(status=_S.ASKED, answer_by__lt=timezone.localdate())
    return sum(end_silence(assignment=row) for row in rows.order_by(F("answer_by"), "pk")[:MOST_SWEPT])


def _open_link(row: AskAssignment) -> SignedLink:
    """A link that holds until two weeks after the day to answer by, or from now where that is near."""
    lifetime = max(_end_of(row) - timezone.now(), GRACE)
    return issue_link(purpose=ASK_LINK, subject=assignment_subject(row.pk), lifetime=lifetime)


def _find_link(row: AskAssignment) -> SignedLink | None:
    links = SignedLink.objects.filter(subject=row.source, purpose=ASK_LINK, revoked_at=None)
    return links.filter(expires_at__gt=timezone.now()).order_by("-expires_at").first()


def _end_of(row: AskAssignment) -> datetime:
    return timezone.make_aware(datetime.combine(row.answer_by, time.max)) + GRACE


def _send(row: AskAssignment, kind: str, link: SignedLink, *, occasion: str = "") -> None:
    key = ":".join(filter(None, (kind, str(row.pk), occasion)))
    send_later(kind=kind, key=key, payload={"assignment": row.pk, "link": str(link.pk)})


def _moment() -> str:
    return timezone.now().isoformat()
