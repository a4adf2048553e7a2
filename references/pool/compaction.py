"""Makes one segment of several, without asking the database: what is alive in each, by customer in order.

The result is the very segment that reading those customers anew would give, but for the order in which its terms are
numbered, which nothing depends on.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

import numpy as np

from references.pool.segment import (
    Documents,
    Ints,
    Ledger,
    People,
    Postings,
    Segment,
    encode_facts,
    number_terms,
    sort_postings,
)
from references.pool.snapshot import LiveDocuments, View


def merge_views(views: Sequence[View]) -> Segment:
    """One segment of all that is alive in these views; no customer may be alive in two of them."""
    alive = [np.flatnonzero(view.is_alive) for view in views]
    customer_ids = np.concatenate([view.segment.customer_ids[kept] for view, kept in zip(views, alive, strict=True)])
    order = np.argsort(customer_ids)
    places = _split(_inverse(order), alive, [len(view.segment.customer_ids) for view in views])
    terms, renumbered = number_terms([view.segment.terms for view in views])
    people = _Merged([view.people for view in views], places, renumbered)
    content = _Merged([view.content for view in views], places, renumbered)
    exclusions = {
        int(customer): names
        for view in views
        for customer, names in view.segment.exclusions.items()
        if view.is_alive[np.searchsorted(view.segment.customer_ids, customer)]
    }
    return Segment(
        customer_ids=customer_ids[order],
        people_docs=people.documents(),
        people=_merge_people(views, people),
        content_docs=content.documents(),
        content_kind=content.column(lambda view: view.segment.content_kind, views),
        content_activity=content.column(lambda view: view.segment.content_activity, views),
        content_published=content.column(lambda view: view.segment.content_published, views),
        ledger=_merge_ledgers(views, places, people.rows),
        terms=terms,
        exclusions=exclusions,
    )


def _inverse(order: Ints) -> Ints:
    """Where each of what was ordered stands in the order."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places


def _split(values: Ints, kept: Sequence[Ints], sizes: Sequence[int]) -> list[Ints]:
    """Per part, by its own place, the value of what was kept of it; −1 for what was not."""
    found, start = [], 0
    for each, size in zip(kept, sizes, strict=True):
        mine = np.full(size, -1, dtype=np.int64)
        mine[each] = values[start : start + len(each)]
        start += len(each)
        found.append(mine)
    return found


class _Merged:
    """The live documents of several views in their new order: by the new place of the customer, then as they stood."""

    def __init__(self, parts: Sequence[LiveDocuments], places: Sequence[Ints], terms: Sequence[Ints]) -> None:
        self.parts = parts
        self.terms = terms
        self.kept = [np.flatnonzero(part.is_live) for part in parts]
        new = [place[part.documents.places[kept]] for part, place, kept in zip(parts, places, self.kept, strict=True)]
        self.places = np.concatenate(new)
        self.order = np.argsort(self.places, kind="stable")
        self.is_in_order = bool(np.all(np.diff(self.places) >= 0))
        self.rows = _split(_inverse(self.order), self.kept, [len(part.documents) for part in parts])

    def column(self, of: Callable[[Any], Ints], parts: Sequence[Any] = ()) -> Ints:
        """A column of the documents, `of` each part, in the new order."""
        values = [of(part)[kept] for part, kept in zip(parts or self.parts, self.kept, strict=True)]
        return np.concatenate(values)[self.order]

    def documents(self) -> Documents:
        facts = [part.documents.tag_facts[part.documents.tags.values] for part in self.parts]
        tags = self._postings([part.documents.tags for part in self.parts], values=facts)
        codes, tag_facts = encode_facts(tags.values)
        return Documents.of(
            ids=self.column(lambda part: part.documents.ids),
            customers=self.column(lambda part: part.documents.customers),
            places=self.places[self.order].astype(np.int32),
            lengths=self.column(lambda part: part.documents.lengths),
            tags=replace(tags, values=codes),
            words=self._postings([part.documents.words for part in self.parts], keys=self.terms),
            consents=self._postings([part.documents.consents for part in self.parts]),
            tag_facts=tag_facts,
        )

    def _postings(
        self, lists: Sequence[Postings], *, keys: Sequence[Ints] = (), values: Sequence[Ints] = ()
    ) -> Postings:
        """The postings of the live rows; `keys` renumber those of each part, `values` stand in for its own."""
        found: tuple[list[Ints], list[Ints], list[Ints]] = ([], [], [])
        for place, (postings, rows) in enumerate(zip(lists, self.rows, strict=True)):
            own = keys[place][postings.keys] if keys else postings.keys
            new = rows[postings.rows]
            live = new >= 0
            found[0].append(np.repeat(own, np.diff(postings.ptr))[live])
            found[1].append(new[live].astype(np.int32))
            found[2].append((values[place] if values else postings.values)[live])
        all_keys, all_rows, all_values = (np.concatenate(each) for each in found)
        if not self.is_in_order:
            order = np.argsort(all_rows, kind="stable")
            all_keys, all_rows, all_values = all_keys[order], all_rows[order], all_values[order]
        return sort_postings(all_keys, all_rows, all_values)


def _merge_people(views: Sequence[View], people: _Merged) -> People:
    parts = [view.segment.people for view in views]
    names = [each.name for each in fields(People) if each.name != "blackouts"]
    columns = {name: people.column(attrgetter(name), parts) for name in names}
    blackouts = np.concatenate([view.segment.people.blackouts for view in views])
    rows = np.concatenate(
        [rows[view.segment.people.blackouts[:, 0]] for view, rows in zip(views, people.rows, strict=True)]
    )
    blackouts[:, 0] = rows
    blackouts = blackouts[rows >= 0]
    return People(**columns, blackouts=blackouts[np.argsort(blackouts[:, 0], kind="stable")])


def _merge_ledgers(views: Sequence[View], places: Sequence[Ints], rows: Sequence[Ints]) -> Ledger:
    ledgers = [view.segment.ledger for view in views]
    columns = {each.name: np.concatenate([getattr(ledger, each.name) for ledger in ledgers]) for each in fields(Ledger)}
    columns["place"] = np.concatenate(
        [place[ledger.place] for place, ledger in zip(places, ledgers, strict=True)]
    ).astype(np.int32)
    columns["row"] = np.concatenate(
        [np.append(row, -1)[ledger.row] for row, ledger in zip(rows, ledgers, strict=True)]  # −1 finds the last, −1
    ).astype(np.int32)
    live = np.flatnonzero(columns["place"] >= 0)
    order = live[np.argsort(columns["place"][live], kind="stable")]
    return Ledger(**{name: column[order] for name, column in columns.items()})
