"""SQLite whose writers begin in the order in which they came, one file lock long.

SQLite itself lets everybody who waits look again at ever longer intervals. Under many writers whoever has just finished
is then the next to begin, and some of the others wait until they are told that the database is locked. The kernel hands
a file lock on in order. Only the first in the queue looks whether the database is free, until the usual timeout; and
since all before somebody give up before them, nobody waits longer than that.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from django.db.backends.sqlite3 import base

NOTICEABLE = 0.05
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's backend; transactions of the mode IMMEDIATE queue up, and so do single statements that write."""

    transaction_mode: str | None
    _is_impatient = False

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Raise OperationalError at once, instead of waiting, where another one writes or waits for it."""
        self.cursor().execute("PRAGMA busy_timeout = 0")
        self._is_impatient = True
        try:
            yield
        finally:
            self._is_impatient = False
            self.cursor().execute(f"PRAGMA busy_timeout = {round(self._timeout * 1000)}")

    def create_cursor(self, name: str | None = None) -> "QueuingCursor":
        cursor: QueuingCursor = self.connection.cursor(factory=QueuingCursor)
        cursor.database = self
        return cursor

    @contextmanager
    def queued(self) -> Iterator[None]:
        """Hold the first place among those who want to write; the database may still be another one's."""
        if self.transaction_mode != "IMMEDIATE" or self.is_in_memory_db():
            yield
            return
        came = monotonic()
        with Path(f"{self.settings_dict['NAME']}-queue").open("ab") as queue:  # closing the file gives it up
            try:
                fcntl.flock(queue, fcntl.LOCK_EX | (fcntl.LOCK_NB if self._is_impatient else 0))
            except BlockingIOError as error:
                raise sqlite3.OperationalError("database is locked") from error
            with self._patience_left(monotonic() - came):
                yield

    def _start_transaction_under_autocommit(self) -> None:
        with self.queued():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]

    @contextmanager
    def _patience_left(self, waited: float) -> Iterator[None]:
        """Let the database be waited for only as long as is left of the timeout."""
        if waited < NOTICEABLE:
            yield
            return
        self.cursor().execute(f"PRAGMA busy_timeout = {max(1, round((self._timeout - waited) * 1000))}")
        try:
            yield
        finally:
            self.cursor().execute(f"PRAGMA busy_timeout = {round(self._timeout * 1000)}")

    @property
    def _timeout(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", 5.0))


class QueuingCursor(base.SQLiteCursorWrapper):
    """Queues up for each statement that writes outside a transaction, as beginning one does."""

    database: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        if self.connection.in_transaction or not query.startswith(_WRITES):
            return super().execute(query, params)
        with self.database.queued():
            return super().execute(query, params)
