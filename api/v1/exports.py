"""Exports: whole tables as CSV, Excel or JSON, as the lists show them, streamed in bounded memory."""

from collections.abc import Sequence
from typing import ClassVar

import django_filters
from django.http import StreamingHttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request

from api.v1.after_yes import FirstRenderer
from api.v1.errors import refused_with
from api.v1.views import ScopedView
from references.errors import DomainError
from references.filtering import FacetFilter
from references.spreadsheets import CONTENT_TYPES, TableFormat
from references.tables.exporting import MOST_AT_ONCE, open_export
from references.tables.people import ChosenTextsFilter
from references.tables.table import Table, all_tables
from references.tables.writing import stream_export
from users.authentication import require_scope
from users.enums import Scope
from users.models import ApiKey

FORMAT, CONTACT_DATA = "format", "contact_data"


class ExportView(ScopedView):
    """One table of what you may see; every table has a subclass of its own."""

    content_negotiation_class = FirstRenderer
    table: ClassVar[Table]

    def get(self, request: Request) -> StreamingHttpResponse:
        """Stream the rows you may see that fit the filters, blinded as in the lists."""
        if not self.table.offered_to(self.user):
            raise NotFound
        self._refuse_unknown(request)
        kind = self._read_format(request)
        export = open_export(
            table=self.table, user=self.user, query=request.query_params, with_contact_data=self._wants_data(request)
        )
        if not export.filterset.form.is_valid():
            raise ValidationError({name: list(errors) for name, errors in export.filterset.form.errors.items()})
        if kind == TableFormat.XLSX and export.count > MOST_AT_ONCE:
            raise DomainError("too_many_rows", f"Ask for CSV or JSON past {MOST_AT_ONCE:,} rows.", FORMAT)
        export.record_disclosures()
        answer = StreamingHttpResponse(stream_export(export, kind, for_people=False))
        answer["Content-Type"] = CONTENT_TYPES[kind]
        answer["Content-Disposition"] = f'attachment; filename="{export.table.name}.{kind}"'
        return answer

    def _refuse_unknown(self, request: Request) -> None:
        known = {*self.table.filterset.base_filters, FORMAT, CONTACT_DATA}
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            hint = f"There is no such parameter; known are {', '.join(sorted(known))}."
            raise ValidationError(dict.fromkeys(unknown, hint), code="unknown_parameter")

    def _read_format(self, request: Request) -> TableFormat:
        given = request.query_params.get(FORMAT, TableFormat.CSV)
        if given not in TableFormat.values:
            raise ValidationError({FORMAT: f"One of {', '.join(TableFormat.values)}."}, code="invalid_choice")
        return TableFormat(given)

    def _wants_data(self, request: Request) -> bool:
        """Whether contact data is asked for; by a key of its own scope alone, since a link must record nothing."""
        given = request.query_params.get(CONTACT_DATA, "false")
        if given not in {"true", "false"}:
            raise ValidationError({CONTACT_DATA: "Either true or false."}, code="invalid_choice")
        if given == "false":
            return False
        if not isinstance(request.auth, ApiKey):
            raise DomainError("not_disclosed", "Contact data is exported by an API key, or on the page of exports.")
        require_scope(request, Scope.CONTACTS_EXPORT)
        return True


def export_paths() -> list[URLPattern]:
    """One address for every table."""
    return [
        path(f"exports/{table.name}/", _make_view(table).as_view(), name=f"export-{table.name}")
        for table in all_tables()
    ]


def _make_view(table: Table) -> type[ExportView]:
    name = "".join(part.title() for part in table.name.split("-"))
    view = type(f"{name}ExportView", (ExportView,), {"scope": table.scope, "table": table, "__doc__": str(table.about)})
    described = extend_schema(
        summary=f"Export {table.name.replace('-', ' ')}",
        operation_id=f"exports_{table.name.replace('-', '_')}",
        description=(
            f"{table.about} Columns: {', '.join(f'`{column.name}`' for column in table.columns)}.\n\n"
            "Codes: `too_many_rows`, `not_disclosed`.\n\n"
            f"A key needs the scope `{Scope(table.scope).value}`."
        ),
        parameters=[*_own_parameters(table), *_filter_parameters(table)],
        responses={
            **{(200, CONTENT_TYPES[kind].partition(";")[0]): OpenApiTypes.BINARY for kind in TableFormat},
            **refused_with(400, 422),
        },
    )
    return extend_schema_view(get=described)(view)


def _own_parameters(table: Table) -> Sequence[OpenApiParameter]:
    formats = OpenApiParameter(
        FORMAT, enum=TableFormat.values, default=TableFormat.CSV.value, description="Excel: up to 20,000 rows."
    )
    if not table.has_contact_data:
        return [formats]
    text = "With e-mail and phone; needs a key with `contacts:export`, and everybody in the file is on record."
    return [formats, OpenApiParameter(CONTACT_DATA, bool, default=False, description=text)]


def _filter_parameters(table: Table) -> list[OpenApiParameter]:
    found = []
    for name, each in table.filterset.base_filters.items():
        is_many = isinstance(each, django_filters.MultipleChoiceFilter | FacetFilter | ChosenTextsFilter)
        text = str(each.extra.get("help_text", ""))
        found.append(OpenApiParameter(name, str, many=is_many, description=text))
    return found
