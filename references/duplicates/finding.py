"""Finds the pairs worth judging without comparing all with all: rows that share a key make a block.

A block of names is compared by RapidFuzz at once. A block larger than `MOST` is sorted and cut into windows that
overlap by half, so work grows with the number of rows, not with its square.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar

import numpy as np
from rapidfuzz import fuzz, process

from references.duplicates.judging import Firm, Likely, Person, judge_firms, judge_persons

Row = TypeVar("Row", Firm, Person)
MOST = 100
_FEW = 8  # rows compared one by one: a matrix would cost more
_CUTOFF = 85
_LETTERS = 4


def find_firms(firms: Sequence[Firm], among: Collection[int] | None = None) -> list[Likely]:
    """The customers that are likely one, most likely first; with `among`, only pairs with one of these ids."""
    exact = _blocks(firms, _exact_firm_keys, among)
    near = _blocks(firms, _near_firm_keys, among)
    found = _judge(_all_pairs(exact), judge_firms, among) | _judge(_alike_pairs(near, among), judge_firms, among)
    return _in_order(found)


def find_persons(persons: Sequence[Person], among: Collection[int] | None = None) -> list[Likely]:
    """The contacts that are likely one, most likely first; with `among`, only pairs with one of these ids."""
    exact = _blocks(persons, _exact_person_keys, among)
    near = _blocks(persons, _near_person_keys, among)
    found = _judge(_all_pairs(exact), judge_persons, among) | _judge(_all_pairs(near), judge_persons, among)
    return _in_order(found)


def _exact_firm_keys(firm: Firm) -> Iterator[Hashable]:
    yield "name", firm.name.squeezed
    yield "words", firm.name.key
    if firm.domain:
        yield "domain", firm.domain


def _near_firm_keys(firm: Firm) -> Iterator[Hashable]:
    """Where a misspelling is, it spares the beginning, the end, or one of the words."""
    name = firm.name.squeezed
    yield "begins", name[:_LETTERS]
    yield "ends", name[-_LETTERS:]
    if len(firm.name.words) > 1:
        yield from (("word", word) for word in set(firm.name.words) if len(word) > _LETTERS)


def _exact_person_keys(person: Person) -> Iterator[Hashable]:
    if person.email:
        yield "email", person.email
    if person.phone:
        yield "phone", person.phone
    if person.domain:
        yield "domain", person.domain, person.name.key


def _near_person_keys(person: Person) -> Iterator[Hashable]:
    yield "firm", person.firm


def _blocks(
    rows: Iterable[Row], keys: Callable[[Row], Iterator[Hashable]], among: Collection[int] | None
) -> Iterator[list[Row]]:
    """Rows by each key they share; with `among`, only under keys that one of these has."""
    rows = list(rows)
    wanted = None if among is None else {key for row in rows if row.id in among for key in keys(row)}
    blocks: defaultdict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        for key in keys(row):
            if wanted is None or key in wanted:
                blocks[key].append(row)
    for block in blocks.values():
        if len(block) > 1:
            yield from _windows(block)


def _windows(block: list[Row]) -> Iterator[list[Row]]:
    if len(block) <= MOST:
        yield block
        return
    block = sorted(block, key=lambda row: (row.name.key, row.id))
    for start in range(0, len(block) - MOST // 2, MOST // 2):
        yield block[start : start + MOST]


def _all_pairs(blocks: Iterable[list[Row]]) -> Iterator[tuple[Row, Row]]:
    for block in blocks:
        yield from combinations(block, 2)


def _alike_pairs(blocks: Iterable[list[Row]], among: Collection[int] | None) -> Iterator[tuple[Row, Row]]:
    """Pairs whose names are alike enough to be judged."""
    for block in blocks:
        if len(block) <= _FEW:
            yield from combinations(block, 2)
            continue
        asked = block if among is None else [row for row in block if row.id in among]
        names = [row.name.key for row in block]
        matrix = process.cdist(
            [row.name.key for row in asked], names, scorer=fuzz.ratio, score_cutoff=_CUTOFF, dtype=np.uint8
        )
        for here, there in np.argwhere(matrix).tolist():
            if asked[here].id != block[there].id and (among is not None or here < there):
                yield asked[here], block[there]


def _judge(
    pairs: Iterable[tuple[Row, Row]], judge: Callable[[Row, Row], Likely | None], among: Collection[int] | None
) -> set[Likely]:
    found: set[Likely] = set()
    for one, other in pairs:
        if among is not None and one.id not in among and other.id not in among:
            continue
        likely = judge(one, other)
        if likely is not None:
            found.add(likely)
    return found


def _in_order(found: Iterable[Likely]) -> list[Likely]:
    return sorted(found, key=lambda likely: (-likely.score, likely.first, likely.second))
