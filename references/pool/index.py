"""The pool index of this process: asks "what changed since my revision?" before every answer, and refreshes exactly.

Reads happen on the database alias `settings.POOL_DATABASE`, in one snapshot, never inside a transaction of the request.
A large pool keeps its base segment as an image on disk, which the processes of a host map and share.
"""

import fcntl
import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connections, transaction

from references.collecting import collecting_seldom
from references.models import NoteKind, PoolNote
from references.policy import ProgramPolicy
from references.pool.compaction import merge_views
from references.pool.features import CustomerFeature, read_features
from references.pool.segment import Segment, build_segment
from references.pool.snapshot import Snapshot, View
from references.pool.vocabulary import read_vocabulary
from references.program import current_policy

logger = logging.getLogger(__name__)

IMAGE_FORMAT = 6
MOST_OVERLAY = 10_000
_NOTHING_DEAD = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Revision:
    """Where the database stands: the epoch, and the number of the last committed write."""

    epoch: str
    number: int


class PoolIndex:
    """Holds the newest snapshot this process has made; safe for threads, which swap it under a lock."""

    def __init__(self) -> None:
        self._snapshot: Snapshot | None = None
        self._lock = threading.Lock()

    def current(self) -> Snapshot:
        """Give the state as of the last committed write; one indexed query where nothing changed."""
        held = self._snapshot
        if held is not None and _is_fresh(held, read_revision()):
            return held
        with self._lock, transaction.atomic(using=settings.POOL_DATABASE):
            revision = read_revision()
            held = self._snapshot
            if held is None or not _is_fresh(held, revision):
                held = _refresh(held, revision)
                self._snapshot = held
            return held

    def forget(self) -> None:
        """Drop what is held; the next question reads everything anew."""
        with self._lock:
            self._snapshot = None


_index = PoolIndex()


def current_snapshot() -> Snapshot:
    """Give this process's snapshot of the pool, fresh to the last committed write."""
    return _index.current()


def forget_snapshot() -> None:
    """Drop this process's snapshot, for tests and after a restore."""
    _index.forget()


def read_revision() -> Revision:
    """Read the counter row; an empty epoch and 0 before the first write."""
    with connections[settings.POOL_DATABASE].cursor() as cursor:  # asked before every answer: as plain as can be
        cursor.execute("SELECT epoch, value FROM references_poolrevision WHERE id = 1")
        row = cursor.fetchone()
    return Revision("", 0) if row is None else Revision(UUID(str(row[0])).hex, row[1])


def _is_fresh(held: Snapshot, revision: Revision) -> bool:
    return (held.epoch, held.number) == (revision.epoch, revision.number)


def _refresh(held: Snapshot | None, revision: Revision) -> Snapshot:
    changes = None if held is None else _changes_since(Revision(held.epoch, held.number), revision)
    if held is None or changes is None:
        return _open(revision)
    views = _overlay(held.views, sorted(changes.customers), held.policy)
    return Snapshot(
        epoch=revision.epoch,
        number=revision.number,
        views=views,
        vocabulary=read_vocabulary(settings.POOL_DATABASE) if changes.vocabulary else held.vocabulary,
        policy=held.policy,
        names=held.names.after(changes.customers),
    )


@dataclass(slots=True)
class _Changes:
    customers: set[int]
    vocabulary: bool = False


def _changes_since(cursor: Revision, revision: Revision) -> _Changes | None:
    """What the notes say changed; None where only reading everything helps (a new epoch, gaps, or a change of all)."""
    if cursor.epoch != revision.epoch or cursor.number > revision.number:
        return None
    notes = PoolNote.objects.using(settings.POOL_DATABASE)
    numbers: set[int] = set()
    changes = _Changes(set())
    newer = notes.filter(number__gt=cursor.number, number__lte=revision.number)
    for number, kind, object_id in newer.values_list("number", "kind", "object_id"):
        numbers.add(number)
        if kind in (NoteKind.EVERYTHING, NoteKind.POLICY):  # a policy also says whose names the words may hold
            return None
        if kind == NoteKind.CUSTOMER:
            changes.customers.add(object_id)
        changes.vocabulary |= kind == NoteKind.VOCABULARY
    is_whole = len(numbers) == revision.number - cursor.number
    return changes if is_whole and len(changes.customers) <= MOST_OVERLAY else None


def _overlay(views: tuple[View, ...], customer_ids: list[int], policy: ProgramPolicy) -> list[View]:
    """Lay a small new segment of these customers over the others, and merge small ones, which stay few by that.

    Each is at least twice as large as the next, so there are no more of them than doublings in the pool. The base,
    which the processes of a host may share, is left as it is.
    """
    if not customer_ids:
        return list(views)
    replaced = np.asarray(customer_ids, dtype=np.int64)
    base, *overlays = (view.without(replaced) for view in views)
    with collecting_seldom():
        overlays.append(View(build_segment(_read(customer_ids, policy)), _NOTHING_DEAD))
        while len(overlays) > 1 and overlays[-2].alive_count < 2 * overlays[-1].alive_count:
            overlays[-2:] = [View(merge_views(overlays[-2:]), _NOTHING_DEAD)]
    return [base, *overlays]


def _open(revision: Revision) -> Snapshot:
    """Read the whole pool: from an image of this epoch and the notes since, or else from the database."""
    policy = current_policy(settings.POOL_DATABASE)
    return Snapshot(
        epoch=revision.epoch,
        number=revision.number,
        views=_open_image(revision, policy) or _build(revision, policy),
        vocabulary=read_vocabulary(settings.POOL_DATABASE),
        policy=policy,
    )


def _read(customer_ids: list[int] | None, policy: ProgramPolicy) -> Iterator[list[CustomerFeature]]:
    return read_features(customer_ids, settings.POOL_DATABASE, names_customers=policy.show_customer_name)


def _build(revision: Revision, policy: ProgramPolicy) -> list[View]:
    """Build the base from the database; a large one is written to disk, by one process at a time."""
    if not settings.POOL_IMAGE_DIR:
        with collecting_seldom():
            return [View(build_segment(_read(None, policy)), _NOTHING_DEAD)]
    with _only_builder():
        views = _open_image(revision, policy)
        if views is not None:  # another process was quicker
            return views
        with collecting_seldom():
            segment = build_segment(_read(None, policy))
        if len(segment.people_docs) < settings.POOL_IMAGE_MIN_PEOPLE or not revision.epoch:
            return [View(segment, _NOTHING_DEAD)]
        folder = _image_folder(revision)
        segment.save(folder)
        _drop_old_images(keep=folder)
        return [View(Segment.load(folder), _NOTHING_DEAD)]


def _open_image(revision: Revision, policy: ProgramPolicy) -> list[View] | None:
    """Map the newest image whose distance to the database the notes can bridge; None where there is none."""
    if not settings.POOL_IMAGE_DIR or not revision.epoch:
        return None
    found = sorted(
        (int(folder.name.rpartition("-")[2]), folder)
        for folder in _image_dir().glob(f"v{IMAGE_FORMAT}-{revision.epoch}-*[0-9]")
    )
    for number, folder in reversed(found):
        changes = _changes_since(Revision(revision.epoch, number), revision)
        if changes is None:
            continue
        try:
            base = View(Segment.load(folder), _NOTHING_DEAD)
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            logger.warning("The pool image %s cannot be read, it is built anew: %s", folder.name, error)
            continue
        return _overlay((base,), sorted(changes.customers), policy)
    return None


def _image_dir() -> Path:
    return Path(settings.POOL_IMAGE_DIR or "")


def _image_folder(revision: Revision) -> Path:
    return _image_dir() / f"v{IMAGE_FORMAT}-{revision.epoch}-{revision.number}"


def _drop_old_images(*, keep: Path) -> None:
    """Remove older images; a process that still maps one keeps its pages until it lets go."""
    for folder in keep.parent.iterdir():
        if folder.is_dir() and folder != keep:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _only_builder() -> Iterator[None]:
    """Let one process of the host build at a time; the others wait, then map what it made."""
    folder = _image_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "builder.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
