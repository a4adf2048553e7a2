"""Writes tables as CSV, XLSX and JSON, row by row, so that no cell of them is ever run as a formula."""

import csv
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

Cell = str | bool | int | float | Decimal | date | datetime | Sequence[str] | None
"""What a cell may hold; several texts in one cell are joined by " | ", in JSON they stay a list."""

BOM = "\ufeff"
BETWEEN = " | "
ROWS_AT_ONCE = 500
MOST_LETTERS = 32_767
MOST_SHEET_ROWS = 1_048_576
_FORMULA = frozenset("=+-@")
_BREAKS = ("\t", "\r", "\n")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


class TableFormat(models.TextChoices):
    """The formats that tables are written in."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel")
    JSON = "json", _("JSON")


CONTENT_TYPES = {
    TableFormat.CSV: "text/csv; charset=utf-8",
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TableFormat.JSON: "application/json",
}


def neutralize(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that could be, gets a leading apostrophe.

    That is a text that starts with = + - @, in any width and behind any blank or invisible sign, or with a tab or a
    line break.
    """
    return f"'{text}" if text.startswith(_BREAKS) or _starts_formula(text) else text


def _starts_formula(text: str) -> bool:
    for sign in text:
        if unicodedata.category(sign) not in _INVISIBLE:
            return unicodedata.normalize("NFKC", sign)[0] in _FORMULA
    return False


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, with_bom: bool = True) -> Iterator[bytes]:
    """Give a CSV file in UTF-8 piece by piece; Excel needs the byte order mark to read it as such."""
    writer = csv.writer(_Echo())
    yield (BOM if with_bom else "").encode() + str(writer.writerow(map(neutralize, headings))).encode()
    for some in _cut(rows):
        yield "".join(str(writer.writerow(map(_flatten, row))) for row in some).encode()


def write_json(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Give a JSON array of objects piece by piece; money is text, as in the API, so that no cent is lost."""
    yield b"["
    lead = "\n"
    for some in _cut(rows):
        lines = [
            json.dumps(dict(zip(names, row, strict=True)), cls=DjangoJSONEncoder, ensure_ascii=False) for row in some
        ]
        yield (lead + ",\n".join(lines)).encode()
        lead = ",\n"
    yield b"\n]\n"


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write an Excel workbook in constant memory; gives how many rows. What one sheet cannot hold goes on the next."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheets = _Sheets(book, headings)
        for row in rows:
            sheets.add(row)
        return sheets.count


class _Sheets:
    """The sheets of a workbook, filled row by row."""

    def __init__(self, book: Any, headings: Sequence[str]) -> None:
        self.book, self.headings = book, [neutralize(str(each)) for each in headings]
        self.bold = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.count = 0
        self._begin()

    def _begin(self) -> None:
        """Open the next sheet with its row of headings."""
        self.sheet, self.place = self.book.add_worksheet(), 1
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, max(0, len(self.headings) - 1), 18)
        for column, heading in enumerate(self.headings):
            self.sheet.write_string(0, column, heading, self.bold)

    def add(self, row: Sequence[Cell]) -> None:
        if self.place >= MOST_SHEET_ROWS:
            self._begin()
        for column, cell in enumerate(row):
            self._write(column, cell)
        self.place += 1
        self.count += 1

    def _write(self, column: int, cell: Cell) -> None:
        sheet, place = self.sheet, self.place
        if isinstance(cell, bool):
            sheet.write_boolean(place, column, cell)
        elif isinstance(cell, int | float | Decimal):
            sheet.write_number(place, column, cell)
        elif isinstance(cell, datetime):
            sheet.write_datetime(place, column, _without_zone(cell), self.time)
        elif isinstance(cell, date):
            sheet.write_datetime(place, column, cell, self.day)
        elif cell is not None and (text := str(_flatten(cell))):
            sheet.write_string(place, column, _shorten(text))


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _flatten(cell: Cell) -> str | int | float | Decimal:
    """A cell as CSV has it: numbers stay numbers, texts are made harmless."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float | Decimal):
        return cell
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds") if cell.tzinfo else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return neutralize(cell if isinstance(cell, str) else BETWEEN.join(cell))


def _without_zone(moment: datetime) -> datetime:
    """In UTC: a spreadsheet knows no zones."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _shorten(text: str) -> str:
    """As much as one cell of Excel holds."""
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


def _cut(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    """The rows some at a time."""
    flowing = iter(rows)
    while some := list(islice(flowing, ROWS_AT_ONCE)):
        yield some
