"""Importing answers on pages: upload, the columns as guessed and changeable, a trial or the import as a job."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.jobs import cancel_job
from delivery.models import Job, JobStatus
from references.importing.errors import ImportRefusedError
from references.importing.readers import Table, open_table
from references.importing.uploads import StoredUpload, delete_upload, find_upload, store_upload
from surveys.columns import Columns, GivenColumns
from surveys.import_jobs import JOB_KIND, start_response_import
from surveys.importing import inspect_file, name_columns
from surveys.models import Campaign, Response
from surveys.scores import tally_scores
from web.access import viewer
from web.parts import vary_by_part, wants_part
from web.querying import write_query
from web.surveys.access import runners_only
from web.surveys.shown import tell_score

SAMPLES = 5
MOST_SHOWN = 200
GUARDED = frozenset({"email", "name", "first_name", "last_name"})
READ_AS = {
    "score": gettext_lazy("the score"),
    "day": gettext_lazy("the day of the answer"),
    "comment": gettext_lazy("the comment"),
    "email": gettext_lazy("who answered: e-mail"),
    "external_id": gettext_lazy("who answered: id in the CRM"),
    "name": gettext_lazy("who answered: name"),
    "first_name": gettext_lazy("who answered: first name"),
    "last_name": gettext_lazy("who answered: last name"),
    "customer": gettext_lazy("who answered: customer"),
}
COLORS = {
    JobStatus.SUCCEEDED: "fresh",
    JobStatus.RUNNING: "accent",
    JobStatus.REFUSED: "soft",
    JobStatus.FAILED: "stop",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: what it is read as, in words, and the first of its cells."""

    heading: str
    read_as: str
    is_kept: bool
    cells: tuple[str, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@runners_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file and lead to its columns."""
    file = request.FILES.get("file")
    if request.method != "POST":
        return _show_upload(request)
    if file is None:
        return _show_upload(request, _("Choose a file first."))
    try:
        stored = store_upload(file)
    except ImportRefusedError as error:
        return _show_upload(request, str(error))
    address = reverse("web:survey-import-preview", args=[stored.token])
    return redirect(address + write_query({"campaign": request.POST.get("campaign", "").strip()[:120]}))


@require_http_methods(["GET", "HEAD", "POST"])
@runners_only
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show what each column is read as, look again under other choices, try out or start the import."""
    try:
        stored = find_upload(token)
    except ImportRefusedError as error:
        messages.error(request, str(error))
        return redirect("web:survey-import")
    given = GivenColumns(**{name: request.POST.get(name, "") for name in ("score", "day", "comment")})
    campaign = request.POST.get("campaign", request.GET.get("campaign", "")).strip()[:120]
    campaign = campaign or stored.name.rpartition(".")[0] or stored.name
    act = request.POST.get("act", "")
    problem = ""
    if act in {"try", "start"}:
        try:
            inspect_file(stored.path, given)
            job = start_response_import(
                upload=token, campaign=campaign, given=given, imported_by=viewer(request), dry_run=act == "try"
            )
        except ImportRefusedError as error:
            problem = str(error)
        else:
            return redirect("web:survey-job", job.pk)
    return _show_columns(request, stored, given, campaign, problem)


@require_POST
@runners_only
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Throw an upload away unimported."""
    delete_upload(token)
    messages.success(request, _("The file is thrown away. Nothing was imported."))
    return redirect("web:survey-import")


@require_safe
@runners_only
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Show an import; while it runs the page asks again every second, and may be left."""
    row = get_object_or_404(Job.objects.filter(kind=JOB_KIND).select_related("requested_by"), pk=job_id)
    report = row.report or {}
    campaign = Campaign.objects.filter(name=report.get("campaign", "")).first() if row.is_finished else None
    scores = Response.objects.filter(campaign=campaign).order_by().values_list("score", flat=True) if campaign else []
    context = {
        "job": row,
        "color": COLORS.get(JobStatus(row.status), "quiet"),
        "report": report,
        "campaign": campaign,
        "score": tell_score(tally_scores(scores)) if campaign and report.get("imported") else None,
        "faults": report.get("problems", [])[:MOST_SHOWN],
        "notes": report.get("notes", [])[:MOST_SHOWN],
        "columns": [(READ_AS.get(name, name), heading) for name, heading in report.get("columns", {}).items()],
        "upload": row.parameters.get("upload", "") if not report.get("imported") else "",
    }
    page = "web/surveys/job_state.html" if wants_part(request, "job") else "web/surveys/job.html"
    return vary_by_part(render(request, page, context))


@require_POST
@runners_only
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Ask an import to stop; nothing it has done stays."""
    row = get_object_or_404(Job.objects.filter(kind=JOB_KIND), pk=job_id)
    if cancel_job(job=row):
        messages.success(request, _("Cancelled. Nothing was changed."))
    else:
        messages.warning(request, _("It had ended already."))
    return redirect("web:survey-job", job_id)


def _show_upload(request: HttpRequest, refusal: str = "") -> HttpResponse:
    context = {
        "refusal": refusal,
        "campaign": request.POST.get("campaign", request.GET.get("campaign", ""))[:120],
        "campaigns": Campaign.objects.order_by("-pk").values_list("name", flat=True)[:200],
    }
    return render(request, "web/surveys/import.html", context, status=422 if refusal else 200)


def _show_columns(
    request: HttpRequest, stored: StoredUpload, given: GivenColumns, campaign: str, problem: str
) -> HttpResponse:
    context: dict[str, Any] = {"stored": stored, "given": given, "campaign": campaign, "problem": problem}
    try:
        table, columns = inspect_file(stored.path, given)
    except ImportRefusedError as error:
        context |= {"problem": str(error), "headings": _read_headings(stored)}
    else:
        read_as = name_columns(table, columns)
        context |= {
            "headings": [each for each in table.headings if each],
            "chosen": {name: read_as.get(name, "") for name in ("score", "day", "comment")},
            "columns": _describe(table, columns),
        }
    context["is_known"] = Campaign.objects.filter(name=campaign).exists()
    context["campaigns"] = Campaign.objects.order_by("-pk").values_list("name", flat=True)[:200]
    return render(request, "web/surveys/import_preview.html", context, status=422 if context["problem"] else 200)


def _read_headings(stored: StoredUpload) -> list[str]:
    """The headings of a file whose columns cannot be told apart, to choose from; none where it is no table."""
    try:
        return [each for each in open_table(stored.path).headings if each]
    except ImportRefusedError:
        return []


def _describe(table: Table, columns: Columns) -> list[Column]:
    """Each column with its first cells; of what tells who somebody is only that there is something."""
    first = [row for _line, row in islice(table.rows(), columns.label_rows, columns.label_rows + SAMPLES)]
    places = {place: name for name in READ_AS if (place := getattr(columns, name)) is not None}
    kept = {place for _name, place in columns.attributes}
    found = []
    for place, heading in enumerate(table.headings):
        name = places.get(place, "")
        cells = [row[place] if place < len(row) else "" for row in first]
        if name in GUARDED or not (name or place in kept):
            cells = ["✓" if cell else "" for cell in cells]
        read_as = str(READ_AS[name]) if name else _("kept, to compare by") if place in kept else _("left out")
        found.append(Column(heading or f"{place + 1}", read_as, bool(name) or place in kept, tuple(cells)))
    return found
