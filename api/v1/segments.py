"""Which customers buy, refer, do both or neither, and which advocates have gone quiet."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from advocacy.customer_segments import PLAYS
from advocacy.quiet import find_quiet
from advocacy.segment_filters import QuietFilter
from advocacy.segments import read_segments
from api.v1.bodies import StrictSerializer
from api.v1.nouns import NounViewSet
from api.v1.people import PersonSerializer
from api.v1.tables import FIELDS
from api.v1.views import ScopedView
from references.models import Contact, Customer
from users.enums import Scope

_MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 2}


class PlacedCustomerSerializer(serializers.Serializer[Any]):
    """One customer and where it stands."""

    customer = serializers.IntegerField(source="customer.pk")
    customer_name = serializers.CharField(source="customer.name")
    segment = serializers.ChoiceField(choices=list(PLAYS), source="placed.segment")
    lifetime_value = serializers.DecimalField(source="placed.lifetime_value", **_MONEY)
    referral_value = serializers.DecimalField(source="placed.referral_value", **_MONEY)


class CustomerSegmentsSerializer(serializers.Serializer[Any]):
    """The customers of one currency, split at the medians; `left_out` counts by reason who is in no segment."""

    currency = serializers.CharField()
    median_lifetime = serializers.DecimalField(allow_null=True, **_MONEY)
    median_referral = serializers.DecimalField(allow_null=True, **_MONEY)
    is_indicative = serializers.BooleanField(help_text="Too few customers for a median to say much.")
    counts = serializers.DictField(child=serializers.IntegerField())
    left_out = serializers.DictField(child=serializers.IntegerField())
    customers = PlacedCustomerSerializer(many=True)


class CustomerSegmentsView(ScopedView, viewsets.GenericViewSet[Customer]):
    """Money of customers: all for managers, else of customers you own."""

    scope = Scope.ADVOCACY_READ
    queryset = Customer.objects.none()
    serializer_class = CustomerSegmentsSerializer
    filter_backends = ()
    pagination_class = None

    @extend_schema(
        operation_id="customer_segments_retrieve",
        summary="Split customers by what they buy and refer",
        parameters=[OpenApiParameter("currency", str, description="Code of a currency; else the program's own.")],
        responses=CustomerSegmentsSerializer,
    )
    def split(self, request: Request) -> Response:
        """Give the segments of the customers whose money you may see, in one currency."""
        asked = _SegmentsQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        table = read_segments(self.user, currency=asked.validated_data["currency"].upper())
        left_out: dict[str, int] = {}
        for each in table.split.left_out:
            left_out[each.code] = left_out.get(each.code, 0) + 1
        told = {
            "currency": table.split.currency,
            "median_lifetime": table.split.median_lifetime,
            "median_referral": table.split.median_referral,
            "is_indicative": table.split.is_indicative,
            "counts": table.counts,
            "left_out": left_out,
            "customers": table.rows,
        }
        return Response(CustomerSegmentsSerializer(told).data)


class _SegmentsQuery(StrictSerializer):
    unknown_code = "unknown_parameter"
    currency = serializers.CharField(max_length=3, allow_blank=True, default="")


class QuietAdvocateSerializer(serializers.Serializer[Any]):
    """Somebody who did something in the past two years, and nothing of late."""

    id = serializers.IntegerField(source="pk", help_text="Id of the person.")
    person = PersonSerializer(source="*")
    last_activity = serializers.CharField()
    last_act_on: Any = serializers.DateField()


class QuietAdvocateViewSet(NounViewSet):
    """Advocates gone quiet: all for marketers and managers, else of customers you own."""

    scope = Scope.ADVOCACY_READ
    queryset = Contact.objects.none()
    serializer_class = QuietAdvocateSerializer
    filterset_class = QuietFilter
    table = "quiet-advocates"
    noun = "quiet-advocate"

    def get_queryset(self) -> QuerySet[Contact]:
        return find_quiet(self.user)

    @extend_schema(summary="List advocates gone quiet", parameters=[FIELDS])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Give promoters who did something in the past two years and nothing of late, the longest quiet first."""
        return super().list(request, *args, **kwargs)
