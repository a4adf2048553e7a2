"""Lists that another system reads whole: cut to some fields by `fields`, and streamed as CSV by `Accept: text/csv`."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter
from rest_framework import viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.csv_tables import CsvRenderer, columns_of, write_rows
from api.v1.views import PAGING_PARAMETERS, ScopedView

ROWS_AT_ONCE = 500
FIELDS = OpenApiParameter(
    "fields", str, description="Names of fields, joined by commas: the answer's rows hold these alone."
)


class TableViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[Any]):
    """Rows to read, by page or whole; a subclass that shows more than its serializer reads overrides `show`."""

    own_parameters = ("fields",)
    lookup_value_converter = "int"
    table: str

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The fields asked for; all of them where none is named. Raises ValidationError(unknown_field)."""
        known: Mapping[str, Any] = self._whole().fields
        asked = [name.strip() for name in self.request.query_params.get("fields", "").split(",") if name.strip()]
        unknown = sorted(set(asked) - set(known))
        if unknown:
            message = f"There is no field {', '.join(map(repr, unknown))}; known are {', '.join(known)}."
            raise ValidationError({"fields": [message]}, code="unknown_field")
        return frozenset(asked or known)

    def wants(self, *names: str) -> bool:
        """Whether any of these fields is asked for, so that what it needs must be loaded."""
        return not self.wanted.isdisjoint(names)

    def get_renderers(self) -> list[BaseRenderer]:
        return [JSONRenderer(), CsvRenderer()] if self.action == "list" else [JSONRenderer()]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        rows = self.filter_queryset(self.get_queryset())
        is_csv = isinstance(request.accepted_renderer, CsvRenderer)
        if is_csv and not any(name in request.query_params for name in PAGING_PARAMETERS):
            return self._stream(self._flow(rows))
        page = self.paginate_queryset(rows)
        assert page is not None  # noqa: S101  every list is paged
        return self._stream(iter(self.show(page))) if is_csv else self.get_paginated_response(self.show(page))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        shown = self.show([self.get_object()])
        if not shown:
            raise NotFound  # gone since it was found
        return Response(shown[0])

    def show(self, rows: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        """Give rows as they are told."""
        return self.cut().to_representation(rows)  # type: ignore[no-any-return]

    def cut(self, **context: Any) -> Any:
        """The serializer of many rows, with the fields asked for alone."""
        serializer: Any = self.get_serializer(many=True, context={**self.get_serializer_context(), **context})
        for name in set(serializer.child.fields) - self.wanted:
            serializer.child.fields.pop(name)
        return serializer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(response, Response) and isinstance(getattr(request, "accepted_renderer", None), CsvRenderer):
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().finalize_response(request, response, *args, **kwargs)

    def _whole(self) -> Any:
        return self.get_serializer_class()(context=self.get_serializer_context())

    def _flow(self, rows: QuerySet[Any]) -> Iterator[Mapping[str, Any]]:
        """All rows, some at a time."""
        flowing = rows.iterator(chunk_size=ROWS_AT_ONCE)
        while some := list(islice(flowing, ROWS_AT_ONCE)):
            yield from self.show(some)

    def _stream(self, rows: Iterator[Mapping[str, Any]]) -> HttpResponseBase:
        return StreamingHttpResponse(
            write_rows(columns_of(self.cut().child), rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{self.table}.csv"'},
        )
