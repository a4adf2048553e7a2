"""The rows behind a count of an unknown word: which customers, people, pieces and slots use it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from references.services.unmapped import RAW_FIELDS, Unmapped, list_unmapped, rows_using
from web.access import managers_only
from web.paging import make_pages
from web.querying import read_number, write_query

PAGE_SIZE = 50
TABS = {
    "customers": gettext_lazy("Customers"),
    "people": gettext_lazy("People"),
    "stories": gettext_lazy("Stories"),
    "quotes": gettext_lazy("Quotes"),
    "slots": gettext_lazy("Speaking slots"),
}


@require_safe
@managers_only
def word_uses(request: HttpRequest) -> HttpResponse:
    """List the rows of one kind that use a word; kinds without any are not offered."""
    key = request.GET.get("word", "")[:340]
    term = next((each for each in list_unmapped() if each.key == key), None)
    kinds = [(kind, count) for kind, count in term.uses.items() if count] if term else []
    kind = request.GET.get("kind", "")
    if kinds and kind not in dict(kinds):
        kind = kinds[0][0]
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    found: Any = _find(key, kind) if kinds else []
    page = Paginator(found, PAGE_SIZE).get_page(number)
    context = {
        "term": term,
        "rows": [_tell(kind, row, term) for row in page] if term else [],
        "pages": make_pages(
            page.number, page.paginator.count, PAGE_SIZE, lambda other: url_of_uses(key, kind, page=other)
        ),
        "tabs": [(TABS[each], count, url_of_uses(key, each), each == kind) for each, count in kinds],
    }
    return render(request, "web/setup/word_uses.html", context)


def url_of_uses(key: str, kind: str = "", *, page: int = 1) -> str:
    """The address of the rows that use a word."""
    return reverse("web:word-uses") + write_query({"word": key, "kind": kind, "page": str(page) if page > 1 else ""})


def _find(key: str, kind: str) -> "QuerySet[Any]":
    rows = rows_using(key, kind)
    if kind == "customers":
        return rows.order_by("folded_name", "pk")
    if kind == "slots":
        return rows.order_by("-starts_at", "pk")
    return rows.select_related("customer").order_by("customer__folded_name", "pk")


def _tell(kind: str, row: Any, term: Unmapped) -> tuple[str, str, str]:
    """Name, what tells more of it, and address of a row."""
    raw = RAW_FIELDS.get(term.source)
    if kind == "customers":
        more = getattr(row, raw.field) if raw else row.domain
        return row.name, more, reverse("web:customer", args=[row.pk])
    if kind == "people":
        return row.name, f"{row.title}, {row.customer.name}".removeprefix(", "), reverse("web:profile", args=[row.pk])
    if kind == "slots":
        return row.event, date_format(timezone.localtime(row.starts_at), "j M Y"), reverse("web:slot", args=[row.pk])
    noun = "case_study" if kind == "stories" else "testimonial"
    return str(row), row.customer.name, reverse("web:content-piece", args=[noun, row.pk])
