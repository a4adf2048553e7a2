"""Collects what is wrong with rows, or was understood but not kept, once the pool itself is looked at."""

from references.importing.headings import Mapping
from references.importing.record import ImportRow, RowProblem
from references.importing.report import ImportReport


class Remarks:
    """Writes problems and notes into a report, under the headings of the file."""

    def __init__(self, report: ImportReport, mapping: Mapping) -> None:
        self._report = report
        self._mapping = mapping
        self._told: set[tuple[str, str, str]] = set()

    @property
    def kind(self) -> str:
        """What the file was taken for."""
        return self._mapping.kind

    def find_field(self, *fields: str) -> str:
        """The first of these fields that a column fills; else the first."""
        return next((field for field in fields if field in self._mapping.fields), fields[0])

    def refuse(self, row: ImportRow, field: str, value: str, problem: str, expected: str) -> None:
        """Make `row` a bad one."""
        self._report.add_problems([self._make(row, field, value, problem, expected)])

    def note(self, row: ImportRow, field: str, value: str, problem: str, expected: str = "") -> None:
        """Tell what was not kept; the same of the same value only once."""
        key = (field, value, problem)
        if key not in self._told:
            self._told.add(key)
            self._report.add_notes([self._make(row, field, value, problem, expected)])

    def _make(self, row: ImportRow, field: str, value: str, problem: str, expected: str) -> RowProblem:
        column = self._mapping.headings.get(field, "")
        return RowProblem(row.line, column, field, value[:120], problem, expected)
