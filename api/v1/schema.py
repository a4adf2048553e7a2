"""The OpenAPI document: how it names keys, scopes and filters."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from drf_standardized_errors.openapi import AutoSchema as StandardizedAutoSchema

from references.filtering import DayFilter, FacetFilter, MomentFilter, PlaceFilter, WordsFilter
from users.enums import Scope

extend_schema_field({"type": "array", "items": {"type": "string"}})(FacetFilter)
extend_schema_field({"type": "string"})(WordsFilter)
extend_schema_field({"type": "string"})(PlaceFilter)
extend_schema_field({"type": "string", "format": "date"})(DayFilter)
extend_schema_field({"type": "string", "format": "date-time"})(MomentFilter)

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200},
    OpenApiParameter.HEADER,
    description="A key of your own for this call; a repeat under it within 30 days gets the first answer.",
)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Documents API keys as bearer tokens."""

    target_class = "users.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "rp_…"}


class ScopedSchema(StandardizedAutoSchema):
    """Adds to each operation the scope that a key needs, and the header by which it may be repeated."""

    def get_description(self) -> str:  # type: ignore[override]
        text: str = super().get_description()
        if not hasattr(self.view, "scope_for"):
            return text
        return f"{text}\n\nA key needs the scope `{Scope(self.view.scope_for(self.method)).value}`."

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        """Filters of kinds that are described by hand say their own words too."""
        parameters: list[dict[str, Any]] = super()._get_filter_parameters()  # type: ignore[no-untyped-call]
        filters = getattr(getattr(self.view, "filterset_class", None), "base_filters", {})
        for parameter in parameters:
            if parameter["name"] in filters and not parameter.get("description"):
                parameter["description"] = str(filters[parameter["name"]].extra.get("help_text", ""))
        return parameters

    def get_override_parameters(self) -> list[Any]:
        given = list(super().get_override_parameters())
        takes_key = self.method == "POST" and getattr(self.view, "takes_idempotency_key", False)
        return [*given, IDEMPOTENCY_KEY] if takes_key else given
