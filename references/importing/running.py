"""Runs an import: reads and checks the whole file, then writes it in one transaction, or says why not."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from django.db import DataError, IntegrityError
from django.utils import timezone

from references.collecting import collecting_seldom
from references.importing.contacts import read_addresses
from references.importing.copying import copying_ahead
from references.importing.errors import ImportRefusedError
from references.importing.headings import require_importable
from references.importing.preview import GivenMapping, choose_mapping
from references.importing.readers import Table, open_table
from references.importing.records import Import
from references.importing.remarks import Remarks
from references.importing.report import Count, ImportReport, Refusal
from references.importing.sifting import tell_unread
from references.importing.spool import Spool
from references.importing.writing import PoolWriter
from references.pool.writing import pool_write
from references.services.inference import promise_inference
from users.models import User

OnProgress = Callable[[str, int, int | None], None]
"""Is told the step (`READING` or `WRITING`), how many rows are done, and of how many, None while that is unknown."""
READING, WRITING = "reading", "writing"


_SKIP = "have the bad rows left out (the box on the page, --skip-bad-rows in the terminal)"


class _TriedOutError(Exception):
    """Ends a dry run, so that its transaction is rolled back."""


def import_file(
    path: Path | str,
    *,
    mapping: GivenMapping = None,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    imported_by: User | None = None,
    on_progress: OnProgress | None = None,
    name: str = "",
    sheet: str = "",
    encoding: str = "",
) -> ImportReport:
    """Import one file, all of it or nothing; with `skip_bad_rows` all but its bad rows. `name` is what to call it;
    `sheet` and `encoding` are found where they are not given.

    Importing it again changes nothing. A dry run writes inside a transaction that it takes back, so it counts exactly.
    A refused file is told by the report's `refusal`. What `on_progress` raises ends the import with nothing written;
    during `WRITING` it is called inside the transaction, but for the first time. Raises OperationalError where the
    database cannot be reached or is locked, RuntimeError inside another transaction.
    """
    report = ImportReport(file=name or Path(path).name, is_dry_run=dry_run)
    started = monotonic()
    try:
        table = open_table(path, encoding=encoding, sheet=sheet)
        _run(table, report, mapping, skip_bad_rows, imported_by, on_progress or _ignore)
    except ImportRefusedError as error:
        _refuse(report, error)
    except (IntegrityError, DataError) as error:
        message = "The rows do not fit with what the pool holds by now."
        _refuse(report, ImportRefusedError("conflict", message, f"Try again; if it stays so: {error}"))
    report.elapsed = monotonic() - started
    return report


def _run(
    table: Table,
    report: ImportReport,
    given: GivenMapping,
    skip_bad_rows: bool,
    imported_by: User | None,
    on_progress: OnProgress,
) -> None:
    report.encoding, report.delimiter, report.sheet = table.encoding, table.delimiter, table.sheet
    mapping = choose_mapping(table, given)
    report.mapping, report.kind = mapping, mapping.kind
    report.warnings = (*table.warnings, *mapping.warnings)
    require_importable(mapping)
    if given is None:
        report.warnings = (*report.warnings, *tell_unread(mapping))
    with Spool() as spool:
        spool.fill(table, mapping, report, lambda rows: on_progress(READING, rows, None))
        if table.footer:
            first, count = table.footer[0][0], len(table.footer)
            told = f"Below the table, {count} lines from line {first} on are no rows of it and were passed over."
            report.warnings = (*report.warnings, told)
        _require_good_rows(report, skip_bad_rows)
        on_progress(WRITING, 0, spool.count)
        run = Import(f"import {report.file}"[:300], timezone.localdate(), imported_by)
        try:
            _write(spool, report, Remarks(report, mapping), run, skip_bad_rows, on_progress)
        except _TriedOutError:
            report.reading = None


def _write(
    spool: Spool,
    report: ImportReport,
    remarks: Remarks,
    run: Import,
    skip_bad_rows: bool,
    on_progress: OnProgress,
) -> None:
    with collecting_seldom(), pool_write() as touched, copying_ahead():
        writer = PoolWriter(remarks, run, read_addresses(spool.emails), touched)
        done = 0
        for batch in spool.batches():
            writer.write(batch)
            done += len(batch)
            on_progress(WRITING, done, spool.count)
        _require_good_rows(report, skip_bad_rows)
        writer.finish()
        report.counts = writer.counts()
        report.touched = frozenset(touched.customers)
        if touched.customers:
            report.reading = promise_inference(touched.customers).pk
        if report.is_dry_run:
            raise _TriedOutError


def _require_good_rows(report: ImportReport, skip_bad_rows: bool) -> None:
    if report.bad_rows and report.rows == report.bad_rows + report.deleted_rows:
        raise ImportRefusedError(
            "bad_rows", "Not one row can be imported.", "Mend the rows listed, or map the headings."
        )
    if report.bad_rows and not skip_bad_rows:
        rows = "1 row is" if report.bad_rows == 1 else f"{report.bad_rows:,} rows are"
        raise ImportRefusedError(
            "bad_rows", f"{rows} wrong, so nothing was imported.", f"Mend the rows listed, or {_SKIP}."
        )


def _refuse(report: ImportReport, error: ImportRefusedError) -> None:
    report.refusal = Refusal.of(error)
    report.counts = {kind: Count() for kind in report.counts}


def _ignore(step: str, done: int, total: int | None) -> None:
    """Nobody watches."""
