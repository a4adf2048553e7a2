"""From a sent form to a service: shape is checked by the form, and a refusal lands beside the field it is about."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest

from references.errors import DomainError

T = TypeVar("T")


def submitted(request: HttpRequest, form: forms.BaseForm, save: Callable[[dict[str, Any]], T]) -> T | None:
    """Call `save` with the clean data of a valid POST and give what it made; None where nothing was saved.

    A DomainError becomes an error of the form, at its field where the form has it.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return save(dict(form.cleaned_data))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None


def typed(form: "forms.BaseModelForm[Any]", data: dict[str, Any]) -> Any:
    """The part of `data` that belongs to the model's own fields, as the services' typed dictionaries take it."""
    return {name: data[name] for name in form._meta.fields or () if name in data}
