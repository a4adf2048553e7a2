"""Reads the rows of an export of answers by known columns: each an answer, a skipped question, or a problem by line."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from references.importing.cells import clean_text, is_blank
from references.importing.errors import CellError
from references.importing.record import RowProblem
from references.text import fold_name
from surveys.cells import parse_day, parse_score
from surveys.columns import BLANK, Columns

LONGEST_COMMENT = 10_000


@dataclass(frozen=True, slots=True)
class Who:
    """What a row says of who answered; folded, "" where it does not say."""

    email: str = ""
    external_id: str = ""
    customer: str = ""
    name: str = ""

    @property
    def is_told(self) -> bool:
        """Whether it can be enough to know somebody."""
        return bool(self.email or self.external_id or (self.customer and self.name))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a file. `key` tells this row from every other of it, and is the same whenever it is read."""

    line: int
    key: str
    score: int
    answered_on: date | None
    comment: str
    attributes: dict[str, str]
    who: Who
    notes: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Unscored:
    """A row without a score: the question was skipped, or, with a `problem`, what stands there is none."""

    line: int
    attributes: dict[str, str]
    problem: RowProblem | None = None


def read_answers(
    headings: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], columns: Columns, *, last_day: date
) -> Iterator[Answer | Unscored]:
    """Read each (line, cells) below the headings; a day after `last_day` or unreadable is left out with a note.

    The key of a row is a digest of all its cells and how many like it went before.
    """
    alike: Counter[str] = Counter()
    for number, (line, row) in enumerate(rows):
        if number < columns.label_rows:
            continue
        digest = _digest(headings, row)
        alike[digest] += 1
        attributes = {name: clean_text(_cell(row, place)) or BLANK for name, place in columns.attributes}
        try:
            score = parse_score(_cell(row, columns.score))
        except CellError as error:
            problem = _problem(headings, line, columns.score, "score", _cell(row, columns.score), error)
            yield Unscored(line, attributes, problem)
            continue
        if score is None:
            yield Unscored(line, attributes)
            continue
        day, notes = _read_day(headings, line, row, columns, last_day)
        yield Answer(
            line=line,
            key=f"{digest}:{alike[digest]}",
            score=score,
            answered_on=day,
            comment=_read_comment(row, columns.comment),
            attributes=attributes,
            who=_read_who(row, columns),
            notes=notes,
        )


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


def _digest(headings: Sequence[str], row: Sequence[str]) -> str:
    cells = [clean_text(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    told = json.dumps([list(headings), cells], ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()[:40]


def _read_day(
    headings: Sequence[str], line: int, row: Sequence[str], columns: Columns, last_day: date
) -> tuple[date | None, tuple[RowProblem, ...]]:
    if columns.day is None:
        return None, ()
    cell = _cell(row, columns.day)
    try:
        day = parse_day(cell, columns.day_first)
        if day is not None and day > last_day:
            raise CellError("has not come yet", "a day that is over")
    except CellError as error:
        return None, (_problem(headings, line, columns.day, "answered_on", cell, error),)
    return day, ()


def _read_comment(row: Sequence[str], place: int | None) -> str:
    text = clean_text(_cell(row, place))
    return "" if is_blank(text) else text[:LONGEST_COMMENT]


def _read_who(row: Sequence[str], columns: Columns) -> Who:
    def text(place: int | None) -> str:
        found = clean_text(_cell(row, place))
        return "" if is_blank(found) else found

    email = text(columns.email).lower()
    name = text(columns.name) or f"{text(columns.first_name)} {text(columns.last_name)}"
    return Who(
        email=email if "@" in email else "",
        external_id=text(columns.external_id),
        customer=fold_name(text(columns.customer)),
        name=fold_name(name),
    )


def _problem(headings: Sequence[str], line: int, place: int, field: str, value: str, error: CellError) -> RowProblem:
    return RowProblem(line, headings[place], field, clean_text(value)[:120], error.problem, error.expected)
