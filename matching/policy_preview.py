"""What another policy would change for the requests that are open: whose yes, who is still free, points, and due times.

Nothing is written. People are judged who are proposed but not yet asked; whoever was asked is past these rules.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from matching.enums import BEFORE_ASKING, SAID_YES, MatchStatus
from matching.models import Match, Request
from matching.rescoring import Proposed, score_proposed
from matching.service_clock import ends_at
from matching.services.proposing import approvals_for
from matching.services.requests import need_of
from references.availability import Circumstances
from references.circumstances import read_circumstances
from references.fatigue import band
from references.policy import ProgramPolicy
from references.policy_values import Difference, diff_policies
from references.program import current_policy, merge_policy
from references.rules import broken_rules, fatigue_on, leave_out

MOST_REQUESTS = 200
_TELLING = 0.05
"""Points from which a difference shows at all."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """What one policy says of one person put forward: whose yes, which rules stand against it, band and points."""

    approvers: tuple[str, ...]
    broken: tuple[str, ...]
    band: str
    points: float | None = None


@dataclass(frozen=True, slots=True)
class PersonEffect:
    """One person put forward for whom something would change; `headline` names nobody."""

    match_id: int
    headline: str
    activity: str
    on: date
    status: str
    before: Judgment
    after: Judgment

    @property
    def barred_by(self) -> tuple[str, ...]:
        """Rules that would newly stand against them."""
        return tuple(code for code in self.after.broken if code not in self.before.broken)

    @property
    def freed_of(self) -> tuple[str, ...]:
        """Rules that would no longer stand against them."""
        return tuple(code for code in self.before.broken if code not in self.after.broken)

    @property
    def is_felt(self) -> bool:
        """Whether anything at all would be different."""
        before, after = self.before, self.after
        same = (before.approvers, before.broken, before.band) == (after.approvers, after.broken, after.band)
        return not same or abs((after.points or 0.0) - (before.points or 0.0)) >= _TELLING


@dataclass(frozen=True, slots=True)
class RequestEffect:
    """One open request for which something would change; a due time is None while the clock stands."""

    request_id: int
    deal: str
    due_before: datetime | None
    due_after: datetime | None
    people: tuple[PersonEffect, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What other values would change: settings, and among `looked_at` open requests those that would feel it."""

    before: ProgramPolicy
    after: ProgramPolicy
    differences: tuple[Difference, ...]
    requests: tuple[RequestEffect, ...]
    looked_at: int
    is_cut: bool


def preview_policy(values: Mapping[str, Any]) -> Preview:
    """Compare the current policy with `values` laid over the defaults, on at most MOST_REQUESTS open requests.

    A constant number of queries. Raises DomainError: unknown_setting, wrong_setting.
    """
    before = current_policy()
    after = merge_policy(values, version=before.version)
    differences = diff_policies(before, after)
    rows = list(
        Request.objects.open().select_related("owner", "asked_by").order_by("due_at", "id")[: MOST_REQUESTS + 1]
    )
    looked_at = rows[:MOST_REQUESTS]
    effects = _Comparison(before, after, looked_at).effects() if differences else ()
    return Preview(before, after, differences, effects, len(looked_at), len(rows) > MOST_REQUESTS)


class _Comparison:
    """Two policies over some open requests, everything read once."""

    def __init__(self, before: ProgramPolicy, after: ProgramPolicy, requests: Sequence[Request]) -> None:
        self.before, self.after, self.requests = before, after, requests
        self.now = timezone.now()
        self.matches: dict[int, list[Match]] = defaultdict(list)
        rows = Match.objects.filter(request__in=[request.pk for request in requests])
        for match in rows.select_related("contact__customer__account_owner", "engagement", "overridden_by"):
            self.matches[match.request_id].append(match)
        self.circumstances = self._read_circumstances()

    def effects(self) -> tuple[RequestEffect, ...]:
        """Every request that would feel the change."""
        before, after = self._judge(self.before), self._judge(self.after)
        found = []
        for request in self.requests:
            people = [_compare(match, before[match.pk], after[match.pk]) for match in self._not_asked(request)]
            felt = tuple(each for each in people if each.is_felt)
            due = self._due(request, self.before), self._due(request, self.after)
            if felt or due[0] != due[1]:
                found.append(RequestEffect(request.pk, request.deal, *due, felt))
        return tuple(found)

    def _not_asked(self, request: Request) -> list[Match]:
        return [match for match in self.matches[request.pk] if match.status in BEFORE_ASKING]

    def _read_circumstances(self) -> dict[int, Circumstances]:
        """Consents depend on the activity, but no policy on consents: one activity stands for all."""
        people = [match.contact for request in self.requests for match in self._not_asked(request)]
        return read_circumstances(people, "call")

    def _judge(self, policy: ProgramPolicy) -> dict[int, Judgment]:
        """What a policy says of everyone who is not yet asked, by match."""
        phis = {match.pk: self._phi(match, policy) for request in self.requests for match in self._not_asked(request)}
        points = self._score(policy, phis) if self._changes_points() else {}
        return {
            match.pk: Judgment(
                approvers=self._approvers(request, match, band(phis[match.pk], policy.fatigue), policy),
                broken=self._broken(match, policy),
                band=band(phis[match.pk], policy.fatigue),
                points=points.get(match.pk),
            )
            for request in self.requests
            for match in self._not_asked(request)
        }

    def _changes_points(self) -> bool:
        """Names of customers are words to search by, so hiding them may cost points."""
        mattering = ("ranking", "fatigue", "show_customer_name")
        return any(getattr(self.before, name) != getattr(self.after, name) for name in mattering)

    def _score(self, policy: ProgramPolicy, phis: Mapping[int, float]) -> dict[int, float]:
        proposed = [
            (
                need_of(request),
                [
                    Proposed(match.pk, match.contact_id, match.contact.customer_id, phis[match.pk])
                    for match in self._not_asked(request)
                ],
            )
            for request in self.requests
            if self._not_asked(request)
        ]
        return score_proposed(policy, proposed, today=self.now.date())

    def _phi(self, match: Match, policy: ProgramPolicy) -> float:
        return fatigue_on(match.contact, self._others(match), match.on, now=self.now, policy=policy)

    def _broken(self, match: Match, policy: ProgramPolicy) -> tuple[str, ...]:
        """Rules that stand against the person, without those overridden and those that no policy decides."""
        circumstances = self._others(match)
        broken = broken_rules(match.contact, circumstances, match.activity, match.on, now=self.now, policy=policy)
        return tuple(code for code in broken if code not in {*match.override_codes, "no_consent"})

    def _others(self, match: Match) -> Circumstances:
        """The person's circumstances without the hold of this very match."""
        own = {match.engagement.source} if match.engagement is not None else set()
        return leave_out(self.circumstances[match.contact_id], own)

    def _approvers(self, request: Request, match: Match, band_on_day: str, policy: ProgramPolicy) -> tuple[str, ...]:
        """Whose yes the match would need; it is set to the band of the moment, and never saved."""
        match.request, match.band = request, band_on_day
        return tuple(each.step for each in approvals_for(match, policy))

    def _due(self, request: Request, policy: ProgramPolicy) -> datetime | None:
        """When the request is due under a policy; None while a customer is awaited, and once enough said yes."""
        matches = self.matches[request.pk]
        if request.submitted_at is None or sum(match.status in SAID_YES for match in matches) >= request.quantity:
            return None
        spans = [(match.invited_at, match.answered_at) for match in matches if match.invited_at is not None]
        is_awaited = any(match.status == MatchStatus.INVITED for match in matches)
        return ends_at(request.submitted_at, spans, awaited=is_awaited, now=self.now, service=policy.service)


def _compare(match: Match, before: Judgment, after: Judgment) -> PersonEffect:
    return PersonEffect(match.pk, match.headline, match.activity, match.on, match.status, before, after)
