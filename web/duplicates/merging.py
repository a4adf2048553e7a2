"""Merging two rows on a page: the preview field by field, the merge, "not the same", and the undo."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from references.activities import BY_CODE
from references.enums import DuplicateKind, DuplicateStatus
from references.errors import DomainError
from references.merging.fields import Line, choices_of
from references.models import Contact, Customer, DuplicatePair, Merge
from references.services.duplicates import dismiss_pair, reopen_pair, search_colleagues
from references.services.merging import MergePreview, merge_rows, preview_merge, undo_merge
from web.access import managers_only, viewer
from web.duplicates.listing import name_rows
from web.duplicates.words import BREACHES, tell_field, tell_moved, tell_reasons, tell_value

_GUARDED = frozenset({"email", "phone"})


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Show what a merge would do; by POST look again with other choices, or merge."""
    row = get_object_or_404(DuplicatePair.objects.visible_to(viewer(request)), pk=pair_id)
    if row.status != DuplicateStatus.OPEN:
        return _tell_decided(request, row)
    sent = request.POST or request.GET
    kept, gone = (row.second, row.first) if sent.get("keep") == str(row.second) else (row.first, row.second)
    taken = _read_taken(request, row.kind)
    try:
        if request.method == "POST" and request.POST.get("act") == "merge":
            merge_rows(kind=row.kind, kept=kept, gone=gone, taken=taken, by=viewer(request))
            return _tell_merged(request, row.kind, kept)
        preview = preview_merge(kind=row.kind, kept=kept, gone=gone, taken=taken)
    except DomainError as error:
        if error.code == "not_found" and DuplicatePair.objects.filter(pk=pair_id, status=DuplicateStatus.OPEN).exists():
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


def _tell_merged(request: HttpRequest, kind: str, kept: int) -> HttpResponse:
    """Lead to the one that stays; where people of two customers met their doubles there, to those."""
    messages.success(request, _("They are one now. This can be undone for 30 days."))
    found = search_colleagues(kept) if kind == DuplicateKind.CUSTOMER else 0
    if not found:
        return redirect(name_rows(kind, [kept])[kept][2])
    told = ngettext(
        "Now that the customers are one, %(n)s pair of their people is likely one too.",
        "Now that the customers are one, %(n)s pairs of their people are likely one too.",
        found,
    )
    messages.info(request, told % {"n": found})
    return redirect(f"{reverse('web:duplicates')}?kind={DuplicateKind.CONTACT}")


def _tell_decided(request: HttpRequest, row: DuplicatePair) -> HttpResponse:
    """Lead whoever comes late, or clicks twice, to what became of the two."""
    if row.status == DuplicateStatus.MERGED:
        messages.info(request, _("These two are one already."))
        return redirect("web:merges")
    messages.info(request, _("These two were said not to be the same."))
    return redirect(f"{reverse('web:duplicates')}?kind={row.kind}&show={DuplicateStatus.DISMISSED}")


def _read_taken(request: HttpRequest, kind: str) -> set[str] | None:
    """The fields whose value comes from the row that goes; None before somebody has chosen."""
    if request.method != "POST" or request.POST.get("act") == "turn":
        return None
    model = Customer if kind == DuplicateKind.CUSTOMER else Contact
    return {field for field in choices_of(model) if request.POST.get(f"take-{field}") == "gone"}


def _show(request: HttpRequest, row: DuplicatePair, preview: MergePreview) -> HttpResponse:
    lines = [
        (line, type(preview.kept)._meta.get_field(line.field).verbose_name, *_tell(preview, line))
        for line in preview.lines
        if line.kept != line.gone
    ]
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
        "breaches": [str(BREACHES.get(code, code.replace("_", " "))) for code in preview.breaches],
        "ended": [str(BY_CODE[code].label) for code in preview.ended],
        "reasons": tell_reasons(row.reasons),
        "is_customer": row.kind == DuplicateKind.CUSTOMER,
        "is_open": row.status == DuplicateStatus.OPEN,
    }
    return render(request, "web/duplicates/pair.html", context, status=409 if preview.blocked and request.POST else 200)


def _tell(preview: MergePreview, line: Line) -> tuple[str, str, str]:
    """Both values and the one that stays; contact data, of which every look is recorded, only by whose it is."""
    if line.field in _GUARDED:
        mine, other = (_("on file") if value else tell_value(value) for value in (line.kept, line.gone))
        return mine, other, _("that of the one that goes") if line.takes_gone else _("that of the one that stays")
    source = preview.gone if line.takes_gone else preview.kept
    told = ((preview.kept, line.kept), (preview.gone, line.gone), (source, line.result))
    mine, other, result = (tell_field(row, line.field, value) for row, value in told)
    return mine, other, result
