"""Makes a web process ready for its first search, so that nobody waits while the pool is read."""

import gc
import logging
import threading

from django.db import DatabaseError, connections
from django.urls import get_resolver

from references.lexicon import compile_lexicon
from references.pool.index import current_snapshot
from references.pool.meaning import embed_pool

logger = logging.getLogger(__name__)


def warm_up() -> None:
    """Read the pool, compile its lexicon and, where a model is set, embed its stories.

    Without a database, or before its tables exist, the first search will. The pages are imported first, and the
    collector of garbage passes over all that is there by then: to look through it again and again took up to a tenth
    of a second, in the middle of somebody's answer.
    """
    get_resolver().url_patterns  # noqa: B018 (imports them)
    gc.collect()
    gc.freeze()
    try:
        snapshot = current_snapshot()
        compile_lexicon(snapshot.vocabulary)
        embed_pool(snapshot)
    except DatabaseError as error:
        logger.warning("The pool could not be read ahead of the first search: %s", error)
    finally:
        connections.close_all()


def warm_up_in_background() -> None:
    """Warm up on a thread of its own; a request that comes meanwhile waits only for what is not ready yet."""
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
