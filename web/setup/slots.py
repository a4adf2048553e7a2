"""Speaking slots on pages: the list, and the form that adds or changes one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from references.models import SpeakingSlot
from references.permissions import may_edit_slots
from references.services.slots import save_slot
from web.access import viewer
from web.pool.forms import SlotForm
from web.submitting import submitted, typed


@require_safe
@login_required
def slots(request: HttpRequest) -> HttpResponse:
    """List the slots to come, soonest first, and those behind us."""
    rows = SpeakingSlot.objects.visible_to(viewer(request)).select_related("region").prefetch_related("tags")
    now = timezone.now()
    context = {
        "coming": rows.filter(starts_at__gte=now),
        "past": rows.filter(starts_at__lt=now).order_by("-starts_at")[:25],
        "may_edit": may_edit_slots(viewer(request)),
    }
    return render(request, "web/setup/slots.html", context)


@login_required
def slot_edit(request: HttpRequest, slot_id: int | None = None) -> HttpResponse:
    """Add a slot or change one; marketers and managers."""
    user = viewer(request)
    if not may_edit_slots(user):
        raise PermissionDenied
    row = None if slot_id is None else get_object_or_404(SpeakingSlot, pk=slot_id)
    form = SlotForm(request.POST or None, instance=row)
    saved = submitted(
        request, form, lambda data: save_slot(slot=row, data=typed(form, data), tags=data["tags"], by=user)
    )
    if saved:
        return redirect("web:slots")
    context: dict[str, Any] = {
        "form": form,
        "title": _("Add a speaking slot") if row is None else str(row),
        "back": reverse("web:slots"),
        "lead": _("Who speaks is found later; say here what, where, when and for whom."),
        "action": _("Save"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
