"""Creates and changes rows in batches: within a file its first value holds, and over the pool's the file's."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils import timezone

from references.enums import TagOrigin
from references.importing.among import among
from references.importing.inserting import append_rows, insert_objects
from references.importing.report import Count

M = TypeVar("M", bound=models.Model)
BATCH = 500
_BLANK: tuple[Any, ...] = (None, "", ())


@dataclass(slots=True, eq=False)
class Held(Generic[M]):
    """One row of the pool as this batch knows it: which fields the file has set, and which of them changed it."""

    row: M
    claimed: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    is_new: bool = False
    is_touched: bool = False

    def set(self, name: str, value: Any) -> None:
        """Set a field to what the file says, unless it says nothing or an earlier row of it has said something."""
        if value in _BLANK or name in self.claimed:
            return
        self.claimed.add(name)
        self.put(name, value)

    def put(self, name: str, value: Any) -> None:
        """Set a field come what may."""
        if getattr(self.row, name) != value:
            setattr(self.row, name, value)
            self.changed.add(name)


class Upserts(Generic[M]):
    """The rows of one model that a file reads or writes, a batch at a time; counts each row once per file."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._claims: dict[int, frozenset[str]] = {}
        self._same: dict[frozenset[str], frozenset[str]] = {}
        self._states: dict[int, str] = {}
        self._held: dict[int, Held[M]] = {}
        self._new: list[Held[M]] = []
        self.fresh: set[int] = set()
        """The keys of the rows that this batch has made, on which nothing hung before."""

    def begin(self) -> None:
        """Forget the rows of the last batch."""
        self._held.clear()
        self._new.clear()
        self.fresh = set()

    def hold(self, rows: Iterable[M]) -> list[Held[M]]:
        """Take rows read from the pool into this batch; the same row twice is one."""
        return [self._hold(row) for row in rows]

    def create(self, row: M) -> Held[M]:
        """Take in a row that is new to the pool."""
        held = Held(row, is_new=True)
        self._new.append(held)
        return held

    @property
    def held_keys(self) -> set[int]:
        """The keys of the rows that this batch has read."""
        return set(self._held)

    @property
    def new(self) -> list[Held[M]]:
        """What this batch will create."""
        return list(self._new)

    def is_known(self, held: Held[M]) -> bool:
        """Whether an earlier row of the file has told of this one."""
        return held.is_new or bool(held.claimed) or held.row.pk in self._states

    def flush(self) -> list[Held[M]]:
        """Write what is new and what has changed; gives both, their keys known."""
        new = list(self._new)
        changed = [held for held in self._held.values() if held.changed]
        self._write_changes(changed)  # first, since a change may free what a new row takes
        insert_objects([held.row for held in new])
        for held in new:
            pk = held.row.pk
            self._states[pk] = "created"
            self._held[pk] = held
            self.fresh.add(pk)
        for held in self._held.values():
            self._settle(held)
        self._new.clear()
        return new + changed

    def note_change(self, held: Held[M]) -> None:
        """Count a row as changed because of what hangs on it, its tags for one."""
        if self._states.get(held.row.pk) != "created":
            self._states[held.row.pk] = "updated"

    def count(self) -> Count:
        """How many rows were created, changed, or were as the file says."""
        states = list(self._states.values())
        return Count(states.count("created"), states.count("updated"), states.count("unchanged"))

    def _hold(self, row: M) -> Held[M]:
        held = self._held.get(row.pk)
        if held is None:
            held = self._held[row.pk] = Held(row, claimed=set(self._claims.get(row.pk, ())))
        return held

    def _settle(self, held: Held[M]) -> None:
        """Remember what the file has said of a row, and count it."""
        pk = held.row.pk
        if held.claimed:
            claimed = frozenset(held.claimed)
            self._claims[pk] = self._same.setdefault(claimed, claimed)
        if held.changed and not held.is_new:
            self.note_change(held)
        elif held.is_touched or held.claimed:
            self._states.setdefault(pk, "unchanged")
        held.changed.clear()
        held.is_new = False

    def _write_changes(self, changed: list[Held[M]]) -> None:
        names = {each.name for each in self._model._meta.fields}
        groups: dict[frozenset[str], list[Held[M]]] = {}
        for held in changed:
            if "updated_at" in names:
                held.put("updated_at", timezone.now())
            groups.setdefault(frozenset(held.changed), []).append(held)
        for fields, members in groups.items():
            rows = [held.row for held in members]
            self._model._default_manager.bulk_update(rows, sorted(fields), batch_size=BATCH)


def add_links(
    through: type[models.Model], owner: str, wanted: dict[int, set[int]], fixed: dict[str, Any], fresh: set[int]
) -> set[int]:
    """Let owners carry tags: `wanted` holds the tags of each owner; gives the owners for whom that is new.

    `through` is the model between, `owner` its field, `fixed` what else a new row holds; the `fresh` among the owners
    carry nothing yet. A tag that was only inferred becomes a given one.
    """
    rows = through._default_manager.filter(**{f"{owner}__in": among(wanted.keys() - fresh)})
    there: set[tuple[int, int]] = set(rows.values_list(f"{owner}_id", "tag_id"))
    missing = [
        (owner_id, tag_id)
        for owner_id, tags in wanted.items()
        for tag_id in sorted(tags)
        if (owner_id, tag_id) not in there
    ]
    append_rows(through, [f"{owner}_id", "tag_id"], missing, fixed)
    return {owner_id for owner_id, _ in missing} | _confirm(rows, owner, wanted, fixed)


def _confirm(rows: Any, owner: str, wanted: dict[int, set[int]], fixed: dict[str, Any]) -> set[int]:
    """Let inferred tags that a file states be given ones; gives their owners."""
    if not any(field.name == "origin" for field in rows.model._meta.fields):
        return set()
    inferred = [
        row for row in rows.filter(origin=TagOrigin.INFERRED) if row.tag_id in wanted[getattr(row, f"{owner}_id")]
    ]
    rows.model._default_manager.filter(pk__in=[row.pk for row in inferred]).update(
        origin=TagOrigin.GIVEN, confidence=100, **fixed
    )
    return {getattr(row, f"{owner}_id") for row in inferred}
