"""How a list of rows is told as CSV: one column for each field, what is nested in one cell or in columns of its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer

from api.v1.tags import TagsField
from references.enums import Facet
from references.spreadsheets import Cell, write_csv


class CsvRenderer(BaseRenderer):
    """Lets a list be asked for by `Accept: text/csv`; the view streams it, and errors stay JSON."""

    media_type = "text/csv"
    format = "csv"

    def render(self, data: Any, media_type: str | None = None, context: Mapping[str, Any] | None = None) -> Any:
        """Errors alone come here."""
        return JSONRenderer().render(data)


@dataclass(frozen=True, slots=True)
class Column:
    """Where a row holds the value of a column; a number stays one."""

    path: tuple[str, ...]
    is_number: bool = False

    @property
    def heading(self) -> str:
        """The names on the way, joined by dots: "customer.name"."""
        return ".".join(self.path)

    def cell(self, row: Mapping[str, Any]) -> Cell:
        """The value of a row as one cell."""
        value: Any = row
        for name in self.path:
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is None or isinstance(value, bool | int | float):
            return value
        if self.is_number:
            return Decimal(value)
        return [_tell(each) for each in value] if isinstance(value, list) else _tell(value)


def columns_of(serializer: serializers.BaseSerializer[Any], lead: tuple[str, ...] = ()) -> list[Column]:
    """The columns of the rows that a serializer gives, known before the first row is."""
    found: list[Column] = []
    for name, field in serializer.fields.items():  # type: ignore[attr-defined]
        path = (*lead, name)
        if isinstance(field, serializers.Serializer):
            found += columns_of(field, path)
        elif isinstance(field, TagsField):
            found += [Column((*path, facet)) for facet in Facet.values]
        else:
            found.append(Column(path, isinstance(field, serializers.DecimalField)))
    return found


def write_rows(columns: list[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Give rows as CSV piece by piece, a heading first; no cell is ever run as a formula."""
    cells = ([column.cell(row) for column in columns] for row in rows)
    return write_csv([column.heading for column in columns], cells, with_bom=False)


def _tell(value: Any) -> str:
    """A tag by its slug; what else is nested by its names and values: "channel=web; region=europe"."""
    if not isinstance(value, Mapping):
        return str(value)
    if set(value) == {"slug", "name"}:
        return str(value["slug"])
    return "; ".join(f"{name}={_plain(each)}" for name, each in value.items())


def _plain(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
