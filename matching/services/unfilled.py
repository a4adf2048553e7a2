"""Closes speaking slots for which nobody was found: after two misses, after three asked, or past their deadline."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.mails import send_later
from matching.enums import LIVE, UNSETTLED, MatchStatus, RequestStatus
from matching.kinds import LETTER_SLOT_UNFILLED
from matching.lifecycle import REQUEST
from matching.models import Match, Request
from matching.services.states import lock_request, move_request
from matching.services.telling import followers
from references.enums import SlotStatus
from references.models import SpeakingSlot
from references.pool.writing import pool_write
from references.services.slot_states import lock_slot, move_slot

MOST_ASKED = 3
"""So many people are approached for one slot, and no more."""
MOST_MISSES = 2
"""After so many who declined, or did not answer, a slot is closed."""


def end_if_failed(request: Request) -> bool:
    """Close the slot of a locked sourcing request, and the request, once enough have missed or been asked.

    Inside a `pool_write`; False for any other request, and while somebody is still being asked.
    """
    if request.speaking_slot_id is None or request.matches.filter(status__in=LIVE).exists():
        return False
    misses, asked = count_misses(request.speaking_slot_id), count_asked(request.speaking_slot_id)
    if misses < MOST_MISSES and asked < MOST_ASKED:
        return False
    slot = lock_slot(request.speaking_slot_id)
    if slot.status != SlotStatus.OPEN:
        return False
    why = _("%(asked)s people were asked, and nobody could.") % {"asked": asked}
    _close(slot, request, why)
    return True


def count_asked(slot_id: int) -> int:
    """How many people have been asked to speak at a slot."""
    return Match.objects.filter(request__speaking_slot=slot_id, invited_at__isnull=False).count()


def count_misses(slot_id: int) -> int:
    """How many people declined to speak at a slot, or did not answer."""
    missed = (MatchStatus.DECLINED, MatchStatus.NO_ANSWER)
    return Match.objects.filter(request__speaking_slot=slot_id, status__in=missed).count()


def close_overdue_slots(*, now: datetime | None = None) -> int:
    """Close every open slot whose deadline, or whose event, has passed where it takes place; gives how many."""
    now = now or timezone.now()
    near = Q(deadline__lte=now.date() + timedelta(days=1)) | Q(starts_at__lte=now)
    rows = SpeakingSlot.objects.open().filter(near).order_by("id")
    return sum(_close_overdue(slot.pk, now) for slot in list(rows.only("pk")))


def is_overdue(slot: SpeakingSlot, now: datetime) -> bool:
    """Whether it is too late to find somebody."""
    today = timezone.localdate(now, ZoneInfo(slot.time_zone))
    return slot.starts_at <= now or (slot.deadline is not None and slot.deadline < today)


def live_request(slot_id: int) -> Request | None:
    """The request that sources a speaker for a slot at present."""
    return Request.objects.filter(speaking_slot=slot_id, status__in=UNSETTLED).first()


def _close_overdue(slot_id: int, now: datetime) -> bool:
    found = live_request(slot_id)
    with pool_write():
        request = lock_request(found.pk) if found is not None else None
        slot = lock_slot(slot_id)
        if slot.status != SlotStatus.OPEN or not is_overdue(slot, now):
            return False
        _close(slot, request, _("The deadline passed and nobody was found."))
    return True


def _close(slot: SpeakingSlot, request: Request | None, why: str) -> None:
    move_slot(slot, SlotStatus.UNFILLED, why=why)
    people = {slot.owner.pk} if slot.owner is not None and slot.owner.is_active else set()
    if request is not None:
        people |= {user.pk for user in followers(request)}
        to = RequestStatus.CANCELLED if request.status == RequestStatus.DRAFT else RequestStatus.EXPIRED
        if REQUEST.may_move(request.status, to):
            move_request(request, to, why=why)
    for user_id in sorted(people):
        key = f"{LETTER_SLOT_UNFILLED}:{slot.pk}:{user_id}"
        send_later(kind=LETTER_SLOT_UNFILLED, key=key, payload={"slot": slot.pk, "user": user_id})
