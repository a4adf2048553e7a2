"""Serves the OpenAPI document and the page that shows it."""

from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated


class SchemaView(SpectacularAPIView):
    """The OpenAPI document of this API: JSON, or YAML by `?format=yaml`."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer]
    permission_classes = [IsAuthenticated]


class DocumentView(SpectacularSwaggerSplitView):
    """The page that shows the document and tries it out; its scripts come from this site alone."""

    template_name = "api/docs.html"
    permission_classes = [IsAuthenticated]
