"""The forms that record, supersede and revoke consents."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from references.consent_reach import reach_of
from references.consent_view import tell_whose
from references.models import Consent, Contact, Customer
from references.permissions import may_edit_contact, may_edit_customer
from references.program import current_policy
from references.services.consents import record_consent, revoke_consent, supersede_consent
from references.services.files import record_with_evidence
from references.uploaded import Upload
from users.models import User
from web.access import viewer
from web.consents.forms import ConsentForm, RevokeForm, SupersedeForm
from web.submitting import submitted


@login_required
def consent_add(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Record what a person, or their whole customer, allows."""
    user = viewer(request)
    row = get_object_or_404(Contact.objects.visible_to(user).select_related("customer"), pk=contact_id)
    if not may_edit_contact(user, row):
        raise PermissionDenied
    whose = tell_whose(user, row, row.customer, current_policy())
    form = ConsentForm(request.POST or None, request.FILES or None, customer=row.customer, contact=row, whose=whose)

    def save(data: dict[str, Any]) -> Consent:
        given: dict[str, Any] = {"customer": row.customer} if data.pop("is_whole_customer") else {"contact": row}
        return _with_evidence(data.pop("file"), lambda: record_consent(by=user, **given, **data), user)

    if submitted(request, form, save):
        messages.success(request, _("The consent is on file."))
        return redirect("web:profile", row.pk)
    lead = _("Consents are never edited: record a new one, or revoke the old.")
    title = _("Consent of %(name)s") % {"name": row.name}
    return _form_page(request, form, title, reverse("web:profile", args=[row.pk]), lead, _("Save"))


@login_required
def consent_supersede(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Put a later consent in place of one: what was said before stays on record."""
    user, row = viewer(request), find_editable(request, consent_id)
    initial = {name: getattr(row, name) for name in ("channel", "region", "is_attributed", "valid_until")}
    form = SupersedeForm(request.POST or None, request.FILES or None, initial=initial)

    def save(data: dict[str, Any]) -> Consent:
        return _with_evidence(data.pop("file"), lambda: supersede_consent(consent=row, by=user, **data), user)

    saved = submitted(request, form, save)
    if saved:
        messages.success(request, _("The new consent stands in place of the old."))
        return redirect("web:consent", saved.pk)
    title = _("What holds from now on: %(activity)s") % {"activity": row.get_activity_display()}
    lead = _("The old consent is kept as it was given; the new one takes its place.")
    return _form_page(request, form, title, reverse("web:consent", args=[row.pk]), lead, _("Supersede"))


@login_required
def consent_revoke(request: HttpRequest, consent_id: int) -> HttpResponse:
    """End a consent at once, after showing what ends with it."""
    user, row = viewer(request), find_editable(request, consent_id)
    back = reverse("web:profile", args=[row.contact_id]) if row.contact_id else reverse("web:consent", args=[row.pk])
    form = RevokeForm(request.POST or None)
    if submitted(request, form, lambda data: revoke_consent(consent=row, by=user, **data)):
        messages.success(request, _("The consent is revoked; no search proposes it any more."))
        return redirect(back)
    reach, whose = reach_of(row), tell_whose(user, row.contact, row.customer, current_policy())
    context = {
        "form": form,
        "title": _("Revoke the consent to: %(activity)s") % {"activity": row.get_activity_display()},
        "lead": _("It ends this moment and cannot be brought back; a new one can be recorded."),
        "back": reverse("web:consent", args=[row.pk]),
        "reach": reach,
        "pieces": [(each, whose.hide(str(each.piece))) for each in reach.pieces],
    }
    return render(request, "web/consents/revoke.html", context, status=422 if form.errors else 200)


def find_editable(request: HttpRequest, consent_id: int) -> Consent:
    """A consent the viewer may write: 404 for one out of sight, 403 for one they may only read."""
    user = viewer(request)
    rows = Consent.objects.filter(customer__in=Customer.objects.visible_to(user)).select_related(
        "customer", "contact", "region", "case_study", "testimonial"
    )
    row = get_object_or_404(rows, pk=consent_id)
    if not may_edit_customer(user, row.customer):
        raise PermissionDenied
    return row


def _with_evidence(file: Upload | None, record: Callable[[], Consent], by: User) -> Consent:
    return record() if file is None else record_with_evidence(upload=file, record=record, by=by)


def _form_page(request: HttpRequest, form: forms.Form, title: str, back: str, lead: str, action: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "lead": lead, "action": action}
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
