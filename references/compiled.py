"""Querysets about rows by their ids, compiled to SQL once a process and asked again and again.

A search asks the same dozen questions about other rows each time. Django writes each of them down anew; for a question
with the rules of consent in it that takes several times as long as the database needs to answer.
"""

import copy
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
_IDS = "ids asked for"
_ID = "id asked for"


def ids_asked_for(using: str) -> RawSQL:
    """What a lookup `__in` takes before the ids are known; `fill_in` puts them in its place."""
    is_sqlite = connections[using].vendor == "sqlite"
    return RawSQL("SELECT value FROM json_each(%s)" if is_sqlite else "SELECT unnest(%s::bigint[])", (_IDS,))  # noqa: S611


def fill_in(parameters: Iterable[Any], ids: Collection[int], using: str) -> tuple[Any, ...]:
    """The parameters of a compiled query with `ids` where it asked for them."""
    given = json.dumps(list(ids)) if connections[using].vendor == "sqlite" else list(ids)
    return tuple(given if isinstance(each, str) and each == _IDS else each for each in parameters)


class Compiled(Generic[Row]):
    """A queryset that is narrowed by ids only, under `lookup`; safe for threads."""

    def __init__(self, rows: QuerySet[Any, Row], lookup: str = "pk") -> None:
        self._rows, self._lookup = rows, lookup
        self._kept: dict[str, tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...]]] = {}

    def among(self, ids: Collection[int], using: str = "default") -> Sequence[Row]:
        """The rows for these ids; one query, and those of what the queryset prefetches. None is asked without ids."""
        if not ids:
            return []
        if using not in self._kept:
            self._kept[using] = self._compile(using)
        rows, kept, sql, parameters = self._kept[using]
        again, compiler = rows.all(), copy.copy(kept)
        compiler.connection = connections[using]  # of this thread
        filled = fill_in(parameters, ids, using)
        compiler.as_sql = lambda *args, **options: (sql, filled)  # type: ignore[method-assign]
        again.query.get_compiler = lambda *args, **options: compiler  # type: ignore[method-assign]
        return list(again)

    def _compile(self, using: str) -> tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...]]:
        rows = self._rows.using(using).filter(**{f"{self._lookup}__in": ids_asked_for(using)})
        compiler = rows.query.get_compiler(using=using)
        sql, parameters = compiler.as_sql()  # which also sets what the rows are made by
        return rows, compiler, sql, tuple(parameters)


class CompiledCount:
    """How many rows there are of one thing, by its id; `make` gives them for what stands for it. Safe for threads."""

    def __init__(self, make: Callable[[RawSQL], QuerySet[Any]]) -> None:
        self._make = make
        self._kept: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def of(self, pk: int, using: str = "default") -> int:
        """Count them; one query."""
        if using not in self._kept:
            rows = self._make(RawSQL("%s", (_ID,), BigIntegerField())).using(using).order_by().values("pk")
            sql, parameters = rows.query.get_compiler(using=using).as_sql()
            self._kept[using] = f"SELECT COUNT(*) FROM ({sql}) counted", tuple(parameters)  # noqa: S608
        sql, parameters = self._kept[using]
        with connections[using].cursor() as cursor:
            cursor.execute(sql, [pk if isinstance(each, str) and each == _ID else each for each in parameters])
            return int(cursor.fetchone()[0])
