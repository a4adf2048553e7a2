"""Rewards and redemptions: what points can be spent on, and each time somebody asked for it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from advocacy.enums import RedemptionStatus
from advocacy.models import Redemption, Reward
from advocacy.permissions import may_keep_rewards
from advocacy.points_filters import RedemptionFilter, RewardFilter
from advocacy.services.redemptions import move_redemption, redeem_reward
from api.v1.bodies import StrictSerializer, text_field
from api.v1.creating import VisibleField, creation_key
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.people import PersonSerializer, hide_names_in
from api.v1.tables import FIELDS
from references.models import Contact
from users.enums import Scope


class RewardSerializer(serializers.ModelSerializer[Reward]):
    """Something of the catalogue; `stock` null is any number."""

    class Meta:
        model = Reward
        fields = [
            "id", "name", "kind", "about", "cost", "value", "currency", "stock", "per_person", "from_level",
            "needs_approval", "is_active",
        ]  # fmt: skip


class RedemptionSerializer(serializers.ModelSerializer[Redemption]):
    """One time that points were spent on a reward; cost and worth as they were then."""

    person = PersonSerializer(source="account.contact")
    reward_name = serializers.CharField(source="reward.name")
    wish = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()

    class Meta:
        model = Redemption
        fields = [
            "id", "person", "reward", "reward_name", "status", "cost", "value", "currency", "wish", "note",
            "decided_by", "decided_at", "requested_at",
        ]  # fmt: skip

    def get_wish(self, row: Redemption) -> str:
        return hide_names_in(self.context, row.account.contact, row.wish)

    def get_note(self, row: Redemption) -> str:
        return hide_names_in(self.context, row.account.contact, row.note)


class NewRedemptionSerializer(StrictSerializer):
    """For whom, and what."""

    contact = VisibleField(queryset=Contact.objects.none(), help_text="Id of a promoter.")
    reward: Any = serializers.PrimaryKeyRelatedField(
        queryset=Reward.objects.all(), pk_field=serializers.IntegerField(), help_text="Id of a reward."
    )
    wish = text_field(300)


class RedemptionApprovalSerializer(StrictSerializer):
    """A yes."""

    employer_agreed = serializers.BooleanField(default=False, help_text="Where a gift rule asks for the employer.")


class RedemptionWhySerializer(StrictSerializer):
    """Why; the person reads it."""

    why = serializers.CharField(max_length=300)


_MOVED: dict[int, Any] = {200: RedemptionSerializer, **refused_with(409, 422)}


@extend_schema_view(
    list=extend_schema(summary="List rewards", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a reward", parameters=[FIELDS]),
)
class RewardViewSet(NounViewSet):
    """The catalogue of rewards."""

    scope = Scope.ADVOCACY_READ
    queryset = Reward.objects.all()
    serializer_class = RewardSerializer
    filterset_class = RewardFilter
    table = "rewards"
    noun = "reward"


@extend_schema_view(
    list=extend_schema(summary="List redemptions", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a redemption", parameters=[FIELDS]),
)
class RedemptionViewSet(NounViewSet):
    """What people asked for: all for marketers and managers, else of customers you own; decided by managers."""

    scope = Scope.ADVOCACY_READ
    write_scope = Scope.ADVOCACY_WRITE
    queryset = Redemption.objects.none()
    serializer_class = RedemptionSerializer
    filterset_class = RedemptionFilter
    table = "redemptions"
    noun = "redemption"

    def get_queryset(self) -> QuerySet[Redemption]:
        return Redemption.objects.visible_to(self.user).select_related("account__contact__customer", "reward")

    @extend_schema(
        summary="Redeem points for somebody",
        request=NewRedemptionSerializer,
        responses={201: RedemptionSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Response:
        """Spend a promoter's points on a reward as they wished; with `Idempotency-Key` once. For managers.

        Codes: `not_allowed`, `not_enough_points`, `out_of_stock`, `gift_not_allowed`, `level_too_low`,
        `taken_often_enough`, `not_in_use`, `has_opted_out`.
        """
        require(may_keep_rewards(self.user), "Points are spent for somebody by managers.")
        row = redeem_reward(by=self.user, creation_key=creation_key(request), **self.read(NewRedemptionSerializer))
        return self.tell(row.pk, 201)

    @extend_schema(summary="Approve a redemption", request=RedemptionApprovalSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: int) -> Response:
        """Say yes, by the gift rules as they are now. For managers.

        Codes: `not_allowed`, `move_not_allowed`, `employer_required`, `gift_not_allowed`.
        """
        return self._move(RedemptionStatus.APPROVED, RedemptionApprovalSerializer)

    @extend_schema(summary="Reject a redemption", request=RedemptionWhySerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: int) -> Response:
        """Say no, and why: the points go back. For managers. Codes: `not_allowed`, `move_not_allowed`."""
        return self._move(RedemptionStatus.REJECTED, RedemptionWhySerializer)

    @extend_schema(summary="Hand a reward over", request=StrictSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def fulfil(self, request: Request, pk: int) -> Response:
        """Note that it was handed over. For managers. Codes: `not_allowed`, `move_not_allowed`."""
        return self._move(RedemptionStatus.FULFILLED, StrictSerializer)

    @extend_schema(summary="Call a redemption off", request=RedemptionWhySerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Call it off: the points go back. For managers. Codes: `not_allowed`, `move_not_allowed`."""
        return self._move(RedemptionStatus.CANCELLED, RedemptionWhySerializer)

    def _move(self, to: str, body: type[serializers.Serializer[Any]]) -> Response:
        row = self.get_object()
        require(may_keep_rewards(self.user), "Redemptions are decided by managers.")
        move_redemption(redemption=row, to=to, by=self.user, **self.read(body))
        return self.tell(row.pk)
