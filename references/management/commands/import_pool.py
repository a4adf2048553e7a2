"""`manage.py import_pool FILE…`: imports customers, contacts, stories and consents from CSV or Excel."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from delivery import outbox
from references.importing.ordering import order_files
from references.importing.record import RowProblem
from references.importing.report import ImportReport, Refusal
from references.importing.service import import_file
from references.services.vocabulary import ensure_vocabulary

REFUSED = 2
_TELL_EVERY = 0.2  # seconds


class Command(BaseCommand):
    help = (
        "Import files of customers, contacts, stories, quotes and consents: CSV, TSV or Excel, one row each, with our "
        "headings or a CRM's. A file is imported whole or not at all; importing it again changes nothing. Of several "
        "files, lists of customers go first. Exits with 0 where every file was imported, with 2 where one was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--mapping", metavar="FILE", help='JSON: {"heading in the file": "field or null", …}')
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")
        parser.add_argument("--skip-bad-rows", action="store_true", help="import the good rows and list the bad ones")
        parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook, hidden or not")
        parser.add_argument("--encoding", default="", metavar="NAME", help="how text is encoded, such as cp1254")
        parser.add_argument("--json", action="store_true", help="print each file's report as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        mapping = self._read_mapping(options["mapping"])
        is_refused = False
        which = {"sheet": options["sheet"], "encoding": options["encoding"]}
        for file in order_files(list(map(Path, options["files"])), mapping, **which):
            report = self._import(file, mapping, options)
            if report.reading is not None:
                outbox.deliver(report.reading)  # now, since no worker may be running
            is_refused |= report.is_refused
            if options["json"]:
                self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False))
            else:
                self._tell(report)
        if is_refused:
            sys.exit(REFUSED)

    def _read_mapping(self, file: str | None) -> str | None:
        try:
            return None if file is None else Path(file).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeError) as error:
            raise CommandError(f"The mapping {file} cannot be read: {error}", returncode=REFUSED) from error

    def _import(self, path: Path, mapping: str | None, options: dict[str, Any]) -> ImportReport:
        progress = _Progress(path.name, self.stderr) if sys.stderr.isatty() else None
        try:
            if not options["dry_run"] and (added := ensure_vocabulary()):
                self.stderr.write(f"The vocabulary was empty: {added:,} starter tags added.")
            return import_file(
                path,
                mapping=mapping,
                dry_run=options["dry_run"],
                skip_bad_rows=options["skip_bad_rows"],
                sheet=options["sheet"],
                encoding=options["encoding"],
                on_progress=progress,
            )
        except DatabaseError as error:
            hint = "Is it up, migrated, and not locked by another write? Nothing was imported."
            refusal = Refusal("database", f"The database cannot be used: {error}.", hint)
            return ImportReport(file=path.name, is_dry_run=options["dry_run"], refusal=refusal)
        finally:
            if progress is not None:
                progress.end()

    def _tell(self, report: ImportReport) -> None:
        out = self.stderr if report.is_refused else self.stdout
        for note in report.notes:
            out.write(f"{report.file}, {tell_problem(note)}")
        if report.note_count > len(report.notes):
            out.write(f"{report.file}: and {report.note_count - len(report.notes):,} more such notes")
        for problem in report.problems:
            out.write(f"{report.file}, {tell_problem(problem)}", self.style.ERROR if out is self.stderr else None)
        if report.problem_count > len(report.problems):
            out.write(f"{report.file}: and {report.problem_count - len(report.problems):,} more problems")
        for warning in report.warnings:
            out.write(f"{report.file}: {warning}")
        outcome = "refused: " if report.is_refused else "tried out: " if report.is_dry_run else ""
        skipped = f" {report.bad_rows:,} bad rows were left out." if report.bad_rows and not report.is_refused else ""
        out.write(f"{report.file}: {outcome}{report.summarize()}{skipped} ({report.elapsed:.1f} s)")


class _Progress:
    """One line on a terminal, written over again and again."""

    def __init__(self, name: str, stream: Any) -> None:
        self._name = name
        self._stream = stream
        self._told = 0.0

    def __call__(self, step: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self._told >= _TELL_EVERY or done == total:
            self._told = now
            of = f" of {total:,}" if total else ""
            self._stream.write(f"\r{self._name}: {step} {done:,}{of} rows\033[K", ending="")
            self._stream.flush()

    def end(self) -> None:
        """Clear the line."""
        self._stream.write("\r\033[K", ending="")


def tell_problem(problem: RowProblem) -> str:
    """One line for one thing wrong: where it stands, what is wrong, what would be right."""
    where = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
    value = f" “{problem.value}”" if problem.value else ""
    expected = f"; expected: {problem.expected}" if problem.expected else ""
    return f"{where}:{value} {problem.problem}{expected}"
