"""Programs made, changed and moved on."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from advocacy.enums import ProgramStatus
from advocacy.models import AdopterProgram
from advocacy.services.adopters import move_program, save_program
from references.errors import DomainError
from web.access import viewer
from web.adopters.forms import ProgramForm, ProgramMoveForm
from web.asks.access import keepers_only
from web.submitting import submitted, typed

EIGHT_WEEKS = timedelta(weeks=8)


@keepers_only
def add(request: HttpRequest) -> HttpResponse:
    """Make a program as a draft."""
    today = timezone.localdate()
    given = {"key": uuid.uuid4().hex, "starts_on": today, "ends_on": today + EIGHT_WEEKS, "owner": viewer(request).pk}
    return _edit(request, None, {**given, "seats": 10})


@keepers_only
def edit(request: HttpRequest, adopter_id: int) -> HttpResponse:
    """Change a program; of one that is over, what came of it."""
    return _edit(request, get_object_or_404(AdopterProgram, pk=adopter_id), {})


@require_POST
@keepers_only
def move(request: HttpRequest, adopter_id: int) -> HttpResponse:
    """Let a program recruit, begin or end."""
    row = get_object_or_404(AdopterProgram, pk=adopter_id)
    form = ProgramMoveForm(request.POST)
    if form.is_valid():
        try:
            move_program(program=row, by=viewer(request), **form.cleaned_data)
        except DomainError as error:
            messages.warning(request, error.message)
        else:
            messages.success(request, _told(row.status))
    return redirect("web:adopter-program", row.pk)


def _told(status: str) -> str:
    if status == ProgramStatus.RECRUITING:
        return _("People can be invited now.")
    return _("It has begun.") if status == ProgramStatus.RUNNING else _("It is over. Open invitations were taken back.")


def _edit(request: HttpRequest, row: AdopterProgram | None, given: dict[str, Any]) -> HttpResponse:
    form = ProgramForm(request.POST or None, instance=row, initial=given)

    def save(data: dict[str, Any]) -> AdopterProgram:
        key = f"page:{data.pop('key', '') or uuid.uuid4().hex}"
        return save_program(program=row, data=typed(form, data), creation_key=key, by=viewer(request))

    saved = submitted(request, form, save)
    if saved:
        messages.success(request, _("Saved."))
        return redirect("web:adopter-program", saved.pk)
    context = {
        "form": form,
        "title": _("New early-adopter program") if row is None else row.name,
        "lead": _("Who tries something first, on which terms. Nobody is written to before you invite them."),
        "back": reverse("web:adopters") if row is None else reverse("web:adopter-program", args=[row.pk]),
        "action": _("Save"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
