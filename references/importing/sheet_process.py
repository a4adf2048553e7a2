"""A program of its own that prints a workbook as lines of JSON, so that a hostile file can take down nothing else.

The reading library may panic, abort or ask for any amount of memory when a file is damaged; here that ends a process
with limits, not a web worker. It is run by path, isolated, and imports nothing of the project.

    sheet_process.py inspect FILE      {"sheet": name} and up to 200 rows, for each visible sheet
    sheet_process.py rows FILE SHEET   every row

A row is [number as Excel shows it, [cell, …]]. The last line is {"end": true} or {"error": code}:
password, too_long, no_sheet or unreadable.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

import python_calamine as calamine

with contextlib.suppress(ImportError):  # not on Windows
    import resource

Cell = int | float | str | bool | time | date | datetime | timedelta

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 300
INSPECTED_ROWS = 200
MOST_ROWS = 1 << 20  # as many as Excel can hold; a sheet that says it has more is made to keep readers busy


class SheetTooLongError(Exception):
    """A sheet with more rows than a workbook can have."""


def show_cell(value: Cell | None) -> str:
    """Write a cell as text: ISO dates and times, whole numbers without ".0", true and false in small letters."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return format(value, ".15g")
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def read_lines(command: str, path: str, sheet: str) -> Iterator[object]:
    """Give what the program prints, line by line, as values."""
    with open(path, "rb") as file:  # noqa: PTH123 (a path would be judged by its extension)
        workbook = calamine.load_workbook(file)
    if command == "rows":
        yield from _read_rows(workbook, sheet)
        return
    for found in workbook.sheets_metadata:
        if found.visible == calamine.SheetVisibleEnum.Visible and found.typ == calamine.SheetTypeEnum.WorkSheet:
            yield {"sheet": found.name}
            yield from islice(_read_rows(workbook, found.name), INSPECTED_ROWS)


def _read_rows(workbook: "calamine.CalamineWorkbook", sheet: str) -> Iterator[object]:
    found = workbook.get_sheet_by_name(sheet)
    merged = [(top, left, bottom) for (top, left), (bottom, _) in found.merged_cell_ranges or () if bottom > top]
    merged.sort(reverse=True)
    open_ranges: list[tuple[int, int, str]] = []  # last row, column, what the range says
    for line, row in enumerate(found.iter_rows(), 1):
        if line > MOST_ROWS:
            raise SheetTooLongError
        cells = [show_cell(cell) for cell in row]
        if merged or open_ranges:
            open_ranges = [each for each in open_ranges if each[0] >= line - 1]
            _fill_merged(cells, open_ranges)
            while merged and merged[-1][0] < line:
                _, column, bottom = merged.pop()
                open_ranges.append((bottom, column, cells[column] if column < len(cells) else ""))
        yield [line, cells]


def _fill_merged(cells: list[str], ranges: list[tuple[int, int, str]]) -> None:
    """Let every row of cells merged downwards say what the first of them says."""
    for _, column, said in ranges:
        if column < len(cells) and not cells[column]:
            cells[column] = said


def main() -> None:
    """Set the limits, then print."""
    if "resource" in globals():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    command, path, sheet = (*sys.argv[1:], "")[:3]
    end: dict[str, object] = {"end": True}
    try:
        for line in read_lines(command, path, sheet):
            sys.stdout.write(json.dumps(line) + "\n")
    except calamine.WorksheetNotFound:
        end = {"error": "no_sheet"}
    except SheetTooLongError:
        end = {"error": "too_long"}
    except calamine.PasswordError:
        end = {"error": "password"}
    except (calamine.CalamineError, OSError, ValueError, OverflowError, MemoryError):
        end = {"error": "unreadable"}
    sys.stdout.write(json.dumps(end) + "\n")


if __name__ == "__main__":
    main()
