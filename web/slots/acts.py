"""What is done with a slot: hold somebody, look for the best, release, call off, and say that it took place."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from matching.services.sourcing import (
    cancel_slot,
    deliver_slot,
    explain_speaker_refusal,
    hold_speaker,
    release_hold,
    source_slot,
    speaker_match,
)
from matching.services.withdrawing import HEARD_OF_IT
from references.enums import SlotStatus
from references.errors import DomainError
from references.models import Contact, SpeakingSlot
from references.permissions import may_edit_slots
from references.services.holds import HoldRefusedError
from web.access import viewer
from web.requests.rows import read_text
from web.requests.words import tell_refusals
from web.slots.choosing import chosen_id
from web.slots.page import find_slot, show_slot
from web.submitting import submitted

T = TypeVar("T")


class WhyForm(forms.Form):
    """Why a slot is called off."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=300, help_text=gettext_lazy("Everybody reads it."))


@require_POST
@login_required
def slot_hold(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Hold somebody; a refusal says every rule that stands against it."""
    row, user = _own_slot(request, slot_id), viewer(request)
    contact = Contact.objects.visible_to(user).select_related("customer").filter(pk=chosen_id(request)).first()
    if contact is None:
        return show_slot(request, row, error=_("Choose somebody first."))
    try:
        hold_speaker(slot=row, contact=contact, by=user, override_reason=read_text(request, "override_reason"))
    except HoldRefusedError as error:
        return show_slot(request, row, error=tell_refusals(explain_speaker_refusal(error, row, contact)))
    except DomainError as error:
        return show_slot(request, row, error=error.message)
    messages.success(request, _("Held. Whoever must approve is told, then they are asked."))
    return redirect("web:slot", row.pk)


@require_POST
@login_required
def slot_source(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Ask the best of the ranking in turn."""
    row, user = _own_slot(request, slot_id), viewer(request)
    if _carry_out(request, lambda: source_slot(slot=row, by=user)):
        row.refresh_from_db(fields=["status"])
        if row.status == SlotStatus.HELD:
            messages.success(request, _("The best is held; after a no the next best is asked."))
        else:
            messages.warning(request, _("Nobody who fits may be asked now. The managers have a task to win somebody."))
    return redirect("web:slot", row.pk)


@require_POST
@login_required
def slot_release(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Give up whoever is held."""
    row, user = _own_slot(request, slot_id), viewer(request)
    if _carry_out(request, lambda: release_hold(slot=row, by=user, why=read_text(request, "why"))):
        messages.success(request, _("Released. The slot is open: choose somebody else."))
    return redirect("web:slot", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def slot_cancel(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Ask, saying what it does, then call a slot off."""
    row, user = _own_slot(request, slot_id), viewer(request)
    form = WhyForm(request.POST or None)
    if submitted(request, form, lambda data: cancel_slot(slot=row, by=user, why=data["why"])):
        messages.success(request, _("Called off. Nobody is held or asked for it any more."))
        return redirect("web:slot", row.pk)
    match = speaker_match(row)
    context = {"row": row, "form": form, "is_held": match is not None, "is_told": match and match.status in HEARD_OF_IT}
    return render(request, "web/slots/cancel.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def slot_deliver(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Note that it took place."""
    row, user = _own_slot(request, slot_id), viewer(request)
    if _carry_out(request, lambda: deliver_slot(slot=row, by=user)):
        messages.success(request, _("Noted. They are thanked, and asked how it was."))
    return redirect("web:slot", row.pk)


def _own_slot(request: HttpRequest, slot_id: int) -> SpeakingSlot:
    if not may_edit_slots(viewer(request)):
        raise PermissionDenied
    return find_slot(request, slot_id)


def _carry_out(request: HttpRequest, do: Callable[[], T]) -> T | None:
    try:
        return do()
    except DomainError as error:
        messages.warning(request, error.message)
        return None
