"""The folded names of customers and people in memory: in order for sorting, as one text for finding words in them.

A snapshot holds them, reads them when they are first asked for, and hands them to the next one, which reads anew those
of customers that the notes name. So no name is older than the snapshot. They are never written to disk.
"""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from django.conf import settings

from references.models import Contact, Customer

Ints = npt.NDArray[np.int64]
Line = tuple[int, str, tuple[int, ...]]
Read = Callable[[Collection[int] | None], Iterator[Line]]

MOST_STALE = 2_000
_MOST_FACTS = 3


@dataclass(frozen=True)
class NameList:
    """Names of one kind, by line in their order: ids, facts, and one text with where each line starts in it.

    `facts` are (customer, account owner or 0, whether it may be named) for customers, and (customer,) for people.
    """

    ids: Ints
    facts: Ints
    text: str
    starts: Ints

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "NameList":
        """Order the lines: by name, then by id."""
        rows = sorted(lines, key=_order)
        facts = np.array([row[2] for row in rows] or np.empty((0, _MOST_FACTS)), dtype=np.int64)
        return cls._join(np.array([row[0] for row in rows], dtype=np.int64), facts, [row[1] for row in rows])

    @classmethod
    def _join(cls, ids: Ints, facts: Ints, names: list[str]) -> "NameList":
        ends = np.cumsum(np.fromiter(map(len, names), np.int64, len(names)) + 1)
        return cls(ids, facts, "".join(f"{name}\n" for name in names), np.append(0, ends[:-1]) if names else ends)

    def with_those_of(self, customers: Collection[int], lines: Iterable[Line]) -> "NameList":
        """The same with the lines of these customers replaced."""
        if not len(self.ids):
            return NameList.of(lines)
        gone = np.flatnonzero(np.isin(self.facts[:, 0], np.array(sorted(customers), dtype=np.int64)))
        ids, facts, names = np.delete(self.ids, gone), np.delete(self.facts, gone, axis=0), self.text.split("\n")
        for place in (*reversed(gone.tolist()), -1):  # the last is what follows the last line
            del names[place]
        added = sorted(lines, key=_order)
        places = [_place(names, ids, name, pk) for pk, name, _ in added]
        for place, (_, name, _) in zip(reversed(places), reversed(added), strict=True):
            names.insert(place, name)
        if added:
            ids = np.insert(ids, places, [pk for pk, _, _ in added])
            facts = np.insert(facts, places, [each for _, _, each in added], axis=0)
        return NameList._join(ids, facts, names)

    @cached_property
    def _by_id(self) -> Ints:
        return np.argsort(self.ids, kind="stable")

    def places(self, ids: Ints) -> Ints:
        """The line of each id, the number of lines for one that is unknown."""
        order = self._by_id
        if not len(order):
            return np.zeros(len(ids), dtype=np.int64)
        found = order[np.minimum(np.searchsorted(self.ids, ids, sorter=order), len(order) - 1)]
        return np.where(self.ids[found] == ids, found, len(order))

    def holding(self, part: str) -> set[int]:
        """The lines in which this part of a name occurs; all of them for an empty one."""
        if not part:
            return set(range(len(self.ids)))
        found, at = [], self.text.find(part)
        while at >= 0:
            found.append(at)
            at = self.text.find(part, at + len(part))
        lines: set[int] = set((np.searchsorted(self.starts, found, side="right") - 1).tolist())
        return lines

    def name(self, line: int) -> str:
        """What a line says."""
        start = int(self.starts[line])
        return self.text[start : self.text.index("\n", start)]


def _order(line: Line) -> tuple[str, int]:
    return line[1], line[0]


def _place(names: list[str], ids: Ints, name: str, pk: int) -> int:
    """Where a line belongs among others in order."""
    first, end = bisect_left(names, name), bisect_right(names, name)
    return first + int(np.searchsorted(ids[first:end], pk))


class _Held:
    """A list of names, read when asked for, and the customers whose names have changed since; safe for threads."""

    def __init__(self, read: Read, names: NameList | None = None, stale: frozenset[int] = frozenset()) -> None:
        self._read = read
        self._known = names, stale
        self._lock = threading.Lock()

    def get(self) -> NameList:
        names, stale = self._known
        if names is not None and not stale:
            return names
        with self._lock:
            names, stale = self._known
            if names is None:
                names = NameList.of(self._read(None))
            elif stale:
                names = names.with_those_of(stale, self._read(stale))
            self._known = names, frozenset()
            return names

    def after(self, customers: Collection[int]) -> "_Held":
        names, stale = self._known
        stale = stale.union(customers)
        return _Held(self._read) if names is None or len(stale) > MOST_STALE else _Held(self._read, names, stale)


def _read_customers(customers: Collection[int] | None) -> Iterator[Line]:
    rows = Customer.objects.using(settings.POOL_DATABASE).order_by()
    rows = rows if customers is None else rows.filter(pk__in=customers)
    columns = rows.values_list("pk", "folded_name", "domain", "account_owner_id", "is_named")
    for pk, name, domain, owner, is_named in columns.iterator(chunk_size=10_000):
        # a tab comes before every letter: the domain, which words are looked for in as well, does not change the order
        yield pk, f"{name}\t{' '.join(domain.lower().split())}", (pk, owner or 0, is_named)


def _read_people(customers: Collection[int] | None) -> Iterator[Line]:
    rows = Contact.objects.using(settings.POOL_DATABASE).order_by()
    rows = rows if customers is None else rows.filter(customer__in=customers)
    for pk, name, customer in rows.values_list("pk", "folded_name", "customer_id").iterator(chunk_size=10_000):
        yield pk, name, (customer,)


class Names:
    """The names of a snapshot: of customers, with their domains, and of people."""

    def __init__(self, customers: _Held | None = None, people: _Held | None = None) -> None:
        self._customers = customers or _Held(_read_customers)
        self._people = people or _Held(_read_people)

    @property
    def customers(self) -> NameList:
        return self._customers.get()

    @property
    def people(self) -> NameList:
        return self._people.get()

    def after(self, customers: Collection[int]) -> "Names":
        """The names for the next snapshot, with these customers changed."""
        return Names(self._customers.after(customers), self._people.after(customers))
