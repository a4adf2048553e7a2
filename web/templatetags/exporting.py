"""The menu by which a list is taken along as it is filtered."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.urls import reverse

from references.spreadsheets import TableFormat
from web.querying import write_query

register = template.Library()


@register.inclusion_tag("web/exports/menu.html", takes_context=True)
def export_menu(
    context: Mapping[str, Any], table: str, query: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """Links to one table in every format with the list's filters: `query`, or what the address says."""
    asked = dict(context["request"].GET.lists()) if query is None else dict(query)
    asked.pop("page", None)
    ending = write_query(asked)
    return {
        "links": [
            (label, reverse("web:export-now", args=[table, kind]) + ending) for kind, label in TableFormat.choices
        ],
        "more": reverse("web:export", args=[table]) + ending,
    }
