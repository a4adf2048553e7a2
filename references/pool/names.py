"""The folded names of customers and people in memory: in order for sorting, as one text for finding words in them.

A snapshot holds them, reads them when they are first asked for, and hands them to the next one, which reads anew those
of customers that the notes name. So no name is older than the snapshot. They are never written to disk.
"""

import threading
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
        lengths = np.fromiter((len(row[1]) + 1 for row in rows), np.int64, len(rows))
        text = "".join(f"{row[1]}\n" for row in rows)
        return cls(np.array([row[0] for row in rows], dtype=np.int64), facts, text, _starts(lengths))

    def with_those_of(self, customers: Collection[int], lines: Iterable[Line]) -> "NameList":
        """The same with the lines of these customers replaced; what lies between them is copied as it is."""
        if not len(self.ids):
            return NameList.of(lines)
        gone = np.flatnonzero(np.isin(self.facts[:, 0], np.array(sorted(customers), dtype=np.int64)))
        return self._without(gone)._with(sorted(lines, key=_order))

    def _without(self, gone: Ints) -> "NameList":
        starts, ends = np.append(0, self.ends[gone]), np.append(self.starts[gone], len(self.text))
        text = "".join(self.text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True))
        lengths = np.delete(self.ends - self.starts, gone)
        return NameList(np.delete(self.ids, gone), np.delete(self.facts, gone, axis=0), text, _starts(lengths))

    def _with(self, added: Sequence[Line]) -> "NameList":
        """The same and these lines, in order, each at its place."""
        if not added:
            return self
        lines = range(len(self.ids))
        places = [bisect_left(lines, _order(each), key=lambda at: (self.name(at), int(self.ids[at]))) for each in added]
        cuts = [0, *np.append(self.starts, len(self.text))[places].tolist(), len(self.text)]
        parts = [f"{self.text[cuts[at] : cuts[at + 1]]}{line[1]}\n" for at, line in enumerate(added)]
        lengths = np.insert(self.ends - self.starts, places, [len(line[1]) + 1 for line in added])
        return NameList(
            np.insert(self.ids, places, [line[0] for line in added]),
            np.insert(self.facts, places, [line[2] for line in added], axis=0),
            "".join((*parts, self.text[cuts[-2] :])),
            _starts(lengths),
        )

    @property
    def ends(self) -> Ints:
        """Where each line ends, its line break included."""
        return np.append(self.starts[1:], len(self.text))[: len(self.starts)]

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


def _starts(lengths: Ints) -> Ints:
    """Where lines of these lengths start, one after the other."""
    starts: Ints = np.cumsum(lengths) - lengths
    return starts


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
