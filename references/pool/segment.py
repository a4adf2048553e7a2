"""Columns and posting lists over a fixed set of customers: what one part of the pool index is made of.

A segment is immutable. Tags and words are posting lists in compressed sparse rows: `rows[ptr[k]:ptr[k + 1]]` are the
rows, ascending, that carry key k. All arrays can be written to a folder and mapped back into memory, where the
processes of a host share them.
"""

import json
import shutil
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from references.activities import CODES
from references.enums import EngagementStatus
from references.pool.features import ENGAGEMENT_STATUSES, ContentFeature, CustomerFeature, PersonFeature, TagFeature

Ints = npt.NDArray[Any]
FIELDS = 3
Key = TypeVar("Key")
_EMPTY = np.zeros(0, dtype=np.int32)
_MOST_TF = 255
_ACCEPTED = [ENGAGEMENT_STATUSES.index(each) for each in (EngagementStatus.PLANNED, EngagementStatus.COMPLETED)]
_REFUSED = [ENGAGEMENT_STATUSES.index(each) for each in (EngagementStatus.DECLINED, EngagementStatus.NO_ANSWER)]
_MOST_WAITING = 500_000
"""Words that wait to be counted: enough to count them in bulk, few beside what is kept of them."""


@dataclass(frozen=True)
class Postings:
    """Rows by key: `keys` sorted, `rows[ptr[k]:ptr[k+1]]` ascending, and a value column per posting."""

    keys: Ints
    ptr: Ints
    rows: Ints
    values: Ints

    def at(self, key: int) -> tuple[Ints, Ints]:
        """Rows and values of a key; empty arrays where it has none."""
        span = self.span(key)
        return (_EMPTY, self.values[:0]) if span is None else (self.rows[span], self.values[span])

    def span(self, key: int) -> slice | None:
        """Where the postings of a key lie; None where it has none."""
        place = int(self.keys.searchsorted(key))
        if place == len(self.keys) or self.keys[place] != key:
            return None
        return slice(int(self.ptr[place]), int(self.ptr[place + 1]))

    def spans(self, keys: Collection[int]) -> tuple[Ints, Ints, Ints]:
        """Where the postings of many keys lie: places among `keys` of those that have any, their first, their end."""
        wanted = np.fromiter(keys, dtype=np.int64, count=len(keys))
        places = self.keys.searchsorted(wanted)
        places[places == len(self.keys)] = 0
        known = np.flatnonzero(self.keys[places] == wanted) if len(self.keys) else places[:0]
        return known, self.ptr[places[known]], self.ptr[places[known] + 1]

    def gather(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
        """Rows and values of several spans side by side, and for each posting the place of its span."""
        if not len(starts):
            return _EMPTY, self.values[:0], _EMPTY
        spans = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return (
            np.concatenate([self.rows[span] for span in spans]),
            np.concatenate([self.values[span] for span in spans]),
            np.repeat(np.arange(len(spans), dtype=np.int32), ends - starts),
        )

    def count_keys(self, mask: npt.NDArray[np.bool_]) -> list[int]:
        """How many rows of a mask each key has, in the order of the keys."""
        if not len(self.keys):
            return []
        marks = mask.view(np.uint8).take(self.rows)
        counts: list[int] = np.add.reduceat(marks, self.ptr[:-1], dtype=np.int32).tolist()
        return counts


class _PostingsBuilder:
    """Collects postings row by row, ascending: keys, how many each row has, and values, of `shape` per posting."""

    def __init__(self, dtype: str, *shape: int) -> None:
        self.keys = array("q")
        self.sizes = array("l")
        self.values = array("l")
        self.shape = shape
        self.dtype = dtype

    def add_row(self, keys: Collection[int], values: Iterable[int]) -> None:
        """Add the postings of the next row: its keys, and the values of each, one after the other."""
        self.keys.extend(keys)
        self.sizes.append(len(keys))
        self.values.extend(values)

    def build(self) -> Postings:
        rows = np.repeat(np.arange(len(self.sizes), dtype=np.int32), np.asarray(self.sizes, dtype=np.int64))
        values = np.asarray(self.values, dtype=self.dtype).reshape(-1, *self.shape)
        return sort_postings(np.asarray(self.keys, dtype=np.int64), rows, values)


class _WordsBuilder:
    """Collects the words of rows, ascending; every now and then a batch is counted, so that little waits."""

    def __init__(self) -> None:
        self.waiting = array("i")
        self.lengths = array("l")
        self.first_row = 0
        self.counted: list[tuple[Ints, Ints, Ints]] = []

    def add_row(self, words: Sequence[Sequence[str]], terms: "_Terms") -> None:
        """Add the next row's words, field by field."""
        for each in words:
            self.lengths.append(len(each))
            self.waiting.extend(map(terms.__getitem__, each))
        if len(self.waiting) > _MOST_WAITING:
            self._count()

    def build(self) -> Postings:
        self._count()
        keys, rows, counts = (np.concatenate(column) for column in zip(*self.counted, strict=True))
        self.counted.clear()
        return sort_postings(keys, rows, counts)

    def _count(self) -> None:
        """Count how often each row has each term in each field."""
        lengths = np.asarray(self.lengths, dtype=np.int64)[self.first_row * FIELDS :]
        cells = np.repeat(np.arange(len(lengths)), lengths)
        codes, times = np.unique(np.asarray(self.waiting, dtype=np.int64) * len(lengths) + cells, return_counts=True)
        pairs, fields = codes // FIELDS, codes % FIELDS
        starts = np.flatnonzero(np.diff(pairs, prepend=-1))
        counts = np.zeros((len(starts), FIELDS), dtype=np.uint8)
        counts[np.repeat(np.arange(len(starts)), np.diff(starts, append=len(pairs))), fields] = np.minimum(
            times, _MOST_TF
        )
        rows_here = len(lengths) // FIELDS
        keys = (pairs[starts] // max(rows_here, 1)).astype(np.int32)
        rows = (pairs[starts] % max(rows_here, 1) + self.first_row).astype(np.int32)
        self.counted.append((keys, rows, counts))
        self.first_row += rows_here
        del self.waiting[:]


class _Numbered(defaultdict[Key, int]):
    """Numbers things in the order in which they are first asked for."""

    def __init__(self) -> None:
        super().__init__(count().__next__)


_Terms = _Numbered[str]


def sort_postings(keys: Ints, rows: Ints, values: Ints) -> Postings:
    """Postings by key, of which the rows ascend within every key already."""
    small = keys.astype(np.uint16) if keys.max(initial=0) < 1 << 16 else keys  # these are sorted by radix
    order = np.argsort(small, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    ptr = np.append(starts, len(keys)).astype(np.int64)
    return Postings(ordered[starts].astype(np.int64), ptr, rows[order], values[order])


_DAY_FIRST = np.array([1 << 16, 1], dtype=np.uint32)
"""Makes one number of a day and a confidence, each below 2¹⁶."""


def encode_facts(facts: Ints) -> tuple[Ints, Ints]:
    """Of (day, confidence) by tag (n, 2): the place of each among the different ones, and those (k, 2)."""
    different, codes = np.unique(facts.astype(np.uint32) @ _DAY_FIRST, return_inverse=True)
    table = np.column_stack(np.divmod(different, _DAY_FIRST[0])).astype(np.uint16)
    return codes.ravel().astype(_width(len(different))), table


def number_terms(parts: Sequence[Mapping[str, int]]) -> tuple[dict[str, int], list[Ints]]:
    """Number the terms of several segments together; gives by part the new number of each of its own."""
    terms = dict(zip(dict.fromkeys(chain.from_iterable(parts)), count(), strict=False))
    renumbered = [np.fromiter(map(terms.__getitem__, part), dtype=np.int64, count=len(part)) for part in parts]
    return terms, renumbered


def _width(count: int) -> npt.DTypeLike:
    """The narrowest type for places among `count`."""
    return np.uint16 if count <= 1 << 16 else np.uint32


@dataclass(frozen=True)
class Documents:
    """What people and content have in common: ids, tags with the day verified, words per field, and consents.

    Shapes for n documents: `ids`, `customers`, `places` (n,); `lengths` (n, 3). The tags of row r, as places among
    `tags.keys`, are `row_tags[row_ptr[r]:row_ptr[r + 1]]`. Posting values: tags a place in `tag_facts` (k, 2), which
    holds the day verified as a number and the confidence in percent, words three term counts, consents (by activity)
    the first and last day number.
    """

    ids: Ints
    customers: Ints
    places: Ints
    lengths: Ints
    tags: Postings
    words: Postings
    consents: Postings
    tag_facts: Ints
    row_ptr: Ints
    row_tags: Ints

    @classmethod
    def of(
        cls, *, ids: Ints, customers: Ints, places: Ints, lengths: Ints, tags: Postings, words: Postings,
        consents: Postings, tag_facts: Ints,
    ) -> "Documents":  # fmt: skip
        """Documents of these columns."""
        order = np.argsort(tags.rows, kind="stable")
        tag_places = np.repeat(np.arange(len(tags.keys), dtype=_width(len(tags.keys))), np.diff(tags.ptr))
        return cls(
            ids=ids,
            customers=customers,
            places=places,
            lengths=lengths,
            tags=tags,
            words=words,
            consents=consents,
            tag_facts=tag_facts,
            row_ptr=np.searchsorted(tags.rows[order], np.arange(len(ids) + 1)).astype(np.uint32),
            row_tags=tag_places[order],
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def length_totals(self) -> Ints:
        """Words in each field over all rows."""
        totals: Ints = self.lengths.sum(axis=0, dtype=np.int64)
        return totals

    def count_tags_of(self, rows: Ints) -> Ints:
        """How many of some rows carry each tag, in the order of `tags.keys`."""
        starts, ends = self.row_ptr[rows].astype(np.int64), self.row_ptr[rows + 1].astype(np.int64)
        sizes = ends - starts
        places = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        return np.bincount(self.row_tags[places], minlength=len(self.tags.keys))

    def tags_of(self, row: int) -> list[int]:
        """Ids of the tags that a row carries."""
        places = self.row_tags[int(self.row_ptr[row]) : int(self.row_ptr[row + 1])]
        return [int(key) for key in self.tags.keys[places]]


@dataclass(frozen=True)
class People:
    """Columns of contacts beside their documents; day columns as day numbers, `activities` and `flags` as bits."""

    status: Ints
    seniority: Ints
    sensitivity: Ints
    activities: Ints
    flags: Ints
    paused_until: Ints
    own_limit: Ints
    loyalty: Ints
    size: Ints
    owner: Ints
    renewal: Ints
    blackouts: Ints


@dataclass(frozen=True)
class Ledger:
    """Every touch: `row` is the person's row (−1 for people outside), `place` the customer's place, ascending."""

    row: Ints
    place: Ints
    activity: Ints
    status: Ints
    day: Ints
    asked: Ints
    answered: Ints
    expires: Ints
    feedback: Ints

    def __len__(self) -> int:
        return len(self.row)


WENT_BADLY, THANKED, REWARDED = 1, 2, 4


@dataclass(frozen=True)
class Segment:
    """A part of the pool. `customer_ids` sorted; `exclusions` are folded names by customer id."""

    customer_ids: Ints
    people_docs: Documents
    people: People
    content_docs: Documents
    content_kind: Ints
    content_activity: Ints
    content_published: Ints
    ledger: Ledger
    terms: Mapping[str, int]
    exclusions: Mapping[int, tuple[str, ...]]

    @cached_property
    def remembered(self) -> dict[Any, Any]:
        """What has been computed from the segment's columns alone, by question; see `conditions.py`."""
        return {}

    @cached_property
    def people_rows(self) -> dict[int, int]:
        """Row by contact id."""
        return {int(contact): row for row, contact in enumerate(self.people_docs.ids)}

    @cached_property
    def answers(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
        """By person's row, how often they said yes, and how often they answered or kept silent: (yes, all)."""
        ledger, rows = self.ledger, len(self.people_docs)
        yes = np.isin(ledger.status, _ACCEPTED) & (ledger.row >= 0)
        no = np.isin(ledger.status, _REFUSED) & (ledger.row >= 0)
        accepted = np.bincount(ledger.row[yes], minlength=rows).astype(np.uint32)
        return accepted, accepted + np.bincount(ledger.row[no], minlength=rows).astype(np.uint32)

    def save(self, folder: Path) -> None:
        """Write all arrays below `folder`; a half-written folder never appears under its final name."""
        partial = folder.with_name(folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, values in _arrays(self).items():
            np.save(partial / f"{name}.npy", values)
        words = {"terms": list(self.terms), "exclusions": {str(key): value for key, value in self.exclusions.items()}}
        (partial / "words.json").write_text(json.dumps(words), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)  # a damaged one
        partial.rename(folder)

    @classmethod
    def load(cls, folder: Path) -> "Segment":
        """Map what `save` wrote into memory; raises OSError, EOFError or ValueError for a folder that is not whole."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        # A plain view of each map: np.memmap does work of its own for every slice, and a search takes thousands.
        arrays = {path.stem: np.asarray(np.load(path, mmap_mode="r")) for path in folder.glob("*.npy")}
        parts: dict[str, Any] = defaultdict(dict)
        for name, values in arrays.items():
            owner, _, column = name.rpartition(".")
            parts[owner][column] = values

        def documents(owner: str) -> Documents:
            lists: dict[str, Any] = {each: Postings(**parts[f"{owner}.{each}"]) for each in _POSTINGS}
            return Documents(**parts[owner], **lists)

        return cls(
            people_docs=documents("people_docs"),
            people=People(**parts["people"]),
            content_docs=documents("content_docs"),
            ledger=Ledger(**parts["ledger"]),
            terms={term: place for place, term in enumerate(words["terms"])},
            exclusions={int(key): tuple(value) for key, value in words["exclusions"].items()},
            **parts[""],
        )


def build_segment(chunks: Iterable[list[CustomerFeature]]) -> Segment:
    """Make a segment of customers that come in chunks, ascending by id; the features are let go chunk by chunk."""
    return _Builder().build(chunks)


class _Builder:
    """Collects columns while customers stream by."""

    def __init__(self) -> None:
        self.terms = _Terms()
        self.customers = array("q")
        self.exclusions: dict[int, tuple[str, ...]] = {}
        self.people: dict[str, array[int]] = {name: array("q") for name in _PEOPLE_TYPES}
        self.blackouts = array("l")
        self.content: dict[str, array[int]] = {name: array("q") for name in ("kind", "activity", "published")}
        self.events: dict[str, array[int]] = {name: array("q") for name in _LEDGER_TYPES}
        self.people_docs = _DocumentsBuilder(self.terms)
        self.content_docs = _DocumentsBuilder(self.terms)

    def build(self, chunks: Iterable[list[CustomerFeature]]) -> Segment:
        for customer in chain.from_iterable(chunks):
            self.add(customer)
        people = {name: np.asarray(self.people[name], dtype=kind) for name, kind in _PEOPLE_TYPES.items()}
        events = {name: np.asarray(self.events[name], dtype=kind) for name, kind in _LEDGER_TYPES.items()}
        return Segment(
            customer_ids=np.asarray(self.customers, dtype=np.int64),
            people_docs=self.people_docs.build(),
            people=People(**people, blackouts=np.asarray(self.blackouts, dtype=np.int32).reshape(-1, 3)),
            content_docs=self.content_docs.build(),
            content_kind=np.asarray(self.content["kind"], dtype=np.uint8),
            content_activity=np.asarray(self.content["activity"], dtype=np.uint8),
            content_published=np.asarray(self.content["published"], dtype=np.uint16),
            ledger=Ledger(**events),
            terms=dict(self.terms),
            exclusions=self.exclusions,
        )

    def add(self, customer: CustomerFeature) -> None:
        place = len(self.customers)
        self.customers.append(customer.id)
        if customer.exclusions:
            self.exclusions[customer.id] = tuple(customer.exclusions)
        rows = {-1: -1}
        for person in customer.people:
            rows[person.id] = self.people_docs.add(person, customer.id, place)
            self.add_person(person, customer, rows[person.id])
        for content in customer.content:
            self.content_docs.add(content, customer.id, place)
            for name, column in self.content.items():
                column.append(getattr(content, name))
        for event in customer.events:
            feedback = WENT_BADLY * event.went_badly + THANKED * event.thanked + REWARDED * event.rewarded
            values = (
                rows.get(event.contact, -1), place, event.activity, event.status, event.day, event.asked,
                event.answered, event.expires, feedback,
            )  # fmt: skip
            for column, value in zip(self.events.values(), values, strict=True):
                column.append(value)

    def add_person(self, person: PersonFeature, customer: CustomerFeature, row: int) -> None:
        values = (
            person.status, person.seniority, person.sensitivity, person.activities, person.flags,
            person.paused_until, person.max_per_quarter, person.loyalty, customer.size, customer.owner,
            customer.renewal,
        )  # fmt: skip
        for column, value in zip(self.people.values(), values, strict=True):
            column.append(value)
        for starts, ends in person.blackouts:
            self.blackouts.extend((row, starts, ends))


_PEOPLE_TYPES = {
    "status": "u1", "seniority": "i1", "sensitivity": "u1", "activities": "u4", "flags": "u1", "paused_until": "u2",
    "own_limit": "i2", "loyalty": "u1", "size": "i1", "owner": "i8", "renewal": "u2",
}  # fmt: skip
_LEDGER_TYPES = {
    "row": "i4", "place": "i4", "activity": "u1", "status": "u1", "day": "u2", "asked": "u2", "answered": "u2",
    "expires": "i8", "feedback": "u1",
}  # fmt: skip


_POSTINGS = ("tags", "words", "consents")


class _DocumentsBuilder:
    """Collects documents; term numbers are shared by all documents of the segment."""

    def __init__(self, terms: _Terms) -> None:
        self.terms = terms
        self.ids, self.customers, self.places = array("q"), array("q"), array("l")
        self.tags = _PostingsBuilder("u4")
        self.facts = _Numbered[TagFeature]()
        self.words = _WordsBuilder()
        self.consents = _PostingsBuilder("u2", 2)

    def add(self, document: PersonFeature | ContentFeature, customer: int, place: int) -> int:
        """Add one document; gives its row."""
        row = len(self.ids)
        self.ids.append(document.id)
        self.customers.append(customer)
        self.places.append(place)
        self.tags.add_row(document.tags.keys(), map(self.facts.__getitem__, document.tags.values()))
        self.words.add_row(document.words, self.terms)
        consents = document.consents
        days = chain.from_iterable((each.starts, each.until) for each in consents)
        self.consents.add_row([each.activity for each in consents], days)
        return row

    def build(self) -> Documents:
        tags = self.tags.build()
        codes, facts = encode_facts(np.array([*self.facts], dtype=np.uint16).reshape(-1, 2))
        return Documents.of(
            ids=np.asarray(self.ids, dtype=np.int64),
            customers=np.asarray(self.customers, dtype=np.int64),
            places=np.asarray(self.places, dtype=np.int32),
            lengths=np.asarray(self.words.lengths, dtype=np.uint32).reshape(-1, FIELDS),
            tags=replace(tags, values=codes[tags.values]),
            words=self.words.build(),
            consents=self.consents.build(),
            tag_facts=facts,
        )


def _arrays(part: Any, prefix: str = "") -> dict[str, Ints]:
    """All arrays of a segment by dotted name; what was worked out from them is not among them."""
    found: dict[str, Ints] = {}
    for name in (each.name for each in fields(part)):
        value = getattr(part, name)
        if isinstance(value, np.ndarray):
            found[prefix + name] = value
        elif isinstance(value, Documents | People | Ledger | Postings):
            found |= _arrays(value, f"{prefix}{name}.")
    return found


assert len(CODES) <= 32, "activities fit the bits of a 32-bit column"  # noqa: S101
