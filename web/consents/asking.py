"""Asks for consents: sent by whoever logs content of the customer, renewed with one click, taken back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from references.consent_view import tell_whose
from references.errors import DomainError
from references.models import Consent, ConsentAsk, Contact
from references.permissions import may_ask_for_consent, may_log_content
from references.program import current_policy
from references.services.consent_asks import ask_consent, ask_to_renew, take_back_ask
from web.access import viewer
from web.consents.forms import AskForm
from web.consents.listing import visible_asks
from web.submitting import submitted


@login_required
def consent_ask(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Ask a promoter for a consent, by a letter and on their own page."""
    user = viewer(request)
    row = get_object_or_404(Contact.objects.visible_to(user).select_related("customer"), pk=contact_id)
    if not may_ask_for_consent(user, row):
        raise PermissionDenied
    whose = tell_whose(user, row, row.customer, current_policy())
    asked = {name: request.GET[name] for name in ("activity", "piece", "channel", "why") if name in request.GET}
    form = AskForm(request.POST or None, customer=row.customer, contact=row, whose=whose, initial=asked)

    def save(data: dict[str, Any]) -> ConsentAsk:
        return ask_consent(contact=row, by=user, **data)

    if submitted(request, form, save):
        messages.success(request, _("The letter is on its way. You hear what they say; they have 30 days."))
        return redirect("web:consent-asks")
    context = {
        "form": form,
        "title": _("Ask %(name)s for a consent") % {"name": whose.who},
        "lead": _("They give it as you ask, give less, or say no, by a link or on their own page."),
        "back": reverse("web:profile", args=[row.pk]),
        "action": _("Send the letter"),
    }
    return render(request, "web/form.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def consent_renew(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Ask for the same consent a year longer."""
    user = viewer(request)
    rows = Consent.objects.visible_to(user).select_related(
        "customer", "contact__customer", "region", "case_study", "testimonial"
    )
    row = get_object_or_404(rows, pk=consent_id)
    if not may_log_content(user, row.customer):
        raise PermissionDenied
    try:
        ask_to_renew(consent=row, by=user)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("They are asked to renew it for a year more. You hear what they say."))
    return redirect("web:consent", row.pk)


@require_POST
@login_required
def ask_take_back(request: HttpRequest, ask_id: int) -> HttpResponse:
    """Take an ask back that nobody has answered."""
    row = get_object_or_404(visible_asks(viewer(request)).select_related("contact__customer"), pk=ask_id)
    if not may_ask_for_consent(viewer(request), row.contact):
        raise PermissionDenied
    try:
        take_back_ask(ask=row)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("The ask is taken back; its link is closed."))
    return redirect("web:consent-asks")
