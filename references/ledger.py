"""Reads the ledger: as the touches that fatigue, caps and availability are computed from, and as a profile tells it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from references.compiled import Compiled
from references.enums import EngagementStatus
from references.fatigue import Touch
from references.models import Contact, Engagement, EngagementChange
from references.permissions import may_edit_contact, may_withdraw_touch, was_just_logged
from users.models import User


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One touch, newest first in a profile; the note only for those who may edit the person.

    `may_withdraw` where it was logged by hand and the viewer may say it never was, `may_undo` where they logged it
    themselves just now.
    """

    id: int
    activity: str
    status: str
    on: date
    is_outside: bool
    went_badly: bool
    was_thanked: bool
    note: str
    may_withdraw: bool = False
    may_undo: bool = False


def read_lines(contact: Contact, user: User, now: datetime) -> tuple[LedgerLine, ...]:
    """Give the ledger of one contact (its customer loaded) as `user` may read it; one query."""
    keeps_account = may_edit_contact(user, contact)
    lines = []
    for row in Engagement.objects.filter(contact=contact).with_logged_by().order_by("-on", "-pk"):
        row.contact = contact
        may_withdraw = _is_withdrawable(row) and may_withdraw_touch(user, row, now)
        lines.append(
            LedgerLine(
                id=row.pk,
                activity=row.activity,
                status=row.status,
                on=row.on,
                is_outside=row.is_outside,
                went_badly=row.went_badly,
                was_thanked=row.was_thanked,
                note=row.note if keeps_account else "",
                may_withdraw=may_withdraw,
                may_undo=may_withdraw and was_just_logged(user, row, now),
            )
        )
    return tuple(lines)


def _is_withdrawable(row: Engagement) -> bool:
    return row.is_by_hand and row.status != EngagementStatus.RELEASED


_CHANGES = Compiled(
    EngagementChange.objects.order_by("at", "id").values_list("engagement_id", "at", "status"),
    "engagement__contact__customer",
)
_TOUCHES = Compiled(
    Engagement.objects.order_by("on", "id").values_list(
        "id", "contact__customer_id", "contact_id", "activity", "status", "on", "recorded_at", "source",
        "hold_expires_at", "went_badly", "was_thanked", "was_rewarded",
    ),
    "contact__customer",
)  # fmt: skip


def read_touches(customer_ids: Sequence[int], using: str = "default") -> Iterable[tuple[int, Touch]]:
    """Yield (customer id, touch) for every contact of these customers, in the order of day and row; two queries."""
    changes: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for engagement_id, at, status in _CHANGES.among(customer_ids, using):
        changes[engagement_id].append((at, status))
    for row in _TOUCHES.among(customer_ids, using):
        yield row[1], Touch(*row[2:12], changes=tuple(changes[row[0]]))
