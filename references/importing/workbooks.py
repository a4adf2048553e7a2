"""Excel and OpenDocument workbooks: opens them safely and streams the rows of a sheet as text."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from references.importing.errors import ImportRefusedError

Cell = int | float | str | bool | time | date | datetime | timedelta

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_UNPACKED = 1 << 30
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AGAIN = "Open it in Excel and save it as .xlsx or as CSV (UTF-8)."


def require_workbook(path: Path) -> None:
    """Refuse what only looks like a workbook: other zip archives, archives that unpack too large, locked files."""
    with path.open("rb") as file:
        mark = file.read(8)
    if mark.startswith(ZIP_MARK):
        _require_sheets(path)
    elif _holds(path, _ENCRYPTED):
        raise _locked()


def open_workbook(path: Path) -> "calamine.CalamineWorkbook":
    """Open a workbook of any kind that Excel or LibreOffice writes."""
    with _guarded(), path.open("rb") as file:
        return calamine.load_workbook(file)  # a path would be judged by its extension


def visible_sheets(workbook: "calamine.CalamineWorkbook") -> list[str]:
    """Give the names of the sheets with cells that a person sees, in their order; refuses a workbook without any."""
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if not names:
        raise ImportRefusedError("no_sheet", "The workbook has no visible sheet with cells.", "Unhide the sheet.")
    return names


def open_sheet(workbook: "calamine.CalamineWorkbook", name: str) -> "calamine.CalamineSheet":
    """Load one sheet; refuses a name that is not there, naming those that are."""
    if name not in workbook.sheet_names:
        raise ImportRefusedError(
            "no_sheet", f"The workbook has no sheet “{name}”.", f"Its sheets are: {', '.join(workbook.sheet_names)}."
        )
    with _guarded():
        return workbook.get_sheet_by_name(name)


def read_sheet(sheet: "calamine.CalamineSheet") -> Iterator[tuple[int, list[str]]]:
    """Stream (row number as Excel shows it, cells as text) of a sheet, blank rows included."""
    with _guarded():
        rows = iter(sheet.iter_rows())
    line = 0
    while True:
        with _guarded():
            cells = next(rows, None)
        if cells is None:
            return
        line += 1
        yield line, [cell if isinstance(cell, str) else show_cell(cell) for cell in cells]


def show_cell(value: Cell | None) -> str:
    """Write a cell as text: ISO dates and times, whole numbers without ".0", true and false in small letters."""
    if value is None:
        return ""
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


@contextmanager
def _guarded() -> Iterator[None]:
    """Turn whatever the reading library throws, its crashes included, into a refusal."""
    try:
        yield
    except calamine.PasswordError as error:
        raise _locked() from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise _unreadable() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a crash in Rust becomes; it has no importable class
            raise
        raise _unreadable() from error


def _unreadable() -> ImportRefusedError:
    return ImportRefusedError("unreadable_workbook", "The workbook is damaged or of an unknown kind.", _SAVE_AGAIN)


def _locked() -> ImportRefusedError:
    return ImportRefusedError(
        "password", "The workbook is protected by a password.", "Save a copy without the password and import that."
    )


def _require_sheets(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        raise _unreadable() from error
    names = {info.filename for info in infos}
    if not any(name.startswith("xl/") for name in names) and "content.xml" not in names:
        raise ImportRefusedError(
            "not_a_table", "This is a zip archive or a document, not a workbook.", "Unpack it and import its tables."
        )
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise ImportRefusedError(
            "too_large",
            "The workbook unpacks to more than one gigabyte.",
            "Split it, or save the sheet as CSV (UTF-8).",
        )


def _holds(path: Path, needle: bytes) -> bool:
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if needle in tail + chunk:
                return True
            tail = chunk[-len(needle) :]
    return False
