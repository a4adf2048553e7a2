"""Serves the OpenAPI document and the page that shows it."""

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response


@lru_cache(maxsize=8)
def _document_in(language: str) -> Any:
    """The document, the same for everybody until the code changes: it takes seconds to make."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    return generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


class SchemaView(SpectacularAPIView):
    """The OpenAPI document of this API: JSON, or YAML by `?format=yaml`."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer]
    permission_classes = [IsAuthenticated]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the document, made once in each language and process."""
        name = f"refprogram.{request.accepted_renderer.format}"
        return Response(
            _document_in(get_language() or ""), headers={"Content-Disposition": f'inline; filename="{name}"'}
        )


class DocumentView(SpectacularSwaggerSplitView):
    """The page that shows the document and tries it out; its scripts come from this site alone."""

    template_name = "api/docs.html"
    permission_classes = [IsAuthenticated]
