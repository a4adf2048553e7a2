"""Proof points: numbers that customers report, as far as they may be used, nameless where names are withheld."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from api.v1.content import UsableSerializer, UsableViewSet
from api.v1.tables import FIELDS
from api.v1.tags import TagsField
from references.filters import ProofPointFilter
from references.models import ProofPoint


class PointTagsField(TagsField):
    """The tags of the customer, and of the piece that a number belongs to."""

    def to_representation(self, value: Any) -> dict[str, list[dict[str, str]]]:
        piece = value.case_study or value.testimonial
        own = piece.tags.all() if piece is not None else ()
        return super().to_representation((*own, *value.customer.tags.all()))


class UsableProofPointSerializer(UsableSerializer):
    """A number that may be used; as its piece may, or as the case studies of its customer where it has none."""

    case_study = serializers.IntegerField(source="case_study_id", allow_null=True, help_text="Of which story, if any.")
    testimonial = serializers.IntegerField(
        source="testimonial_id", allow_null=True, help_text="Of which testimonial, if any."
    )
    tags = PointTagsField(source="*", help_text="Its piece's and its customer's.")
    text_fields = ("metric", "before", "after", "unit", "how_measured")

    class Meta:
        model = ProofPoint
        fields = [
            "id", "metric", "before", "after", "unit", "amount", "currency", "how_measured", "measured_on",
            "case_study", "testimonial", "customer", "size", "tags", "rights", "attributed", "usable_until",
            "updated_at",
        ]  # fmt: skip

    def names_of(self, row: ProofPoint) -> Iterable[str]:
        piece = row.case_study or row.testimonial
        person = piece.contact.name if piece is not None and piece.contact else ""
        said_by = row.testimonial.said_by if row.testimonial else ""
        return filter(None, [row.customer.name, row.customer.domain, person, said_by])

    def ends_on(self, row: ProofPoint) -> date | None:
        piece = row.case_study or row.testimonial
        return None if piece is None else piece.expires_on


@extend_schema_view(
    list=extend_schema(summary="List proof points that may be used", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a proof point that may be used", parameters=[FIELDS]),
)
class ProofPointViewSet(UsableViewSet):
    """What customers measured, before and after: numbers of content that may be used, or of customers themselves."""

    queryset = ProofPoint.objects.all()
    serializer_class = UsableProofPointSerializer
    filterset_class = ProofPointFilter
    table = "proof-points"
    related = ("customer", "case_study__contact", "testimonial__contact")
    tag_paths = ("customer__tags", "case_study__tags", "testimonial__tags")
