"""Opens a table of any common kind (CSV, TSV, Excel, OpenDocument), finds its headings and streams its rows."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import multimode

from references.importing import delimited, workbooks
from references.importing.delimited import SAMPLE_RECORDS, Record
from references.importing.errors import ImportRefusedError
from references.importing.wording import count_known, recognize

_FOOTER_LINES = 30
_FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)


MOST_COLUMNS = 900  # more than any CRM has fields in a record, and than one form of a page can map


class Footer(list[str]):
    """A row below the table that is none of its rows: what a report says of itself at its end."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose headings are known and whose rows are read when asked for, as often as wanted.

    `headings` are unique: a repeated one gets " (2)", an empty one is "". `encoding` and `delimiter` are empty for a
    workbook, `sheet` for text. `header_line` counts from 1 as an editor or Excel does. `warnings` tell what was guessed
    or left out, `footer` holds the lines below the table once its rows were read to the end. `heads` are the cells of
    the heading row as they stand, `sheets` the names of all that could be read in its stead, it among them.
    """

    path: Path
    headings: tuple[str, ...]
    header_line: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    warnings: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    _records: Callable[[], Iterator[Record]] = field(default=lambda: iter(()), repr=False, compare=False)
    footer: list[Record] = field(default_factory=list, repr=False, compare=False)

    def rows(self) -> Iterator[Record]:
        """Stream (line number, stripped cells) of every row below the headings but blank ones and headings told again.

        Empty cells beyond the headings are dropped; apart from that a row keeps its own length, longer or shorter than
        the headings. Remarks of one cell at the end, after a blank line, are given as Footer. Raises
        ImportRefusedError where the text turns out broken further down.
        """
        width = len(self.headings)
        heads = list(self.heads)
        ending: list[Record] = []
        group: list[Record] = []
        is_after_gap = False
        for line, stripped in self._told_rows():
            if not stripped:
                is_after_gap = True
                continue
            if stripped == heads:
                ending, group = [], []  # the name of a group, for which the headings are told again
                continue
            if group:
                yield from (*ending, *group)
                ending, group, is_after_gap = [], [], False
            if is_after_gap and width > 1 and len(ending) < _FOOTER_LINES and _is_remark(stripped):
                ending.append((line, stripped))
                continue
            if is_after_gap and width > 1 and sum(map(bool, stripped)) == 1:
                group.append((line, stripped))
                continue
            yield from ending
            ending, is_after_gap = [], False
            yield line, stripped
        yield from (*ending, *group) if group else ()
        self.footer[:] = [] if group else ending
        yield from ((line, Footer(cells)) for line, cells in self.footer)

    def _told_rows(self) -> Iterator[Record]:
        """The rows below the headings, stripped; [] for a blank one, and none for those that say nothing."""
        width = len(self.headings)
        for line, cells in self._records():
            if line <= self.header_line:
                continue
            stripped = [cell.strip() for cell in cells]
            if not any(cell and cell != "\x1a" for cell in stripped):
                yield line, []
                continue
            while len(stripped) > width and not stripped[-1]:
                stripped.pop()
            if not _says_nothing(stripped):
                yield line, stripped


_RULE = re.compile(r"[-=:_]{3,}$")
_KINDS_OF_ANSWERS = frozenset({"response", "open-ended response", "other (please specify)"})
_REMARK = re.compile(
    r"\*|©|(?:notes?|remarks?|sources?|(?:sub|grand )?totals?|confidential|copyright|generated|exported|as of|"
    r"page \d+|legend|hinweis|anmerkung|quelle|stand|gesamt|summe|erstellt|vertraulich|fuente|nota|total général|"
    r"\d[\d.,]* (?:rows?|records?|results?|zeilen|datensätze))\b",
    re.IGNORECASE,
)


def _says_nothing(cells: list[str]) -> bool:
    """Whether a row only rules a line, or tells a survey tool's own names of the columns or kinds of answers."""
    told = [cell for cell in cells if cell]
    if all(cell.startswith('{"ImportId"') for cell in told):
        return True
    return all(map(_RULE.match, told)) or all(cell.lower() in _KINDS_OF_ANSWERS for cell in told)


def _is_remark(cells: list[str]) -> bool:
    """Whether a line after a blank one is no row: a text of one cell, or in one cell what reads as a remark."""
    told = [cell for cell in cells if cell]
    return len(told) == 1 and (len(cells) == 1 or bool(_REMARK.match(told[0])))


def open_table(path: Path | str, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> Table:
    """Open the table in `path`, judged by content and not by extension; what is given need not be guessed.

    Raises ImportRefusedError for whatever is no table with headings and at least one row.
    """
    path = Path(path)
    try:
        mark = _read_mark(path)
        if mark.startswith((workbooks.ZIP_MARK, workbooks.OLE_MARK)):
            return _open_workbook(path, sheet)
        return _open_text(path, encoding, delimiter)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise ImportRefusedError("unreadable", f"{path.name} cannot be opened: {reason}.", "Check the file.") from error


def find_header(records: list[Record]) -> tuple[int, list[str]]:
    """Give the place in `records` of the heading row, and its cells; titles and notes above it are passed over.

    It is the row that names most known fields, or else the first that is nearly as wide as the table.
    """
    widths = [_width(cells) for _, cells in records]
    usual = max(multimode(widths), default=1)
    known = [count_known([cell.strip() for cell in cells]) for _, cells in records]
    most = max(known)
    if most >= min(usual, 2):
        place = known.index(most)
    else:
        filled = [sum(bool(cell.strip()) for cell in cells) for _, cells in records]
        place = next((at for at, count in enumerate(filled) if count >= 0.6 * usual), 0)
    return place, records[place][1]


def _width(cells: list[str]) -> int:
    return max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)


def name_columns(cells: list[str]) -> tuple[str, ...]:
    """Make headings of a row of cells: spaces collapsed, empty ones at the end dropped, repeated ones numbered."""
    names: list[str] = []
    taken: set[str] = set()
    for cell in cells[: _width(cells)]:
        plain = " ".join(cell.split())
        name, number = plain, 1
        while name and name in taken:
            number += 1
            name = f"{plain} ({number})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def _read_mark(path: Path) -> bytes:
    if not path.exists():
        raise ImportRefusedError("missing", f"There is no file {path.name}.", "Check the name and the folder.")
    if not path.is_file():
        raise ImportRefusedError("not_a_file", f"{path.name} is not a file.", "Name one file, not a folder.")
    with path.open("rb") as file:
        mark = file.read(16)
    if not mark:
        raise _empty()
    for start, kind in _FOREIGN:
        if mark.startswith(start):
            raise ImportRefusedError(
                "not_a_table", f"This is {kind}, not a table.", "Import CSV or Excel (.xlsx, .xls)."
            )
    return mark


def _open_text(path: Path, encoding: str, delimiter: str) -> Table:
    is_guessed = not encoding
    try:
        encoding = encoding or delimited.detect_encoding(path)
        text, is_whole = delimited.read_sample(path, encoding)
    except (UnicodeError, LookupError) as error:
        message = f"The file cannot be read as {encoding}."
        raise ImportRefusedError("bad_encoding", message, "Leave the encoding out to have it found.") from error
    chosen, quote = delimiter or delimited.detect_delimiter(text, is_whole, count_known), delimited.find_quote(text)
    if len(chosen) != 1 or chosen in '"\r\n ':
        raise ImportRefusedError("bad_delimiter", f"“{chosen}” cannot separate cells.", "Use , ; | or a tab.")
    return _make_table(
        path,
        delimited.sample_records(text, is_whole, chosen),
        lambda: delimited.read_records(path, encoding, chosen, quote),
        encoding=encoding,
        delimiter=chosen,
        warnings=_warn_of_encoding(encoding) if is_guessed else (),
    )


def _warn_of_encoding(encoding: str) -> tuple[str, ...]:
    if encoding.startswith("utf"):
        return ()
    told = f"The file does not say how its letters are encoded; they were read as {encoding}."
    mend = "Where letters with accents are wrong, choose another encoding, or save it again as CSV (UTF-8)."
    return (f"{told} {mend}",)


def _open_workbook(path: Path, sheet: str) -> Table:
    workbooks.require_workbook(path)
    samples = workbooks.inspect_workbook(path)
    visible = tuple(samples)
    if sheet and sheet not in samples:  # a hidden one may be named, and is read for its first rows
        samples = {sheet: _sample_sheet(path, sheet, visible)}
    tables: list[Table] = []
    refusal = _empty()
    for name in [sheet] if sheet else samples:
        sample = [record for record in samples[name] if any(record[1])][:SAMPLE_RECORDS]
        try:
            tables.append(_make_table(path, sample, partial(workbooks.read_sheet, path, name), sheet=name))
        except ImportRefusedError as error:
            refusal = error
    if not tables:
        raise refusal
    chosen = max(tables, key=lambda table: min(count_known(list(table.headings)), 3))
    return replace(chosen, warnings=_warn_of_sheets(tables, chosen), sheets=visible)


def _sample_sheet(path: Path, sheet: str, visible: tuple[str, ...]) -> list[Record]:
    try:
        with closing(workbooks.read_sheet(path, sheet)) as rows:
            return list(islice(rows, SAMPLE_RECORDS))
    except ImportRefusedError as error:
        if error.code != "no_sheet":
            raise
        message = f"The workbook has no sheet “{sheet[:60]}” with cells."
        there = ", ".join(f"“{name}”" for name in visible[:30])
        raise ImportRefusedError("no_sheet", message, f"It has {there}.") from error


def _warn_of_sheets(tables: list[Table], chosen: Table) -> tuple[str, ...]:
    """Name the sheets that look like tables of their own and are not read."""
    others = [each.sheet for each in tables if each is not chosen and count_known(list(each.headings)) > 1]
    if not others:
        return ()
    names = ", ".join(f"“{name}”" for name in others[:10])
    return (f"Only the sheet “{chosen.sheet}” is read. Name {names} as the sheet to import them too.",)


def _make_table(
    path: Path,
    sample: list[Record],
    records: Callable[[], Iterator[Record]],
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    warnings: tuple[str, ...] = (),
) -> Table:
    if not any(_width(cells) for _, cells in sample):
        raise _empty()
    place, cells = find_header(sample)
    place, cells = _join_header(sample, place, cells)
    headings = name_columns(cells)
    _require_upright(sample, headings)
    _require_one_table(sample[place + 1 :], headings)
    heads = tuple(cell.strip() for cell in cells[: len(headings)])
    table = Table(path, headings, sample[place][0], encoding, delimiter, sheet, warnings, heads, _records=records)
    if place == len(sample) - 1 and next(table.rows(), None) is None:
        shown = ", ".join(headings)[:200]
        raise ImportRefusedError(
            "no_rows", f"There is no row below the headings ({shown}).", "Add one row per customer, contact or story."
        )
    return table


_LONGEST_HEADING = 80
_ANSWERS = re.compile(r"response|answer|value|antwort|réponse|respuesta", re.IGNORECASE)


def _join_header(sample: list[Record], place: int, cells: list[str]) -> tuple[int, list[str]]:
    """Join headings that stand in two rows, groups above and names below, where both together tell more than one."""
    best, found = count_known(cells), (place, cells)
    for at in (place - 1, place):
        if at < 0 or at + 1 >= len(sample) or sample[at + 1][0] != sample[at][0] + 1:
            continue
        upper, lower = sample[at][1], sample[at + 1][1]
        if not _may_continue(upper, lower):
            continue
        joined = join_headings(upper, lower)
        if _fills(upper, lower, joined):
            continue
        if count_known(joined) > best:
            best, found = count_known(joined), (at + 1, joined)
    return found


def _may_continue(upper: list[str], lower: list[str]) -> bool:
    """Whether a row names columns that the row above leaves blank, and holds nothing that headings do not."""
    told = [cell.strip() for cell in lower if cell.strip()]
    gaps = [cell for place, cell in enumerate(lower) if cell.strip() and not "".join(upper[place : place + 1]).strip()]
    return bool(gaps) and all(
        len(cell) <= _LONGEST_HEADING and "@" not in cell and not cell[:1].isdigit() for cell in told
    )


def _fills(upper: list[str], lower: list[str], joined: list[str]) -> bool:
    """Whether the lower row rather fills what the upper one names: under a known heading it says something unknown."""
    return any(
        name.strip() and joined[place] == upper[place].strip() and recognize(upper[place]) and not _ANSWERS.search(name)
        for place, name in enumerate(lower[: len(upper)])
    )


def join_headings(upper: list[str], lower: list[str]) -> list[str]:
    """Make one heading of two, a group and a name below it: whichever of both, or each alone, is known."""
    joined, group = [], ""
    for place in range(max(len(upper), len(lower))):
        above, name = ("".join(row[place : place + 1]).strip() for row in (upper, lower))
        group = above or group
        both = f"{group}: {name}"
        if not name:
            joined.append(above)
        elif group and recognize(both):
            joined.append(both)
        else:
            joined.append(name if not above or recognize(name) or not recognize(above) else above)
    return joined


def _require_one_table(rows: list[Record], headings: tuple[str, ...]) -> None:
    """Refuse two tables that stand side by side, an empty column between them: their rows do not belong together."""
    for gap in (place for place, heading in enumerate(headings) if not heading):
        left, right = headings[:gap], headings[gap + 1 :]
        is_empty = not any("".join(cells[gap : gap + 1]).strip() for _, cells in rows)
        told_twice = _fields_of(left) & _fields_of(right) & _KEYS
        if is_empty and told_twice and count_known(list(left)) > 1 and count_known(list(right)) > 1:
            message = f"Two tables stand side by side: “{left[0]}” … and “{next(filter(None, right))}” …"
            raise ImportRefusedError("two_tables", message, "Save each table as a file or a sheet of its own.")


_KEYS = frozenset({"customer", "customer_id", "customer_domain", "promoter", "email"})


def _fields_of(headings: tuple[str, ...]) -> set[str]:
    return {found[0] for heading in headings if (found := recognize(re.sub(r" \(\d+\)$", "", heading)))}


def _require_upright(sample: list[Record], headings: tuple[str, ...]) -> None:
    """Refuse a table with too many columns, and one that lies on its side: its headings one below the other."""
    if len(headings) > MOST_COLUMNS:
        message = f"The table has {len(headings):,} columns; at most {MOST_COLUMNS:,} are read."
        raise ImportRefusedError("too_wide", message, "Leave out the columns that nobody needs.")
    beneath = count_known([cells[0].strip() for _, cells in sample if cells])
    if count_known(list(headings)) <= 1 < len(headings) and beneath >= 3:
        message = "The headings stand one below the other in the first column."
        raise ImportRefusedError("sideways", message, "Turn the table: one row of headings, and a row per customer.")


def _empty() -> ImportRefusedError:
    return ImportRefusedError("empty", "The file is empty.", "It needs one row of headings and a row per customer.")
