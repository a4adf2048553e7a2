"""Exports a table for one viewer: its rows as the lists show them, told some at a time, in bounded memory.

Contact data is given only where it is asked for and the viewer may have it, and every person whose data is in the file
is on record as disclosed before its first byte is written.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import FilterSet

from references.errors import DomainError
from references.models import Disclosure
from references.spreadsheets import Cell
from references.tables.table import Column, Table
from users.models import User

ROWS_AT_ONCE = 500
MOST_AT_ONCE = 20_000
"""So many rows are written while somebody waits; more are the work of a job."""


class Export:
    """One table as one viewer asked for it; made by `open_export`."""

    def __init__(self, table: Table, user: User, query: QueryDict, *, with_contact_data: bool) -> None:
        self.table, self.user, self.with_contact_data = table, user, with_contact_data
        self.filterset: FilterSet = table.filterset(
            query, queryset=table.rows(user), request=SimpleNamespace(user=user)
        )
        self._disclosed: frozenset[int] = frozenset()

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that the file has."""
        return [each for each in self.table.columns if self.with_contact_data or not each.is_contact_data]

    @property
    def names(self) -> list[str]:
        """The columns by their names for programs."""
        return [column.name for column in self.columns]

    @property
    def headings(self) -> list[str]:
        """The columns by their headings, in the language of now."""
        return [str(column.heading) for column in self.columns]

    @cached_property
    def found(self) -> "QuerySet[Any]":
        """The rows asked for."""
        rows: QuerySet[Any] = self.filterset.qs
        return rows

    @cached_property
    def count(self) -> int:
        """How many rows it has."""
        return self.found.order_by().count()

    @transaction.atomic
    def record_disclosures(self) -> int:
        """Put on record whose contact data the file will hold; gives how many people. Nobody else's gets into it."""
        if not (self.with_contact_data and self.table.person):
            return 0
        people = self.found.order_by().values_list(self.table.person, flat=True).distinct()
        self._disclosed = frozenset(each for each in people.iterator(chunk_size=ROWS_AT_ONCE) if each is not None)
        why = f"Export of {self.table.name}"
        flowing = iter(sorted(self._disclosed))
        while some := list(islice(flowing, ROWS_AT_ONCE)):
            Disclosure.objects.bulk_create(Disclosure(contact_id=pk, user=self.user, why=why) for pk in some)
        return len(self._disclosed)

    def cells(self) -> Iterator[Sequence[Cell]]:
        """Give the file's rows, read and told some at a time; the same queries for each lot."""
        tell = self.table.begin(self.user)
        places = [place for place, column in enumerate(self.table.columns) if column in self.columns]
        guarded = [place for place, column in enumerate(self.table.columns) if column.is_contact_data]
        flowing = self.found.iterator(chunk_size=ROWS_AT_ONCE)
        while rows := list(islice(flowing, ROWS_AT_ONCE)):
            for row, told in zip(rows, tell(rows), strict=True):
                kept = list(told)
                if self.with_contact_data and not self._may_hold(row):
                    for place in guarded:
                        kept[place] = ""
                yield [kept[place] for place in places]

    def _may_hold(self, row: Any) -> bool:
        """Whether the row's contact data may be in the file: on record, or of nobody in the pool."""
        return not self.table.person or getattr(row, self.table.person) in self._disclosed


def open_export(*, table: Table, user: User, query: QueryDict, with_contact_data: bool = False) -> Export:
    """Prepare an export of the rows that `query` finds.

    Raises DomainError: not_offered for a table that is not this viewer's, not_disclosed where contact data is not.
    """
    if not table.offered_to(user):
        raise DomainError("not_offered", _("This table is not yours to export."))
    if with_contact_data and not (table.has_contact_data and table.contact_data_to(user)):
        raise DomainError("not_disclosed", _("Contact data is exported by those who run the program."))
    return Export(table, user, query, with_contact_data=with_contact_data)
