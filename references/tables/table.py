"""What a table is that can be exported: its columns, its rows for a viewer, and how a row is told to them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django_filters import FilterSet

from references.permissions import may_run_program
from references.spreadsheets import Cell
from users.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

Tell = Callable[[Sequence[Any]], Iterable[Sequence[Cell]]]
"""Tells some rows, in their order, each with a cell for every column; the same queries however many."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name for programs, its heading for people. Contact data is left out unless asked for."""

    name: str
    heading: "StrOrPromise"
    is_contact_data: bool = False


def everybody(user: User) -> bool:
    """Whoever logs in; what they find in it is another matter."""
    return user.is_active


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table. `rows` is the door to its rows, `begin` makes what tells them to one viewer for one export.

    `person` is the path from a row to the contact whose data it can hold, "" where it is nobody's of the pool.
    """

    name: str
    title: "StrOrPromise"
    about: "StrOrPromise"
    scope: str
    columns: tuple[Column, ...]
    filterset: type[FilterSet]
    rows: Callable[[User], "QuerySet[Any]"]
    begin: Callable[[User], Tell]
    offered_to: Callable[[User], bool] = everybody
    contact_data_to: Callable[[User], bool] = may_run_program
    person: str = ""

    @property
    def has_contact_data(self) -> bool:
        """Whether it can hold e-mail addresses and telephone numbers."""
        return any(column.is_contact_data for column in self.columns)


_tables: dict[str, Table] = {}


def register_table(table: Table) -> None:
    """Let a table be exported; called by each app when it is ready."""
    _tables[table.name] = table


def find_table(name: str, user: User) -> Table | None:
    """A table that `user` may export; None for any other."""
    table = _tables.get(name)
    return table if table is not None and table.offered_to(user) else None


def tables_for(user: User) -> list[Table]:
    """The tables that `user` may export, in the order they were registered."""
    return [table for table in _tables.values() if table.offered_to(user)]


def all_tables() -> list[Table]:
    """Every table, whoever it is for."""
    return list(_tables.values())
