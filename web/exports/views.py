"""Exports on pages: every table the viewer may take along, one of them with its filters, and the files being made."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.models import Job
from matching.archive.jobs import JOB_KIND as ARCHIVE_KIND
from matching.archive.jobs import start_archive
from references.errors import DomainError
from references.permissions import may_administer
from references.spreadsheets import CONTENT_TYPES, TableFormat
from references.tables.exporting import MOST_AT_ONCE, Export, open_export
from references.tables.files import find_file
from references.tables.jobs import JOB_KIND, start_export
from references.tables.table import Table, find_table, tables_for
from references.tables.writing import stream_export
from web.access import viewer
from web.parts import vary_by_part, wants_part
from web.querying import write_query

MOST_FILES = 10
KINDS = (JOB_KIND, ARCHIVE_KIND)


@dataclass(frozen=True, slots=True)
class Offer:
    """A table that may be taken along, and how many rows the viewer would get."""

    table: Table
    count: int


@require_safe
@login_required
def exports(request: HttpRequest) -> HttpResponse:
    """List the tables the viewer may take along, and the files they asked for lately."""
    user = viewer(request)
    empty = request.GET.copy()
    empty.clear()
    offers = [Offer(table, open_export(table=table, user=user, query=empty).count) for table in tables_for(user)]
    jobs = Job.objects.filter(kind__in=KINDS, requested_by=user)[:MOST_FILES]
    context = {
        "may_take_all": may_administer(user),
        "offers": offers,
        "formats": TableFormat.choices,
        "files": [(job, find_file(job, user) is not None) for job in jobs],
    }
    return render(request, "web/exports/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def export(request: HttpRequest, table: str) -> HttpResponseBase:
    """Offer one table with the filters of its list; a POST makes the file, at once or, where it is large, by a job."""
    found = _find(request, table)
    with_contact_data = request.method == "POST" and "contact_data" in request.POST
    try:
        export = open_export(table=found, user=viewer(request), query=request.GET, with_contact_data=with_contact_data)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("web:export", table)
    kind = request.POST.get("format", "")
    if request.method == "POST" and kind in TableFormat.values:
        return _make(export, TableFormat(kind))
    context = {
        "table": found,
        "count": export.count,
        "is_large": export.count > MOST_AT_ONCE,
        "narrowing": _narrowing(export),
        "formats": TableFormat.choices,
        "may_have_contact_data": found.has_contact_data and found.contact_data_to(viewer(request)),
    }
    return render(request, "web/exports/table.html", context)


@require_safe
@login_required
def export_now(request: HttpRequest, table: str, format_name: str) -> HttpResponseBase:
    """Give a table at once, without contact data; a large one is offered on its page instead."""
    if format_name not in TableFormat.values:
        raise Http404
    export = open_export(table=_find(request, table), user=viewer(request), query=request.GET)
    if export.count > MOST_AT_ONCE:
        return redirect(reverse("web:export", args=[table]) + write_query(dict(request.GET.lists())))
    return _stream(export, TableFormat(format_name))


@require_POST
@login_required
def export_program(request: HttpRequest) -> HttpResponse:
    """Start writing the whole program into one archive; for administrators."""
    try:
        job = start_archive(by=viewer(request))
    except DomainError as error:
        raise PermissionDenied from error
    return redirect("web:export-job", job.pk)


@require_safe
@login_required
def export_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Show how far a file is, to whoever asked for it; the page asks again every second."""
    job = _own(request, job_id)
    page = "web/exports/job_state.html" if wants_part(request, "job") else "web/exports/job.html"
    context = {"job": job, "is_there": find_file(job, viewer(request)) is not None}
    return vary_by_part(render(request, page, context))


@never_cache
@require_safe
@login_required
def export_file(request: HttpRequest, job_id: int) -> FileResponse:
    """Give the file of a job to whoever asked for it, while it is kept."""
    path = find_file(_own(request, job_id), viewer(request))
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def _find(request: HttpRequest, name: str) -> Table:
    table = find_table(name, viewer(request))
    if table is None:
        raise Http404
    return table


def _own(request: HttpRequest, job_id: int) -> Job:
    return get_object_or_404(Job, pk=job_id, kind__in=KINDS, requested_by=viewer(request))


def _make(export: Export, kind: TableFormat) -> HttpResponseBase:
    if export.count > MOST_AT_ONCE:
        return redirect("web:export-job", start_export(export, kind=kind).pk)
    export.record_disclosures()
    return _stream(export, kind)


def _stream(export: Export, kind: TableFormat) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(stream_export(export, kind, for_people=True), content_type=CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{export.table.name}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _narrowing(export: Export) -> list[tuple[str, str]]:
    """The filters in use, by name and values."""
    known = export.filterset.base_filters.keys() - {"ordering"}
    asked = export.filterset.data
    given = [(name, ", ".join(filter(None, asked.getlist(name)))) for name in asked if name in known]
    return [(name, values) for name, values in given if values]
