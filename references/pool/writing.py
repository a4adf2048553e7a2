"""The one door for writes to the pool: what is touched inside it is announced, in commit order, to every reader.

A write happens inside one outermost `pool_write()`. Services called within only add to its set of touched customers.
At its exit, as the last statements before the commit, it takes the next number from a one-row counter, whose row lock
makes the order of numbers the order of commits, and keeps notes of what changed under that number.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from references.models.revision import NoteKind, PoolNote, PoolRevision
from references.pool.gate import Touched, open_write

NOTES_KEPT = 50_000
_MANY = 5_000


@contextmanager
def pool_write() -> Iterator[Touched]:
    """Open, or join, the transaction in which the pool may be written; gives the set to add what was touched.

    The outermost one is a durable transaction: it raises RuntimeError inside another one, since a number taken
    long before the real commit would block every other writer until then.
    """
    outer = open_write.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
        return
    touched = Touched()
    with transaction.atomic(durable=True):
        token = open_write.set(touched)
        try:
            yield touched
        finally:
            open_write.reset(token)
        if not touched.is_empty:
            _announce(touched)


def renew_epoch() -> None:
    """Tell every reader to start afresh, after a restore or a flush."""
    PoolRevision.objects.update_or_create(pk=1, defaults={"epoch": uuid.uuid4()})


def _announce(touched: Touched) -> None:
    number = _take_next_number()
    if touched.everything or len(touched.customers) > _MANY:
        notes = [PoolNote(number=number, kind=NoteKind.EVERYTHING)]
    else:
        notes = [PoolNote(number=number, kind=NoteKind.CUSTOMER, object_id=each) for each in sorted(touched.customers)]
    if touched.vocabulary:
        notes.append(PoolNote(number=number, kind=NoteKind.VOCABULARY))
    if touched.policy:
        notes.append(PoolNote(number=number, kind=NoteKind.POLICY))
    PoolNote.objects.bulk_create(notes)
    if number % 100 == 0:
        PoolNote.objects.filter(number__lte=number - NOTES_KEPT).delete()


def _take_next_number() -> int:
    statement = "UPDATE references_poolrevision SET value = value + 1 WHERE id = 1 RETURNING value"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
        if row is None:  # the first write after a flush
            PoolRevision.objects.bulk_create([PoolRevision(pk=1)], ignore_conflicts=True)  # others may be first too
            cursor.execute(statement)
            row = cursor.fetchone()
    return int(row[0])
