"""Finds speakers: a speaking slot is sourced by a request of its own, so all that protects promoters protects speakers.

`request.chosen` says how: with nobody in it the ranking goes on after every no, with people in it only they are asked,
by hand, one after the other.
"""

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.enums import LIVE, ChosenBy, MatchStatus, RequestStatus, Via
from matching.models import Match, Request
from matching.refusing import explain_refused_hold
from matching.results import Refusal
from matching.services.filling import fill_request, propose_person
from matching.services.meeting import complete_match, schedule_at_slot
from matching.services.requests import (
    RequestData,
    cancel_request,
    create_request,
    edit_request,
    promise_filling,
    reopen_request,
    submit_request,
)
from matching.services.states import lock_request, save_request
from matching.services.unfilled import MOST_ASKED, count_asked, is_overdue, live_request
from matching.services.withdrawing import withdraw_match
from matching.slot_need import brief_of, day_of, rank_slot, tag_keys
from references.enums import SlotStatus
from references.errors import DomainError
from references.lifecycles import SLOT
from references.models import Contact, SpeakingSlot, Tag
from references.permissions import may_edit_slots
from references.pool.writing import pool_write
from references.rules import NEVER_OVERRIDDEN
from references.services.holds import HoldRefusedError
from references.services.slot_states import lock_slot, move_slot
from references.services.slots import SlotData, save_slot
from users.models import User

_TOLD = ("starts_at", "time_zone", "minutes", "event", "place", "url")
"""What a speaker has in their calendar."""


def source_slot(
    *, slot: SpeakingSlot, by: User, chosen: Iterable[int] = (), via: str = Via.PAGE, creation_key: str = ""
) -> Request:
    """Look for a speaker: those in `chosen` (contact ids) one after the other, or with none the best of the ranking.

    Not to be called inside a transaction. Raises DomainError: not_allowed, slot_not_open, slot_over, enough_asked, and
    what `create_request` does.
    """
    wanted = list(dict.fromkeys(chosen))
    request = _open_request(slot, wanted, by=by, via=via, creation_key=creation_key)
    request = _send(request, wanted, by)
    fill_request(request=request, by=by)
    request.refresh_from_db()
    return request


def hold_speaker(
    *,
    slot: SpeakingSlot,
    contact: Contact,
    by: User,
    via: str = Via.PAGE,
    creation_key: str = "",
    override_reason: str = "",
) -> Match:
    """Put one person forward as the speaker of an open slot; the same person again is the match that stands.

    With `override_reason` a manager sets aside whatever policy allows to, too short a notice among it. Not to be called
    inside a transaction. Raises HoldRefusedError with the rules in the way (see `explain_speaker_refusal`),
    DomainError: not_allowed, slot_taken, slot_not_open, slot_over, enough_asked, not_in_pool.
    """
    standing = speaker_match(slot)
    if standing is not None and may_edit_slots(by):
        return _same_speaker(standing, contact)
    _require_sourcing(slot, by)
    _require_allowed(slot, contact, by, override_reason)
    request = _open_request(slot, [contact.pk], by=by, via=via, creation_key=creation_key)
    request = _send(request, [contact.pk], by, fills=False)
    chosen_by = ChosenBy.MANAGER if by.is_manager else ChosenBy.REQUESTER
    try:
        return propose_person(
            request=request, contact_id=contact.pk, by=by, chosen_by=chosen_by, override_reason=override_reason
        )
    except DomainError as error:
        standing = speaker_match(slot)
        if error.code in {"slot_taken", "no_empty_slot"} and standing is not None:
            return _same_speaker(standing, contact)
        raise


def release_hold(*, slot: SpeakingSlot, by: User, why: str = "") -> Match:
    """Give up whoever is held, asked or confirmed: they are told if they had heard of it, and the slot is open again.

    Nobody else is asked until somebody is chosen. Raises DomainError: not_allowed, nobody_held.
    """
    _require_editor(by)
    request = live_request(slot.pk)
    with pool_write():
        row = lock_request(request.pk) if request is not None else None
        match = None if row is None else row.matches.filter(status__in=LIVE).first()
        if row is None or match is None:
            raise DomainError("nobody_held", _("Nobody is held for this slot."))
        match.request = row
        save_request(row, chosen=row.chosen or [match.contact_id])
        withdraw_match(match, by=by, why=why or _("Somebody else is looked for."))
    return match


def cancel_slot(*, slot: SpeakingSlot, by: User, why: str) -> SpeakingSlot:
    """Call a slot off: whoever was asked is told, and its request ends.

    Raises DomainError: not_allowed, reason_required, changed_meanwhile, move_not_allowed.
    """
    _require_editor(by)
    if not why.strip():
        raise DomainError("reason_required", _("Say why the slot is called off."), "why")
    with pool_write():
        row, request = _lock_with_request(slot)
        move_slot(row, SlotStatus.CANCELLED, by=by, why=why.strip())
        if request is not None:
            cancel_request(request=request, by=by, why=_("The slot was called off."))
    return row


def deliver_slot(
    *, slot: SpeakingSlot, by: User, on: date | None = None, effort_hours: Decimal | None = None
) -> SpeakingSlot:
    """Note that a confirmed speaker was there: the ledger takes it, they are thanked, both sides are asked how it was.

    Raises DomainError: not_allowed, date_ahead, move_not_allowed.
    """
    _require_editor(by)
    if slot.starts_at > timezone.now():
        raise DomainError("date_ahead", _("That day has not come yet."))
    SLOT.require_move(slot.status, SlotStatus.DELIVERED)
    match = speaker_match(slot)
    if match is not None:
        complete_match(match=match, on=on or min(day_of(slot), timezone.localdate()), effort_hours=effort_hours, by=by)
        slot.refresh_from_db()
        return slot
    with pool_write():  # a speaker from elsewhere, who never was a match
        row = lock_slot(slot.pk)
        move_slot(row, SlotStatus.DELIVERED, by=by)
    return row


def change_slot(
    *,
    slot: SpeakingSlot,
    data: SlotData,
    tags: Iterable[Tag] | None = None,
    by: User,
    expected_version: int | None = None,
) -> SpeakingSlot:
    """Change a slot, and what is asked for it: whoever said yes gets the new time, for others the old one stands.

    Raises DomainError: not_allowed, changed_meanwhile, asked_already (field), and what `save_slot` and
    `schedule_match` do.
    """
    _require_editor(by)
    with pool_write():
        row, request = _lock_with_request(slot)
        match = None if request is None else request.matches.filter(status__in=LIVE).first()
        if match is not None:
            _require_free_to_change(row, data, match)
        was = [getattr(row, name) for name in _TOLD]
        row = save_slot(slot=row, data=data, tags=tags, by=by, expected_version=expected_version)
        if request is not None and match is None:
            edit_request(request=request, data=_request_data(row), by=by)
        elif request is not None and match is not None and was != [getattr(row, name) for name in _TOLD]:
            save_request(request, needed_by=day_of(row), deal=row.event)
            if match.status == MatchStatus.SCHEDULED:
                schedule_at_slot(match, row, by=by)
    return row


def speaker_match(slot: SpeakingSlot) -> Match | None:
    """Whoever is held, asked or confirmed for a slot at present."""
    live = Match.objects.filter(request__speaking_slot=slot, status__in=LIVE)
    return live.select_related("request__owner", "contact__customer").order_by("-id").first()


def explain_speaker_refusal(error: HoldRefusedError, slot: SpeakingSlot, contact: Contact) -> tuple[Refusal, ...]:
    """Why somebody cannot be held for a slot, in sentences; contact with its customer."""
    question = Request(activity=slot.activity, needed_by=day_of(slot))
    return explain_refused_hold(error.broken, request=question, contact=contact)


def tried_for(slot: SpeakingSlot) -> set[int]:
    """The contacts that were put forward for a slot so far."""
    return set(Match.objects.filter(request__speaking_slot=slot).values_list("contact_id", flat=True))


def _lock_with_request(slot: SpeakingSlot) -> tuple[SpeakingSlot, Request | None]:
    """Lock a slot, and before it the request that sources it; where somebody begins to look meanwhile, both stay."""
    found = live_request(slot.pk)
    request = None if found is None else lock_request(found.pk)
    row = lock_slot(slot.pk)
    if live_request(slot.pk) != request:
        raise DomainError("changed_meanwhile", _("Somebody has changed this meanwhile. Look again, then decide."))
    return row, request


def _same_speaker(match: Match, contact: Contact) -> Match:
    if match.contact_id != contact.pk:
        raise DomainError("slot_taken", _("Somebody else is held for this slot already."), "contact")
    return match


def _require_editor(by: User) -> None:
    if not may_edit_slots(by):
        raise DomainError("not_allowed", _("Marketers and managers look for speakers."))


def _require_sourcing(slot: SpeakingSlot, by: User) -> None:
    _require_editor(by)
    if slot.status not in {SlotStatus.OPEN, SlotStatus.HELD}:
        raise DomainError("slot_not_open", _("This slot is not open."), "status")
    if is_overdue(slot, timezone.now()):
        raise DomainError("slot_over", _("The deadline of this slot, or its day, has passed."), "deadline")
    if count_asked(slot.pk) >= MOST_ASKED:
        message = _("%(count)s people have been asked for this slot, and no more may be.")
        raise DomainError("enough_asked", message % {"count": MOST_ASKED})


def _require_allowed(slot: SpeakingSlot, contact: Contact, by: User, reason: str) -> None:
    """Judge somebody before a request is opened for them, so that a refusal leaves nothing behind."""
    found = rank_slot(slot, user=by, only=[contact.pk], limit=1)
    if found.candidates:
        return
    if not found.excluded:
        raise DomainError(
            "not_in_pool", _("This person is not in the pool, or has nothing of what is asked."), "contact"
        )
    codes = {refusal.code for refusal in found.excluded[0].refusals}
    if codes & NEVER_OVERRIDDEN or not reason.strip() or not by.is_manager:
        raise HoldRefusedError(dict.fromkeys(sorted(codes)))


def _open_request(slot: SpeakingSlot, chosen: list[int], *, by: User, via: str, creation_key: str) -> Request:
    """The request that sources a slot, made as a draft where there is none; two at once make one."""
    with transaction.atomic():
        row = lock_slot(slot.pk)
        _require_sourcing(row, by)
        there = live_request(row.pk)
        if there is not None:
            return there
        data: RequestData = {**_request_data(row), "chosen": chosen, "quantity": 1, "prospects": []}
        key = f"slot:{row.pk}:{creation_key or uuid.uuid4().hex}"
        return create_request(owner=by, data=data, via=via, creation_key=key, speaking_slot=row)


def _request_data(slot: SpeakingSlot) -> RequestData:
    return {
        "deal": slot.event,
        "brief": brief_of(slot),
        "corrections": {"added": tag_keys(slot)},
        "activity": slot.activity,
        "needed_by": day_of(slot),
    }


def _require_free_to_change(slot: SpeakingSlot, data: SlotData, match: Match) -> None:
    """What somebody is being asked for stays; once they have said yes, the event may still move."""
    fixed = ["activity"] if match.status == MatchStatus.SCHEDULED else ["activity", "starts_at", "time_zone", "minutes"]
    for name in fixed:
        if name in data and data[name] != getattr(slot, name):  # type: ignore[literal-required]
            message = _("Somebody is being asked for this already: release them first.")
            raise DomainError("asked_already", message, name)


def _send(request: Request, chosen: list[int], by: User, *, fills: bool = True) -> Request:
    """Open a request that was just made, or go on with the one that somebody has opened."""
    if request.status == RequestStatus.DRAFT:
        try:
            return submit_request(request=request, by=by, chosen=chosen, fills=fills)
        except DomainError as error:
            if error.code != "move_not_allowed":
                raise
            request.refresh_from_db()  # somebody was faster
    return _carry_on(request, chosen, by, fills=fills)


def _carry_on(request: Request, chosen: list[int], by: User, *, fills: bool = True) -> Request:
    """Go on with a request that is open already, or unmet: with these people, or with the ranking again."""
    with transaction.atomic():
        row = lock_request(request.pk)
        save_request(row, chosen=chosen)
        if fills and row.status == RequestStatus.OPEN:
            promise_filling(row)
    if row.status == RequestStatus.UNMET:
        row = reopen_request(request=row, by=by)
    return row
