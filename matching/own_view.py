"""What promoters see of themselves: what they are asked for now, and what came of each time they helped."""

from dataclasses import dataclass
from datetime import date

from advocacy.enums import AssignmentStatus
from advocacy.models import AskAssignment
from matching.enums import SAID_YES, MatchStatus
from matching.models import Match
from references.enums import EngagementStatus
from references.models import Contact, Engagement, StateChange

OPEN = (MatchStatus.INVITED, MatchStatus.ACCEPTED, MatchStatus.SCHEDULED)
KNOWN_TO_THEM = (
    EngagementStatus.PLANNED, EngagementStatus.COMPLETED, EngagementStatus.DECLINED, EngagementStatus.CANCELLED,
    EngagementStatus.NO_ANSWER,
)  # fmt: skip
MOST_DEEDS = 100
ASSIGNMENT = "assignment:"
"""How the source of a touch begins that an ask of the ladder brought."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One time that a person was asked or helped. `result` (won, lost) only where they had said yes.

    `led_to` is our word on what came of an ask of the ladder.
    """

    activity: str
    on: date
    status: str
    was_thanked: bool
    asked_by: str = ""
    prospects: tuple[str, ...] = ()
    result: str = ""
    led_to: str = ""


def read_asks(contact: Contact) -> list[Match]:
    """What waits for a person: open asks first, then what they said yes to; one query."""
    rows = Match.objects.filter(contact=contact, status__in=OPEN).select_related(
        "request__owner", "request__speaking_slot"
    )
    return sorted(rows, key=lambda match: (OPEN.index(MatchStatus(match.status)), match.on, match.pk))


def read_deeds(contact: Contact) -> list[Deed]:
    """What a person was asked for before, the newest first; a hold unknown to them is none. Three queries at most."""
    rows = list(
        Engagement.objects.filter(contact=contact, status__in=KNOWN_TO_THEM).order_by("-on", "-id")[:MOST_DEEDS]
    )
    matches = Match.objects.filter(engagement__in=rows).select_related("request__owner", "request__outcome")
    by_row = {match.engagement_id: match for match in matches}
    words = _words_on([row.source.removeprefix(ASSIGNMENT) for row in rows if row.source.startswith(ASSIGNMENT)])
    return [_tell(row, by_row.get(row.pk), words.get(row.source, "")) for row in rows]


def _words_on(ids: list[str]) -> dict[str, str]:
    """What was said when asks of the ladder were confirmed, by the source of their touch."""
    subjects = {f"{AskAssignment._meta.model_name}:{each}": f"{ASSIGNMENT}{each}" for each in ids}
    if not subjects:
        return {}
    rows = StateChange.objects.filter(subject__in=subjects, to_status=AssignmentStatus.CONFIRMED).order_by("pk")
    return {subjects[subject]: why for subject, why in rows.values_list("subject", "why")}


def _tell(row: Engagement, match: Match | None, led_to: str) -> Deed:
    if match is None:
        return Deed(row.activity, row.on, row.status, row.was_thanked, led_to=led_to)
    outcome = getattr(match.request, "outcome", None)
    return Deed(
        row.activity,
        row.on,
        row.status,
        row.was_thanked,
        asked_by=match.request.owner.name,
        prospects=tuple(match.request.prospects),
        result=outcome.result if outcome is not None and match.status in SAID_YES else "",
    )
