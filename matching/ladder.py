"""The proof ladder: what a brief is offered before anybody's hour is spent, rung by rung.

First what exists and costs no promoter anything (quotes, stories, videos, recorded webinars), then group calls that
take place anyway, and only then a live reference of one's own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.utils import timezone

from matching.enums import MatchStatus
from matching.models import Match
from matching.need import Need
from matching.ranking import fit_of, measure_groups, plan_need
from matching.results import ContentHit, SearchResult
from references.compiled import Compiled
from references.models import Contact
from references.pool.index import current_snapshot
from references.pool.snapshot import Snapshot
from references.text import fold_name
from users.models import User

GROUP_CALL = "group_call"
BEST = 3
_CALLS = Compiled(Match.objects.select_related("request__owner", "contact__customer"))


@dataclass(frozen=True, slots=True)
class GroupCall:
    """A group call that takes place anyway and fits: whom to ask for a chair, when, and who speaks, without a name.

    `fit` from 0 to 100; `at` is None while no time has been found.
    """

    match_id: int
    request_id: int
    headline: str
    on: date
    at: datetime | None
    prospects: int
    owner: User
    fit: float


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a brief is offered before a live reference: pieces of content, then group calls, the best first."""

    content: tuple[ContentHit, ...]
    group_calls: tuple[GroupCall, ...]

    @property
    def is_empty(self) -> bool:
        return not self.content and not self.group_calls


def read_ladder(user: User, found: SearchResult, *, best: int = BEST) -> Ladder:
    """The lower rungs for a brief that was searched, as `user` may see them."""
    calls = find_group_calls(user, current_snapshot(), found.need, today=timezone.localdate(), best=best)
    return Ladder(found.content[:best], calls)


def find_group_calls(
    user: User, snapshot: Snapshot, need: Need, *, today: date, best: int = BEST
) -> tuple[GroupCall, ...]:
    """Group calls to come whose speaker `user` may know of, fits the brief, and may meet the prospect.

    Four queries; none but the first where there are no calls. Who is visible is asked of the few speakers: a database
    that does not know how few they are would list everybody else first.
    """
    standing = (MatchStatus.ACCEPTED, MatchStatus.SCHEDULED)
    to_come = Match.objects.filter(activity=GROUP_CALL, status__in=standing, on__gte=today)
    calls = _CALLS.among(list(to_come.values_list("pk", flat=True)))
    if not calls:
        return ()
    speakers = {row.contact_id for row in calls}
    known = set(Contact.objects.visible_to(user).filter(pk__in=speakers).values_list("pk", flat=True))
    rows = [row for row in calls if row.contact_id in known]
    prospect = fold_name(need.prospect or "")
    open_to = [row for row in rows if prospect not in map(fold_name, row.contact.customer.exclusions) or not prospect]
    fits = _measure(snapshot, need, {row.contact_id for row in open_to}, today)
    floor = snapshot.policy.ranking.floor
    found = [
        GroupCall(
            match_id=row.pk,
            request_id=row.request_id,
            headline=row.headline,
            on=row.on,
            at=row.scheduled_at,
            prospects=len(row.request.prospects),
            owner=row.request.owner,
            fit=100.0 * fits[row.contact_id],
        )
        for row in open_to
        if fits.get(row.contact_id, 0.0) >= floor
    ]
    return tuple(sorted(found, key=lambda each: (-each.fit, each.on, each.match_id))[:best])


def _measure(snapshot: Snapshot, need: Need, people: Collection[int], today: date) -> dict[int, float]:
    """How well each of some people fits a brief, 0–1, by contact id."""
    fits: dict[int, float] = {}
    if not people:
        return fits
    plan = plan_need(snapshot, need)
    for view in snapshot.views:
        documents = view.segment.people_docs
        rows = np.flatnonzero(np.isin(documents.ids, list(people)) & view.people.is_live)
        if len(rows):
            measured = measure_groups(plan, view, snapshot, today=today)
            fit = fit_of(plan, measured, len(documents))
            fits |= {int(documents.ids[row]): float(fit[row]) for row in rows}
    return fits
