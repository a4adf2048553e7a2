"""How many rows of a selection carry each tag or one below it: one pass over the postings, and bits for the parents."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from references.pool.snapshot import Kind, Snapshot, View
from references.vocabulary import Vocabulary

Mask = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class _Parents:
    """By tag that has others below it, the rows that carry any of them, a bit each; of one vocabulary."""

    vocabulary: Vocabulary
    carriers: dict[int, Bits]


def tally_tags(snapshot: Snapshot, masks: Sequence[Mask], kind: Kind = "people") -> dict[int, int]:
    """How many rows carry each tag or one of its facet below it, by tag id; `masks` hold one for every view."""
    counts: Counter[int] = Counter()
    for view, mask in zip(snapshot.views, masks, strict=True):
        tags = view.documents(kind).tags
        own = dict(zip(tags.keys.tolist(), tags.count_keys(mask), strict=True))
        selected = _pack(mask)
        below = {
            tag_id: int(np.bitwise_count(carriers & selected).sum())
            for tag_id, carriers in _parents(view, kind, snapshot.vocabulary).items()
        }
        counts.update(own | below)
    return counts


def _parents(view: View, kind: Kind, vocabulary: Vocabulary) -> dict[int, Bits]:
    """The bits of all tags with others below them that a segment's rows carry, worked out once per vocabulary."""
    remembered, key = view.segment.remembered, ("carriers", kind)
    known: _Parents | None = remembered.get(key)
    if known is None or known.vocabulary is not vocabulary:
        known = remembered[key] = _Parents(vocabulary, _carriers(view, kind, vocabulary))
    return known.carriers


def _carriers(view: View, kind: Kind, vocabulary: Vocabulary) -> dict[int, Bits]:
    documents = view.documents(kind)
    carried = set(documents.tags.keys.tolist())
    found: dict[int, Bits] = {}
    for tag_id, family in vocabulary.parents_of_a_facet.items():
        if members := carried & family:
            mask = np.zeros(len(documents.documents), dtype=bool)
            _known, starts, ends = documents.tags.spans(sorted(members))
            mask[documents.tags.gather(starts, ends)[0]] = True
            found[tag_id] = _pack(mask)
    return found


def _pack(mask: Mask) -> Bits:
    """A mask as bits in whole words of 64."""
    words = np.zeros(-(-len(mask) // 64), dtype=np.uint64)
    bits = np.packbits(mask)
    words.view(np.uint8)[: len(bits)] = bits
    return words
