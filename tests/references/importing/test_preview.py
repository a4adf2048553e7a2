"""What a file looks like before it is imported."""

from pathlib import Path

import pytest

from references.importing.preview import ROWS_CHECKED, ROWS_SHOWN, preview_import
from tests.references.importing.files import write_csv


def test_preview_shows_mapping_rows_and_problems(tmp_path: Path) -> None:
    rows = [{"Account Name": f"C{number}", "E-Mail": "", "Shoe size": ""} for number in range(20)]
    rows[2]["E-Mail"] = "no address"
    preview = preview_import(write_csv(tmp_path, *rows), name="upload.csv")
    assert (preview.file, preview.refusal, preview.encoding, preview.delimiter) == ("upload.csv", None, "utf-8", ",")
    assert preview.mapping is not None
    assert [column.field for column in preview.mapping.columns] == ["customer", "email", None]
    assert (len(preview.rows), preview.rows_checked, preview.is_whole) == (ROWS_SHOWN, 20, True)
    assert [(problem.line, problem.value) for problem in preview.problems] == [(4, "no address")]


def test_preview_checks_the_first_rows_only(tmp_path: Path) -> None:
    rows = [{"customer": f"C{number}"} for number in range(ROWS_CHECKED + 1)]
    preview = preview_import(write_csv(tmp_path, *rows))
    assert (preview.rows_checked, preview.is_whole) == (ROWS_CHECKED, False)


def test_preview_of_a_mapping_that_does_not_fit_shows_the_headings(tmp_path: Path) -> None:
    preview = preview_import(write_csv(tmp_path, {"Firm": "Acme"}), {"Firm": "colour"})
    assert preview.refusal is not None
    assert preview.refusal.code == "unknown_field"
    assert preview.headings == ("Firm",)
    assert preview.mapping is not None


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"colour\nred\n", "no_customer")])
def test_preview_tells_why_a_file_would_be_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    preview = preview_import(path)
    assert preview.refusal is not None
    assert preview.refusal.code == code
