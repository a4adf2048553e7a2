"""The base of a large pool as a folder on disk, which the processes of a host map into memory and share."""

import fcntl
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from references.pool.revisions import Changes, Revision, changes_between
from references.pool.segment import Segment

logger = logging.getLogger(__name__)

IMAGE_FORMAT = 6


def open_image(revision: Revision) -> tuple[Segment, Changes] | None:
    """Map the newest image whose distance to the database the notes can bridge, with what changed since it was made.

    None where there is no such image. One that is damaged is passed over, with a warning in the log.
    """
    if not settings.POOL_IMAGE_DIR or not revision.epoch:
        return None
    found = sorted(
        (int(folder.name.rpartition("-")[2]), folder)
        for folder in image_dir().glob(f"v{IMAGE_FORMAT}-{revision.epoch}-*[0-9]")
    )
    for number, folder in reversed(found):
        changes = changes_between(Revision(revision.epoch, number), revision)
        if changes is None:
            continue
        try:
            return Segment.load(folder), changes
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            logger.warning("The pool image %s cannot be read, it is built anew: %s", folder.name, error)
    return None


def save_image(segment: Segment, revision: Revision) -> Segment:
    """Write the image of a revision, and remove all others; gives the segment as the image holds it.

    A process that still maps an older image keeps its pages until it lets go.
    """
    folder = image_dir() / f"v{IMAGE_FORMAT}-{revision.epoch}-{revision.number}"
    segment.save(folder)
    for other in image_dir().iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return Segment.load(folder)


def image_dir() -> Path:
    """The folder of the images of this host."""
    return Path(settings.POOL_IMAGE_DIR or "")


@contextmanager
def only_builder() -> Iterator[None]:
    """Let one process of the host build at a time; the others wait, then map what it made."""
    if not settings.POOL_IMAGE_DIR:
        yield
        return
    folder = image_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "builder.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
