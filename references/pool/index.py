"""The pool index of this process: asks "what changed since my revision?" before every answer, and refreshes exactly.

Reads happen on the database alias `settings.POOL_DATABASE`, in one snapshot, never inside a transaction of the request.
A large pool keeps its base segment as an image on disk, which the processes of a host map and share.
"""

import threading
from collections.abc import Iterator, Sequence

import numpy as np
from django.conf import settings
from django.db import transaction

from references.collecting import collecting_seldom
from references.policy import ProgramPolicy
from references.pool.compaction import merge_views
from references.pool.features import CustomerFeature, read_features
from references.pool.images import only_builder, open_image, save_image
from references.pool.parts import write_image_in_parts
from references.pool.revisions import Revision, changes_between, read_revision
from references.pool.segment import build_segment
from references.pool.snapshot import Snapshot, View
from references.pool.vocabulary import read_vocabulary
from references.program import current_policy
from references.vocabulary import Vocabulary

_NOTHING_DEAD = np.zeros(0, dtype=np.int64)


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
        with self._lock:
            refreshed = (None if self._snapshot is None else _refresh(self._snapshot)) or _open()
            self._snapshot = refreshed
            return refreshed

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


def _is_fresh(held: Snapshot, revision: Revision) -> bool:
    return (held.epoch, held.number) == (revision.epoch, revision.number)


def _refresh(held: Snapshot) -> Snapshot | None:
    """The state of now, from what is held and what changed; None where only reading everything helps."""
    with transaction.atomic(using=settings.POOL_DATABASE):
        revision = read_revision()
        if _is_fresh(held, revision):
            return held
        changes = changes_between(Revision(held.epoch, held.number), revision)
        if changes is None:
            return None
        vocabulary = read_vocabulary(settings.POOL_DATABASE) if changes.vocabulary else held.vocabulary
        return Snapshot(
            epoch=revision.epoch,
            number=revision.number,
            views=_overlay(held.views, sorted(changes.customers), held.policy, vocabulary),
            vocabulary=vocabulary,
            policy=held.policy,
            names=held.names.after(changes.customers),
        )


def _overlay(
    views: tuple[View, ...], customer_ids: list[int], policy: ProgramPolicy, vocabulary: Vocabulary
) -> list[View]:
    """Lay a small new segment of these customers over the others, and merge small ones, which stay few by that.

    Each is at least twice as large as the next but one, so there are no more of them than two for each doubling in the
    pool, and two refreshes of three merge nothing. The base, which the processes of a host may share, is left as it is.
    """
    if not customer_ids:
        return list(views)
    replaced = np.asarray(customer_ids, dtype=np.int64)
    base, *overlays = (view.without(replaced) for view in views)
    with collecting_seldom():
        overlays.append(View(build_segment(_read(customer_ids, policy, vocabulary)), _NOTHING_DEAD))
        while len(overlays) > 2 and overlays[-3].alive_count < 2 * overlays[-1].alive_count:
            overlays[-3:] = [View(merge_views(overlays[-3:]), _NOTHING_DEAD)]
    return [base, *overlays]


def _open() -> Snapshot:
    """Read the whole pool: from an image and the notes since, or else from the database, by one process at a time."""
    opened = _open_image()
    if opened is not None:
        return opened
    with only_builder():
        opened = _open_image()  # another process was quicker
        if opened is None and settings.POOL_IMAGE_DIR and write_image_in_parts():
            opened = _open_image()
        return opened or _build()


def _open_image() -> Snapshot | None:
    """The pool by the newest image that serves, as of one moment; None where none does."""
    with transaction.atomic(using=settings.POOL_DATABASE):
        revision, policy = read_revision(), current_policy(settings.POOL_DATABASE)
        found = open_image(revision)
        if found is None:
            return None
        segment, changes = found
        base, vocabulary = View(segment, _NOTHING_DEAD), read_vocabulary(settings.POOL_DATABASE)
        views = _overlay((base,), sorted(changes.customers), policy, vocabulary)
        return _snapshot(revision, policy, views, vocabulary)


def _build() -> Snapshot:
    """The pool as read from the database in one moment; the base of a large one is written to disk."""
    with transaction.atomic(using=settings.POOL_DATABASE), collecting_seldom():
        revision, policy = read_revision(), current_policy(settings.POOL_DATABASE)
        vocabulary = read_vocabulary(settings.POOL_DATABASE)
        segment = build_segment(_read(None, policy, vocabulary))
        if settings.POOL_IMAGE_DIR and revision.epoch and len(segment.people_docs) >= settings.POOL_IMAGE_MIN_PEOPLE:
            segment = save_image(segment, revision)
        return _snapshot(revision, policy, [View(segment, _NOTHING_DEAD)], vocabulary)


def _snapshot(revision: Revision, policy: ProgramPolicy, views: list[View], vocabulary: Vocabulary) -> Snapshot:
    return Snapshot(epoch=revision.epoch, number=revision.number, views=views, vocabulary=vocabulary, policy=policy)


def _read(
    customer_ids: Sequence[int] | None, policy: ProgramPolicy, vocabulary: Vocabulary
) -> Iterator[list[CustomerFeature]]:
    return read_features(
        customer_ids, settings.POOL_DATABASE, names_customers=policy.show_customer_name, vocabulary=vocabulary
    )
