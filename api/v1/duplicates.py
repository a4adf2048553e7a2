"""Likely duplicates: pairs of customers or people who are one, it seems. Read here; merged on their page."""

from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets

from api.v1.views import ScopedView
from references.enums import DuplicateKind
from references.models import Contact, Customer, DuplicatePair
from references.record_filters import DuplicateFilter
from users.enums import Scope


class DuplicateReasonSerializer(serializers.Serializer[Any]):
    """Why two rows are likely one: a code, with the percent where something is alike by so much."""

    code = serializers.CharField(help_text="`same_domain`, `same_name`, `names_alike`, `same_email`, `initials`, …")
    percent = serializers.IntegerField(allow_null=True)


class DuplicateSerializer(serializers.ModelSerializer[DuplicatePair]):
    """Two customers, or two contacts, by id and name; a row that was merged away has no name any more."""

    first_name = serializers.CharField(allow_null=True, read_only=True)
    second_name = serializers.CharField(allow_null=True, read_only=True)
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = DuplicatePair
        fields = [
            "id", "kind", "first", "first_name", "second", "second_name", "score", "reasons", "status", "found_at",
            "decided_by", "decided_at",
        ]  # fmt: skip

    @extend_schema_field(DuplicateReasonSerializer(many=True))
    def get_reasons(self, row: DuplicatePair) -> list[dict[str, Any]]:
        """The reasons, the weightiest first."""
        return [{"code": code, "percent": percent or None} for code, percent in row.reasons]


@extend_schema_view(
    list=extend_schema(summary="List likely duplicates"), retrieve=extend_schema(summary="Read a likely duplicate")
)
class DuplicateViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[DuplicatePair]):
    """Customers and people who are in the pool twice, it seems, the likeliest first. Nobody but managers sees any."""

    scope = Scope.POOL_READ
    lookup_value_converter = "int"
    queryset = DuplicatePair.objects.none()
    serializer_class = DuplicateSerializer
    filterset_class = DuplicateFilter

    def get_queryset(self) -> QuerySet[DuplicatePair]:
        rows = DuplicatePair.objects.visible_to(self.user)
        return rows.annotate(first_name=_name_of("first"), second_name=_name_of("second"))


def _name_of(field: str) -> Case:
    firms = Customer.objects.filter(pk=OuterRef(field)).values("name")[:1]
    people = Contact.objects.filter(pk=OuterRef(field)).values("name")[:1]
    return Case(When(kind=DuplicateKind.CUSTOMER, then=Subquery(firms)), default=Subquery(people))
