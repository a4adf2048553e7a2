"""How far the database is: a number that every write to the pool raises, and notes of what each write changed."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connections

from references.models import NoteKind, PoolNote

MOST_CHANGES = 10_000
"""More changed customers than this are not laid over what is there: all is read anew."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Where the database stands: the epoch, and the number of the last committed write."""

    epoch: str
    number: int


@dataclass(slots=True)
class Changes:
    """What changed between two revisions: customers by id, and whether the vocabulary did."""

    customers: set[int]
    vocabulary: bool = False


def read_revision() -> Revision:
    """Read the counter row; an empty epoch and 0 before the first write."""
    with connections[settings.POOL_DATABASE].cursor() as cursor:  # asked before every answer: as plain as can be
        cursor.execute("SELECT epoch, value FROM references_poolrevision WHERE id = 1")
        row = cursor.fetchone()
    return Revision("", 0) if row is None else Revision(UUID(str(row[0])).hex, row[1])


def changes_between(earlier: Revision, later: Revision) -> Changes | None:
    """What the notes say changed; None where only reading everything helps (a new epoch, gaps, or a change of all)."""
    if earlier.epoch != later.epoch or earlier.number > later.number:
        return None
    notes = PoolNote.objects.using(settings.POOL_DATABASE)
    numbers: set[int] = set()
    changes = Changes(set())
    newer = notes.filter(number__gt=earlier.number, number__lte=later.number)
    for number, kind, object_id in newer.values_list("number", "kind", "object_id"):
        numbers.add(number)
        if kind in (NoteKind.EVERYTHING, NoteKind.POLICY):  # a policy also says whose names the words may hold
            return None
        if kind == NoteKind.CUSTOMER:
            changes.customers.add(object_id)
        changes.vocabulary |= kind == NoteKind.VOCABULARY
    is_whole = len(numbers) == later.number - earlier.number
    return changes if is_whole and len(changes.customers) <= MOST_CHANGES else None
