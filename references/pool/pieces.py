"""Finds pieces of content in the pool index: by consent, and by words in what is said, titles and tags."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from references.days import day_number
from references.pool.features import CONTENT_KINDS
from references.pool.selection import rows_with_tag
from references.pool.snapshot import Snapshot, View
from references.text import fold, stems

Mask = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int64]

LEAST_PREFIX = 3
MOST_TERMS = 200


def consented(view: View, on: date) -> Mask:
    """By row, whether a consent covers that very kind of asset on the day."""
    segment, day = view.segment, day_number(on)
    consents = segment.content_docs.consents
    holds = np.zeros(len(segment.content_docs), dtype=bool)
    for activity in consents.keys.tolist():
        rows, spans = consents.at(activity)
        valid = (spans[:, 0] <= day) & (day <= spans[:, 1]) & (segment.content_activity[rows] == activity)
        holds[rows[valid]] = True
    return holds


def find_pieces(snapshot: Snapshot, kind: str, words: Sequence[str], on: date) -> list[Ids]:
    """Give by word the ids of pieces of a kind ("case_study", "testimonial") that hold it, sorted, consent holding.

    A word counts by its stem, in every text and in the names of tags; one that no piece holds, by what begins with it.
    A word that says nothing ("the") is held by all. The caller checks rights in the database.
    """
    usable = [_usable(view, kind, on) for view in snapshot.views]
    found = []
    for word in words:
        rows = [
            view.segment.content_docs.ids[mask & _holding(snapshot, view, word)]
            for view, mask in zip(snapshot.views, usable, strict=True)
        ]
        found.append(np.unique(np.concatenate(rows)) if rows else np.zeros(0, dtype=np.int64))
    return found


def count_pieces(snapshot: Snapshot, kind: str, on: date) -> int:
    """How many pieces of a kind a consent covers on a day, in any channel and region."""
    return sum(int(_usable(view, kind, on).sum()) for view in snapshot.views)


def _usable(view: View, kind: str, on: date) -> Mask:
    is_kind = view.segment.content_kind == CONTENT_KINDS.index(kind)
    usable: Mask = view.content.is_live & is_kind & consented(view, on)
    return usable


def _holding(snapshot: Snapshot, view: View, word: str) -> Mask:
    """By row, whether all parts of a word are held in a text, or the word in the name of a tag."""
    size = len(view.segment.content_docs)
    parts = stems(word)
    if not parts:
        return np.ones(size, dtype=bool)
    held = np.ones(size, dtype=bool)
    for part in parts:
        some = np.zeros(size, dtype=bool)
        for term in _terms(view, part, word if len(parts) == 1 else part):
            some[view.content.word(term)[0]] = True
        held &= some
    folded = fold(word)
    for tag in snapshot.vocabulary.tags:
        if folded in fold(tag.name):
            held |= rows_with_tag(view, "content", snapshot.vocabulary, tag.id)
    return held


def _terms(view: View, stem: str, word: str) -> Iterator[str]:
    """The term itself, or where no piece has it those that begin with what was typed so far."""
    if len(view.content.word(stem)[0]):
        yield stem
        return
    start = fold(word)
    if len(start) < LEAST_PREFIX:
        return
    left = MOST_TERMS
    for term in view.segment.terms:
        if term.startswith((start, stem)):
            yield term
            left -= 1
            if not left:
                return
