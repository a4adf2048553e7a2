"""Whom a request could ask: its frozen need ranked over the pool as it is now, without those it has tried."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from matching.enums import LIVE, ChosenBy
from matching.models import Request
from matching.results import Candidate, SearchResult
from matching.search import LISTS, Among, List, search_need
from matching.services.requests import need_of
from users.models import User

LOOK_AT = 25


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate put forward, by whom, and with what probability if it was drawn."""

    candidate: Candidate
    chosen_by: str
    probability: float = 1.0


def rank_request(
    request: Request,
    *,
    only: Sequence[int] | None = None,
    limit: int = LOOK_AT,
    lists: Sequence[List] = LISTS,
    viewer: User | None = None,
) -> SearchResult:
    """Rank the pool for a request as its owner sees it, best first; `only` looks at these contacts alone.

    Names are shown as `viewer` may see them: give it wherever somebody else than the owner reads the answer.

    Left out, unless named in `only`, is everybody the request has tried, and every customer it is asking already.
    """
    tried = set(request.matches.values_list("contact_id", flat=True))
    asking = request.matches.filter(status__in=[*LIVE, "completed"]).values_list("contact__customer_id", flat=True)
    among = Among(prospects=tuple(request.prospects))
    if only is None:
        among = replace(among, but=frozenset(tried), not_at=frozenset(asking))
    else:
        among = replace(among, only=frozenset(only))
    return search_need(
        user=request.owner,
        need=need_of(request),
        activity=request.activity,
        on=request.needed_by,
        limit=limit,
        lists=lists,
        among=among,
        viewer=viewer,
    )


def draw_newcomer(candidates: Sequence[Candidate], *, seed: int, slot: int, points: float) -> Choice | None:
    """Draw one of the never-used within `points` of the best, uniformly and repeatably; None where there is none.

    The probability 1/k is kept, so that what is learnt from outcomes later can be weighed without bias.
    """
    if not candidates:
        return None
    least = candidates[0].score - points
    new = [each for each in candidates if each.card.last_used is None and each.score >= least]
    if not new:
        return None
    drawn = random.Random(f"{seed}:{slot}").choice(new)
    return Choice(drawn, ChosenBy.EXPLORATION, 1.0 / len(new))


def order_choices(
    result: SearchResult, *, request: Request, slot: int, explore_points: float, chosen_by: str
) -> list[Choice]:
    """Whom to try for a slot, in order: the last of several goes to somebody new first, if one is near the best."""
    ranked = [Choice(each, chosen_by) for each in result.candidates]
    if slot < 2 or slot != request.quantity or chosen_by != ChosenBy.RANKING:
        return ranked
    drawn = draw_newcomer(result.candidates, seed=request.seed, slot=slot, points=explore_points)
    return ranked if drawn is None else [drawn, *(each for each in ranked if each.candidate is not drawn.candidate)]


def frozen_terms(candidate: Candidate) -> list[dict[str, Any]]:
    """The summands of a score as a match keeps them."""
    return [asdict(term) for term in candidate.terms]
