"""Customers: the organizations that may be named to whoever asks."""

from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from api.v1.tags import TagsField
from api.v1.views import ScopedView
from references.filters import CustomerFilter
from references.models import Contact, Customer, ProofPoint
from references.permissions import may_edit_customer
from references.pool.index import current_snapshot
from references.rights import Use, nameable_customers, usable_proof_points
from users.enums import Scope


class ProofPointSerializer(serializers.ModelSerializer[ProofPoint]):
    """A number the customer reports, that may be used with its name."""

    class Meta:
        model = ProofPoint
        fields = ["metric", "before", "after", "amount", "currency"]


class AccountSerializer(serializers.ModelSerializer[Customer]):
    """How the account stands."""

    owner = serializers.CharField(source="account_owner", allow_null=True)

    class Meta:
        model = Customer
        fields = [
            "tier",
            "health",
            "is_referenceable",
            "is_named",
            "has_open_escalation",
            "renewal_date",
            "annual_value",
            "currency",
            "owner",
        ]


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """An organization. `account` is null for everyone but managers and the account owner."""

    size = serializers.CharField(source="size_band", help_text="A slug of the facet size; empty where unknown.")
    tags = TagsField(source="tags.all")
    promoters = serializers.IntegerField(source="promoter_count", help_text="How many people are in the pool.")
    proof_points = ProofPointSerializer(
        many=True, help_text="Those that may be used with its name; those without one are among `proof-points/`."
    )
    account = AccountSerializer(source="*", allow_null=True)

    class Meta:
        model = Customer
        fields = ["id", "name", "domain", "size", "tags", "promoters", "proof_points", "account"]

    def to_representation(self, instance: Customer) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if not may_edit_customer(self.context["request"].user, instance):
            shown["account"] = None
        return shown


@extend_schema_view(list=extend_schema(summary="List customers"), retrieve=extend_schema(summary="Read a customer"))
class CustomerViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[Customer]):
    """Organizations that may be named to whoever asks; account owners see all of their own, managers every one."""

    scope = Scope.POOL_READ
    lookup_value_converter = "int"
    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilter

    def get_queryset(self) -> QuerySet[Customer]:
        rows = nameable_customers(self.user, current_snapshot().policy)
        people = Contact.objects.visible_to(self.user).promoters().filter(customer=OuterRef("pk")).order_by()
        count = people.values("customer").annotate(count=Count("pk")).values("count")
        usable = usable_proof_points(ProofPoint.objects.all(), Use(on=timezone.localdate()))
        numbers = usable.filter(may_be_named=True).prefetch_related(None)  # type: ignore[misc]  # annotated
        return (
            rows.select_related("account_owner")
            .prefetch_related("tags", Prefetch("proof_points", queryset=numbers))
            .annotate(promoter_count=Coalesce(Subquery(count), 0))
        )
