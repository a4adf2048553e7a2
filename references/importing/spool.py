"""Reads and checks a whole file before anything is written, keeping its rows on disk in between, not in memory."""

import pickle
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO

from references.importing.day_order import judge_dates, warn_of_dates
from references.importing.headings import Mapping
from references.importing.readers import Table
from references.importing.record import DeletedRow, ImportRow
from references.importing.report import ImportReport
from references.importing.rows import read_rows

BATCH_ROWS = 1_000
OnRead = Callable[[int], None]


class Spool:
    """The good rows of a file in batches, in a temporary file without a name that vanishes with this object.

    `count` says how many, `emails` holds the addresses they tell, in small letters.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self.count = 0
        self.emails: set[str] = set()

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def fill(self, table: Table, mapping: Mapping, report: ImportReport, on_read: OnRead) -> None:
        """Read every row of `table` into here, its problems and notes into `report`; tells `on_read` of each batch.

        Raises ImportRefusedError where the file turns out broken on the way.
        """
        batch: list[ImportRow] = []
        day_first, doubtful = judge_dates(table, mapping)
        report.warnings = (*report.warnings, *warn_of_dates(day_first, doubtful))
        for read in read_rows(table, mapping, day_first=day_first):
            report.rows += 1
            if isinstance(read, list):
                report.add_problems(read)
            elif isinstance(read, DeletedRow):
                report.add_deleted(read.note)
            else:
                report.add_notes(read.notes)
                batch.append(read)
            if len(batch) == BATCH_ROWS:
                self._put(batch)
                batch = []
            if report.rows % BATCH_ROWS == 0:
                on_read(report.rows)
        self._put(batch)
        on_read(report.rows)

    def batches(self) -> Iterator[list[ImportRow]]:
        """Give the rows back, in order and in batches."""
        self._file.seek(0)
        waiting = self.count
        while waiting:
            batch = pickle.load(self._file)  # noqa: S301 - written by ourselves just now
            waiting -= len(batch)
            yield list(map(ImportRow._make, batch))

    def _put(self, batch: list[ImportRow]) -> None:
        if batch:
            self.count += len(batch)
            self.emails.update(row.email.lower() for row in batch if row.email)
            # plain tuples are written twice as fast as the rows themselves
            pickle.dump(list(map(tuple, batch)), self._file, protocol=pickle.HIGHEST_PROTOCOL)
