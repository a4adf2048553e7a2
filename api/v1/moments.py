"""Moments that customer success hands to marketing, and what came of them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from advocacy.enums import HandoverStatus
from advocacy.models import Handover
from advocacy.referral_filters import HandoverFilter
from advocacy.services.handovers import ask_for_moment, hand_over, move_handover
from api.v1.asks import ActiveAskField
from api.v1.bodies import StrictSerializer, text_field
from api.v1.creating import VisibleField
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet
from api.v1.people import PersonSerializer
from api.v1.tables import FIELDS
from references.consent_view import tell_whose
from references.models import Nomination
from users.enums import Scope


class MomentSerializer(serializers.ModelSerializer[Handover]):
    """A nominated moment, handed to marketing; `person` is null for somebody who is not in the pool yet."""

    person = PersonSerializer(source="nomination.contact", allow_null=True)
    moment = serializers.SerializerMethodField(help_text="Without names that you may not know.")

    class Meta:
        model = Handover
        fields = [
            "id", "nomination", "person", "moment", "note", "status", "handed_by", "handed_at", "taken_by",
            "assignment", "reply", "ended_at",
        ]  # fmt: skip

    def get_moment(self, row: Handover) -> str:
        nomination, user = row.nomination, self.context["request"].user
        whose = tell_whose(user, nomination.contact, nomination.customer, self.context["policy"])
        return whose.hide(nomination.moment)


class NewMomentSerializer(StrictSerializer):
    """Which nomination, and what would suit."""

    nomination = VisibleField(queryset=Nomination.objects.none(), help_text="Id of a nomination.")
    note = text_field(1_000)


class MomentMoveSerializer(StrictSerializer):
    """Where it goes; "declined" needs a reply, which whoever handed it over reads."""

    status = serializers.ChoiceField(choices=HandoverStatus.choices)
    reply = text_field(300)


class MomentAskSerializer(StrictSerializer):
    """What the person is asked for."""

    ask = ActiveAskField(help_text="Id of an ask.")
    note = text_field(1_000, "Our words in the letter.")


_MOVED: dict[int, Any] = {200: MomentSerializer, **refused_with(409, 422)}


@extend_schema_view(
    list=extend_schema(summary="List moments", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a moment", parameters=[FIELDS]),
)
class MomentViewSet(NounViewSet):
    """Marketing's queue: all for marketers and managers, else what you handed over, and of customers you own."""

    scope = Scope.ADVOCACY_READ
    write_scope = Scope.ADVOCACY_WRITE
    queryset = Handover.objects.none()
    serializer_class = MomentSerializer
    filterset_class = HandoverFilter
    table = "moments"
    noun = "moment"

    def get_queryset(self) -> QuerySet[Handover]:
        rows = Handover.objects.visible_to(self.user)
        return rows.select_related("nomination__customer", "nomination__contact__customer")

    @extend_schema(
        summary="Hand a moment to marketing",
        request=NewMomentSerializer,
        responses={201: MomentSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Response:
        """Hand a nominated moment over; a second time it is the same one. For its author, owner and managers.

        Codes: `not_allowed`, `not_open`.
        """
        row = hand_over(by=self.user, **self.read(NewMomentSerializer))
        return self.tell(row.pk, 201)

    @extend_schema(summary="Move a moment", request=MomentMoveSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: int) -> Response:
        """Take it up, end it, say "not now", or put it back. For marketers and managers.

        Codes: `not_allowed`, `move_not_allowed`, `reply_required`.
        """
        row = self.get_object()
        given = self.read(MomentMoveSerializer)
        move_handover(handover=row, to=given["status"], by=self.user, reply=given.get("reply", ""))
        return self.tell(row.pk)

    @extend_schema(summary="Ask the person of a moment", request=MomentAskSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: int) -> Response:
        """Put an ask to them while it is warm: a letter goes, and the moment is done. For marketers and managers.

        Codes: `not_allowed`, `person_required`, `move_not_allowed`, `not_now`, `no_address`, `already_asked`.
        """
        row = self.get_object()
        ask_for_moment(handover=row, by=self.user, **self.read(MomentAskSerializer))
        return self.tell(row.pk)
