"""Recovery plays: how passives and detractors are won back, step by step."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from advocacy.enums import PlayStatus
from advocacy.models import PlayStep, PlayTemplate, RecoveryPlay
from advocacy.play_filters import PlayFilter
from advocacy.services.recovery import move_play, open_play, tick_step
from api.v1.bodies import FutureDayField, StrictSerializer, id_field, text_field
from api.v1.creating import VisibleField, creation_key
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.people import PersonSerializer, hide_names_in
from api.v1.tables import FIELDS
from references.models import Contact
from references.permissions import may_edit_contact
from users.enums import Scope


class PlayStepSerializer(serializers.ModelSerializer[PlayStep]):
    """What is to be done, or was."""

    text = serializers.SerializerMethodField()

    class Meta:
        model = PlayStep
        fields = ["id", "position", "text", "done_at"]

    def get_text(self, step: PlayStep) -> str:
        return hide_names_in(self.context, step.play.contact, step.text)


class RecoveryPlaySerializer(serializers.ModelSerializer[RecoveryPlay]):
    """One person is being won back; `result` is what the next score says, empty before there is one."""

    person = PersonSerializer(source="contact")
    why = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()
    steps = PlayStepSerializer(many=True)
    result = serializers.CharField(help_text="recovered, better, same or worse.")

    class Meta:
        model = RecoveryPlay
        fields = [
            "id", "person", "name", "kind", "why", "score", "score_on", "owner", "due_on", "status", "steps", "outcome",
            "next_score", "next_score_on", "result", "opened_at", "ended_at",
        ]  # fmt: skip

    def get_why(self, row: RecoveryPlay) -> str:
        return hide_names_in(self.context, row.contact, row.why)

    def get_outcome(self, row: RecoveryPlay) -> str:
        return hide_names_in(self.context, row.contact, row.outcome)


class NewPlaySerializer(StrictSerializer):
    """Whom to win back, and how."""

    contact = VisibleField(queryset=Contact.objects.none(), help_text="Id of a person.")
    template: Any = serializers.PrimaryKeyRelatedField(
        queryset=PlayTemplate.objects.filter(is_active=True),
        pk_field=serializers.IntegerField(),
        required=False,
        allow_null=True,
        help_text="Id of a template; a call without one.",
    )
    why = text_field(300)
    due_on = FutureDayField(required=False, allow_null=True)


class PlayMoveSerializer(StrictSerializer):
    """Where it goes; one that ends says what came of it."""

    status = serializers.ChoiceField(choices=PlayStatus.choices)
    outcome = text_field(2_000)


class StepMoveSerializer(StrictSerializer):
    """Which step, and whether it is done."""

    step = id_field("Id of the step.")
    is_done = serializers.BooleanField(default=True)


_MOVED: dict[int, Any] = {200: RecoveryPlaySerializer, **refused_with(409, 422)}


@extend_schema_view(
    list=extend_schema(summary="List recovery plays", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a recovery play", parameters=[FIELDS]),
)
class RecoveryPlayViewSet(NounViewSet):
    """Plays: all for managers, else your own and those of customers you own."""

    scope = Scope.ADVOCACY_READ
    write_scope = Scope.ADVOCACY_WRITE
    queryset = RecoveryPlay.objects.none()
    serializer_class = RecoveryPlaySerializer
    filterset_class = PlayFilter
    table = "recovery-plays"
    noun = "recovery-play"

    def get_queryset(self) -> QuerySet[RecoveryPlay]:
        rows = RecoveryPlay.objects.visible_to(self.user).select_related("contact__customer")
        return rows.prefetch_related("steps") if self.action != "list" or self.wants("steps") else rows

    @extend_schema(
        summary="Open a recovery play",
        request=NewPlaySerializer,
        responses={201: RecoveryPlaySerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Response:
        """Begin to win somebody back; who has an open play keeps that one. For managers and the account owner.

        Codes: `not_allowed`, `has_opted_out`.
        """
        given = self.read(NewPlaySerializer)
        person: Contact = given["contact"]
        require(may_edit_contact(self.user, person), "Plays are opened by managers and the account owner.")
        row = open_play(
            source=creation_key(request), score=person.nps_score, score_on=person.nps_on, by=self.user, **given
        )
        return self.tell(row.pk, 201)

    @extend_schema(summary="Move a recovery play", request=PlayMoveSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: int) -> Response:
        """Take it up, end it, give it up, or open it again. Codes: `move_not_allowed`, `outcome_required`."""
        row = self.get_object()
        given = self.read(PlayMoveSerializer)
        move_play(play=row, to=given["status"], by=self.user, outcome=given.get("outcome", ""))
        return self.tell(row.pk)

    @extend_schema(summary="Tick a step of a recovery play", request=StepMoveSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def step(self, request: Request, pk: int) -> Response:
        """Note that a step was done, or was not; the first one done takes the play up. Codes: `play_over`."""
        row = self.get_object()
        given = self.read(StepMoveSerializer)
        tick_step(step=get_object_or_404(row.steps, pk=given["step"]), is_done=given["is_done"], by=self.user)
        return self.tell(row.pk)
