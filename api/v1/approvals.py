"""Approvals that wait for whoever asks: the queue, soonest due first."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request as Call
from rest_framework.response import Response

from api.v1.match_rows import MatchSerializer
from api.v1.views import ScopedView
from matching.enums import Urgency
from matching.filters import ApprovalFilter
from matching.models import Approval, Match
from matching.showing import ShownMatch, load_matches, show_matches
from references.program import current_policy
from users.enums import Scope
from users.models import User


class WaitingSerializer(serializers.ModelSerializer[Approval]):
    """An approval that waits for you; approve or reject its match."""

    request = serializers.IntegerField(source="match.request_id")
    deal = serializers.CharField(source="match.request.deal")
    deal_value: Any = serializers.DecimalField(
        source="match.request.deal_value", max_digits=16, decimal_places=2, allow_null=True
    )
    currency = serializers.CharField(source="match.request.currency")
    urgency = serializers.ChoiceField(source="match.request.urgency", choices=Urgency.choices)
    requester = serializers.CharField(source="match.request.owner")
    why = serializers.SerializerMethodField(help_text="Why it is needed.")
    match = serializers.SerializerMethodField()

    class Meta:
        model = Approval
        fields = [
            "id", "step", "assignee", "why", "due_at", "escalated_at", "request", "deal", "deal_value", "currency",
            "urgency", "requester", "match",
        ]  # fmt: skip

    def get_why(self, row: Approval) -> str:
        shown: ShownMatch = self.context["shown"][row.match_id]
        return shown.approval(row.pk).why

    @extend_schema_field(MatchSerializer)
    def get_match(self, row: Approval) -> Any:
        return MatchSerializer(self.context["shown"][row.match_id]).data


class ApprovalViewSet(ScopedView, mixins.ListModelMixin, viewsets.GenericViewSet[Approval]):
    """What waits for your yes: assigned to you, and for managers whatever any manager may decide."""

    scope = Scope.REQUESTS_READ
    queryset = Approval.objects.none()
    serializer_class = WaitingSerializer
    filterset_class = ApprovalFilter

    def get_queryset(self) -> QuerySet[Approval]:
        return Approval.objects.waiting_for(self.user).select_related("match__request__owner")

    @extend_schema(summary="List what waits for your yes")
    def list(self, request: Call) -> Response:
        """Approvals that you can give now, soonest due first. Decide by `approve/` and `reject/` of the match."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        rows = WaitingSerializer(page, many=True, context={"shown": show_behind(self.user, page)})
        return self.get_paginated_response(rows.data)


def show_behind(user: User, approvals: Sequence[Approval]) -> dict[int, ShownMatch]:
    """The matches behind approvals, by id, as a user sees them."""
    matches = load_matches(Match.objects.filter(pk__in=[row.match_id for row in approvals]))
    return {each.match.pk: each for each in show_matches(user, matches, current_policy())}
