"""A list from a query string: rows filtered and ordered by a FilterSet, one page of them, and its neighbors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django_filters import FilterSet

from web.paging import Pages, make_pages
from web.querying import read_number, write_query

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of rows; `query` is what was asked, without empty values and the page."""

    address: str
    query: Mapping[str, Sequence[str]]
    page: "Page[Any]"
    pages: Pages

    @property
    def total(self) -> int:
        """How many rows there are on all pages."""
        return self.page.paginator.count

    @property
    def asked(self) -> dict[str, str]:
        """The first value of each filter in use."""
        return {name: values[0] for name, values in self.query.items()}

    def value(self, name: str) -> str:
        """What was asked of one filter; "" for nothing."""
        return self.asked.get(name, "")

    def url(self, **changes: str) -> str:
        """The address of the first page with other values; an empty one takes its filter out."""
        return self.address + write_query({**self.query, **changes})

    def url_sorting(self, name: str) -> str:
        """The address ordered by a column, the other way round where it is already."""
        return self.url(ordering=f"-{name}" if self.value("ordering") == name else name)


def list_rows(
    request: HttpRequest, filterset: type[FilterSet], rows: QuerySet[Any], address: str, **given: str
) -> Listing:
    """Filter `rows` by the query string, `given` values standing in where it says nothing, and cut one page out.

    A value that makes no sense narrows nothing: people change addresses by hand.
    """
    query = {name: _values(request.GET, name) or [given.get(name, "")] for name in filterset.base_filters}
    query = {name: values for name, values in query.items() if any(values)}
    data = QueryDict(write_query(query).removeprefix("?"))
    found = filterset(data, queryset=rows, request=request).qs
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(found, PAGE_SIZE).get_page(number)

    def url_of(other: int) -> str:
        return address + write_query({**query, "page": "" if other == 1 else str(other)})

    pages = make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of)
    return Listing(address, query, page, pages)


def _values(query: QueryDict, name: str) -> list[str]:
    return [value for value in query.getlist(name) if value.strip()]
