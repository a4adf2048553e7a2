"""Importing a file on pages: upload, preview with its mapping, start; the job's page shows the rest."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from references.importing.aliases import FIELDS
from references.importing.errors import ImportRefusedError
from references.importing.record import ImportRow
from references.importing.report import ImportPreview
from references.importing.service import (
    GivenMapping,
    StoredUpload,
    delete_upload,
    find_upload,
    preview_import,
    start_import,
    store_upload,
)
from references.models import ImportMapping
from web.access import managers_only, viewer
from web.setup.import_fields import GROUPS

MOST_PROBLEMS = 20
NOT_SHOWN = {"line", "notes"}
GUARDED = {"email", "phone"}
ENCODINGS = (
    "utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_15",
    "mac_roman", "cp850", "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
Choice = tuple[str, str]
"""The sheet and the encoding that somebody chose, "" where they are to be found."""


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file and lead to its preview."""
    file = request.FILES.get("file")
    if request.method != "POST":
        return render(request, "web/setup/import.html", {"groups": GROUPS})
    if file is None:
        return _refuse(request, _("Choose a file first."))
    try:
        stored = store_upload(file)
    except ImportRefusedError as error:
        return _refuse(request, str(error))
    return redirect("web:import-preview", stored.token)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a file looks like under a mapping, look again under a changed one, or start the import."""
    try:
        stored = find_upload(token)
    except ImportRefusedError as error:
        messages.error(request, str(error))
        return redirect("web:import")
    saved = ImportMapping.objects.filter(name=request.GET.get("mapping", "")).first()
    choice = _read_choice(request, "sheet", "encoding")
    found = _look(stored, saved.mapping if saved else None, choice)
    if request.method == "POST" and choice == _read_choice(request, "shown_sheet", "shown_encoding"):
        given = _read_mapping(request, found)
        if request.POST.get("act") == "start":
            return _start(request, stored, given, choice)
        found = _look(stored, given, choice)
    return _show(request, stored, found, saved.name if saved else "", choice)


@require_POST
@managers_only
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Throw an upload away unimported."""
    delete_upload(token)
    messages.success(request, _("The file is thrown away. Nothing was imported."))
    return redirect("web:import")


def _refuse(request: HttpRequest, message: str) -> HttpResponse:
    return render(request, "web/setup/import.html", {"groups": GROUPS, "refusal": message}, status=422)


def _read_choice(request: HttpRequest, sheet: str, encoding: str) -> Choice:
    """A sheet and an encoding from two fields of the form. Under others than shown, columns are guessed anew."""
    chosen = request.POST.get(encoding, "")
    return request.POST.get(sheet, "")[:100].replace("\0", ""), chosen if chosen in ENCODINGS else ""


def _look(stored: StoredUpload, mapping: GivenMapping, choice: Choice) -> ImportPreview:
    sheet, encoding = choice
    return preview_import(stored.path, mapping, name=stored.name, sheet=sheet, encoding=encoding)


def _is_encoding_guessed(found: ImportPreview) -> bool:
    """Whether another encoding may be right: the file does not tell its own, or cannot be read in it."""
    is_broken = found.refusal is not None and found.refusal.code == "bad_encoding"
    return is_broken or bool(found.encoding and not found.encoding.startswith("utf"))


def _read_mapping(request: HttpRequest, found: ImportPreview) -> dict[str, str | None]:
    """The field chosen for each heading of the file, None for a column left out."""
    chosen: dict[str, str | None] = {}
    for place, heading in enumerate(found.headings):
        field = request.POST.get(f"column-{place}", "")
        if heading:
            chosen[heading] = field if field in FIELDS else None
    return chosen


def _start(request: HttpRequest, stored: StoredUpload, mapping: dict[str, str | None], choice: Choice) -> HttpResponse:
    found = _look(stored, mapping, choice)
    if found.refusal is not None:
        return _show(request, stored, found, "", choice, status=422)
    name = request.POST.get("save_as", "").strip()[:120]
    if name:
        ImportMapping.objects.update_or_create(name=name, defaults={"mapping": mapping, "made_by": viewer(request)})
    job = start_import(
        upload=stored.token,
        mapping=mapping,
        imported_by=viewer(request),
        dry_run="dry_run" in request.POST,
        skip_bad_rows="skip_bad_rows" in request.POST,
        sheet=choice[0],
        encoding=choice[1],
    )
    return redirect("web:job", job.pk)


def _show(
    request: HttpRequest, stored: StoredUpload, found: ImportPreview, saved: str, choice: Choice, status: int = 200
) -> HttpResponse:
    columns = found.mapping.columns if found.mapping else ()
    shown = [name for name in ImportRow._fields if any(getattr(row, name) for row in found.rows)]
    shown = [name for name in shown if name not in NOT_SHOWN]
    context: dict[str, Any] = {
        "stored": stored,
        "found": found,
        "columns": columns,
        "shown": shown,
        "rows": [[_show_cell(name, getattr(row, name)) for name in shown] for row in found.rows],
        "problems": found.problems[:MOST_PROBLEMS],
        "notes": found.notes[:MOST_PROBLEMS],
        "groups": GROUPS,
        "saved": saved,
        "sheet": choice[0],
        "encoding": choice[1],
        "encodings": ENCODINGS,
        "is_encoding_open": bool(choice[1]) or _is_encoding_guessed(found),
        "mappings": ImportMapping.objects.values_list("name", flat=True),
        "here": reverse("web:import-preview", args=[stored.token]),
    }
    return render(request, "web/setup/import_preview.html", context, status=status)


def _show_cell(name: str, value: object) -> str:
    """A value as read; contact data only as "there is one"."""
    if not value:
        return ""
    if name in GUARDED:
        return "✓"
    if isinstance(value, tuple):
        return " | ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)
