"""Reads a large pool in parts, each in a process of its own, and writes its image.

The parts are read one beside the other, so each sees the database at a revision of its own. The image is of the first
of these; what changed until the last is in the notes, which are followed whenever an image is opened.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction

from references.collecting import collecting_seldom
from references.models import Contact, Customer
from references.pool.compaction import merge_views
from references.pool.features import read_features
from references.pool.images import image_dir, save_image
from references.pool.revisions import Revision, read_revision
from references.pool.segment import Segment, build_segment
from references.pool.snapshot import View
from references.program import current_policy

logger = logging.getLogger(__name__)

MOST_PARTS = 4
OWN_SHARE = 1.5
"""How much more this process reads than one that has to start first."""


def write_image_in_parts() -> bool:
    """Write the image of a pool of `POOL_PARTS_MIN_PEOPLE` or more; False where it is small or a part is missing.

    To be called by the one builder, outside a transaction. A part that fails is told in the log.
    """
    bounds = _bounds()
    if len(bounds) < 3:
        return False
    with tempfile.TemporaryDirectory(prefix="parts-", dir=image_dir()) as made:
        folders = [Path(made) / str(place) for place in range(1, len(bounds) - 1)]
        others = list(zip(folders, pairwise(bounds[1:]), strict=True))
        processes = [_start(folder, beyond, last) for folder, (beyond, last) in others]
        try:
            own = read_part(bounds[0], bounds[1])
            parts = [own, *(_finish(process, folder) for process, folder in zip(processes, folders, strict=True))]
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            logger.warning("The pool cannot be read in parts, it is read in one: %s", error)
            return False
        finally:
            for process in processes:
                process.kill()
                process.communicate()
        revisions = [revision for _segment, revision in parts]
        if len({revision.epoch for revision in revisions}) > 1:
            return False
        with collecting_seldom():
            merged = merge_views([View(segment, np.zeros(0, dtype=np.int64)) for segment, _revision in parts])
        save_image(merged, min(revisions, key=lambda each: each.number))
        return True


def read_part(beyond: int, last: int) -> tuple[Segment, Revision]:
    """The customers with ids above `beyond` up to `last`, and the revision at which they were read."""
    using = settings.POOL_DATABASE
    with transaction.atomic(using=using), collecting_seldom():
        revision = read_revision()
        names_customers = current_policy(using).show_customer_name
        features = read_features(None, using, names_customers=names_customers, beyond=beyond, last=last)
        return build_segment(features), revision


def _bounds() -> Sequence[int]:
    """Zero and the last customer of each part, by id; empty where one part is enough."""
    using = settings.POOL_DATABASE
    count = min(MOST_PARTS, os.cpu_count() or 1)
    if count < 2 or Contact.objects.using(using).count() < settings.POOL_PARTS_MIN_PEOPLE:
        return ()
    ids = Customer.objects.using(using).order_by("id").values_list("id", flat=True)
    customers = ids.count()
    ends = (int(customers * (OWN_SHARE + place) / (OWN_SHARE + count - 1)) for place in range(count))
    return sorted({0, *(ids[end - 1] for end in ends if end)})


def _start(folder: Path, beyond: int, last: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "read_pool_part", str(folder)]
    return subprocess.Popen(  # noqa: S603
        [*command, str(beyond), str(last)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )


def _finish(process: subprocess.Popen[bytes], folder: Path) -> tuple[Segment, Revision]:
    told, errors = process.communicate()
    if process.returncode:
        raise ValueError(errors.decode(errors="replace").strip()[-500:])
    return Segment.load(folder), Revision(**json.loads(told))
