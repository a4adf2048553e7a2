"""Copies many rows at once into a table of PostgreSQL, in the text format of its COPY."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models
from psycopg.adapt import PyFormat, Transformer

from references.importing.copy_queue import CopyQueue

_MOST_KEYS = 10_000
NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Take the next `count` keys from the sequence of a table, in order; nobody else gets them."""
    ahead = _ahead.get()
    return _take_keys(model, count) if ahead is None else ahead.reserve_keys(model, count)


def copy_columns(table: str, names: Sequence[str], columns: Sequence[Iterable[str]]) -> None:
    """Write rows, given column by column as `CopyWriter` writes them, into the columns of `table` called `names`.

    The shortest column says how many rows, so that one of a single value may never end. Raises as a statement does.
    """
    quote = connection.ops.quote_name
    statement = f"COPY {quote(table)} ({', '.join(map(quote, names))}) FROM STDIN"
    lines = "\n".join(map("\t".join, zip(*columns, strict=False))).encode()
    ahead = _ahead.get()
    if ahead is not None:
        with connection.wrap_database_errors:
            ahead.queue.add(quote(table), statement, lines)
        return
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.write(lines)


@contextmanager
def copying_ahead() -> Iterator[None]:
    """Within a transaction, go on while the server still copies; a statement waits for the copies it could notice.

    Foreign keys are checked as rows come in, so that the commit need not. What a copy breaks is raised by a later
    statement or copy, or in the end. With other databases nothing changes.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    ahead = _Ahead()
    token = _ahead.set(ahead)
    try:
        with connection.execute_wrapper(ahead.execute):
            yield
    except BaseException:
        ahead.queue.abandon()
        raise
    finally:
        _ahead.reset(token)
    with connection.wrap_database_errors:
        ahead.queue.finish()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class _Ahead:
    """What `copying_ahead` keeps: the copies that wait, and the keys that were taken for rows to come."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.queue = CopyQueue(connection.connection)
        self._keys: defaultdict[type[models.Model], deque[int]] = defaultdict(deque)
        self._used: Counter[type[models.Model]] = Counter()

    def execute(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Let a statement wait for its turn, as Django wraps the execution of all."""
        with connection.wrap_database_errors, self.queue.asking(sql):
            return execute(sql, params, many, context)

    def reserve_keys(self, model: type[models.Model], count: int) -> list[int]:
        """Give keys taken before, and take as many for rows to come as this import has used so far."""
        keys = self._keys[model]
        if len(keys) < count:
            keys.extend(_take_keys(model, max(count - len(keys), min(self._used[model], _MOST_KEYS))))
        self._used[model] += count
        return [keys.popleft() for _ in range(count)]


_ahead: ContextVar[_Ahead | None] = ContextVar("ahead", default=None)


def _take_keys(model: type[models.Model], count: int) -> list[int]:
    statement = "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass)) FROM generate_series(1, %s)"
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(statement, [table, key, count])
        return [key for (key,) in cursor.fetchall()]


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
