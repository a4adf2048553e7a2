"""How lists are paged: `page` and `page_size`, at most 200 rows a page."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class PageNumberPaging(PageNumberPagination):
    """Pages of 25 rows unless `page_size` asks otherwise."""

    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        """Give one page; where the view's filters know how many rows there are, the database need not count them."""
        known: int | None = getattr(getattr(view, "filterset", None), "known_count", None)
        if known is not None:
            self.django_paginator_class = type("KnownPaginator", (KnownPaginator,), {"known_count": known})
        return super().paginate_queryset(queryset, request, view=view)


class KnownPaginator(Paginator):  # type: ignore[type-arg]  # generic for mypy alone
    """Pages of rows whose number is known."""

    known_count: int

    @cached_property
    def count(self) -> int:
        return self.known_count
