"""Finds names that differ by a slip of the keyboard: all of a facet against all, a few lengths at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 5
_LONG = 10  # letters from which two slips are one name still
_MOST = 2
_ROWS = 1_024


def allowed_slips(letters: int) -> int:
    """How many letters may be added, lost, changed or swapped in a name of so many."""
    return 0 if letters < SHORTEST else 1 if letters < _LONG else _MOST


def find_typos(terms: Sequence[str], names: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield (place in terms, place in names, slips) of each pair that is close but not equal."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        by_length[len(name)].append(place)
    lengths: dict[int, list[int]] = defaultdict(list)
    for place, term in enumerate(terms):
        lengths[len(term)].append(place)
    for length, rows in lengths.items():
        most = allowed_slips(length)
        near = [place for each in range(length - most, length + most + 1) for place in by_length.get(each, ())]
        if not most or not near:
            continue
        for start in range(0, len(rows), _ROWS):
            yield from _compare(rows[start : start + _ROWS], near, terms, names, most)


def _compare(
    rows: Sequence[int], near: Sequence[int], terms: Sequence[str], names: Sequence[str], most: int
) -> Iterator[tuple[int, int, int]]:
    table = process.cdist(
        [terms[row] for row in rows],
        [names[place] for place in near],
        scorer=OSA.distance,
        score_cutoff=most,
        dtype=np.uint8,
    )
    for row, column in zip(*np.nonzero((table > 0) & (table <= most)), strict=True):
        term, name = terms[rows[row]], names[near[column]]
        if table[row, column] <= min(allowed_slips(len(term)), allowed_slips(len(name))):
            yield rows[row], near[column], int(table[row, column])
