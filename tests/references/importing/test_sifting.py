"""Columns whose cells do not bear out what their heading was taken for, and those nobody reads."""

from pathlib import Path

import pytest

from references.importing.headings import Mapping, guess_mapping
from references.importing.preview import choose_mapping
from references.importing.readers import open_table
from references.importing.sifting import tell_unread
from tests.references.importing.files import Row, write_csv


def sift(folder: Path, *rows: Row) -> Mapping:
    return choose_mapping(open_table(write_csv(folder, *rows)), None)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Company Size", ["SMB", "Large"]),
        ("Level", ["Gold", "Silver"]),
        ("Segment", ["EU", "US"]),
        ("Health Score", ["85%", "40%"]),
        ("Opt out", ["2", "perhaps"]),
    ],
)
def test_sift_columns_leaves_out_what_cannot_be_read(tmp_path: Path, heading: str, cells: list[str]) -> None:
    mapping = sift(tmp_path, *({"Company": "Acme", "Email": "ana@acme.test", heading: cell} for cell in cells))
    assert mapping.fields == {"customer", "email"}
    assert heading in mapping.warnings[-1]
    assert cells[0] in mapping.warnings[-1]


def test_sift_columns_keeps_a_column_with_one_bad_cell_and_our_own_headings(tmp_path: Path) -> None:
    mapping = sift(tmp_path, {"Company": "Acme", "Level": "Gold"}, {"Company": "Beta", "Level": "Director"})
    assert "seniority" in mapping.fields
    assert "tier" in sift(tmp_path, {"customer": "Acme", "tier": "zinc"}).fields
    assert "nps" in sift(tmp_path, {"Company": "Acme", "Email": "ana@acme.test", "NPS Score": "11"}).fields


def test_a_score_beside_answers_is_one_unless_it_counts_to_five(tmp_path: Path) -> None:
    rows = [{"Email": f"{at}@acme.test", "Company": "Acme", "Response ID": at, "Score": at} for at in (3, 9)]
    assert "nps" in sift(tmp_path, *rows).fields
    mapping = sift(tmp_path, *rows[:1])
    assert "nps" not in mapping.fields
    assert "from 1 to 5" in mapping.warnings[-1]
    assert "nps" not in guess_mapping(["Email", "Company", "Score"]).fields


def test_tell_unread_names_what_nobody_knows_and_nothing_dull() -> None:
    mapping = guess_mapping(["Company", "Email", "Program Colour", "Billing Street", "Created Date"])
    assert len(tell_unread(mapping)) == 1
    assert "“Program Colour”" in tell_unread(mapping)[0]
    assert "Street" not in tell_unread(mapping)[0]
    assert tell_unread(guess_mapping(["Company", "Email"])) == ()
    many = guess_mapping(["Company", *(f"Column {at}" for at in range(30))])
    assert tell_unread(many)[0].count("“") == 12
    assert "and 18 more" in tell_unread(many)[0]
