"""Jobs on pages: the list, and one job with its progress, its report and a way to stop it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from delivery.jobs import cancel_job
from delivery.models import Job, JobStatus
from references.importing.service import JOB_KIND as IMPORT_KIND
from references.services.duplicates import JOB_KIND as SEARCH_KIND
from references.services.sorting import JOB_KIND as SORT_KIND
from references.spreadsheets import CONTENT_TYPES, TableFormat, write_csv
from web.access import managers_only
from web.paging import make_pages
from web.parts import vary_by_part, wants_part
from web.querying import read_number, write_query

PAGE_SIZE = 25
MOST_SHOWN = 200
COLORS = {
    JobStatus.SUCCEEDED: "fresh",
    JobStatus.REFUSED: "approval",
    JobStatus.FAILED: "stop",
    JobStatus.RUNNING: "accent",
}
REPORT_COLUMNS = ("line", "column", "value", "problem", "expected")


@require_safe
@managers_only
def jobs(request: HttpRequest) -> HttpResponse:
    """List jobs, newest first."""
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(Job.objects.select_related("requested_by"), PAGE_SIZE).get_page(number)

    def url_of(other: int) -> str:
        return reverse("web:jobs") + write_query({"page": str(other)})

    pages = make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of)
    rows = [(job, COLORS.get(JobStatus(job.status), "quiet")) for job in page]
    return render(request, "web/setup/jobs.html", {"rows": rows, "pages": pages})


@require_safe
@managers_only
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Show a job; while it runs the page asks again every second, and may be left."""
    row = get_object_or_404(Job.objects.select_related("requested_by"), pk=job_id)
    faults = faults_of(row)
    context = {
        "job": row,
        "color": COLORS.get(JobStatus(row.status), "quiet"),
        "tallies": tallies_of(row),
        "faults": faults[:MOST_SHOWN],
        "fault_count": row.report.get("problem_count", len(faults)),
        "is_cut": len(faults) > MOST_SHOWN,
        "next_steps": next_steps(row),
    }
    page = "web/setup/job_state.html" if wants_part(request, "job") else "web/setup/job.html"
    return vary_by_part(render(request, page, context))


@require_POST
@managers_only
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Ask a job to stop; nothing it has done stays."""
    row = get_object_or_404(Job, pk=job_id)
    if cancel_job(job=row):
        messages.success(request, _("Cancelled. Nothing was changed."))
    else:
        messages.warning(request, _("It had ended already."))
    return redirect("web:job", job_id)


@require_safe
@managers_only
def job_report(request: HttpRequest, job_id: int) -> StreamingHttpResponse:
    """Give every row that was found wrong as CSV."""
    row = get_object_or_404(Job, pk=job_id)
    response = StreamingHttpResponse(
        write_csv(REPORT_COLUMNS, ([str(fault.get(name, "")) for name in REPORT_COLUMNS] for fault in faults_of(row))),
        content_type=CONTENT_TYPES[TableFormat.CSV],
    )
    response["Content-Disposition"] = f'attachment; filename="report-{row.pk}.csv"'
    return response


def next_steps(job: Job) -> list[tuple[str, Any]]:
    """Where to go from a job that has ended, as (address, words), the likeliest first."""
    is_done = job.status == JobStatus.SUCCEEDED
    if job.kind == SEARCH_KIND:
        return [(reverse("web:duplicates"), _("Look at the likely duplicates"))]
    if job.kind == SORT_KIND:
        steps = [(reverse("web:new-words"), _("Go through new words"))]
        address = reverse("web:sorting", args=[job.parameters["sorting"]])
        return [(address, _("See what changed, or undo it")), *steps] if is_done else steps
    if job.kind != IMPORT_KIND or job.status == JobStatus.CANCELLED:
        return []
    if is_done:
        return [
            (reverse("web:pool"), _("See the promoters")),
            (reverse("web:new-words"), _("Go through new words")),
        ]
    return [(reverse("web:import"), _("Try another file"))]


def faults_of(job: Job) -> list[dict[str, Any]]:
    """The rows of a job's report that were found wrong."""
    faults: list[dict[str, Any]] = job.report.get("problems", [])
    return faults


def tallies_of(job: Job) -> list[tuple[str, int, int, int]]:
    """(kind, created, changed, unchanged) of what a job's report counts, kinds it never met left out."""
    counts: dict[str, dict[str, int]] = job.report.get("counts", {})
    rows = [(kind, each["created"], each["updated"], each["unchanged"]) for kind, each in counts.items()]
    return [row for row in rows if any(row[1:])]
