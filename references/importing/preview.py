"""Looks at a file before it is imported: its kind, headings, first rows and first problems. Writes nothing."""

from collections.abc import Mapping as AnyMapping
from itertools import islice
from pathlib import Path

from references.importing.day_order import judge_dates, warn_of_dates
from references.importing.errors import ImportRefusedError
from references.importing.headings import Mapping, guess_mapping, load_mapping, require_importable
from references.importing.readers import Table, open_table
from references.importing.record import DeletedRow
from references.importing.report import ImportPreview, Refusal
from references.importing.rows import read_rows
from references.importing.sifting import sift_columns

GivenMapping = Mapping | AnyMapping[str, object] | str | None
ROWS_SHOWN = 10
ROWS_CHECKED = 200


def choose_mapping(table: Table, given: GivenMapping) -> Mapping:
    """Apply the mapping given, as object, dict or JSON text, or else guess one; raises ImportRefusedError."""
    if isinstance(given, Mapping):
        return given
    return sift_columns(guess_mapping(table.headings), table) if given is None else load_mapping(given, table.headings)


def preview_import(
    path: Path | str, mapping: GivenMapping = None, *, name: str = "", sheet: str = "", encoding: str = ""
) -> ImportPreview:
    """Show what an import would make of a file; `name` is what to call it. Never raises for a file's sake.
    `sheet` and `encoding` are found where they are not given.

    A file that would be refused as a whole has `refusal`; its headings and mapping are shown where they can be read,
    so that a mapping can mend it.
    """
    preview = ImportPreview(file=name or Path(path).name)
    try:
        table = open_table(path, encoding=encoding, sheet=sheet)
        preview.sheets = table.sheets
        preview.headings, preview.encoding = table.headings, table.encoding
        preview.delimiter, preview.sheet = table.delimiter, table.sheet
        chosen = choose_mapping(table, mapping)
        preview.mapping, preview.kind = chosen, chosen.kind
        preview.warnings = (*table.warnings, *chosen.warnings)
        require_importable(chosen)
        _check_first(preview, table, chosen)
    except ImportRefusedError as error:
        preview.refusal = Refusal.of(error)
        if preview.headings and preview.mapping is None:
            preview.mapping = guess_mapping(preview.headings)
    return preview


def _check_first(preview: ImportPreview, table: Table, mapping: Mapping) -> None:
    day_first, doubtful = judge_dates(table, mapping)
    preview.warnings = (*preview.warnings, *warn_of_dates(day_first, doubtful))
    reading = read_rows(table, mapping, day_first=day_first)
    for read in islice(reading, ROWS_CHECKED):
        preview.rows_checked += 1
        if isinstance(read, list):
            preview.problems.extend(read)
            continue
        if isinstance(read, DeletedRow):
            preview.notes.append(read.note)
            continue
        preview.notes.extend(read.notes)
        if len(preview.rows) < ROWS_SHOWN:
            preview.rows.append(read)
    preview.is_whole = next(reading, None) is None
