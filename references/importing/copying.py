"""Copies many rows at once into a table of PostgreSQL, in the text format of its COPY."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from select import select
from typing import Any

from django.db import connection, models
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Take the next `count` keys from the sequence of a table, in order; nobody else gets them."""
    statement = "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass)) FROM generate_series(1, %s)"
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(statement, [table, key, count])
        return [key for (key,) in cursor.fetchall()]


def copy_columns(table: str, names: Sequence[str], columns: Sequence[Iterable[str]]) -> None:
    """Write rows, given column by column as `CopyWriter` writes them, into the columns of `table` called `names`.

    The shortest column says how many rows, so that one of a single value may never end. Raises as a statement does.
    """
    quote = connection.ops.quote_name
    statement = f"COPY {quote(table)} ({', '.join(map(quote, names))}) FROM STDIN"
    lines = "\n".join(map("\t".join, zip(*columns, strict=False)))
    begun = _begun.get()
    if begun is not None:
        begun.begin(statement, lines.encode())
        return
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.write(lines.encode())


@contextmanager
def copying_ahead() -> Iterator[None]:
    """Within a transaction, go on while the server still copies: whatever is asked of it next waits for that.

    Foreign keys are checked as rows come in, so that the commit need not. What a copy breaks is raised by the next
    statement, or in the end. With other databases nothing changes.
    """
    if connection.vendor != "postgresql":
        yield
        return
    begun = _Begun()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    token = _begun.set(begun)
    try:
        with connection.execute_wrapper(begun.before):
            yield
    except BaseException:
        begun.abandon()
        raise
    finally:
        _begun.reset(token)
    begun.end()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class _Begun:
    """The copy that the server has in hand, one at most, told by the library of PostgreSQL itself: a cursor waits."""

    def __init__(self) -> None:
        self._is_busy = False
        connection.ensure_connection()
        self._connection: pq.abc.PGconn = connection.connection.pgconn

    def begin(self, statement: str, lines: bytes) -> None:
        """Send all of a copy, once the one before has ended."""
        self.end()
        with connection.wrap_database_errors:
            begun = self._connection.exec_(statement.encode())
            if begun.status != pq.ExecStatus.COPY_IN:
                raise error_from_result(begun)
            self._is_busy = True
            self._connection.put_copy_data(lines)
            self._connection.put_copy_end()
            while self._connection.flush():  # more than the line to the server holds
                select([self._connection.socket], [self._connection.socket], [])
                self._connection.consume_input()

    def end(self) -> None:
        """Wait until the copy has ended; raises what it broke."""
        with connection.wrap_database_errors:
            for result in self._results():
                if result.status != pq.ExecStatus.COMMAND_OK:
                    raise error_from_result(result)

    def abandon(self) -> None:
        """Wait until the copy has ended, whatever came of it: the transaction is to be taken back."""
        self._results()

    def before(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Let a statement wait, as Django wraps the execution of all."""
        self.end()
        return execute(sql, params, many, context)

    def _results(self) -> list[pq.abc.PGresult]:
        found: list[pq.abc.PGresult] = []
        while self._is_busy:
            result = self._connection.get_result()
            if result is None:
                self._is_busy = False
            else:
                found.append(result)
        return found


_begun: ContextVar[_Begun | None] = ContextVar("begun", default=None)


class CopyWriter:
    """Writes values of any type a statement takes as a COPY reads them."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self._transformer = Transformer(connection.connection)

    def write_all(self, values: Sequence[Any]) -> Iterable[str]:
        """Write the values of one column."""
        kinds = set(map(type, values))
        if kinds == {int}:
            return map(str, values)
        if kinds == {str} and not _needs_escapes("".join(values)):
            return values
        return map(self.write, values)

    def write(self, value: Any) -> str:
        """Write one value."""
        if value is None:
            return NULL
        if isinstance(value, str):
            return value.translate(_ESCAPES) if _needs_escapes(value) else value
        dumped = self._transformer.get_dumper(value, PyFormat.TEXT).dump(value)
        return NULL if dumped is None else bytes(dumped).decode().translate(_ESCAPES)


def _needs_escapes(text: str) -> bool:
    return "\\" in text or "\n" in text or "\r" in text or "\t" in text
