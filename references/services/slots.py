"""Writes speaking slots: the event, its date, place and what its speaker should know."""

import zoneinfo
from collections.abc import Iterable
from datetime import date, datetime
from typing import TypedDict

from django.utils import timezone

from references.enums import Facet, SlotStatus
from references.errors import DomainError
from references.lifecycles import SLOT
from references.models import SlotTag, SpeakingSlot, Tag
from references.pool.writing import pool_write
from references.services.saving import assign, record_change, save_checked, set_tags
from references.services.slot_states import lock_slot, tell_slot
from users.models import User


class SlotData(TypedDict, total=False):
    """The fields of a speaking slot; its status and speaker are moved by holds."""

    activity: str
    event: str
    topic: str
    starts_at: datetime
    minutes: int
    time_zone: str
    place: str
    region: Tag | None
    format: str
    audience: str
    language: str
    deadline: date | None
    travel: str
    url: str
    owner: User | None
    external_id: str


def save_slot(
    *,
    slot: SpeakingSlot | None = None,
    data: SlotData,
    tags: Iterable[Tag] | None = None,
    by: User | None = None,
    expected_version: int | None = None,
) -> SpeakingSlot:
    """Make (open) or change a slot, with `expected_version` only where nobody has changed it since.

    Raises DomainError: changed_meanwhile, event_required, start_required, deadline_after_start, not_a_region,
    unknown_time_zone, slot_over for one that is delivered or cancelled, or a field's own code.
    """
    with pool_write() as touched:
        row = slot or SpeakingSlot(status=SlotStatus.OPEN)
        if slot is not None:
            _join(row, lock_slot(slot.pk), expected_version)
        assign(row, data, SlotData.__annotations__)
        _check(row)
        is_new = row.pk is None
        save_checked(row)
        if is_new:
            record_change(subject=row, before="", after=row.status, by=by)
        if tags is not None:
            set_tags(SlotTag, row, tags)
        if is_new:
            tell_slot(row)
        if row.speaker is not None:
            touched.add(row.speaker.customer_id)
    return row


def _join(row: SpeakingSlot, locked: SpeakingSlot, expected_version: int | None) -> None:
    """Take the state and the speaker as they stand by now: a form never moves them."""
    if expected_version not in {None, locked.version}:
        raise DomainError("changed_meanwhile", "Somebody has changed this meanwhile. Look again, then decide.")
    row.status, row.speaker = locked.status, locked.speaker


def _check(row: SpeakingSlot) -> None:
    if row.pk is not None and not SLOT.moves[row.status]:
        raise DomainError("slot_over", f"A slot that is '{row.status}' is not changed any more.", "status")
    if not row.event.strip():
        raise DomainError("event_required", "A slot belongs to an event.", "event")
    if row.starts_at is None:
        raise DomainError("start_required", "A slot needs its date and time.", "starts_at")
    if row.region is not None and row.region.facet != Facet.REGION:
        raise DomainError("not_a_region", f"'{row.region.name}' is not a region.", "region")
    if row.time_zone not in zoneinfo.available_timezones():
        raise DomainError("unknown_time_zone", f"There is no time zone '{row.time_zone}'.", "time_zone")
    if row.deadline is not None and row.deadline > timezone.localdate(row.starts_at, zoneinfo.ZoneInfo(row.time_zone)):
        raise DomainError("deadline_after_start", "The deadline lies after the event.", "deadline")
