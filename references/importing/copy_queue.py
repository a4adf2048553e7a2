"""Copies that wait for the server of PostgreSQL, sent one after the other by a thread while the import goes on."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from select import select
from threading import Condition, Thread
from typing import NamedTuple

from psycopg import Connection, pq
from psycopg.errors import error_from_result

_MOST_BYTES = 16 * 1024 * 1024


class _Copy(NamedTuple):
    table: str
    statement: str
    lines: bytes


class CopyQueue:
    """The copies of one transaction, made in the order in which they came.

    Whoever asks the server for something says so by `asking`: the copy at hand is waited for, and so are those into
    tables that are asked for. What a copy breaks is raised by the next one, by whoever asks next, or in the end.
    """

    def __init__(self, connection: "Connection[object]") -> None:
        self._server = connection.pgconn
        self._lock = connection.lock
        self._waiting: deque[_Copy] = deque()
        self._at_hand: _Copy | None = None
        self._is_held = self._is_over = False
        self._error: Exception | None = None
        self._turn = Condition()
        self._thread = Thread(target=self._work, name="copies", daemon=True)
        self._thread.start()

    def add(self, table: str, statement: str, lines: bytes) -> None:
        """Have a copy into `table` made when its turn comes; waits where too much waits already."""
        with self._turn:
            self._turn.wait_for(lambda: self._error or sum(len(each.lines) for each in self._waiting) < _MOST_BYTES)
            self._raise_error()
            self._waiting.append(_Copy(table, statement, lines))
            self._turn.notify_all()

    @contextmanager
    def asking(self, sql: str) -> Iterator[None]:
        """Have the server for oneself, to execute `sql`."""
        with self._turn:
            self._turn.wait_for(lambda: self._error or not self._is_concerned(sql))
            self._is_held = True
            self._turn.wait_for(lambda: self._at_hand is None)
        try:
            self._raise_error()
            yield
        finally:
            with self._turn:
                self._is_held = False
                self._turn.notify_all()

    def finish(self) -> None:
        """Wait until all have been made; raises what one broke."""
        with self._turn:
            self._turn.wait_for(lambda: self._error or not (self._waiting or self._at_hand))
        self.abandon()
        self._raise_error()

    def abandon(self) -> None:
        """Make no more of them, but wait for the one at hand; whatever came of it is not told."""
        with self._turn:
            self._waiting.clear()
            self._is_over = True
            self._turn.notify_all()
        self._thread.join()

    def _is_concerned(self, sql: str) -> bool:
        """Whether `sql` could find another database before the copies that still wait than after them."""
        tables = {each.table for each in (*self._waiting, *filter(None, [self._at_hand]))}
        return bool(tables) and (not sql.startswith("SELECT ") or any(table in sql for table in tables))

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        while (copy := self._take()) is not None:
            error = self._try(copy)
            with self._turn:
                self._at_hand = None
                if error is not None:
                    self._error = error
                    self._waiting.clear()
                self._turn.notify_all()

    def _try(self, copy: _Copy) -> Exception | None:
        """Make a copy; gives what it broke, for whoever is to hear of it."""
        try:
            with self._lock:
                _make(self._server, copy)
        except Exception as error:
            return error
        return None

    def _take(self) -> _Copy | None:
        """The next copy, once there is one and nobody asks; None in the end."""
        with self._turn:
            self._turn.wait_for(lambda: self._is_over or (self._waiting and not self._is_held))
            self._at_hand = self._waiting.popleft() if self._waiting else None
            return self._at_hand


def _make(server: pq.abc.PGconn, copy: _Copy) -> None:
    """Send a copy and wait until it has ended; raises as the statement does."""
    begun = server.exec_(copy.statement.encode())
    if begun.status != pq.ExecStatus.COPY_IN:
        raise error_from_result(begun)
    server.put_copy_data(copy.lines)
    server.put_copy_end()
    while server.flush():  # more than the line to the server holds
        select([server.socket], [server.socket], [])
        server.consume_input()
    while (result := _wait_for_result(server)) is not None:
        if result.status != pq.ExecStatus.COMMAND_OK:
            error = error_from_result(result)
            while _wait_for_result(server) is not None:
                pass
            raise error


def _wait_for_result(server: pq.abc.PGconn) -> pq.abc.PGresult | None:
    """The next result, waited for without keeping the other thread from its work."""
    server.consume_input()
    while server.is_busy():
        select([server.socket], [], [])
        server.consume_input()
    return server.get_result()
