"""Lists to source from, stories and speakers alike: what the address asks for, what was found, and facets with counts.

The parameters are those of the FilterSets, so a list's address says the same as a call to the API.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django_filters import FilterSet

from references.enums import Facet
from references.facet_counts import count_selections
from web.facets import FacetGroup, group_facets
from web.listing import Listing
from web.paging import make_pages
from web.querying import read_number, toggle, write_query

FACETS = tuple(facet.value for facet in Facet)
PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in use: what it is, its value in words, and the address without it."""

    label: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Sourced:
    """What a list found; `problems` say why nothing could be, `saved` is its query as a saved search keeps it."""

    listing: Listing
    filters: Any
    facets: Sequence[FacetGroup]
    chips: Sequence[Chip]
    problems: Sequence[str]
    saved: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        return bool(self.listing.query.keys() - {"ordering", "noun"})


def source(
    request: HttpRequest, filterset: type[FilterSet], rows: QuerySet[Any], address: str, kept: Mapping[str, str]
) -> Sourced:
    """Filter `rows` by the query string; `kept` are values of the page's own that its links carry along."""
    query = {name: [value for value in request.GET.getlist(name) if value] for name in filterset.base_filters}
    query = {name: values for name, values in query.items() if values}
    filters = _filter(request, filterset, rows, query)
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(filters.qs, PAGE_SIZE).get_page(number)

    def url_of(number: int) -> str:
        return address + write_query({**kept, **query, "page": "" if number == 1 else str(number)})

    def url_toggling(key: str) -> str:
        facet, _, slug = key.partition(":")
        return address + write_query({**kept, **query, facet: toggle(tuple(query.get(facet, ())), slug)})

    shown = {name: [value] for name, value in kept.items() if value}
    groups = _count(request, filterset, rows, query, url_toggling) if filters.form.is_valid() else []
    return Sourced(
        listing=Listing(
            address, {**shown, **query}, page, make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of)
        ),
        filters=filters,
        facets=groups,
        chips=_chips(groups),
        problems=[str(error) for errors in filters.form.errors.values() for error in errors],
        saved=write_query(query).removeprefix("?"),
    )


def count_found(
    request: HttpRequest, filterset: type[FilterSet], rows: QuerySet[Any], query: Mapping[str, Sequence[str]]
) -> int:
    """How many of other rows the same query finds, as far as their FilterSet knows its parameters."""
    known = {name: values for name, values in query.items() if name in filterset.base_filters and name != "ordering"}
    found: int = _filter(request, filterset, rows, known).qs.count()
    return found


def _filter(
    request: HttpRequest, filterset: type[FilterSet], rows: QuerySet[Any], query: Mapping[str, Sequence[str]]
) -> Any:
    return filterset(QueryDict(write_query(query).removeprefix("?")), queryset=rows, request=request)


def _count(
    request: HttpRequest,
    filterset: type[FilterSet],
    rows: QuerySet[Any],
    query: Mapping[str, Sequence[str]],
    url_toggling: Any,
) -> list[FacetGroup]:
    chosen = {facet: query[facet] for facet in FACETS if query.get(facet)}
    selections = {"": _filter(request, filterset, rows, query).qs}
    for facet in chosen:
        others = {name: values for name, values in query.items() if name != facet}
        selections[facet] = _filter(request, filterset, rows, others).qs
    return group_facets(count_selections(selections, chosen), url_toggling)


def _chips(groups: Sequence[FacetGroup]) -> list[Chip]:
    return [Chip(group.label, item.name, item.url) for group in groups for item in group.first if item.is_chosen]
