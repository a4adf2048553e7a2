"""Excel and OpenDocument workbooks: refuses what only looks like one and streams rows from a process with limits."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

from references.importing.errors import ImportRefusedError

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_UNPACKED = 1 << 30
_PROGRAM = Path(__file__).with_name("sheet_process.py")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AGAIN = "Open it in Excel and save it as .xlsx or as CSV (UTF-8)."


def require_workbook(path: Path) -> None:
    """Refuse what only looks like a workbook: other zip archives, archives that unpack too large, locked files."""
    with path.open("rb") as file:
        mark = file.read(8)
    if mark.startswith(ZIP_MARK):
        _require_sheets(path)
    elif _holds(path, _ENCRYPTED):
        raise _refusal("password")


def inspect_workbook(path: Path) -> dict[str, list[tuple[int, list[str]]]]:
    """Give for each visible sheet, in order, its first 200 rows as (number as Excel shows it, cells as text)."""
    sheets: dict[str, list[tuple[int, list[str]]]] = {}
    rows: list[tuple[int, list[str]]] = []
    with closing(_run("inspect", path)) as lines:
        for line in lines:
            if isinstance(line, dict):
                rows = sheets.setdefault(str(line["sheet"]), [])
            else:
                rows.append((line[0], line[1]))
    return sheets


def read_sheet(path: Path, sheet: str) -> Generator[tuple[int, list[str]], None, None]:
    """Stream (row number as Excel shows it, cells as text) of one sheet, hidden or not, blank rows included."""
    with closing(_run("rows", path, sheet)) as lines:
        for line in lines:
            if isinstance(line, list):
                yield line[0], line[1]


def _run(*arguments: str | Path) -> Generator[dict[str, object] | list[Any], None, None]:
    """Start the reading program and pass on its lines; its errors, and its death, are refusals."""
    process = subprocess.Popen(  # noqa: S603 (our own program, arguments as a list)
        [sys.executable, "-I", "-X", "utf8", str(_PROGRAM), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ},
    )
    with process:
        try:
            for text in process.stdout or ():
                line = json.loads(text)
                if isinstance(line, dict) and "error" in line:
                    raise _refusal(str(line["error"]))
                if isinstance(line, dict) and "end" in line:
                    return
                yield line
        except json.JSONDecodeError as error:  # it died in the middle of a line
            raise _refusal("unreadable") from error
        finally:
            process.kill()
    raise _refusal("unreadable")


def _refusal(code: str) -> ImportRefusedError:
    if code == "password":
        message = "The workbook is protected by a password."
        return ImportRefusedError("password", message, "Save a copy without the password and import that.")
    if code == "no_sheet":
        return ImportRefusedError("no_sheet", "The workbook has no such sheet with cells.", "Check the sheet's name.")
    if code == "too_long":
        message = "The sheet has more rows than Excel can hold."
        return ImportRefusedError("too_large", message, "Save it again in Excel, or save the sheet as CSV (UTF-8).")
    message = "The workbook is damaged, of an unknown kind or too large."
    return ImportRefusedError("unreadable_workbook", message, _SAVE_AGAIN)


def _require_sheets(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        raise _refusal("unreadable") from error
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
