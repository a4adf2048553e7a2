"""A manager's duties to one person: everything held about them as a file, and erasing them for good."""

from django import forms
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from references.models import Contact
from references.personal_words import is_erased
from references.services.disclosures import disclose_contact
from references.services.erasing import erase_contact
from references.services.exporting import export_contact
from web.access import managers_only, viewer
from web.submitting import submitted


class ReasonForm(forms.Form):
    """Why, as the audit keeps it."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=200)


class EraseForm(ReasonForm):
    """Why, and that this is really meant."""

    is_sure = forms.BooleanField(label=gettext_lazy("Erase this person for good"))


@never_cache
@managers_only
def contact_export(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Give everything held about a person as a file; it holds contact data, so the look is recorded."""
    row = _find(contact_id)
    form = ReasonForm(request.POST or None)
    if submitted(request, form, lambda data: disclose_contact(user=viewer(request), contact=row, why=data["why"])):
        options = {"indent": 2, "ensure_ascii": False}
        response = JsonResponse(export_contact(row), encoder=DjangoJSONEncoder, json_dumps_params=options)
        response["Content-Disposition"] = f'attachment; filename="person-{row.pk}.json"'
        return response
    title = _("Everything held about %(name)s") % {"name": row.name}
    lead = _("One file with the person, what they allowed, said and did, and who looked at it. Hand it to them alone.")
    return _page(request, form, row, title, lead, _("Download"))


@never_cache
@managers_only
def contact_erase(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Erase a person, after asking."""
    row = _find(contact_id)
    if is_erased(row):
        return redirect("web:profile", row.pk)
    form = EraseForm(request.POST or None)
    if submitted(request, form, lambda data: erase_contact(contact=row, why=data["why"], by=viewer(request))):
        messages.success(request, _("Erased. The counts stay; nobody is left in them."))
        return redirect("web:profile", row.pk)
    title = _("Erase %(name)s") % {"name": row.name}
    lead = _(
        "Name, addresses, words and wishes go for good, consents end, quotes are recalled, open requests look for the "
        "next best. What was done stays in the counts. Nothing of it can be undone."
    )
    return _page(request, form, row, title, lead, _("Erase"))


def _find(contact_id: int) -> Contact:
    return get_object_or_404(Contact.objects.select_related("customer__account_owner"), pk=contact_id)


def _page(request: HttpRequest, form: forms.Form, row: Contact, title: str, lead: str, action: str) -> HttpResponse:
    back = reverse("web:profile", args=[row.pk])
    context = {"form": form, "title": title, "lead": lead, "action": action, "back": back}
    return render(request, "web/form.html", context, status=422 if form.errors else 200)
