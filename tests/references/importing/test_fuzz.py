"""Files nobody has seen: whatever they hold, they are imported whole or refused with a reason, and never half."""

import csv
import io
import tempfile
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Literal

import pytest
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from references.importing.preview import preview_import
from references.importing.report import ImportReport
from references.importing.running import import_file
from references.models import CaseStudy, Contact, Customer, SpeakingSlot, Tag, Testimonial
from tests.references.importing.files import count_rows, read_revision

pytestmark = pytest.mark.django_db(transaction=True)

KEPT: tuple[type[Model], ...] = (Customer, Contact, CaseStudy, Testimonial, SpeakingSlot, Tag)
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".CSV", "")
STARTS = (b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "cp1252", "mac_roman")
HEADINGS = ("customer", "promoter", "email", "industry", "renewal_date", "nps", "annual_value", "story_title", "quote")
ROWS = (
    ("Acme", "Ana Lima", "ana@acme.example", "Retail", "2026-01-31", "9", "$1,200", "How Acme grew", "It works."),
    ("Bolt", "Bob Ng", "bob@bolt.example", "Energy", "31.12.2026", "7", "€ 1.200,50", "", ""),
    ("Café Müller", "Zoë", "zoe@cafe.example", "", "", "", "", "Coffee, “fast”", "Two\nlines"),
    ("", "", "", "", "", "", "", "", ""),
)
fuzzed = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(content: bytes, ending: str = ".csv", *, skip_bad_rows: bool = False) -> ImportReport:
    """Try a file out and import it twice: each is told truly, and only the first may change anything."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"pool{ending}"
        path.write_bytes(content)
        preview_import(path)
        before, revision = count_rows(KEPT), read_revision()
        tried = import_file(path, dry_run=True, skip_bad_rows=skip_bad_rows)
        assert (count_rows(KEPT), read_revision()) == (before, revision)
        done = import_file(path, skip_bad_rows=skip_bad_rows)
        assert (tried.refusal, tried.counts, tried.bad_rows) == (done.refusal, done.counts, done.bad_rows)
        if done.refusal is not None:
            assert (count_rows(KEPT), read_revision()) == (before, revision)
            assert done.refusal.message
            assert done.changes == 0
            return done
        after, revision = count_rows(KEPT), read_revision()
        again = import_file(path, skip_bad_rows=skip_bad_rows)
        assert (again.refusal, again.changes) == (None, 0)
        assert (count_rows(KEPT), read_revision()) == (after, revision)
        return done


def write_table(rows: Sequence[Sequence[str]], delimiter: str = ",", line_end: str = "\r\n") -> str:
    out = io.StringIO(newline="")
    quote: Literal[0, 1] = csv.QUOTE_ALL if line_end == "\r" else csv.QUOTE_MINIMAL  # else \n would stand bare
    csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quote).writerows(rows)
    return out.getvalue()


@fuzzed
@given(st.sampled_from(STARTS), st.binary(max_size=300), st.sampled_from(ENDINGS))
def test_bytes_of_any_kind(start: bytes, content: bytes, ending: str) -> None:
    check(start + content, ending)


@fuzzed
@given(
    st.lists(st.sampled_from(ROWS), min_size=1, max_size=5, unique=True),
    st.sampled_from(ENCODINGS),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_sound_file_is_imported_in_any_encoding(
    rows: list[tuple[str, ...]], encoding: str, delimiter: str, line_end: str
) -> None:
    text = write_table([HEADINGS, *rows], delimiter, line_end)
    report = check(text.encode(encoding, errors="replace"))
    names = {row[0] for row in rows if row[0]}
    assert (report.refusal is None) == bool(names), report.refusal
    assert names <= set(Customer.objects.values_list("name", flat=True))


@fuzzed
@given(st.data(), st.sampled_from(ENCODINGS), st.booleans())
def test_file_damaged_anywhere(data: st.DataObject, encoding: str, skip_bad_rows: bool) -> None:
    content = bytearray(write_table([HEADINGS, *ROWS]).encode(encoding, errors="replace"))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        content[start:end] = data.draw(st.binary(max_size=12) | st.sampled_from([b'"', b"\0", b"\r", b",,", b"\n\n"]))
    check(bytes(content), skip_bad_rows=skip_bad_rows)


ODD = ("#N/A", "TRUE", "4.4E+11", "1e400", "-1", "45321", "=1+1", "[1]", "{}", "NULL", "9" * 40, "10:00")
CELLS = st.sampled_from([*ODD, *(cell for row in ROWS for cell in row)]) | st.text(st.characters(codec="utf-8"))


@fuzzed
@given(
    st.lists(st.sampled_from((*HEADINGS, "event", "event_date", "Account Name", "", "Total")), min_size=1, max_size=7),
    st.lists(st.lists(CELLS, max_size=7), max_size=5),
    st.booleans(),
)
def test_table_of_any_cells(headings: list[str], rows: list[list[str]], skip_bad_rows: bool) -> None:
    check(write_table([headings, *rows]).encode(), skip_bad_rows=skip_bad_rows)


@pytest.mark.parametrize("rows", [*permutations(ROWS[:3])])
def test_rows_may_stand_in_any_order(rows: tuple[tuple[str, ...], ...]) -> None:
    assert check(write_table([HEADINGS, *rows]).encode()).refusal is None
    found = Customer.objects.order_by("name").values_list("name", "renewal_date", "contacts__email")
    assert [(name, str(renewal), email) for name, renewal, email in found] == [
        ("Acme", "2026-01-31", "ana@acme.example"),
        ("Bolt", "2026-12-31", "bob@bolt.example"),
        ("Café Müller", "None", "zoe@cafe.example"),
    ]
