"""What tests read of whole tables: every text in them, and whether anything at all has changed."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models


def texts_of_all_tables() -> Iterator[tuple[str, str]]:
    """("app.Model.field", text) of every filled text and JSON column of our own tables."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                for value in model._base_manager.values_list(field.attname, flat=True):
                    if value not in (None, "", [], {}):
                        yield f"{model._meta.label}.{field.name}", str(value)


def all_rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {
        model._meta.label: sorted(map(tuple, model._base_manager.values_list()), key=repr)
        for model in apps.get_models(include_auto_created=True)
    }
