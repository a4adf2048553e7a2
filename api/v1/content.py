"""Case studies and testimonials: only what may be used, with how and until when, nameless where names are withheld."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from api.v1.tables import FIELDS, TableViewSet
from api.v1.tags import PieceTagsField
from api.v1.usable import KeptFilterBackend, RightSerializer
from references.blinding import hide_names
from references.filters import CaseStudyFilter, TestimonialFilter
from references.models import CaseStudy, Customer, ProofPoint, Testimonial
from references.rights import asset_of, rights_of, usable_until
from users.enums import Scope

Piece = CaseStudy | Testimonial | ProofPoint


class NamedCustomerSerializer(serializers.ModelSerializer[Customer]):
    """The customer, where it may be named."""

    class Meta:
        model = Customer
        fields = ["id", "name"]


class UsableSerializer(serializers.ModelSerializer[Any]):
    """What may be used. Where `attributed` is false, nobody gets a name with it: names are hidden in its texts."""

    customer = NamedCustomerSerializer(allow_null=True, help_text="Null where it may not be named.")
    size = serializers.CharField(source="customer.size_band", help_text="Employees, as a slug of the facet size.")
    rights = serializers.SerializerMethodField()
    attributed = serializers.BooleanField(source="may_be_named", help_text="Whether it may carry the name.")
    usable_until = serializers.SerializerMethodField(help_text="The last day on which it may be used; null: no end.")

    text_fields: ClassVar[tuple[str, ...]]
    withheld: ClassVar[dict[str, Any]] = {"customer": None}

    def names_of(self, row: Any) -> Iterable[str]:
        """The names that must not stand in the texts of a row without attribution."""
        return filter(None, [row.customer.name, row.customer.domain, row.contact.name if row.contact else ""])

    def ends_on(self, row: Any) -> date | None:
        """The day on which the piece itself comes to its end, whatever consents allow."""
        return row.expires_on  # type: ignore[no-any-return]

    @extend_schema_field(RightSerializer(many=True))
    def get_rights(self, row: Piece) -> Any:
        return RightSerializer(rights_of(row, asset_of(row)), many=True).data

    def get_usable_until(self, row: Piece) -> date | None:
        ends = (usable_until(rights_of(row, asset_of(row))), self.ends_on(row))
        return min((end for end in ends if end is not None), default=None)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if not instance.may_be_named:
            hidden = list(self.names_of(instance))
            shown |= {field: hide_names(shown[field], hidden) for field in self.text_fields if field in shown}
            shown |= {field: value for field, value in self.withheld.items() if field in shown}
        return shown


class UsableContentSerializer(UsableSerializer):
    """A story or a testimonial that may be used."""

    tags = PieceTagsField(source="*", help_text="Its own and its customer's.")
    url = serializers.CharField(help_text="Empty where there is none, or where it might name the customer.")

    withheld = {"customer": None, "url": ""}


class CaseStudySerializer(UsableContentSerializer):
    """A story that may be used."""

    text_fields = ("title", "challenge", "solution_text", "results")

    class Meta:
        model = CaseStudy
        fields = [
            "id", "title", "challenge", "solution_text", "results", "customer", "size", "tags", "language", "url",
            "status", "version", "published_on", "expires_on", "rights", "attributed", "usable_until", "updated_at",
        ]  # fmt: skip


class TestimonialSerializer(UsableContentSerializer):
    """A quote, video, review or recorded webinar that may be used."""

    said_by = serializers.CharField(allow_null=True, help_text="Null where it may not carry the name.")
    text_fields = ("text", "said_by_title", "transcript")
    withheld = {**UsableContentSerializer.withheld, "said_by": None}

    class Meta:
        model = Testimonial
        fields = [
            "id", "kind", "text", "said_by", "said_by_title", "transcript", "review_site", "customer", "size", "tags",
            "language", "url", "status", "version", "published_on", "expires_on", "rights", "attributed",
            "usable_until", "updated_at",
        ]  # fmt: skip

    def names_of(self, row: Testimonial) -> Iterable[str]:
        return [*super().names_of(row), *filter(None, [row.said_by])]


class UsableViewSet(TableViewSet):
    """What may be used; the filter checks the rights before anything else, and only what is asked for is loaded."""

    scope = Scope.CONTENT_READ
    filter_backends = (KeptFilterBackend,)
    related: ClassVar[tuple[str, ...]] = ("customer", "contact")
    tag_paths: ClassVar[tuple[str, ...]] = ("tags", "customer__tags")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset).select_related(*self.related)
        if not self.wants("rights", "usable_until"):
            rows = rows.prefetch_related(None)
        return rows.prefetch_related(*self.tag_paths) if self.wants("tags") else rows


@extend_schema_view(
    list=extend_schema(summary="List case studies that may be used", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a case study that may be used", parameters=[FIELDS]),
)
class CaseStudyViewSet(UsableViewSet):
    """Customers' stories: approved or published, and covered by a consent on the day of use."""

    queryset = CaseStudy.objects.all()
    serializer_class = CaseStudySerializer
    filterset_class = CaseStudyFilter
    table = "case-studies"


@extend_schema_view(
    list=extend_schema(summary="List testimonials that may be used", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a testimonial that may be used", parameters=[FIELDS]),
)
class TestimonialViewSet(UsableViewSet):
    """Quotes, videos and reviews: approved or published, and covered by a consent for that kind on the day of use."""

    queryset = Testimonial.objects.all()
    serializer_class = TestimonialSerializer
    filterset_class = TestimonialFilter
    table = "testimonials"
