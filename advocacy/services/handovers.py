"""Writes hand-overs: customer success gives a moment to marketing, who take it, ask, or say why not now."""

from django.db import transaction
from django.utils import timezone

from advocacy.enums import HandoverStatus
from advocacy.lifecycles import HANDOVER
from advocacy.models import Ask, AskAssignment, Handover
from advocacy.permissions import may_hand_over, may_take_moments
from advocacy.services.asking import put_ask
from delivery.mails import send_later
from references.enums import NominationStatus
from references.errors import DomainError
from references.models import Nomination
from references.pool.writing import pool_write
from references.services.saving import record_change, save_checked
from users.models import User

_H = HandoverStatus
_CLOSED = frozenset({NominationStatus.DRAFT, NominationStatus.NOT_APPROVED})
LETTER_REPLIED = "advocacy_moment_replied"


@transaction.atomic
def hand_over(*, nomination: Nomination, by: User, note: str = "") -> Handover:
    """Hand a moment to marketing; a second time it is the same one, opened again where they had said "not now".

    Raises DomainError: not_allowed unless for managers, its author and the account owner; not_open for a draft and one
    that was not approved.
    """
    row = (
        Nomination.objects.select_for_update(of=("self",), no_key=True).select_related("customer").get(pk=nomination.pk)
    )
    if not may_hand_over(by, row):
        raise DomainError("not_allowed", "A moment is handed over by its author, the account owner or a manager.")
    if row.status in _CLOSED:
        raise DomainError("not_open", "A draft, or one that was not approved, is not handed over.")
    there = Handover.objects.filter(nomination=row).first()
    if there is None:
        made = Handover(nomination=row, note=note.strip(), handed_by=by)
        save_checked(made)
        record_change(subject=made, before="", after=made.status, by=by, why=note)
        return made
    if there.status == _H.DECLINED:
        return move_handover(handover=there, to=_H.OPEN, by=by, note=note)
    return there


@transaction.atomic
def move_handover(*, handover: Handover, to: str, by: User, reply: str = "", note: str = "") -> Handover:
    """Move a hand-over along its table; the only writer of its status. Whoever handed over is told how it ends.

    Raises DomainError: not_allowed, move_not_allowed, reply_required for "not now".
    """
    row = Handover.objects.select_for_update(of=("self",), no_key=True).get(pk=handover.pk)
    before = row.status
    HANDOVER.require_move(before, to)
    is_again = before == _H.DECLINED and to == _H.OPEN
    if not may_take_moments(by) and not is_again:
        raise DomainError("not_allowed", "Moments are taken up by marketers and managers.")
    if to == _H.DECLINED and not reply.strip():
        raise DomainError("reply_required", "Say why not now: whoever handed it over reads it.", "reply")
    row.status = to
    row.reply = reply.strip()[:300] or (row.reply if to != _H.OPEN else "")
    row.note = note.strip()[:1_000] or row.note
    row.taken_by = None if to == _H.OPEN else (row.taken_by if row.taken_by_id else by)
    row.ended_at = timezone.now() if to in {_H.DONE, _H.DECLINED} else None
    save_checked(row)
    record_change(subject=row, before=before, after=to, by=by, why=reply or note)
    if row.ended_at is not None and row.handed_by_id not in {None, by.pk}:
        key = f"{LETTER_REPLIED}:{row.pk}:{to}:{timezone.now():%Y%m%d%H%M}"
        send_later(kind=LETTER_REPLIED, key=key, payload={"handover": row.pk, "status": to})
    handover.refresh_from_db()
    return handover


def ask_for_moment(*, handover: Handover, ask: Ask, by: User, note: str = "") -> AskAssignment:
    """Put an ask to the person of a moment, in their letters with our words; the hand-over is done with it.

    Raises DomainError: not_allowed, person_required, move_not_allowed, and what `put_ask` does (not_now, no_address …).
    """
    if not may_take_moments(by):
        raise DomainError("not_allowed", "Moments are taken up by marketers and managers.")
    with pool_write():
        row = Handover.objects.select_related("nomination__contact__customer").get(pk=handover.pk)
        HANDOVER.require_move(row.status, _H.DONE)
        person = row.nomination.contact
        if person is None:
            raise DomainError("person_required", "They are not in the pool yet: first the nomination is approved.")
        assignment = put_ask(
            contact=person,
            ask=ask,
            creation_key=f"handover:{row.pk}:{ask.pk}",
            by=by,
            nomination=row.nomination,
            note=note,
        )
        Handover.objects.filter(pk=row.pk).update(assignment=assignment)
        move_handover(handover=row, to=_H.DONE, by=by, reply=row.reply)
    handover.refresh_from_db()
    return assignment
