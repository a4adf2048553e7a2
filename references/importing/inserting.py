"""Inserts many rows at once, several times faster than `bulk_create`, which compiles every value on its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, connections, models
from django.utils import timezone

from references.importing.copying import CopyWriter, copy_columns, reserve_keys
from references.models.base import PoolModel
from references.pool.gate import require_pool_write

M = TypeVar("M", bound=models.Model)
_Fields = Sequence["models.Field[Any, Any]"]
_Same = list[tuple["models.Field[Any, Any]", Any]]
_AS_IS = frozenset({str, int, bool, type(None)})  # what a driver takes as it stands
_MAX_PARAMETERS = 30_000
_COPIED_AT_ONCE = 10_000


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    fixed: Mapping[str, Any] | None = None,
) -> list[int]:
    """Insert one row of `model` per tuple in `rows`, which holds the values of the columns called `names`.

    `fixed` holds what is the same for all; other columns get their defaults. Gives the new keys, in order. Fields are
    not validated. Raises PoolWriteError outside `pool_write()` for rows of the pool.
    """
    insertion = _Insertion(model, names, fixed or {})
    insert = insertion.copy if connection.vendor == "postgresql" else insertion.insert
    return list(chain.from_iterable(insert(chunk) for chunk in insertion.divide(rows)))


def append_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    fixed: Mapping[str, Any] | None = None,
) -> None:
    """As `insert_rows`, for rows whose keys nobody needs."""
    insertion = _Insertion(model, names, fixed or {})
    append = insertion.copy_keyless if connection.vendor == "postgresql" else insertion.insert
    for chunk in insertion.divide(rows):
        append(chunk)


def insert_objects(objects: Sequence[M]) -> None:
    """Insert new objects of one model, and give them their keys. As `insert_rows`."""
    if not objects:
        return
    model = type(objects[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    now = timezone.now()
    for field in fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            for each in objects:
                setattr(each, field.attname, now)
    names = [field.attname for field in fields]
    rows = map(attrgetter(*names), objects)
    for each, key in zip(objects, insert_rows(model, names, rows), strict=True):
        each.pk = key
        each._state.adding = False
        each._state.db = connection.alias


class _Insertion:
    """What an insertion of rows into one table needs to know of its columns."""

    def __init__(self, model: type[models.Model], names: Sequence[str], fixed: Mapping[str, Any]) -> None:
        if issubclass(model, PoolModel):
            require_pool_write()
        columns = [_column(model, name) for name in names]
        same = _read_fixed(model, columns, fixed, timezone.now())
        self._model = model
        self._fields = [*columns, *(field for field, _ in same)]
        self._names = list(map(_name_column, self._fields))
        self._writer = CopyWriter() if connection.vendor == "postgresql" else None
        self._tail = [repeat(value if self._writer is None else self._writer.write(value)) for _, value in same]
        self._prepare = _Preparation(columns, self._writer)

    def divide(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
        """Divide rows into those that are inserted at once."""
        size = _COPIED_AT_ONCE if self._writer else _count_rows(len(self._fields))
        waiting = iter(rows)
        while chunk := list(islice(waiting, size)):
            yield chunk

    def insert(self, rows: Sequence[tuple[Any, ...]]) -> list[int]:
        """Insert rows by a statement; gives their keys."""
        values = zip(*self._prepare(rows), *self._tail, strict=False)  # `repeat` never ends
        with connection.cursor() as cursor:
            cursor.execute(_statement(self._model, self._names, len(rows)), list(chain.from_iterable(values)))
            return [key for (key,) in cursor.fetchall()]

    def copy(self, rows: Sequence[tuple[Any, ...]]) -> list[int]:
        """Copy rows; gives their keys, which are taken beforehand."""
        values = self._prepare(rows)
        keys = reserve_keys(self._model, len(rows))
        names = [_name_column(self._model._meta.pk), *self._names]
        copy_columns(self._model._meta.db_table, names, [map(str, keys), *values, *self._tail])
        return keys

    def copy_keyless(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Copy rows, to which the database gives keys."""
        copy_columns(self._model._meta.db_table, self._names, [*self._prepare(rows), *self._tail])


class _Preparation:
    """Turns the values of rows into what the database takes, a column at a time; each different value once.

    With a `writer` they are written for a COPY too.
    """

    def __init__(self, columns: _Fields, writer: CopyWriter | None = None) -> None:
        self._columns = columns
        self._writer = writer
        self._database = connections[connection.alias]  # itself: each look through `connection` takes its time
        self._known: list[dict[Any, Any]] = [{} for _ in columns]

    def __call__(self, rows: Sequence[tuple[Any, ...]]) -> list[Iterable[Any]]:
        """The values of each column."""
        return [self._prepare(place, values) for place, values in enumerate(zip(*rows, strict=True))]

    def _prepare(self, place: int, values: tuple[Any, ...]) -> Iterable[Any]:
        if isinstance(self._columns[place], models.JSONField):
            return [self._prepare_one(place, _json_key(value), value) for value in values]
        if _AS_IS.issuperset(map(type, values)):
            return values if self._writer is None else self._writer.write_all(values)
        return [
            self._as_it_stands(value) if type(value) in _AS_IS else self._prepare_one(place, value, value)
            for value in values
        ]

    def _as_it_stands(self, value: Any) -> Any:
        return value if self._writer is None else self._writer.write(value)

    def _prepare_one(self, place: int, key: Any, value: Any) -> Any:
        if key is None:
            return self._convert(place, value)
        known = self._known[place]
        if (found := known.get(key)) is None:
            if len(known) > _MAX_PARAMETERS:
                known.clear()
            found = known[key] = self._convert(place, value)
        return found

    def _convert(self, place: int, value: Any) -> Any:
        ready = self._columns[place].get_db_prep_save(value, self._database)
        return ready if self._writer is None else self._writer.write(ready)


def _json_key(value: Any) -> Any:
    """What tells a value for JSON from others, where that is simple: a text, or a list of texts; else None."""
    if isinstance(value, str):
        return value
    return tuple(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else None


def _column(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if name in {field.name, field.attname})


def _name_column(field: "models.Field[Any, Any]") -> str:
    return field.db_column or field.attname


def _read_fixed(model: type[models.Model], columns: _Fields, fixed: Mapping[str, Any], now: datetime) -> _Same:
    """The columns that are the same for all rows, with their values as the database takes them."""
    found = []
    for field in model._meta.concrete_fields:
        if field.primary_key or field in columns:
            continue
        is_stamp = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        value = fixed.get(field.name, fixed.get(field.attname, now if is_stamp else field.get_default()))
        found.append((field, field.get_db_prep_save(value, connection)))
    return found


def _count_rows(width: int) -> int:
    """How many rows of so many columns one statement may insert."""
    return max(1, min(connection.features.max_query_params or _MAX_PARAMETERS, _MAX_PARAMETERS) // width)


def _statement(model: type[models.Model], names: Sequence[str], count: int) -> str:
    quote = connection.ops.quote_name
    one = f"({', '.join(['%s'] * len(names))})"
    table, key = quote(model._meta.db_table), quote(_name_column(model._meta.pk))
    into, rows = ", ".join(map(quote, names)), ", ".join([one] * count)
    return f"INSERT INTO {table} ({into}) VALUES {rows} RETURNING {key}"  # noqa: S608 - no input
