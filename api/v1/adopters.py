"""Early-adopter programs and their seats."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from advocacy.adopter_filters import AdopterProgramFilter, AdopterSeatFilter
from advocacy.enums import SeatStatus
from advocacy.models import AdopterProgram, AdopterSeat
from advocacy.permissions import may_keep_asks
from advocacy.services.adopters import invite_adopter, move_seat
from api.v1.bodies import StrictSerializer, text_field
from api.v1.creating import VisibleField
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.people import PersonSerializer, hide_names_in
from api.v1.survey_rows import TagRefSerializer
from api.v1.tables import FIELDS
from references.models import Contact
from users.enums import Scope

KEPT = [SeatStatus.FINISHED, SeatStatus.DECLINED, SeatStatus.DROPPED, SeatStatus.WITHDRAWN]
"""What we say of a seat; that somebody takes it on its terms, they say themselves."""


class AdopterProgramSerializer(serializers.ModelSerializer[AdopterProgram]):
    """One launch that customers try first."""

    product = TagRefSerializer(allow_null=True)

    class Meta:
        model = AdopterProgram
        fields = [
            "id", "name", "about", "product", "seats", "from_rung", "agreement_version", "starts_on", "ends_on",
            "status", "outcome", "owner", "created_at",
        ]  # fmt: skip


class AdopterSeatSerializer(serializers.ModelSerializer[AdopterSeat]):
    """One person's place in a program."""

    person = PersonSerializer(source="contact")
    outcome = serializers.SerializerMethodField()

    class Meta:
        model = AdopterSeat
        fields = [
            "id", "program", "person", "status", "invited_at", "agreed_at", "agreed_version", "ended_at", "adopted",
            "outcome",
        ]  # fmt: skip

    def get_outcome(self, row: AdopterSeat) -> str:
        return hide_names_in(self.context, row.contact, row.outcome)


class NewSeatSerializer(StrictSerializer):
    """Who is invited to which program."""

    program: Any = serializers.PrimaryKeyRelatedField(
        queryset=AdopterProgram.objects.all(), pk_field=serializers.IntegerField(), help_text="Id of a program."
    )
    contact = VisibleField(queryset=Contact.objects.none(), help_text="Id of a promoter.")


class SeatMoveSerializer(StrictSerializer):
    """How it ended."""

    status = serializers.ChoiceField(choices=[(each.value, each.label) for each in KEPT])
    why = text_field(300)
    adopted = serializers.BooleanField(required=False, allow_null=True, help_text="Whether they use it now.")
    outcome = text_field(500)


@extend_schema_view(
    list=extend_schema(summary="List early-adopter programs", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read an early-adopter program", parameters=[FIELDS]),
)
class AdopterProgramViewSet(NounViewSet):
    """Programs in which customers try a product first."""

    scope = Scope.ADVOCACY_READ
    queryset = AdopterProgram.objects.none()
    serializer_class = AdopterProgramSerializer
    filterset_class = AdopterProgramFilter
    table = "adopter-programs"
    noun = "adopter-program"

    def get_queryset(self) -> QuerySet[AdopterProgram]:
        return AdopterProgram.objects.select_related("product")


@extend_schema_view(
    list=extend_schema(summary="List seats of early adopters", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a seat of an early adopter", parameters=[FIELDS]),
)
class AdopterSeatViewSet(NounViewSet):
    """Seats: all for marketers and managers, else of customers you own."""

    scope = Scope.ADVOCACY_READ
    write_scope = Scope.ADVOCACY_WRITE
    queryset = AdopterSeat.objects.none()
    serializer_class = AdopterSeatSerializer
    filterset_class = AdopterSeatFilter
    table = "adopter-seats"
    noun = "adopter-seat"

    def get_queryset(self) -> QuerySet[AdopterSeat]:
        return AdopterSeat.objects.visible_to(self.user).select_related("contact__customer")

    @extend_schema(
        summary="Invite an early adopter",
        request=NewSeatSerializer,
        responses={201: AdopterSeatSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Response:
        """Offer a promoter a seat, once: a letter with a link goes. For marketers and managers.

        Codes: `not_allowed`, `not_recruiting`, `no_seats_left`, `not_active`, `has_opted_out`, `no_address`.
        """
        self._require_keeper()
        row = invite_adopter(by=self.user, **self.read(NewSeatSerializer))
        return self.tell(row.pk, 201)

    @extend_schema(
        summary="End a seat",
        request=SeatMoveSerializer,
        responses={200: AdopterSeatSerializer, **refused_with(409, 422)},
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: int) -> Response:
        """Say that somebody finished, declined or dropped out, or take the seat back. For marketers and managers.

        Codes: `not_allowed`, `move_not_allowed`, `adopted_required`.
        """
        row = self.get_object()
        self._require_keeper()
        given = self.read(SeatMoveSerializer)
        move_seat(seat=row, to=given.pop("status"), by=self.user, **given)
        return self.tell(row.pk)

    def _require_keeper(self) -> None:
        require(may_keep_asks(self.user), "Early adopters are invited by managers and marketers.")
