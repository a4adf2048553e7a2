"""Adding a slot, as a copy of another where wanted, and changing one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from matching.services.sourcing import change_slot
from references.models import SpeakingSlot
from references.permissions import may_edit_slots
from references.services.slots import save_slot
from web.access import viewer
from web.querying import read_number
from web.slots.forms import SlotForm
from web.slots.page import find_slot
from web.submitting import submitted, typed

COPIED = (
    "activity", "event", "topic", "time_zone", "minutes", "place", "region", "format", "audience", "language", "travel",
    "url",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def slot_add(request: HttpRequest) -> HttpResponse:
    """Add a slot; `like` names one whose words are taken over. Marketers and managers."""
    user = viewer(request)
    if not may_edit_slots(user):
        raise PermissionDenied
    initial: dict[str, Any] = {"owner": user.pk, "time_zone": user.time_zone or "UTC", "language": "en"}
    form = SlotForm(request.POST or None, initial={**initial, **_copied(request)})
    saved = submitted(request, form, lambda data: save_slot(data=typed(form, data), tags=data["tags"], by=user))
    if saved:
        messages.success(request, _("Saved. Choose below who should be asked."))
        return redirect("web:slot", saved.pk)
    return _show(request, form, _("Add a slot"), reverse("web:slots"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def slot_edit(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Change a slot; whoever has said yes hears of another time."""
    user = viewer(request)
    if not may_edit_slots(user):
        raise PermissionDenied
    row = find_slot(request, slot_id)
    form = SlotForm(request.POST or None, instance=row)
    saved = submitted(
        request, form, lambda data: change_slot(slot=row, data=typed(form, data), tags=data["tags"], by=user)
    )
    if saved:
        messages.success(request, _("Saved."))
        return redirect("web:slot", row.pk)
    return _show(request, form, row.event, reverse("web:slot", args=[row.pk]))


def _show(request: HttpRequest, form: SlotForm, title: str, back: str) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "back": back,
        "lead": _("What, where, when, for whom. Who speaks is found next."),
        "action": _("Save"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


def _copied(request: HttpRequest) -> dict[str, Any]:
    like = read_number(request.GET, "like", default=0, most=2**62)
    row = SpeakingSlot.objects.visible_to(viewer(request)).filter(pk=like).first() if like else None
    if row is None:
        return {}
    tags = list(row.slot_tags.values_list("tag_id", flat=True))
    return {**{name: getattr(row, name) for name in COPIED}, "tags": tags}
