"""Writes large exports as a job of a worker, with progress; the file waits for whoever asked for it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from delivery.jobs import JobCancelledError, JobRefusedError, report_progress, start_job
from delivery.models import Job
from references.errors import DomainError
from references.spreadsheets import Cell, TableFormat
from references.tables.exporting import Export, open_export
from references.tables.files import delete_file, place_file
from references.tables.table import find_table
from references.tables.writing import write_export

JOB_KIND = "export"
TOLD_EVERY = 1_000


def start_export(export: Export, *, kind: TableFormat) -> Job:
    """Queue an export; the job's report names the file (see `files.find_file`) and counts its rows."""
    query = export.filterset.data.urlencode() if isinstance(export.filterset.data, QueryDict) else ""
    return start_job(
        kind=JOB_KIND,
        title=_("Export of %(table)s") % {"table": export.table.title},
        parameters={
            "table": export.table.name,
            "format": kind.value,
            "query": query,
            "with_contact_data": export.with_contact_data,
            "language": translation.get_language() or "en",
            "role": export.user.role,
        },
        requested_by=export.user,
    )


def run_export_job(job: Job) -> dict[str, Any]:
    """Write the file of a job; raises JobRefusedError where whoever asked may not have it any more."""
    given = job.parameters
    with translation.override(given["language"]):
        export = _reopen(job)
        export.record_disclosures()
        path = place_file(job, f"{export.table.name}.{given['format']}")
        try:
            write_export(export, TableFormat(given["format"]), path, _telling(job, export))
        except JobCancelledError:
            delete_file(job)
            raise
        message = _("%(count)s rows are ready to be downloaded; the file is kept for seven days.")
        return {"message": message % {"count": f"{export.count:,}"}, "file": path.name, "rows": export.count}


def _reopen(job: Job) -> Export:
    given, user = job.parameters, job.requested_by
    table = find_table(given["table"], user) if user is not None and user.is_active else None
    if table is None or user is None:
        raise JobRefusedError({"message": _("Whoever asked for this table may not have it any more.")})
    try:
        return open_export(
            table=table, user=user, query=QueryDict(given["query"]), with_contact_data=given["with_contact_data"]
        )
    except DomainError as error:
        raise JobRefusedError({"message": error.message}) from error


def _telling(job: Job, export: Export) -> Iterator[Sequence[Cell]]:
    """The rows of an export, with the job's progress told now and then."""
    for number, row in enumerate(export.cells()):
        if number % TOLD_EVERY == 0:
            report_progress(job, done=number, total=export.count, step=_("Writing"))
        yield row
