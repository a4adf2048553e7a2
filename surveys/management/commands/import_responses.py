"""`manage.py import_responses FILE --campaign NAME`: imports answers to the NPS question from CSV or Excel."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from references.importing.record import RowProblem
from references.importing.report import Refusal
from surveys.columns import GivenColumns
from surveys.importing import ResponseImport, import_responses

REFUSED = 1
_TOLD = 20


class Command(BaseCommand):
    help = (
        "Import an export of answers to “How likely are you to recommend us?”: CSV, TSV or Excel, one row each. The "
        "columns are found by their headings and values; importing a file again changes nothing. Exits with 0 where it "
        "was imported, with 1 where it was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--campaign", required=True, metavar="NAME", help="the campaign it belongs to, made if new")
        parser.add_argument("--score", default="", metavar="COLUMN", help="the column of the scores of 0 to 10")
        parser.add_argument("--date", default="", metavar="COLUMN", help="the column of the days of the answers")
        parser.add_argument("--comment", default="", metavar="COLUMN", help="the column of the comments")
        parser.add_argument("--dry-run", action="store_true", help="show what would be imported, and write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        given = GivenColumns(options["score"], options["date"], options["comment"])
        try:
            report = import_responses(
                options["file"], campaign=options["campaign"], given=given, dry_run=options["dry_run"]
            )
        except DatabaseError as error:
            hint = "Is it up, migrated, and not locked by another write? Nothing was imported."
            refusal = Refusal("database", f"The database cannot be used: {error}.", hint)
            report = ResponseImport(options["file"], options["campaign"], refusal=refusal)
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False))
        else:
            self._tell(report)
        if report.is_refused:
            sys.exit(REFUSED)

    def _tell(self, report: ResponseImport) -> None:
        out = self.stderr if report.is_refused else self.stdout
        for told, count in ((report.problems, report.invalid), (report.notes, report.note_count)):
            for problem in told[:_TOLD]:
                out.write(f"{report.file}, {tell_problem(problem)}")
            if count > _TOLD:
                out.write(f"{report.file}: and {count - _TOLD:,} more like these")
        if report.columns:
            read = ", ".join(f"{what} from “{heading}”" for what, heading in report.columns.items())
            out.write(f"{report.file}: {read}")
        outcome = "refused: " if report.is_refused else "tried out: " if report.is_dry_run else ""
        out.write(f"{report.file}: {outcome}{report.summarize()} ({report.elapsed:.1f} s)")


def tell_problem(problem: RowProblem) -> str:
    """One line for one thing wrong: where it stands, what is wrong, what would be right."""
    return f"line {problem.line}, {problem.column}: “{problem.value}” {problem.problem}; expected: {problem.expected}"
