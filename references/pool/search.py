"""Faceted and free-text search of the whole pool, in pages."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Q
from django.utils import timezone

from references.blinding import may_see_customer, may_see_customer_name
from references.models import Contact
from references.policy import ProgramPolicy
from references.pool.cards import build_cards
from references.pool.conditions import Conditions, Usage, conditions_of
from references.pool.index import current_snapshot
from references.pool.relevance import plan_query, score_text
from references.pool.result import PoolPage
from references.pool.selection import count_facets, in_pool, masks_by_facet, visible_people
from references.pool.snapshot import Snapshot
from references.text import fold_name, stems
from users.models import User

Values = npt.NDArray[Any]

SORTS = ("relevance", "name", "-name", "fatigue", "-fatigue", "last_used", "-last_used")
MOST_NAMES = 500


def search_pool(
    *,
    user: User,
    text: str = "",
    chosen: Mapping[str, Sequence[str]] | None = None,
    sort: str = "name",
    page: int = 1,
    page_size: int = 25,
) -> PoolPage:
    """Find promoters by words and facets, as `user` may see them; a page past the end is empty.

    `chosen` maps a facet to slugs (size, seniority, status, activity and band to codes). Without a chosen status only
    the active and the paused are found. Words search what is known of them, and the names `user` may see. Sorting
    by name follows the customer. ValueError for an unknown sort.
    """
    if sort not in SORTS:
        raise ValueError(f"Sort by one of {', '.join(SORTS)}, not by '{sort}'")
    began = time.perf_counter()
    snapshot, selection = current_snapshot(), {**(chosen or {})}
    conditions = _judge(snapshot)
    relevance, masks = _select(snapshot, user, text, selection, conditions)
    found = _Found(snapshot, masks[""], relevance, conditions)
    order = found.order(sort, user)
    shown = order[(page - 1) * page_size : page * page_size].tolist()
    usage = {found.id(place): found.usage(place) for place in shown}
    cards = build_cards(user, usage, snapshot.policy)
    return PoolPage(
        cards=tuple(cards[contact_id] for contact_id in usage if contact_id in cards),
        total=len(order),
        facets=count_facets(snapshot, masks, selection, conditions),
        revision=snapshot.revision,
        elapsed_ms=(time.perf_counter() - began) * 1000,
    )


def find_people(*, user: User, text: str = "", chosen: Mapping[str, Sequence[str]] | None = None) -> list[int]:
    """Ids of everyone that `search_pool` finds on all its pages, in ascending order."""
    snapshot = current_snapshot()
    masks = _select(snapshot, user, text, {**(chosen or {})}, _judge(snapshot))[1][""]
    found = [view.segment.people_docs.ids[mask] for view, mask in zip(snapshot.views, masks, strict=True)]
    return sorted(int(each) for each in np.concatenate(found)) if found else []


def _judge(snapshot: Snapshot) -> list[Conditions]:
    """How everybody stands today."""
    now = timezone.now()
    return [conditions_of(view.segment, "call", now.date(), now=now, policy=snapshot.policy) for view in snapshot.views]


def _select(
    snapshot: Snapshot,
    user: User,
    text: str,
    selection: Mapping[str, Sequence[str]],
    conditions: Sequence[Conditions],
) -> tuple[list[Values], dict[str, list[Values]]]:
    """Relevance by view, and the rows found by view: "" with all facets chosen, each facet without its own."""
    relevance, base = _find(snapshot, user, text)
    if not selection.get("status"):
        base = [mask & in_pool(view) for view, mask in zip(snapshot.views, base, strict=True)]
    return relevance, masks_by_facet(snapshot, base, selection, conditions)


def _find(snapshot: Snapshot, user: User, text: str) -> tuple[list[Values], list[Values]]:
    """Relevance and visibility by view; with words, only rows that hold one of them or bear the name."""
    visible = [visible_people(view, user) for view in snapshot.views]
    if not text.strip():
        return [np.zeros(len(mask)) for mask in visible], visible
    query = plan_query(snapshot, "people", stems(text))
    relevance = [score_text(query, snapshot, view.people) for view in snapshot.views]
    named = find_named(user, text, snapshot.policy)
    for place, view in enumerate(snapshot.views):
        ids = view.segment.people_docs.ids
        relevance[place] = relevance[place] + np.isin(ids, named)
    return relevance, [mask & (score > 0) for mask, score in zip(visible, relevance, strict=True)]


def find_named(user: User, text: str, policy: ProgramPolicy) -> list[int]:
    """Ids of contacts whose customer's or own name, as far as `user` may see it, contains the text."""
    folded = fold_name(text)
    if not folded:
        return []
    by_customer = Q(customer__folded_name__contains=folded)
    by_person = Q(folded_name__contains=folded)
    visible = Contact.objects.visible_to(user).select_related("customer")
    if user.is_manager:
        return list(visible.filter(by_customer | by_person).values_list("pk", flat=True)[:MOST_NAMES])
    owned = Q(customer__account_owner=user) & by_person
    rows = visible.filter(by_customer | owned)[:MOST_NAMES]
    return [
        row.pk
        for row in rows
        if row.customer.account_owner_id == user.pk or may_see_customer_name(user, row.customer, policy)
    ]


class _Found:
    """The rows found over all views, side by side, for sorting and showing."""

    def __init__(
        self, snapshot: Snapshot, masks: Sequence[Values], relevance: Sequence[Values], conditions: Sequence[Conditions]
    ) -> None:
        self.policy: ProgramPolicy = snapshot.policy
        self.names = snapshot.names
        self.conditions = conditions
        self.rows = np.concatenate([np.flatnonzero(mask) for mask in masks])
        self.parts = np.concatenate([np.full(int(mask.sum()), part) for part, mask in enumerate(masks)])

        def gather(columns: Sequence[Values]) -> Values:
            return np.concatenate([column[mask] for column, mask in zip(columns, masks, strict=True)])

        self.ids = gather([view.segment.people_docs.ids for view in snapshot.views])
        self.customers = gather([view.segment.people_docs.customers for view in snapshot.views])
        self.relevance = gather(relevance)
        self.phi = gather([each.phi for each in conditions])
        self.last_used = gather([each.last_used for each in conditions])

    def order(self, sort: str, user: User) -> Values:
        """Places in the order asked for; ties by id."""
        keys = {"relevance": -self.relevance, "fatigue": self.phi, "last_used": self.last_used.astype(np.int64)}
        name = sort.removeprefix("-")
        key = self._name_rank(user) if name == "name" else keys[name]
        places: Values = np.lexsort((self.ids, -key if sort.startswith("-") else key))
        return places

    def _name_rank(self, user: User) -> Values:
        """The place of each row's customer in the order of folded names; hidden names share the last place."""
        names, nobody = self.names.customers, -1
        is_own, may_be_named = names.facts[:, 1] == (user.pk or nobody), names.facts[:, 2]
        sees = np.array(
            [
                [may_see_customer(user, owner, is_named=is_named, policy=self.policy) for is_named in (False, True)]
                for owner in (nobody, user.pk)
            ]
        )
        last = len(names.ids)
        ranks = np.append(np.where(sees[is_own.astype(int), may_be_named], np.arange(last), last), last)
        ranked: Values = ranks[names.places(self.customers)]
        return ranked

    def id(self, place: int) -> int:
        return int(self.ids[place])

    def usage(self, place: int) -> Usage:
        return self.conditions[int(self.parts[place])].usage(int(self.rows[place]), self.policy.fatigue)
