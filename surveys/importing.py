"""Imports an export of answers into a campaign: reads it twice, guesses its columns, writes all of it or nothing."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import DataError, IntegrityError
from django.utils import timezone

from references.collecting import collecting_seldom
from references.importing.errors import ImportRefusedError
from references.importing.readers import Table, open_table
from references.importing.record import RowProblem
from references.importing.report import PROBLEMS_KEPT, Refusal
from references.pool.writing import pool_write
from surveys.columns import ColumnFacts, Columns, GivenColumns, guess_columns, observe
from surveys.reading import Answer, Unscored, read_answers
from surveys.scores import Tally, tally_scores
from surveys.services.import_writing import ResponseWriter, open_campaign
from users.models import User

OnProgress = Callable[[str, int, int | None], None]
"""Is told the step (`READING` or `WRITING`), how many rows are done, and of how many, None while that is unknown."""
READING, WRITING = "reading", "writing"
BATCH_ROWS = 1_000


@dataclass(slots=True)
class ResponseImport:
    """What came of one file. `columns` are the headings by what they were read as; `scores` how often each was given.

    `skipped` rows have no score, `invalid` ones no score that can be read: these are in `problems`. `notes` are
    what was left out of an answer that was kept. `linked` answers are those of people in the pool.
    """

    file: str
    campaign: str
    is_dry_run: bool = False
    refusal: Refusal | None = None
    columns: dict[str, str] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    invalid: int = 0
    linked: int = 0
    scores: dict[int, int] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)
    note_count: int = 0
    elapsed: float = 0.0

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None

    @property
    def tally(self) -> Tally:
        """The answers of the file."""
        return tally_scores(self.scores)

    def summarize(self) -> str:
        """Say in one line what came of the file."""
        if self.refusal is not None:
            return f"{self.refusal.message} {self.refusal.hint}".strip()
        would = "would be " if self.is_dry_run else ""
        told = [
            f"{number:,} {what}"
            for number, what in (
                (self.created, f"answers {would}imported"),
                (self.updated, f"{would}changed"),
                (self.unchanged, "there already"),
                (self.skipped, "without a score"),
                (self.invalid, "with no valid score, left out"),
                (self.linked, "of people in the pool"),
            )
            if number
        ]
        return f"{self.rows:,} rows read: {', '.join(told) or 'nothing to import'}."

    def to_json(self, *, problems: int = PROBLEMS_KEPT) -> dict[str, Any]:
        """Give plain values for JSON, at most so many problems and notes."""
        return {
            "file": self.file,
            "campaign": self.campaign,
            "imported": self.refusal is None and not self.is_dry_run,
            "dry_run": self.is_dry_run,
            "refusal": None if self.refusal is None else asdict(self.refusal),
            "message": self.summarize(),
            "columns": self.columns,
            "attributes": list(self.attributes),
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "invalid": self.invalid,
            "linked": self.linked,
            "problems": [asdict(problem) for problem in self.problems[:problems]],
            "note_count": self.note_count,
            "notes": [asdict(note) for note in self.notes[:problems]],
            "elapsed_seconds": round(self.elapsed, 3),
        }


class _TriedOutError(Exception):
    """Ends a dry run, so that its transaction is rolled back."""


def import_responses(
    path: Path | str,
    *,
    campaign: str,
    given: GivenColumns | None = None,
    dry_run: bool = False,
    imported_by: User | None = None,
    on_progress: OnProgress | None = None,
    name: str = "",
) -> ResponseImport:
    """Import the answers of one file into the campaign of that name, made if new; `name` is what to call the file.

    Importing it again changes nothing. Rows without a valid score are left out and told; answers of people in the pool
    are theirs, with all that follows from a score. A dry run takes back what it wrote. A refused file is told by
    `refusal`. What `on_progress` raises ends the import with nothing written. Raises RuntimeError inside another
    transaction.
    """
    report = ResponseImport(file=name or Path(path).name, campaign=campaign.strip(), is_dry_run=dry_run)
    started = monotonic()
    try:
        table, columns = inspect_file(path, given, on_progress)
        report.columns, report.attributes = name_columns(table, columns), tuple(name for name, _ in columns.attributes)
        _write(table, columns, report, imported_by, on_progress or _ignore)
    except ImportRefusedError as error:
        report.refusal = Refusal.of(error)
    except (IntegrityError, DataError) as error:
        report.refusal = Refusal("conflict", "The answers do not fit with what is there by now.", f"Try again: {error}")
    except _TriedOutError:
        pass
    report.elapsed = monotonic() - started
    return report


def inspect_file(
    path: Path | str, given: GivenColumns | None = None, on_progress: OnProgress | None = None
) -> tuple[Table, Columns]:
    """Open a file and find its columns; raises ImportRefusedError where it has no scores that can be told apart."""
    table = open_table(path)
    facts, labels = _observe(table, on_progress or _ignore)
    return table, guess_columns(facts, labels, given)


def name_columns(table: Table, columns: Columns) -> dict[str, str]:
    """The headings by what they are read as: score, day, comment, email, …; an empty heading by its number."""
    found = asdict(columns)
    names = ("score", "day", "comment", "email", "external_id", "name", "first_name", "last_name", "customer")
    places = {name: found[name] for name in names if found[name] is not None}
    return {name: table.headings[place] or f"column {place + 1}" for name, place in places.items()}


def _observe(table: Table, on_progress: OnProgress) -> tuple[list[ColumnFacts], int]:
    def rows() -> Any:
        for number, (_, row) in enumerate(table.rows(), 1):
            if number % BATCH_ROWS == 0:
                on_progress(READING, number, None)
            yield row

    return observe(table.headings, rows())


def _write(
    table: Table, columns: Columns, report: ResponseImport, imported_by: User | None, on_progress: OnProgress
) -> None:
    last_day = timezone.localdate() + timedelta(days=1)
    on_progress(WRITING, 0, None)
    with collecting_seldom(), pool_write():
        writer = ResponseWriter(open_campaign(name=report.campaign, by=imported_by), imported_by)
        batch: list[Answer] = []
        for read in read_answers(table.headings, table.rows(), columns, last_day=last_day):
            report.rows += 1
            if isinstance(read, Answer):
                _count(report, read)
                batch.append(read)
            else:
                _count_unscored(report, read)
                writer.pass_over(read)
            if len(batch) == BATCH_ROWS:
                writer.write(batch)
                batch = []
                on_progress(WRITING, report.rows, None)
        writer.write(batch)
        writer.follow()
        writer.note_silent()
        report.created, report.updated = writer.created, writer.updated
        report.unchanged, report.linked = writer.unchanged, writer.linked
        if report.is_dry_run:
            raise _TriedOutError


def _count(report: ResponseImport, answer: Answer) -> None:
    report.scores[answer.score] = report.scores.get(answer.score, 0) + 1
    report.note_count += len(answer.notes)
    report.notes.extend(answer.notes[: max(0, PROBLEMS_KEPT - len(report.notes))])


def _count_unscored(report: ResponseImport, row: Unscored) -> None:
    if row.problem is None:
        report.skipped += 1
        return
    report.invalid += 1
    if len(report.problems) < PROBLEMS_KEPT:
        report.problems.append(row.problem)


def _ignore(step: str, done: int, total: int | None) -> None:
    """Nobody watches."""
