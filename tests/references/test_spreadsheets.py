"""Tables for spreadsheets and programs."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from references import spreadsheets
from references.spreadsheets import MOST_LETTERS, Cell, neutralize, write_csv, write_json, write_xlsx

DANGEROUS = [
    "=1+1", "+49 30 1234", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\ufeff=1", "\u200b\u00a0=1", "＝1",
    "＋1", "－1", "＠x", "﹦1", "\x00=1",
]  # fmt: skip

NINE = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", DANGEROUS)
def test_neutralize_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutralize(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Nordbank", "a=b", "'=1", "1-2", "…", "½ price", " plain"])
def test_neutralize_plain_text_stays(text: str) -> None:
    assert neutralize(text) == text


@given(st.text())
def test_neutralize_never_starts_as_a_formula(text: str) -> None:
    safe = neutralize(text)
    assert safe in {text, f"'{text}"}
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))


def test_write_csv_texts_are_harmless_and_numbers_stay() -> None:
    row: list[Cell] = ["=1+1", -5, Decimal("-2.50"), True, date(2026, 5, 1), NINE, ["a", "b"], None]
    text = b"".join(write_csv(["=h", *"bcdefgh"], [row])).decode("utf-8-sig")
    head, body = csv.reader(io.StringIO(text))
    assert head[0] == "'=h"
    assert body == ["'=1+1", "-5", "-2.50", "true", "2026-05-01", "2026-05-01T09:00:00+00:00", "a | b", ""]


def test_write_csv_mark_is_a_choice() -> None:
    assert b"".join(write_csv(["a"], [])).startswith(b"\xef\xbb\xbf")
    assert b"".join(write_csv(["a"], [], with_bom=False)) == b"a\r\n"


def test_write_csv_rows_flow_in_pieces() -> None:
    pulled: list[int] = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(2_000):
            pulled.append(number)
            yield [number]

    pieces = write_csv(["n"], rows())
    next(pieces), next(pieces)
    assert len(pulled) == spreadsheets.ROWS_AT_ONCE


@pytest.mark.parametrize("count", [0, 1, 501])
def test_write_json_is_an_array_of_objects(count: int) -> None:
    rows: list[list[Cell]] = [[number, Decimal("1.10"), ["=a"], None] for number in range(count)]
    found = json.loads(b"".join(write_json(["n", "money", "tags", "none"], rows)))
    assert found == [{"n": number, "money": "1.10", "tags": ["=a"], "none": None} for number in range(count)]


def _sheets(path: Path) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_path(path)
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_write_xlsx_cells_keep_their_kinds(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    row: list[Cell] = ["=1+1", "https://a.example", -5, Decimal("2.5"), True, date(2026, 5, 1), NINE, "0012"]
    assert write_xlsx(path, list("abcdefgh"), [row]) == 1
    values = _sheets(path)[0][1]
    assert values == [
        "'=1+1", "https://a.example", -5, 2.5, True, date(2026, 5, 1), NINE.replace(tzinfo=None), "0012"
    ]  # fmt: skip
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_write_xlsx_too_long_a_text_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_xlsx(path, ["a"], [["x" * 40_000]])
    value = _sheets(path)[0][1][0]
    assert len(value) == MOST_LETTERS
    assert value.endswith("…")


def test_write_xlsx_what_a_sheet_cannot_hold_goes_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_SHEET_ROWS", 3)
    path = tmp_path / "t.xlsx"
    assert write_xlsx(path, ["n"], [[number] for number in range(5)]) == 5
    assert _sheets(path) == [[["n"], [0], [1]], [["n"], [2], [3]], [["n"], [4]]]
