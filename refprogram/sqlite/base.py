"""SQLite whose writing transactions begin in the order in which they came, one file lock long.

SQLite itself lets everybody who waits look again at ever longer intervals. Under many writers whoever has just finished
is then the next to begin, and some of the others wait until they are told that the database is locked. The kernel hands
a file lock on in order. Only the first in the queue looks whether the database is free, until the usual timeout; and
since all before somebody give up before them, nobody waits longer than that.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from django.db.backends.sqlite3 import base

NOTICEABLE = 0.05


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's backend; transactions of the mode IMMEDIATE queue up."""

    transaction_mode: str | None

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode != "IMMEDIATE" or self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        came = monotonic()
        with Path(f"{self.settings_dict['NAME']}-queue").open("ab") as queue:
            fcntl.flock(queue, fcntl.LOCK_EX)  # closing the file gives it up
            with self._patience_left(monotonic() - came):
                super()._start_transaction_under_autocommit()  # type: ignore[misc]

    @contextmanager
    def _patience_left(self, waited: float) -> Iterator[None]:
        """Let the database be waited for only as long as is left of the timeout."""
        if waited < NOTICEABLE:
            yield
            return
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", 5.0))
        self.cursor().execute(f"PRAGMA busy_timeout = {max(1, round((timeout - waited) * 1000))}")
        try:
            yield
        finally:
            self.cursor().execute(f"PRAGMA busy_timeout = {round(timeout * 1000)}")
