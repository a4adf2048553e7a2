"""Lets a speaking slot stand where the match stands that sources its speaker, in the same transaction."""

from matching.enums import LIVE, SAID_YES, MatchStatus
from matching.models import Match
from references.enums import SlotStatus
from references.lifecycles import SLOT
from references.services.slot_states import lock_slot, move_slot
from users.models import User

TAKEN = (SlotStatus.HELD, SlotStatus.CONFIRMED)


def follow_slot(match: Match, *, by: User | None = None, actor: str = "") -> None:
    """Move the slot of a sourcing request, locked, after its match has moved; inside a `pool_write`.

    Held while somebody is looked at or asked, confirmed by their yes, delivered once it took place, else open again.
    The promoter's own words stay with the match. Raises DomainError(move_not_allowed) where somebody would be held for
    a slot that is over.
    """
    if match.request.speaking_slot_id is None:
        return
    slot = lock_slot(match.request.speaking_slot_id)
    to = _slot_status(match.status)
    if slot.status == to and slot.speaker_id in {None, match.contact_id}:
        return
    if to == SlotStatus.OPEN and (slot.status not in TAKEN or slot.speaker_id not in {None, match.contact_id}):
        return  # cancelled meanwhile, or somebody else's by now
    if to == SlotStatus.HELD:
        SLOT.require_move(slot.status, to)
    elif not SLOT.may_move(slot.status, to):
        return
    speaker = None if to == SlotStatus.OPEN else match.contact
    move_slot(slot, to, speaker=speaker, by=by, why=str(match.get_status_display()), actor=actor)


def _slot_status(status: str) -> SlotStatus:
    if status == MatchStatus.COMPLETED:
        return SlotStatus.DELIVERED
    if status in SAID_YES:
        return SlotStatus.CONFIRMED
    return SlotStatus.HELD if status in LIVE else SlotStatus.OPEN
