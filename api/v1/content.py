"""Case studies and testimonials: only what may be used, with how and until when, nameless where names are withheld."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets

from api.v1.tags import TagsField
from api.v1.usable import KeptFilterBackend, RightSerializer
from api.v1.views import ScopedView
from references.blinding import hide_names
from references.filters import CaseStudyFilter, TestimonialFilter
from references.models import CaseStudy, Customer, Tag, Testimonial
from references.rights import Right, rights_of, usable_until
from users.enums import Scope


class NamedCustomerSerializer(serializers.ModelSerializer[Customer]):
    """The customer, where it may be named."""

    class Meta:
        model = Customer
        fields = ["id", "name"]


class UsableContentSerializer(serializers.ModelSerializer[Any]):
    """What may be used. Where `attributed` is false, nobody gets a name with it: names are hidden in its texts."""

    customer = NamedCustomerSerializer(allow_null=True, help_text="Null where it may not be named.")
    size = serializers.CharField(source="customer.size_band", help_text="Employees, as a slug of the facet size.")
    tags = serializers.SerializerMethodField(help_text="Its own and its customer's.")
    url = serializers.CharField(help_text="Empty where there is none, or where it might name the customer.")
    rights = serializers.SerializerMethodField()
    attributed = serializers.BooleanField(source="may_be_named", help_text="Whether it may carry the name.")
    usable_until = serializers.SerializerMethodField(help_text="The last day some right holds; null for no end.")

    text_fields: ClassVar[tuple[str, ...]]

    def activity_of(self, row: Any) -> str:
        """The asset that consent must name."""
        raise NotImplementedError

    @extend_schema_field(TagsField)
    def get_tags(self, row: CaseStudy | Testimonial) -> Any:
        both: Iterable[Tag] = (*row.tags.all(), *row.customer.tags.all())
        return TagsField().to_representation(both)

    def _rights(self, row: Any) -> tuple[Right, ...]:
        return rights_of(row, self.activity_of(row))

    @extend_schema_field(RightSerializer(many=True))
    def get_rights(self, row: Any) -> Any:
        return RightSerializer(self._rights(row), many=True).data

    def get_usable_until(self, row: Any) -> date | None:
        return usable_until(self._rights(row))

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if not shown["attributed"]:
            names = [instance.customer.name, instance.customer.domain]
            names += [instance.contact.name] if instance.contact else []
            names += [getattr(instance, "said_by", "")]
            shown |= {field: hide_names(shown[field], filter(None, names)) for field in self.text_fields}
            shown |= {"customer": None, "url": ""} | ({"said_by": None} if "said_by" in shown else {})
        return shown


class CaseStudySerializer(UsableContentSerializer):
    """A story that may be used."""

    text_fields = ("title", "challenge", "solution_text", "results")

    class Meta:
        model = CaseStudy
        fields = [
            "id", "title", "challenge", "solution_text", "results", "customer", "size", "tags", "language", "url",
            "status", "published_on", "rights", "attributed", "usable_until",
        ]  # fmt: skip

    def activity_of(self, row: CaseStudy) -> str:
        return "case_study"


class TestimonialSerializer(UsableContentSerializer):
    """A quote, video or review that may be used."""

    said_by = serializers.CharField(allow_null=True, help_text="Null where it may not carry the name.")
    text_fields = ("text", "said_by_title")

    class Meta:
        model = Testimonial
        fields = [
            "id", "kind", "text", "said_by", "said_by_title", "customer", "size", "tags", "language", "url", "status",
            "published_on", "rights", "attributed", "usable_until",
        ]  # fmt: skip

    def activity_of(self, row: Testimonial) -> str:
        return row.kind


class UsableContentViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[Any]):
    """Content that may be used; the filter checks the rights before anything else."""

    scope = Scope.CONTENT_READ
    filter_backends = (KeptFilterBackend,)
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        return rows.select_related("customer", "contact").prefetch_related("tags", "customer__tags")


@extend_schema_view(
    list=extend_schema(summary="List case studies that may be used"),
    retrieve=extend_schema(summary="Read a case study that may be used"),
)
class CaseStudyViewSet(UsableContentViewSet):
    """Customers' stories: approved or published, and covered by a consent on the day of use."""

    queryset = CaseStudy.objects.all()
    serializer_class = CaseStudySerializer
    filterset_class = CaseStudyFilter


@extend_schema_view(
    list=extend_schema(summary="List testimonials that may be used"),
    retrieve=extend_schema(summary="Read a testimonial that may be used"),
)
class TestimonialViewSet(UsableContentViewSet):
    """Quotes, videos and reviews: approved or published, and covered by a consent for that kind on the day of use."""

    queryset = Testimonial.objects.all()
    serializer_class = TestimonialSerializer
    filterset_class = TestimonialFilter
