"""What an import tells when it is over, and what a preview tells before: plain values that can be written as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from references.importing.errors import ImportRefusedError
from references.importing.headings import Mapping
from references.importing.record import ImportRow, RowProblem

KINDS: tuple[str, ...] = (
    "customers", "contacts", "stories", "quotes", "consents", "answers", "slots", "recordings", "tags",
)  # fmt: skip
"""What an import counts; `answers` are survey answers in the ledger, `recordings` talks on film, `tags` proposed."""
PROBLEMS_KEPT = 10_000
NOTES_KEPT = 1_000


@dataclass(slots=True)
class Count:
    """How many different rows of one kind a file created, changed, or found as it says."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was imported: a stable code, what is wrong, and what to do about it."""

    code: str
    message: str
    hint: str = ""

    @classmethod
    def of(cls, error: ImportRefusedError) -> "Refusal":
        """Take over what the error says."""
        return cls(error.code, error.message, error.hint)


@dataclass(slots=True)
class ImportReport:
    """What came of one file. `refusal` is None where it was imported, or could be where `is_dry_run`.

    `problems` lists the bad rows, `notes` what was understood but not kept; past `PROBLEMS_KEPT` and `NOTES_KEPT` they
    are only counted. `deleted_rows` say of themselves that they are deleted in the CRM. `elapsed` is in seconds.
    `reading` is the outbox message by which the customers' stories will be read for tags, None where nothing was
    written. `touched` are the customers that were written to, by id.
    """

    file: str
    is_dry_run: bool = False
    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    refusal: Refusal | None = None
    rows: int = 0
    bad_rows: int = 0
    deleted_rows: int = 0
    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    notes: list[RowProblem] = field(default_factory=list)
    note_count: int = 0
    warnings: tuple[str, ...] = ()
    mapping: Mapping | None = None
    elapsed: float = 0.0
    reading: int | None = None
    touched: frozenset[int] = frozenset()

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None

    @property
    def changes(self) -> int:
        """How many rows were created or changed, or would be."""
        return sum(count.created + count.updated for count in self.counts.values())

    def add_problems(self, problems: Sequence[RowProblem]) -> None:
        """Note what is wrong in one bad row."""
        self.bad_rows += 1
        self.problem_count += len(problems)
        self.problems.extend(problems[: max(0, PROBLEMS_KEPT - len(self.problems))])

    def add_deleted(self, note: RowProblem) -> None:
        """Note a row that is deleted in the CRM."""
        self.deleted_rows += 1
        self.add_notes([note])

    def add_notes(self, notes: Sequence[RowProblem]) -> None:
        """Note what was understood but not kept."""
        self.note_count += len(notes)
        self.notes.extend(notes[: max(0, NOTES_KEPT - len(self.notes))])

    def summarize(self) -> str:
        """Say in one line what came of the file."""
        if self.refusal is not None:
            return f"{self.refusal.message} {self.refusal.hint}".strip()
        would = "would have " if self.is_dry_run else ""
        told = [
            f"{would}{verb} " + ", ".join(f"{number:,} {kind}" for kind, number in numbers.items())
            for verb, numbers in self._list_changes().items()
            if numbers
        ]
        gone = f", {self.deleted_rows:,} deleted in the CRM and not imported" if self.deleted_rows else ""
        return f"{self.rows:,} rows read{gone}: {'; '.join(told) or 'nothing changed'}."

    def _list_changes(self) -> dict[str, dict[str, int]]:
        """What was done, to how many rows of each kind."""
        rows = {kind: count for kind, count in self.counts.items() if kind != "tags"}
        return {
            "created": {kind: count.created for kind, count in rows.items() if count.created},
            "changed": {kind: count.updated for kind, count in rows.items() if count.updated},
            "proposed": {"tags": self.counts["tags"].created} if self.counts["tags"].created else {},
        }

    def to_json(self, *, problems: int = PROBLEMS_KEPT) -> dict[str, Any]:
        """Give plain values for JSON, at most so many `problems` and notes."""
        return {
            "file": self.file,
            "kind": self.kind,
            "imported": self.refusal is None and not self.is_dry_run,
            "dry_run": self.is_dry_run,
            "refusal": None if self.refusal is None else asdict(self.refusal),
            "message": self.summarize(),
            "rows": self.rows,
            "bad_rows": self.bad_rows,
            "deleted_rows": self.deleted_rows,
            "counts": {kind: asdict(count) for kind, count in self.counts.items()},
            "problem_count": self.problem_count,
            "problems": [asdict(problem) for problem in self.problems[:problems]],
            "note_count": self.note_count,
            "notes": [asdict(note) for note in self.notes[:problems]],
            "warnings": list(self.warnings),
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "mapping": list_columns(self.mapping),
            "elapsed_seconds": round(self.elapsed, 3),
        }


@dataclass(slots=True)
class ImportPreview:
    """What a file looks like before it is imported.

    `mapping` is the guessed or given one; its columns say which field each heading fills, and why. `rows` are the first
    ten that can be read, `problems` what is wrong among the first `rows_checked`; `is_whole` says that those are all.
    With a `refusal` the rest may be empty. `sheets` are all that a workbook has to choose from.
    """

    file: str
    refusal: Refusal | None = None
    headings: tuple[str, ...] = ()
    mapping: Mapping | None = None
    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    rows: list[ImportRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)
    rows_checked: int = 0
    is_whole: bool = False
    warnings: tuple[str, ...] = ()


def list_columns(mapping: Mapping | None) -> list[dict[str, str | None]]:
    """Give each column's heading, the field it fills (None for none) and why."""
    columns = mapping.columns if mapping else ()
    return [{"heading": column.heading, "field": column.field, "why": column.why} for column in columns]
