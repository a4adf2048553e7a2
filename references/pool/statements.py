"""Queries about some customers, compiled once a process, whose rows come as the database's driver gives them.

The index asks the same few questions again and again, of a handful of changed customers or of all of them. Most of the
time went into making the statements anew, a parameter per customer, and into values that only became numbers again. So
the columns asked for are plain: numbers, texts, and dates and moments as `DayNumber`, `MomentDay` and `UnixSeconds`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Func, IntegerField, Model
from django.db.models.sql.compiler import SQLCompiler

from references.compiled import fill_in, ids_asked_for
from references.days import NO_DAY, OPEN_END

_FIRST, _LAST = -101, -102


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose rows are asked for: all customers from `first` to `last` by id, or those of `ids`."""

    first: int = 0
    last: int = 0
    ids: Sequence[int] | None = None


class Statement:
    """Rows of a model, in the order of `order`, whose customer stands under `lookup`."""

    def __init__(
        self, model: type[Model], lookup: str, *columns: Any, order: Sequence[str] = ("id",), **filters: Any
    ) -> None:
        self._model, self._lookup, self._columns, self._order, self._filters = model, lookup, columns, order, filters
        self._compiled: dict[tuple[str, bool], tuple[str, tuple[Any, ...]]] = {}

    def rows(self, wanted: Wanted, using: str) -> list[tuple[Any, ...]]:
        """The rows about the customers wanted; one query."""
        key = (using, wanted.ids is None)
        if key not in self._compiled:
            self._compiled[key] = self._compile(using, by_range=wanted.ids is None)
        sql, parameters = self._compiled[key]
        bounds = {_FIRST: wanted.first, _LAST: wanted.last}
        filled = fill_in((bounds.get(each, each) for each in parameters), wanted.ids or (), using)
        with connections[using].cursor() as cursor:
            cursor.execute(sql, filled)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _compile(self, using: str, *, by_range: bool) -> tuple[str, tuple[Any, ...]]:
        rows = self._model._default_manager.using(using).filter(**self._filters)
        if by_range:
            rows = rows.filter(**{f"{self._lookup}__gte": _FIRST, f"{self._lookup}__lte": _LAST})
        else:
            rows = rows.filter(**{f"{self._lookup}__in": ids_asked_for(using)})
        query = rows.order_by(*self._order).values_list(*self._columns).query
        sql, parameters = query.get_compiler(using=using).as_sql()
        return sql, tuple(parameters)


class _Number(Func):
    """A number that the database works out of a date or a moment, `absent` where there is none."""

    output_field = IntegerField()
    sqlite, postgresql = "", ""

    def __init__(self, expression: Any, *, absent: int = NO_DAY) -> None:
        super().__init__(expression, absent=absent)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, Any]:
        template = f"coalesce({self.sqlite}, %(absent)s)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, Any]:
        template = f"CASE WHEN %(expressions)s IS NULL THEN %(absent)s ELSE {self.postgresql} END"
        return self.as_sql(compiler, connection, template=template, **context)


class DayNumber(_Number):
    """The number of a date, as `days.day_number` gives it."""

    sqlite = f"min(max(CAST(julianday(%(expressions)s) - 2440587.5 AS INTEGER), 1), {OPEN_END - 1})"
    postgresql = f"least(greatest(%(expressions)s - DATE '1970-01-01', 1), {OPEN_END - 1})"


class MomentDay(_Number):
    """The number of the day of a moment in UTC."""

    sqlite = DayNumber.sqlite
    postgresql = f"least(greatest((%(expressions)s AT TIME ZONE 'UTC')::date - DATE '1970-01-01', 1), {OPEN_END - 1})"


class UnixSeconds(_Number):
    """A moment in whole seconds since 1970 in UTC."""

    sqlite = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
    postgresql = "floor(extract(epoch FROM %(expressions)s))::bigint"
