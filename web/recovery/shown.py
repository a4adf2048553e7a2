"""How recovery plays are told to one viewer: whose they are by rule, what is done, and whether they are late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from advocacy.enums import PlayResult, PlayStatus
from advocacy.models import PlayStep, RecoveryPlay
from advocacy.querysets import OPEN_PLAYS
from references.consent_view import Whose, tell_whose
from references.loyalty import classify_score
from references.models import Contact
from references.policy import ProgramPolicy
from users.models import User

STATUS_BADGES = {"open": "accent", "in_progress": "soft", "done": "fresh", "abandoned": "quiet"}
RESULT_BADGES = {"recovered": "fresh", "better": "accent", "same": "quiet", "worse": "stop"}
CLASS_BADGES = {"promoter": "fresh", "passive": "soft", "detractor": "approval"}


@dataclass(frozen=True, slots=True)
class Card:
    """One play for one viewer; `why` and `outcome` are without the names that must not show."""

    row: RecoveryPlay
    whose: Whose
    why: str
    outcome: str
    steps: tuple[PlayStep, ...]
    is_open: bool
    is_overdue: bool
    is_linked: bool

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done_at is not None for step in self.steps)

    @property
    def badge(self) -> str:
        return STATUS_BADGES[self.row.status]

    @property
    def score_badge(self) -> str:
        return "quiet" if self.row.score is None else CLASS_BADGES[classify_score(self.row.score).value]

    @property
    def result_badge(self) -> str:
        """The color of what the next score says; "" while there is none."""
        return RESULT_BADGES.get(self.row.result, "") if self.row.result != PlayResult.WAITING else ""

    @property
    def may_reopen(self) -> bool:
        return self.row.status == PlayStatus.ABANDONED


def load_plays(rows: QuerySet[RecoveryPlay]) -> QuerySet[RecoveryPlay]:
    """Load what a card tells."""
    return rows.select_related("contact__customer", "owner").prefetch_related("steps__done_by")


def tell_plays(user: User, rows: Iterable[RecoveryPlay], policy: ProgramPolicy, today: date) -> list[Card]:
    """Tell plays loaded by `load_plays`; one query for which people's pages the viewer may open."""
    found = list(rows)
    people: Any = Contact.objects.visible_to(user).filter(pk__in={row.contact_id for row in found})
    linked = set(people.values_list("pk", flat=True)) if found else set()
    return [_tell(user, row, policy, today, row.contact_id in linked) for row in found]


def _tell(user: User, row: RecoveryPlay, policy: ProgramPolicy, today: date, is_linked: bool) -> Card:
    whose = tell_whose(user, row.contact, row.contact.customer, policy)
    is_open = row.status in OPEN_PLAYS
    steps = tuple(row.steps.all())
    for step in steps:  # what somebody wished for stands in their own words
        step.text = whose.hide(step.text)
    return Card(
        row=row,
        whose=whose,
        why=whose.hide(row.why),
        outcome=whose.hide(row.outcome),
        steps=steps,
        is_open=is_open,
        is_overdue=is_open and row.due_on < today,
        is_linked=is_linked,
    )
