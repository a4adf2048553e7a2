"""Likely duplicates and merges on pages: both lists, and the button that searches the whole pool."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from references.enums import DuplicateKind, DuplicateStatus
from references.models import Contact, Customer, DuplicatePair, Merge
from references.services.duplicates import start_search
from references.services.merging import WITHIN, find_kept, why_no_undo
from web.access import managers_only, viewer
from web.duplicates.words import KINDS, tell_moved, tell_reasons
from web.paging import make_pages
from web.querying import read_number, write_query

PAGE_SIZE = 25


@require_safe
@managers_only
def duplicates(request: HttpRequest) -> HttpResponse:
    """List the likely duplicates of one kind, the likeliest first."""
    mine = DuplicatePair.objects.visible_to(viewer(request))
    waiting = {each: mine.open().filter(kind=each).count() for each in DuplicateKind}
    kind = request.GET.get("kind", "")
    if kind not in DuplicateKind.values:  # customers first: their people can be merged once they are one
        kind = next((each for each, count in waiting.items() if count), DuplicateKind.CUSTOMER)
    is_dismissed = request.GET.get("show") == DuplicateStatus.DISMISSED
    status = DuplicateStatus.DISMISSED if is_dismissed else DuplicateStatus.OPEN
    page, pages = _cut(request, mine.filter(kind=kind, status=status), "web:duplicates", {"kind": kind, "show": status})
    named = name_rows(kind, [pk for pair in page for pk in (pair.first, pair.second)])
    rows = [(pair, named.get(pair.first), named.get(pair.second), tell_reasons(pair.reasons)) for pair in page]
    tabs = [(each, KINDS[each], count, each == kind) for each, count in waiting.items()]
    context = {"rows": rows, "pages": pages, "tabs": tabs, "kind": kind, "is_dismissed": is_dismissed}
    return render(request, "web/duplicates/list.html", context)


@require_POST
@managers_only
def search(request: HttpRequest) -> HttpResponse:
    """Search the whole pool, as a job."""
    return redirect("web:job", start_search(by=viewer(request)).pk)


@require_safe
@managers_only
def merges(request: HttpRequest) -> HttpResponse:
    """List what was merged, newest first, and whether it can be undone."""
    page, pages = _cut(request, Merge.objects.select_related("merged_by", "undone_by"), "web:merges", {})
    named = {
        kind: name_rows(kind, [pk for merge in page if merge.kind == kind for pk in (merge.kept, merge.gone)])
        for kind in DuplicateKind.values
    }
    why_not = why_no_undo(list(page))
    rows = [
        (
            merge,
            named[merge.kind].get(merge.gone),
            name_gone(merge),
            named[merge.kind].get(merge.kept),
            tell_moved(merge.moved),
            why_not[merge.pk],
        )
        for merge in page
    ]
    return render(request, "web/duplicates/merges.html", {"rows": rows, "pages": pages})


def name_rows(kind: str, ids: list[int]) -> dict[int, tuple[str, str, str]]:
    """Name, what tells more of it, and address of rows of one kind, by id; one query."""
    if kind == DuplicateKind.CUSTOMER:
        firms = Customer.objects.in_bulk(ids)
        return {pk: (row.name, row.domain, reverse("web:customer", args=[pk])) for pk, row in firms.items()}
    people = Contact.objects.select_related("customer").in_bulk(ids)
    return {
        pk: (row.name, f"{row.title}, {row.customer.name}".removeprefix(", "), reverse("web:profile", args=[pk]))
        for pk, row in people.items()
    }


def name_gone(merge: Merge) -> str:
    """The name of the row that went, as long as the merge can be undone; its number after that."""
    for entry in merge.journal:
        if entry["do"] == WITHIN:
            return str(entry["name"])
        is_ours = entry["do"] == "delete" and entry["model"].lower() == f"references.{merge.kind}"
        if is_ours and entry["row"]["id"] == merge.gone:
            return str(entry["row"]["name"])
    return f"#{merge.gone}"


def moved_to(kind: str, pk: int, name: str) -> HttpResponse | None:
    """A redirect from the address of a row that was merged away to the one that was kept."""
    kept = find_kept(kind, pk)
    return None if kept is None else redirect(name, kept)


def _cut(request: HttpRequest, rows: "QuerySet[Any]", name: str, query: dict[str, str]) -> tuple[Any, Any]:
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(rows, PAGE_SIZE).get_page(number)

    def url_of(other: int) -> str:
        return reverse(name) + write_query({**query, "page": str(other)})

    return page, make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of)
