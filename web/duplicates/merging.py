"""Merging two rows on a page: the preview field by field, the merge, "not the same", and the undo."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from references.enums import DuplicateKind, DuplicateStatus
from references.errors import DomainError
from references.merging.fields import choices_of
from references.models import Contact, Customer, DuplicatePair, Merge
from references.services.duplicates import dismiss_pair, reopen_pair
from references.services.merging import MergePreview, merge_rows, preview_merge, undo_merge
from web.access import managers_only, viewer
from web.duplicates.listing import name_rows
from web.duplicates.words import tell_moved, tell_reasons, tell_value

_GUARDED = frozenset({"email", "phone"})


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Show what a merge would do; by POST look again with other choices, or merge."""
    row = get_object_or_404(DuplicatePair.objects.visible_to(viewer(request)).open(), pk=pair_id)
    sent = request.POST or request.GET
    kept, gone = (row.second, row.first) if sent.get("keep") == str(row.second) else (row.first, row.second)
    taken = _read_taken(request, row.kind)
    try:
        if request.method == "POST" and request.POST.get("act") == "merge":
            merge_rows(kind=row.kind, kept=kept, gone=gone, taken=taken, by=viewer(request))
            messages.success(request, _("They are one now. This can be undone for 30 days."))
            return redirect(name_rows(row.kind, [kept])[kept][2])
        preview = preview_merge(kind=row.kind, kept=kept, gone=gone, taken=taken)
    except DomainError as error:
        if error.code == "not_found":
            raise Http404 from error
        messages.error(request, error.message)
        return redirect("web:duplicates")
    return _show(request, row, preview)


@require_POST
@managers_only
def decide(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Note that two are not the same, or put them forward again."""
    row = get_object_or_404(DuplicatePair.objects.visible_to(viewer(request)), pk=pair_id)
    try:
        if request.POST.get("act") == "reopen":
            reopen_pair(pair=row)
        else:
            dismiss_pair(pair=row, by=viewer(request))
            messages.success(request, _("Noted: these two are not the same."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('web:duplicates')}?kind={row.kind}")


@require_POST
@managers_only
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge back, or say why that cannot be."""
    row = get_object_or_404(Merge, pk=merge_id)
    try:
        undo_merge(merge=row, by=viewer(request))
        messages.success(request, _("The merge is undone: both are as they were."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("web:merges")


def _read_taken(request: HttpRequest, kind: str) -> set[str] | None:
    """The fields whose value comes from the row that goes; None before somebody has chosen."""
    if request.method != "POST" or request.POST.get("act") == "turn":
        return None
    model = Customer if kind == DuplicateKind.CUSTOMER else Contact
    return {field for field in choices_of(model) if request.POST.get(f"take-{field}") == "gone"}


def _show(request: HttpRequest, row: DuplicatePair, preview: MergePreview) -> HttpResponse:
    model = type(preview.kept)
    lines = [
        (line, model._meta.get_field(line.field).verbose_name, _tell(line.field, line.kept, _("first address")),
         _tell(line.field, line.gone, _("second address")),
         _tell(line.field, line.result, _("as chosen")))
        for line in preview.lines
    ]  # fmt: skip
    named = name_rows(row.kind, [preview.kept.pk, preview.gone.pk])
    context = {
        "pair": row,
        "kept": named[preview.kept.pk],
        "gone": named[preview.gone.pk],
        "kept_id": preview.kept.pk,
        "gone_id": preview.gone.pk,
        "lines": lines,
        "moved": tell_moved(preview.moved),
        "preview": preview,
        "breaches": [code.replace("_", " ") for code in preview.breaches],
        "reasons": tell_reasons(row.reasons),
        "is_customer": row.kind == DuplicateKind.CUSTOMER,
        "is_open": row.status == DuplicateStatus.OPEN,
    }
    return render(request, "web/duplicates/pair.html", context, status=409 if preview.blocked and request.POST else 200)


def _tell(field: str, value: object, instead: str) -> str:
    """A value as it shows; contact data, of which every look is recorded, only by which one it is."""
    return instead if value and field in _GUARDED else tell_value(value)
