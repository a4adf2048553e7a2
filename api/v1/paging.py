"""How lists are paged: `page` and `page_size`, at most 200 rows a page."""

from rest_framework.pagination import PageNumberPagination


class PageNumberPaging(PageNumberPagination):
    """Pages of 25 rows unless `page_size` asks otherwise."""

    page_size_query_param = "page_size"
    max_page_size = 200
