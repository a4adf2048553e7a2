"""Webhooks: subscriptions to events, their secrets, and the log of what they were told."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.errors import refused_with
from api.v1.idempotency import RetoldCreates
from api.v1.views import ScopedView
from api.v1.webhook_bodies import (
    DeliverySerializer,
    ReplayedSerializer,
    SinceSerializer,
    WebhookFieldsSerializer,
    WebhookSecretSerializer,
    WebhookSerializer,
)
from delivery.models import WebhookDelivery, WebhookSubscription
from delivery.webhook_log import DeliveryFilter, WebhookFilter
from delivery.webhook_services import (
    WebhookError,
    change_webhook,
    create_webhook,
    delete_webhook,
    pause_webhook,
    replay,
    replay_failed,
    resume_webhook,
    rotate_secret,
    send_test,
)
from references.errors import DomainError
from users.enums import Scope

_SENT: dict[int, Any] = {202: DeliverySerializer, **refused_with(409)}


@extend_schema_view(
    list=extend_schema(summary="List webhooks"),
    retrieve=extend_schema(summary="Read a webhook"),
)
class WebhookViewSet(RetoldCreates, viewsets.ReadOnlyModelViewSet[WebhookSubscription]):
    """Who outside hears of events: your own webhooks, and for managers everybody's. Kept by managers and marketers."""

    scope = Scope.CONTENT_WRITE
    lookup_url_kwarg = "webhook_id"
    lookup_value_converter = "uuid"
    queryset = WebhookSubscription.objects.none()
    serializer_class: type[serializers.BaseSerializer[Any]] = WebhookSerializer
    filterset_class = WebhookFilter

    def get_queryset(self) -> QuerySet[WebhookSubscription]:
        return WebhookSubscription.objects.visible_to(self.user).select_related("owner")

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, WebhookError):
            exc = DomainError(exc.code, exc.message, exc.field)
        return super().handle_exception(exc)

    def retell(self, pk: Any, status: int) -> Response:
        if self.action in {"test", "replay"}:
            rows = WebhookDelivery.objects.filter(subscription__in=self.get_queryset())
            return Response(DeliverySerializer(get_object_or_404(rows, pk=pk)).data, status=status)
        tells_secret = self.action in {"create", "rotate_secret"}
        serializer = WebhookSecretSerializer if tells_secret else WebhookSerializer
        return Response(serializer(get_object_or_404(self.get_queryset(), pk=pk)).data, status=status)

    @extend_schema(
        summary="Add a webhook",
        request=WebhookFieldsSerializer,
        responses={201: WebhookSecretSerializer, **refused_with(403, 422)},
    )
    def create(self, request: Request) -> Response:
        """Subscribe to events. The answer holds the secret.

        Codes: `not_allowed`, `too_many`, `url_refused`, `unknown_event`, `unknown_fact`, `filter_never_fits`,
        `invalid_filter`.
        """
        row = create_webhook(owner=self.user, **self._read(WebhookFieldsSerializer))
        return Response(WebhookSecretSerializer(row).data, status=201)

    @extend_schema(
        summary="Change a webhook",
        request=WebhookFieldsSerializer,
        responses={200: WebhookSerializer, **refused_with(422)},
    )
    def partial_update(self, request: Request, webhook_id: Any) -> Response:
        """Change what is given.

        Codes: `url_refused`, `unknown_event`, `unknown_fact`, `filter_never_fits`, `invalid_filter`.
        """
        row = self.get_object()
        given = self._read(WebhookFieldsSerializer, partial=True)
        return Response(WebhookSerializer(change_webhook(subscription=row, **given)).data)

    @extend_schema(summary="Delete a webhook", responses={204: None})
    def destroy(self, request: Request, webhook_id: Any) -> Response:
        """Forget it and its log; what waits is not sent."""
        delete_webhook(subscription=self.get_object())
        return Response(status=204)

    @extend_schema(summary="Pause a webhook", request=None, responses={200: WebhookSerializer})
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, webhook_id: Any) -> Response:
        """Tell it of nothing until it is resumed."""
        return Response(WebhookSerializer(pause_webhook(subscription=self.get_object())).data)

    @extend_schema(summary="Resume a webhook", request=None, responses={200: WebhookSerializer})
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, webhook_id: Any) -> Response:
        """Tell it of events again, whatever it was stopped for."""
        return Response(WebhookSerializer(resume_webhook(subscription=self.get_object())).data)

    @extend_schema(summary="Replace the secret of a webhook", request=None, responses={200: WebhookSecretSerializer})
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, webhook_id: Any) -> Response:
        """Sign by a new secret, which the answer holds; for 24 hours the old one signs too."""
        row = self.get_object()
        rotate_secret(subscription=row)
        return Response(WebhookSecretSerializer(self.get_object()).data)

    @extend_schema(summary="Send a test to a webhook", request=None, responses=_SENT)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, webhook_id: Any) -> Response:
        """Send the event `webhook.test`. Codes: `not_active`."""
        return Response(DeliverySerializer(send_test(subscription=self.get_object())).data, status=202)

    @extend_schema(summary="Send an event again", request=None, responses=_SENT)
    @action(detail=True, methods=["post"], url_path="deliveries/<int:delivery_id>/replay")
    def replay(self, request: Request, webhook_id: Any, delivery_id: int) -> Response:
        """Send it again under its webhook id; one that waits is sent now. Codes: `not_active`."""
        delivery = get_object_or_404(self._find().deliveries, pk=delivery_id)
        return Response(DeliverySerializer(replay(delivery=delivery)).data, status=202)

    @extend_schema(
        summary="Send again what failed",
        request=SinceSerializer,
        responses={202: ReplayedSerializer, **refused_with(409)},
    )
    @action(detail=True, methods=["post"], url_path="replay-failed")
    def replay_failed(self, request: Request, webhook_id: Any) -> Response:
        """Send what was given up since a moment, oldest first, at most 1,000 at once. Codes: `not_active`."""
        count = replay_failed(subscription=self.get_object(), **self._read(SinceSerializer))
        return Response({"replayed": count}, status=202)

    def _find(self) -> WebhookSubscription:
        found: WebhookSubscription = get_object_or_404(self.get_queryset(), pk=self.kwargs["webhook_id"])
        return found

    def _read(self, body: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        given = body(data=self.request.data, partial=partial)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)


@extend_schema_view(get=extend_schema(summary="List what a webhook was told"))
class WebhookLogView(ScopedView, generics.ListAPIView[WebhookDelivery]):
    """The log of one webhook, newest first."""

    scope = Scope.CONTENT_WRITE
    queryset = WebhookDelivery.objects.none()
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        rows = WebhookSubscription.objects.visible_to(self.user)
        found: WebhookSubscription = get_object_or_404(rows, pk=self.kwargs["webhook_id"])
        return found.deliveries.all()
