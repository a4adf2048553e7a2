"""The only writer of the state and the speaker of speaking slots: along the table, with who, why, and an event."""

from typing import Any

from delivery.webhooks import emit
from references.enums import SlotStatus
from references.events import (
    SLOT_CANCELLED,
    SLOT_CONFIRMED,
    SLOT_DELIVERED,
    SLOT_HELD,
    SLOT_OPENED,
    SLOT_UNFILLED,
    describe_slot,
    subject_of,
)
from references.lifecycles import SLOT
from references.models import Contact, SpeakingSlot
from references.pool.writing import pool_write
from references.services.saving import record_change
from users.models import User

EVENT_OF = {
    SlotStatus.OPEN: SLOT_OPENED,
    SlotStatus.HELD: SLOT_HELD,
    SlotStatus.CONFIRMED: SLOT_CONFIRMED,
    SlotStatus.DELIVERED: SLOT_DELIVERED,
    SlotStatus.CANCELLED: SLOT_CANCELLED,
    SlotStatus.UNFILLED: SLOT_UNFILLED,
}


def lock_slot(slot_id: int) -> SpeakingSlot:
    """Lock a slot for the rest of the transaction and give it as it stands."""
    locked = SpeakingSlot.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("speaker__customer", "region", "owner").get(pk=slot_id)


def move_slot(
    row: SpeakingSlot,
    to: str,
    *,
    speaker: Contact | None = None,
    by: User | None = None,
    why: str = "",
    actor: str = "",
    **fields: Any,
) -> None:
    """Move a locked slot along its table; `speaker` is who is held or confirmed, and nobody once it is open again.

    Raises DomainError(move_not_allowed).
    """
    before = row.status
    SLOT.require_move(before, to)
    with pool_write() as touched:
        if row.speaker is not None:
            touched.add(row.speaker.customer_id)
        if to in {SlotStatus.OPEN, SlotStatus.UNFILLED}:
            row.speaker = None
        elif speaker is not None:
            row.speaker = speaker
            touched.add(speaker.customer_id)
        row.status = to
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=["status", "speaker", *fields, "updated_at"])
        record_change(subject=row, before=before, after=to, by=by, why=why, actor=actor)
        tell_slot(row)


def tell_slot(row: SpeakingSlot) -> None:
    """Tell subscribers where a slot stands now."""
    emit(EVENT_OF[SlotStatus(row.status)], subject=subject_of(row), data=describe_slot(row))
