"""Leaving, and what is taken along: not to be asked again, everything as a file, or erased for good."""

from collections.abc import Callable, Mapping

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse
from django.utils import translation

from references.services import own_page
from references.services.erasing import erase_contact
from references.services.exporting import export_contact
from web.portal.forms import EraseForm
from web.portal.visit import Visit, attempt

ShowAll = Callable[[Visit, Mapping[str, forms.Form]], HttpResponse]


def erase_form() -> EraseForm:
    """The form that asks for the word."""
    return EraseForm()


def opt_out(visit: Visit) -> HttpResponse:
    """Never be asked again; the record stays."""
    if "sure" not in visit.request.POST:
        return visit.back("not-sure")
    own_page.opt_out(contact=visit.person)
    return visit.back("opted-out")


def export(visit: Visit) -> HttpResponse:
    """Everything held about the person, as a file; posted, so that nobody who follows links alone gets it."""
    with translation.override("en"):
        told = export_contact(visit.person)
    options = {"indent": 2, "ensure_ascii": False}
    response = JsonResponse(told, encoder=DjangoJSONEncoder, json_dumps_params=options)
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def erase(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Erase the person, once the word is typed; this page is the last there is."""
    form = EraseForm(visit.request.POST)
    done = attempt(form, lambda data: erase_contact(contact=visit.person, why="Asked for on their own page."))
    return show_all(visit, {"erase": form}) if done is None else visit.page("erased", {})
