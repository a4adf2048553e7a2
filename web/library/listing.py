"""All content in one list: case studies and testimonials found by the same filters, ordered together, page by page."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import CharField, Count, F, QuerySet, Value
from django.http import HttpRequest, QueryDict

from references.library_filters import ORDERINGS, CaseStudyLibraryFilter, LibraryFilter, TestimonialLibraryFilter
from references.models import CaseStudy, Testimonial
from references.permissions import may_run_program
from users.models import User
from web.listing import PAGE_SIZE, Listing
from web.paging import make_pages
from web.querying import read_number, write_query

FILTERS: tuple[type[LibraryFilter], ...] = (CaseStudyLibraryFilter, TestimonialLibraryFilter)


def list_content(request: HttpRequest, user: User, address: str) -> tuple[Listing, Mapping[str, int]]:
    """One page of pieces as (noun, id), and how many there are by status, whatever status was asked for."""
    names = LibraryFilter.base_filters
    query = {name: [each for each in request.GET.getlist(name) if each.strip()] for name in names}
    query = {name: values for name, values in query.items() if values}
    found = [_filter(request, each, user, query) for each in FILTERS]
    counts: Counter[str] = Counter()
    for rows in (_filter(request, each, user, {**query, "status": []}) for each in FILTERS):
        counts.update(dict(rows.order_by().values_list("status").annotate(n=Count("pk"))))
    ordering = query.get("ordering", [""])[0]
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(_merge(found, ordering if ordering in ORDERINGS else ORDERINGS[0]), PAGE_SIZE).get_page(number)

    def url_of(other: int) -> str:
        return address + write_query({**query, "page": "" if other == 1 else str(other)})

    pages = make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of)
    return Listing(address, query, page, pages), counts


def rows_for(user: User, model: type[CaseStudy] | type[Testimonial]) -> "QuerySet[Any]":
    """What somebody may log content of: managers and marketers everything, others their own customers'."""
    rows = model._default_manager.all()
    return rows if may_run_program(user) or user.is_marketer else rows.filter(customer__account_owner=user)


def _filter(
    request: HttpRequest, filterset: type[LibraryFilter], user: User, query: Mapping[str, list[str]]
) -> "QuerySet[Any]":
    model = filterset._meta.model
    data = QueryDict(write_query(query).removeprefix("?"))
    rows: QuerySet[Any] = filterset(data, queryset=rows_for(user, model), request=request).qs
    return rows


def _merge(found: "list[QuerySet[Any]]", ordering: str) -> "QuerySet[Any]":
    """The keys of both kinds in one order, those without the value last."""
    name = ordering.lstrip("-")
    stories, quotes = (
        rows.order_by().values_list(Value(noun, output_field=CharField()), "pk", name)
        for rows, noun in zip(found, ("case_study", "testimonial"), strict=True)
    )
    key = F(name).desc(nulls_last=True) if ordering.startswith("-") else F(name).asc(nulls_last=True)
    return stories.union(quotes, all=True).order_by(key, "-pk")
