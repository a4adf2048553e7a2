"""One consistent state of the pool in memory: segments with what is still alive in each, vocabulary, policy, counts.

Statistics come from integer counts over the rows alive, so a pool refreshed step by step and one built afresh give the
same figures to the last bit.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from references.policy import ProgramPolicy
from references.pool.names import Names
from references.pool.recall import Recall
from references.pool.segment import FIELDS, Documents, Postings, Segment
from references.vocabulary import Vocabulary

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Kind = Literal["people", "content"]


class View:
    """A segment with the customers in it that a newer segment has replaced: `dead` are their places, sorted."""

    def __init__(self, segment: Segment, dead: npt.NDArray[np.int64]) -> None:
        self.segment = segment
        self.dead = dead

    def without(self, customer_ids: npt.NDArray[np.int64]) -> "View":
        """The same segment with these customers dead too."""
        places = np.searchsorted(self.segment.customer_ids, customer_ids)
        inside = places < len(self.segment.customer_ids)
        places = places[inside]
        found = places[self.segment.customer_ids[places] == customer_ids[inside]]
        return View(self.segment, np.union1d(self.dead, found)) if len(found) else self

    @cached_property
    def is_alive(self) -> Mask:
        """By customer place, whether the segment still speaks for it."""
        alive = np.ones(len(self.segment.customer_ids), dtype=bool)
        alive[self.dead] = False
        return alive

    @property
    def alive_count(self) -> int:
        """How many customers it speaks for."""
        return len(self.segment.customer_ids) - len(self.dead)

    @cached_property
    def people(self) -> "LiveDocuments":
        return LiveDocuments("people", self.segment.people_docs, self)

    @cached_property
    def content(self) -> "LiveDocuments":
        return LiveDocuments("content", self.segment.content_docs, self)

    def documents(self, kind: Kind) -> "LiveDocuments":
        return self.people if kind == "people" else self.content


class LiveDocuments:
    """The documents of a segment, those of dead customers told apart."""

    def __init__(self, kind: Kind, documents: Documents, view: View) -> None:
        self.kind = kind
        self.documents = documents
        self.view = view

    @cached_property
    def is_live(self) -> Mask:
        """By row, whether its customer is alive in this segment."""
        if not len(self.view.dead):
            return np.ones(len(self.documents), dtype=bool)
        return self.view.is_alive[self.documents.places]

    @cached_property
    def dead_rows(self) -> npt.NDArray[np.int32]:
        """The rows of dead customers, ascending, of the type of rows in postings, which else are copied to compare."""
        return np.flatnonzero(~self.is_live).astype(np.int32)

    @cached_property
    def count(self) -> int:
        return len(self.documents) - len(self.dead_rows)

    @cached_property
    def length_totals(self) -> tuple[int, ...]:
        """Words in each field over the live rows."""
        totals = self.documents.length_totals
        dead = self.documents.lengths[self.dead_rows].sum(axis=0, dtype=np.int64)
        return tuple(int(each) for each in totals - dead)

    def count_live(self, rows: npt.NDArray[Any]) -> int:
        """How many of `rows` (ascending, each once) are live."""
        if not len(self.dead_rows) or not len(rows):
            return len(rows)
        places = rows.searchsorted(self.dead_rows)
        inside = places < len(rows)
        return len(rows) - int(np.count_nonzero(rows[places[inside]] == self.dead_rows[inside]))

    def word(self, stem: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Rows and counts per field of a stem."""
        place = self.view.segment.terms.get(stem, -1)
        return self.documents.words.at(place)

    @property
    def tags(self) -> Postings:
        return self.documents.tags

    def count_tags(self) -> dict[int, int]:
        """How many live rows carry each tag."""
        counts = np.diff(self.tags.ptr) - self.documents.count_tags_of(self.dead_rows)
        return dict(zip(self.tags.keys.tolist(), counts.tolist(), strict=True))


@dataclass(frozen=True)
class TextStatistics:
    """What BM25F needs of all documents of a kind: how many there are, and the mean length of each field."""

    count: int
    means: tuple[float, ...]


class Snapshot:
    """The pool at one revision. Never changed: a newer state is another snapshot."""

    def __init__(
        self,
        *,
        epoch: str,
        number: int,
        views: Sequence[View],
        vocabulary: Vocabulary,
        policy: ProgramPolicy,
        names: Names | None = None,
    ) -> None:
        self.epoch = epoch
        self.number = number
        self.views = tuple(views)
        self.vocabulary = vocabulary
        self.policy = policy
        self.names = names or Names()
        self.remembered: dict[Any, Any] = {}
        self.recall = Recall()
        self._text_statistics: dict[Kind, TextStatistics] = {}
        self._document_frequencies: dict[tuple[Kind, str], int] = {}

    @property
    def revision(self) -> str:
        """How a shown result names the state it came from."""
        return f"{self.epoch[:8]}.{self.number}"

    @cached_property
    def person_count(self) -> int:
        return sum(view.people.count for view in self.views)

    def text_statistics(self, kind: Kind) -> TextStatistics:
        """Count and mean field lengths over all live documents of a kind."""
        if kind not in self._text_statistics:
            self._text_statistics[kind] = self._measure_text(kind)
        return self._text_statistics[kind]

    def _measure_text(self, kind: Kind) -> TextStatistics:
        found = [view.documents(kind) for view in self.views]
        count = sum(each.count for each in found)
        totals = [sum(each.length_totals[field] for each in found) for field in range(FIELDS)]
        return TextStatistics(count, tuple(total / count if count else 0.0 for total in totals))

    def document_frequency(self, kind: Kind, stem: str) -> int:
        """In how many live documents of a kind the stem occurs."""
        key = (kind, stem)
        if key not in self._document_frequencies:
            found = (view.documents(kind) for view in self.views)
            self._document_frequencies[key] = sum(each.count_live(each.word(stem)[0]) for each in found)
        return self._document_frequencies[key]

    @cached_property
    def tag_counts(self) -> dict[int, int]:
        """How many live people carry each tag themselves."""
        counts: Counter[int] = Counter()
        for view in self.views:
            counts.update(view.people.count_tags())
        return counts

    @cached_property
    def subtree_counts(self) -> dict[int, int]:
        """For each tag, the people counts of itself and everything below, summed."""
        families = self.vocabulary.families
        own = np.fromiter((self.tag_counts.get(tag.id, 0) for tag in self.vocabulary.tags), np.int64)
        sums = np.add.reduceat(own[families.members], families.starts).tolist() if len(own) else []
        return dict(zip((tag.id for tag in self.vocabulary.tags), sums, strict=True))

    @cached_property
    def facet_counts(self) -> dict[str, int]:
        """For each facet, the people counts of all its tags, summed."""
        totals: dict[str, int] = {}
        for tag in self.vocabulary.tags:
            totals[tag.facet] = totals.get(tag.facet, 0) + self.tag_counts.get(tag.id, 0)
        return totals

    def information(self, tag_id: int) -> float:
        """Information content IC(c) = −ln p(subtree(c)), add-one smoothed (Lin 1998); 0 for a tag that covers all."""
        facet = self.vocabulary.get(tag_id).facet
        share = (self.subtree_counts[tag_id] + 1) / (self.facet_counts[facet] + 1)
        return max(0.0, -math.log(share))

    @cached_property
    def acceptance(self) -> float:
        """p̄: the share of asks in the whole program that were answered yes; the policy's default without history."""
        yes = answered = 0
        for view in self.views:
            accepted, asked = view.segment.answers
            yes += int(accepted[view.people.is_live].sum())
            answered += int(asked[view.people.is_live].sum())
        return yes / answered if answered else self.policy.ranking.acceptance_default
