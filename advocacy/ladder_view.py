"""The ladder as a funnel: how many promoters stand on each rung, how many were asked there, and what came of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, Max, PositiveSmallIntegerField, Value, When

from advocacy.enums import AssignmentStatus
from advocacy.models import AskAssignment
from references.activities import ACTIVITIES
from references.enums import ContactStatus, EngagementStatus
from references.models import Contact, Engagement
from users.models import User

RUNGS = tuple(range(9))
_S = AssignmentStatus
SAID_YES = frozenset({_S.ACCEPTED, _S.SCHEDULED, _S.DONE, _S.CONFIRMED, _S.CANCELLED})
DID_IT = frozenset({_S.DONE, _S.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many were asked, and of them who said yes, did it and was confirmed; `waiting` have not answered yet.

    Each step holds those of the next. What we took back counts nowhere.
    """

    asked: int = 0
    accepted: int = 0
    done: int = 0
    confirmed: int = 0
    declined: int = 0
    silent: int = 0
    waiting: int = 0

    @property
    def answered(self) -> int:
        """Of how many it is known: all but those who still have time to answer."""
        return self.asked - self.waiting

    @property
    def rate(self) -> float | None:
        """The share of those settled who did it, 0 to 1; None while nobody is."""
        return self.done / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: how many stand on it, what was done there at most, and its funnel."""

    number: int
    activities: tuple[str, ...]
    standing: int
    funnel: Funnel


def count_funnel(counts: Mapping[str, int]) -> Funnel:
    """The funnel of how many stand in each status."""
    found = Counter(counts)

    def of(statuses: Iterable[str]) -> int:
        return sum(found[each] for each in statuses)

    return Funnel(
        asked=sum(found.values()) - found[_S.WITHDRAWN],
        accepted=of(SAID_YES),
        done=of(DID_IT),
        confirmed=found[_S.CONFIRMED],
        declined=found[_S.DECLINED],
        silent=found[_S.NO_ANSWER],
        waiting=found[_S.ASKED],
    )


def read_funnels(user: User, by: str) -> dict[int, Funnel]:
    """The funnel of each value of a column of assignments ("ask", "ask__rung", "campaign"); one query."""
    rows = AskAssignment.objects.visible_to(user).values_list(by, "status").annotate(n=Count("pk")).order_by()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for value, status, n in rows:
        if value is not None:
            counts[value][status] = n
    return {value: count_funnel(each) for value, each in counts.items()}


def read_standing(user: User) -> dict[int, int]:
    """How many active promoters stand on each rung: the highest on which the ledger says they did something.

    0 is for those who have done nothing yet. Two queries.
    """
    people = Contact.objects.visible_to(user).filter(status=ContactStatus.ACTIVE, has_opted_out=False)
    rungs = [When(activity=each.code, then=Value(each.rung)) for each in ACTIVITIES]
    done = Engagement.objects.filter(status=EngagementStatus.COMPLETED, contact__in=people)
    field = PositiveSmallIntegerField()
    top = done.values("contact").annotate(top=Max(Case(*rungs, default=Value(0), output_field=field))).order_by()
    counts = Counter(top.values_list("top", flat=True).iterator())
    counts[0] += people.count() - sum(counts.values())
    return dict(counts)


def read_ladder(user: User) -> tuple[Rung, ...]:
    """Every rung, the lowest first; three queries."""
    standing, funnels = read_standing(user), read_funnels(user, "ask__rung")
    return tuple(
        Rung(
            number=number,
            activities=tuple(each.code for each in ACTIVITIES if each.rung == number),
            standing=standing.get(number, 0),
            funnel=funnels.get(number, Funnel()),
        )
        for number in RUNGS
    )
