"""Whom a request could ask next, ranked and explained as a match search does it."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as Call
from rest_framework.response import Response

from api.v1.bodies import StrictSerializer
from api.v1.matches import CandidateSerializer, ExcludedSerializer
from api.v1.request_matches import find_request
from api.v1.views import ScopedView
from matching.proposing import rank_request
from references import activities
from users.authentication import require_scope
from users.enums import Scope


class CandidatesQuerySerializer(StrictSerializer):
    """How many to give."""

    unknown_code: ClassVar[str] = "unknown_parameter"
    limit = serializers.IntegerField(min_value=1, max_value=100, default=10, help_text="At most so many of each.")


class CandidatesSerializer(serializers.Serializer[Any]):
    """Who may be asked for a request now, and who fits but may not. Those it has tried are left out."""

    activity = serializers.ChoiceField(choices=activities.CHOICES)
    on: Any = serializers.DateField()
    notice = serializers.CharField(help_text="Said where the day is later than was asked; else empty.")
    candidates = CandidateSerializer(many=True)
    excluded = ExcludedSerializer(many=True)
    total_candidates = serializers.IntegerField(help_text="Counts customers: the list holds one person of each.")
    total_excluded = serializers.IntegerField()
    revision = serializers.CharField(help_text="The state of the pool that this shows.")
    policy_version = serializers.IntegerField()


class RequestCandidatesView(ScopedView):
    """The candidates of one request."""

    scope = Scope.REQUESTS_READ

    @extend_schema(
        summary="Rank whom a request could ask",
        operation_id="requests_candidates",
        parameters=[CandidatesQuerySerializer],
        responses=CandidatesSerializer,
    )
    def get(self, request: Call, pk: int) -> Response:
        """Rank the pool, as it is now, for what the request asks; named are only those whom you may see.

        A key also needs the scope `pool:read`.
        """
        require_scope(request, Scope.POOL_READ)
        asked = CandidatesQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = rank_request(
            find_request(self.user, pk),
            limit=asked.validated_data["limit"],
            lists=("candidates", "excluded"),
            viewer=self.user,
        )
        return Response(CandidatesSerializer(found).data)
