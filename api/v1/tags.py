"""Tags: the vocabulary that filters and corrections speak in; and how other rows show theirs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets

from api.v1.views import ScopedView
from references.enums import Facet
from references.filters import TagFilter
from references.models import Tag
from users.enums import Scope

_TAG = {
    "type": "object",
    "properties": {"slug": {"type": "string"}, "name": {"type": "string"}},
    "required": ["slug", "name"],
}


@extend_schema_field(
    {
        "type": "object",
        "description": "Tags by facet; a facet without any is left out.",
        "properties": {facet: {"type": "array", "items": _TAG} for facet in Facet.values},
    }
)
class TagsField(serializers.Field[Any, Any, dict[str, list[dict[str, str]]], Iterable[Tag]]):
    """Tags grouped by facet, each once, in the order of their names."""

    def to_representation(self, value: Iterable[Tag]) -> dict[str, list[dict[str, str]]]:
        facets: dict[str, dict[str, str]] = {}
        for tag in sorted(value, key=lambda tag: tag.name):
            facets.setdefault(tag.facet, {})[tag.slug] = tag.name
        return {
            facet: [{"slug": slug, "name": name} for slug, name in facets[facet].items()]
            for facet in Facet.values
            if facet in facets
        }


class PieceTagsField(TagsField):
    """The tags of a piece of content: its own and its customer's."""

    def to_representation(self, value: Any) -> dict[str, list[dict[str, str]]]:
        return super().to_representation((*value.tags.all(), *value.customer.tags.all()))


class TagSerializer(serializers.ModelSerializer[Tag]):
    """A word of one facet. `parent` and `also_in` are slugs of the same facet, `languages` of the facet language."""

    parent = serializers.SlugRelatedField[Tag](slug_field="slug", read_only=True, allow_null=True)  # type: ignore[assignment]
    also_in = serializers.SlugRelatedField[Tag](slug_field="slug", many=True, read_only=True)
    languages = serializers.SlugRelatedField[Tag](slug_field="slug", many=True, read_only=True)
    synonyms = serializers.SlugRelatedField[Any](slug_field="text", many=True, read_only=True)

    class Meta:
        model = Tag
        fields = ["id", "facet", "slug", "name", "parent", "also_in", "languages", "synonyms", "status"]


@extend_schema_view(list=extend_schema(summary="List tags"), retrieve=extend_schema(summary="Read a tag"))
class TagViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[Tag]):
    """The words by which customers, people and content are found."""

    scope = Scope.POOL_READ
    lookup_value_converter = "int"
    queryset = Tag.objects.none()
    serializer_class = TagSerializer
    filterset_class = TagFilter

    def get_queryset(self) -> QuerySet[Tag]:
        rows = Tag.objects.visible_to(self.user)
        return rows.select_related("parent").prefetch_related("also_in", "languages", "synonyms")
