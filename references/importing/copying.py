"""Copies many rows at once into a table of PostgreSQL, in the text format of its COPY."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg.adapt import PyFormat, Transformer

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
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.write(lines.encode())


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
