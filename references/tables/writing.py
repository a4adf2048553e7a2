"""Writes an export in one of the formats: piece by piece for somebody who waits, or into a file."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from references.spreadsheets import Cell, TableFormat, write_csv, write_json, write_xlsx
from references.tables.exporting import Export

_PIECE = 64 * 1024


def stream_export(export: Export, kind: TableFormat, *, for_people: bool) -> Iterator[bytes]:
    """Give the file piece by piece; a workbook is made whole first, on disk.

    `for_people` writes headings in the language of now, and the mark by which Excel knows UTF-8; else names are plain.
    """
    headings = export.headings if for_people else export.names
    if kind == TableFormat.JSON:
        return write_json(export.names, export.cells())
    if kind == TableFormat.CSV:
        return write_csv(headings, export.cells(), with_bom=for_people)
    folder = tempfile.TemporaryDirectory(prefix="export-")  # closed by whoever reads it to its end, or lets it go
    path = Path(folder.name) / "table.xlsx"
    write_xlsx(path, headings, export.cells())
    return _read(path, folder)


def write_export(export: Export, kind: TableFormat, path: Path, rows: Iterable[Sequence[Cell]]) -> None:
    """Write these rows of an export into a file for people, some at a time."""
    if kind == TableFormat.XLSX:
        write_xlsx(path, export.headings, rows)
        return
    pieces = write_json(export.names, rows) if kind == TableFormat.JSON else write_csv(export.headings, rows)
    with path.open("wb") as target:
        for piece in pieces:
            target.write(piece)


def _read(path: Path, folder: "tempfile.TemporaryDirectory[str]") -> Iterator[bytes]:
    with folder, path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
