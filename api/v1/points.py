"""Points: accounts, movements, levels, badges and the leaderboard; what is given by hand, managers give."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Max, Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from advocacy.enums import EntryKind
from advocacy.leaderboards import read_leaderboard
from advocacy.levels import read_levels, standing_of
from advocacy.models import Badge, Level, PointsAccount, PointsEntry
from advocacy.permissions import may_keep_rewards
from advocacy.points_filters import PointsAccountFilter, PointsEntryFilter
from advocacy.services.points import adjust_points
from api.v1.bodies import StrictSerializer
from api.v1.cards import day
from api.v1.creating import VisibleField, creation_key
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.people import PersonSerializer
from api.v1.tables import FIELDS
from api.v1.views import ScopedView
from references.filtering import StableOrderingFilter
from references.models import Contact
from users.enums import Scope


class PointsAccountSerializer(serializers.ModelSerializer[PointsAccount]):
    """One person's points: `balance` can be spent, `lifetime` gives the level."""

    person = PersonSerializer(source="contact")
    level = serializers.SerializerMethodField(help_text="Empty below the first.")
    last_on = day("When they last earned any.")

    class Meta:
        model = PointsAccount
        fields = ["id", "person", "balance", "lifetime", "level", "last_on", "is_on_leaderboard", "opened_at"]

    def get_level(self, row: PointsAccount) -> str:
        level = standing_of(row.lifetime, self.context["levels"]).level
        return level.name if level else ""


class PointsEntrySerializer(serializers.ModelSerializer[PointsEntry]):
    """One movement of points; never changed, what is taken back has an entry of its own."""

    person = PersonSerializer(source="account.contact")

    class Meta:
        model = PointsEntry
        fields = [
            "id", "person", "amount", "kind", "stage", "activity", "reverses", "on", "expires_on", "by", "recorded_at",
        ]  # fmt: skip


class AdjustmentSerializer(StrictSerializer):
    """Points given or taken by hand; the person can be told why."""

    contact = VisibleField(queryset=Contact.objects.none(), help_text="Id of a promoter.")
    amount = serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000, help_text="Below 0 takes points.")
    why = serializers.CharField(max_length=300)


@extend_schema_view(
    list=extend_schema(summary="List points accounts", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a points account", parameters=[FIELDS]),
)
class PointsAccountViewSet(NounViewSet):
    """Points of people: all for marketers and managers, else of customers you own."""

    scope = Scope.ADVOCACY_READ
    queryset = PointsAccount.objects.none()
    serializer_class = PointsAccountSerializer
    filterset_class = PointsAccountFilter
    table = "points-accounts"
    noun = "points-account"

    def get_queryset(self) -> QuerySet[PointsAccount]:
        earned = Max("entries__on", filter=Q(entries__kind=EntryKind.EARNED))
        rows = PointsAccount.objects.visible_to(self.user).annotate(last_on=earned)
        return rows.select_related("contact__customer")

    def show(self, rows: Sequence[PointsAccount]) -> Sequence[Mapping[str, Any]]:
        return self.cut(levels=read_levels()).to_representation(rows)  # type: ignore[no-any-return]


@extend_schema_view(
    list=extend_schema(summary="List movements of points", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a movement of points", parameters=[FIELDS]),
)
class PointsEntryViewSet(NounViewSet):
    """The ledger of points of the people you see."""

    scope = Scope.ADVOCACY_READ
    write_scope = Scope.ADVOCACY_WRITE
    queryset = PointsEntry.objects.none()
    serializer_class = PointsEntrySerializer
    filterset_class = PointsEntryFilter
    table = "points-entries"
    noun = "points-entry"

    def get_queryset(self) -> QuerySet[PointsEntry]:
        return PointsEntry.objects.visible_to(self.user).select_related("account__contact__customer")

    @extend_schema(
        summary="Give or take points by hand",
        request=AdjustmentSerializer,
        responses={201: PointsEntrySerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Response:
        """Give or take points, with a reason; with `Idempotency-Key` once. For managers.

        Codes: `not_allowed`, `why_required`, `nothing_to_adjust`, `not_enough_points`.
        """
        require(may_keep_rewards(self.user), "Points are given by hand by managers.")
        row = adjust_points(by=self.user, creation_key=creation_key(request), **self.read(AdjustmentSerializer))
        return self.tell(row.pk, 201)


class LevelSerializer(serializers.ModelSerializer[Level]):
    """A level that lifetime points reach."""

    class Meta:
        model = Level
        fields = ["id", "name", "from_points", "perk"]


@extend_schema_view(
    list=extend_schema(summary="List levels", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a level", parameters=[FIELDS]),
)
class LevelViewSet(NounViewSet):
    """The levels, the lowest first."""

    scope = Scope.ADVOCACY_READ
    queryset = Level.objects.all()
    serializer_class = LevelSerializer
    table = "levels"
    noun = "level"


class BadgeSerializer(serializers.ModelSerializer[Badge]):
    """Something worth showing that a person can reach."""

    class Meta:
        model = Badge
        fields = ["id", "name", "about", "rule", "count", "activity", "is_active"]


class BadgeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds badges by whether they are in use."""

    is_active = django_filters.BooleanFilter(help_text="In use, or not.")
    ordering = StableOrderingFilter("name", "rule", default="name")

    class Meta:
        model = Badge
        fields: ClassVar[list[str]] = []


@extend_schema_view(
    list=extend_schema(summary="List badges", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a badge", parameters=[FIELDS]),
)
class BadgeViewSet(NounViewSet):
    """The badges people earn by what they do."""

    scope = Scope.ADVOCACY_READ
    queryset = Badge.objects.all()
    serializer_class = BadgeSerializer
    filterset_class = BadgeFilter
    table = "badges"
    noun = "badge"


class BoardLineSerializer(serializers.Serializer[Any]):
    """One line; equal points share a rank, and the name is the one the person chose for it."""

    rank = serializers.IntegerField()
    alias = serializers.CharField()
    points = serializers.IntegerField()
    level = serializers.CharField()


class LeaderboardSerializer(serializers.Serializer[Any]):
    """Who wants to be seen on it."""

    lines = BoardLineSerializer(many=True)


class LeaderboardView(ScopedView, viewsets.GenericViewSet[PointsAccount]):
    """Those who asked to be on it, by lifetime points."""

    scope = Scope.ADVOCACY_READ
    queryset = PointsAccount.objects.none()
    serializer_class = LeaderboardSerializer
    filter_backends = ()
    pagination_class = None

    @extend_schema(
        operation_id="leaderboard_retrieve",
        summary="Read the leaderboard",
        parameters=[
            OpenApiParameter("tag", {"type": "integer", "minimum": 1}, description="Id of a tag: those who carry it.")
        ],
        responses=LeaderboardSerializer,
    )
    def read_board(self, request: Request) -> Response:
        """Give the first fifty of all, or of those of an industry, region or product."""
        asked = _BoardQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        lines = read_leaderboard(asked.validated_data["tag"])
        return Response(LeaderboardSerializer({"lines": lines}).data)


class _BoardQuery(StrictSerializer):
    unknown_code = "unknown_parameter"
    tag = serializers.IntegerField(min_value=1, max_value=2**63 - 1, default=None, allow_null=True)
