"""The policy: the settings that hold, their versions, what other values would change, and saving them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.cards import BANDS
from api.v1.errors import ErrorResponseSerializer
from api.v1.idempotency import IdempotentCreates
from matching.enums import ApprovalStep, MatchStatus
from matching.policy_preview import preview_policy
from references import activities
from references.errors import DomainError
from references.models import PolicyVersion
from references.permissions import may_run_program
from references.policy_values import settings_of
from references.program import current_policy
from references.record_filters import PolicyVersionFilter
from references.services.policies import LONGEST_NOTE, save_policy
from users.enums import Scope

VALUES_HELP = 'What differs from the shipped defaults, nested: `{"caps": {"per_year": 4}}`. A list is taken whole.'


class PolicyVersionSerializer(serializers.ModelSerializer[PolicyVersion]):
    """One version of the policy; the newest one holds."""

    id = serializers.IntegerField(source="version", help_text="The number of the version.")
    values = serializers.DictField(help_text=VALUES_HELP)
    made_by_name = serializers.CharField(source="made_by", allow_null=True)

    class Meta:
        model = PolicyVersion
        fields = ["id", "values", "note", "made_by", "made_by_name", "made_at"]


class CurrentPolicySerializer(serializers.Serializer[Any]):
    """The policy that holds."""

    id = serializers.IntegerField(help_text="The number of its version; 0 is the shipped defaults.")
    settings = serializers.DictField(help_text="Every setting, nested.")


class ValuesSerializer(serializers.Serializer[Any]):
    """Other values; what is left out is the default."""

    values = serializers.DictField(help_text=VALUES_HELP)


class NewPolicySerializer(ValuesSerializer):
    """Values to save as the next version."""

    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, default="")
    expected_version = serializers.IntegerField(
        min_value=0, allow_null=True, default=None, help_text="The version you started from; another one now is a 409."
    )


class DifferenceSerializer(serializers.Serializer[Any]):
    """One setting that would change."""

    key = serializers.CharField(help_text="Dotted: `caps.per_year`.")
    before = serializers.JSONField()
    after = serializers.JSONField()


class JudgmentSerializer(serializers.Serializer[Any]):
    """What one policy says of somebody put forward."""

    approvers = serializers.ListField(child=serializers.ChoiceField(choices=ApprovalStep.choices))
    broken = serializers.ListField(child=serializers.CharField(), help_text="Codes of the rules that stand against it.")
    band = serializers.ChoiceField(choices=BANDS)
    points = serializers.FloatField(allow_null=True, help_text="Null where no points would change.")


class PersonEffectSerializer(serializers.Serializer[Any]):
    """Somebody put forward, not yet asked, for whom something would change."""

    match = serializers.IntegerField(source="match_id")
    headline = serializers.CharField(help_text="Describes the person without naming anybody.")
    activity = serializers.ChoiceField(choices=activities.CHOICES)
    on: Any = serializers.DateField()
    status = serializers.ChoiceField(choices=MatchStatus.choices)
    before = JudgmentSerializer()
    after = JudgmentSerializer()


class RequestEffectSerializer(serializers.Serializer[Any]):
    """An open request for which something would change."""

    request = serializers.IntegerField(source="request_id")
    deal = serializers.CharField()
    due_before: Any = serializers.DateTimeField(allow_null=True, help_text="Null while its clock stands.")
    due_after: Any = serializers.DateTimeField(allow_null=True)
    people = PersonEffectSerializer(many=True)


class PreviewSerializer(serializers.Serializer[Any]):
    """What other values would change."""

    current = serializers.IntegerField(source="before.version", help_text="The version it is compared with.")
    differences = DifferenceSerializer(many=True)
    requests = RequestEffectSerializer(many=True)
    looked_at = serializers.IntegerField(help_text="How many open requests were looked at.")
    is_cut = serializers.BooleanField(help_text="Whether there are more.")


_REFUSED = {422: OpenApiResponse(ErrorResponseSerializer), 403: OpenApiResponse(ErrorResponseSerializer)}


@extend_schema_view(
    list=extend_schema(summary="List versions of the policy"), retrieve=extend_schema(summary="Read a version")
)
class PolicyViewSet(IdempotentCreates, viewsets.ReadOnlyModelViewSet[PolicyVersion]):
    """The rules by which promoters are found, spared and asked; each change is a version of its own."""

    scope = Scope.POOL_READ
    write_scope = Scope.POLICY_WRITE
    lookup_field = "version"
    lookup_url_kwarg = "pk"
    lookup_value_converter = "int"
    queryset = PolicyVersion.objects.none()
    serializer_class = PolicyVersionSerializer
    filterset_class = PolicyVersionFilter

    def get_queryset(self) -> QuerySet[PolicyVersion]:
        return PolicyVersion.objects.select_related("made_by")

    @extend_schema(
        summary="Save the next version",
        request=NewPolicySerializer,
        responses={201: PolicyVersionSerializer, 409: OpenApiResponse(ErrorResponseSerializer), **_REFUSED},
    )
    def create(self, request: Request) -> Response:
        """Save values as the next version, which holds from then on. For managers.

        Codes: `not_allowed`, `changed_meanwhile`, `unknown_setting`, `wrong_setting`.
        """
        given = self._read(NewPolicySerializer)
        row = save_policy(by=self.user, **given)
        return Response(PolicyVersionSerializer(row).data, status=201)

    @extend_schema(summary="Read the policy that holds", responses=CurrentPolicySerializer, filters=False)
    @action(detail=False, pagination_class=None, filterset_class=None)
    def current(self, request: Request) -> Response:
        """Give every setting as it holds now, defaults included."""
        policy = current_policy()
        shown = {"id": policy.version, "settings": settings_of(policy)}
        return Response(CurrentPolicySerializer(shown).data)

    @extend_schema(
        summary="Preview other values", request=ValuesSerializer, responses={200: PreviewSerializer, **_REFUSED}
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def preview(self, request: Request) -> Response:
        """Tell what values would change, settings and open requests, without saving anything. For managers.

        Codes: `not_allowed`, `unknown_setting`, `wrong_setting`.
        """
        given = self._read(ValuesSerializer)
        return Response(PreviewSerializer(preview_policy(given["values"])).data)

    def _read(self, body: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        if not may_run_program(self.user):
            raise DomainError("not_allowed", "Only managers change the policy.")
        given = body(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)
