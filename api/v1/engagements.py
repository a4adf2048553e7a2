"""Engagements: the ledger of touches, read without names, and what was used outside the system, logged."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.creating import VisibleField, creation_key
from api.v1.errors import ErrorResponseSerializer
from api.v1.idempotency import IdempotentCreates
from references import activities
from references.enums import EngagementStatus
from references.models import Contact, Engagement
from references.permissions import may_edit_contact
from references.record_filters import EngagementFilter
from references.services.ledger import log_engagement
from references.services.outside import log_outside_use, withdraw_touch
from users.enums import Scope


class EngagementSerializer(serializers.ModelSerializer[Engagement]):
    """One touch of a promoter; `contact` and `customer` are ids, and notes stay with those who keep the account."""

    customer = serializers.IntegerField(source="contact.customer_id")

    class Meta:
        model = Engagement
        fields = [
            "id", "contact", "customer", "activity", "status", "on", "is_outside", "went_badly", "was_thanked",
            "was_rewarded", "recorded_at",
        ]  # fmt: skip


class NewEngagementSerializer(serializers.Serializer[Any]):
    """What a promoter did, and when."""

    contact = VisibleField(queryset=Contact.objects.none())
    activity = serializers.ChoiceField(choices=activities.CHOICES)
    on = serializers.DateField(help_text="The day it happened.")
    note = serializers.CharField(max_length=500, allow_blank=True, default="")
    is_outside = serializers.BooleanField(
        default=True, help_text="Outside the system. False is for managers and the account owner."
    )


class WithdrawalSerializer(serializers.Serializer[Any]):
    """Why a touch never was."""

    reason = serializers.CharField(max_length=300)


_REFUSED = {409: OpenApiResponse(ErrorResponseSerializer), 422: OpenApiResponse(ErrorResponseSerializer)}


@extend_schema_view(list=extend_schema(summary="List touches"), retrieve=extend_schema(summary="Read a touch"))
class EngagementViewSet(IdempotentCreates, viewsets.ReadOnlyModelViewSet[Engagement]):
    """The ledger of the people you see: what they were asked for, and what came of it."""

    scope = Scope.REQUESTS_READ
    write_scope = Scope.REQUESTS_WRITE
    lookup_value_converter = "int"
    queryset = Engagement.objects.none()
    serializer_class = EngagementSerializer
    filterset_class = EngagementFilter

    def get_queryset(self) -> QuerySet[Engagement]:
        return Engagement.objects.visible_to(self.user).select_related("contact")

    @extend_schema(
        summary="Log a touch", request=NewEngagementSerializer, responses={201: EngagementSerializer, **_REFUSED}
    )
    def create(self, request: Request) -> Response:
        """Log what a promoter did: caps and fatigue count it from now on, and nobody is blamed.

        With `Idempotency-Key` it is logged once, however often it is sent. Codes: `not_allowed`, `date_ahead`,
        `date_over`.
        """
        asked = NewEngagementSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        key = creation_key(request)
        if given.pop("is_outside"):
            row = log_outside_use(by=self.user, source_key=key, **given)
        elif may_edit_contact(self.user, given["contact"]):
            row = log_engagement(by=self.user, source=key, status=EngagementStatus.COMPLETED, **given)
        else:
            raise PermissionDenied("You may log what was used outside the system; the rest is the account owner's.")
        return Response(EngagementSerializer(row).data, status=201)

    @extend_schema(
        summary="Withdraw a touch", request=WithdrawalSerializer, responses={200: EngagementSerializer, **_REFUSED}
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Release a touch that was logged by hand and never was; it stays on record and counts nothing.

        For those who keep the account and, for ten minutes, whoever logged it. Codes: `not_allowed`,
        `not_logged_by_hand`, `reason_required`, `move_not_allowed`.
        """
        row = self.get_object()
        asked = WithdrawalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        withdraw_touch(engagement=row, by=self.user, reason=asked.validated_data["reason"])
        return Response(EngagementSerializer(row).data)
