"""What each person was asked, and what became of it: put, noted, confirmed, sent back, taken back."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from advocacy.filters import AssignmentFilter
from advocacy.models import AskAssignment
from advocacy.permissions import may_keep_asks, may_put_asks, may_withdraw_ask
from advocacy.services.asking import (
    confirm_ask,
    note_for_person,
    postpone_answer,
    put_ask,
    send_back_ask,
    withdraw_ask,
)
from api.v1.asks import ActiveAskField
from api.v1.bodies import StrictSerializer, text_field
from api.v1.creating import VisibleField, creation_key
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.people import PersonSerializer, hide_names_in
from api.v1.tables import FIELDS
from references.models import Contact
from users.enums import Scope

SAID = ["accepted", "scheduled", "done", "declined", "cancelled"]


class AssignmentSerializer(serializers.ModelSerializer[AskAssignment]):
    """One person was asked for one thing; its words name nobody you may not know."""

    person = PersonSerializer(source="contact")
    ask_name = serializers.CharField(source="ask.name")
    activity = serializers.CharField(source="ask.activity")
    rung = serializers.IntegerField(source="ask.rung")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why they were asked.")
    evidence = serializers.SerializerMethodField()
    evidence_url = serializers.CharField(help_text="A link; empty for none.")
    decline_reason = serializers.SerializerMethodField()
    asked_by_name = serializers.CharField(source="asked_by", allow_null=True)

    class Meta:
        model = AskAssignment
        fields = [
            "id", "person", "ask", "ask_name", "activity", "rung", "campaign", "status", "points", "reasons",
            "asked_by", "asked_by_name", "asked_at", "answer_by", "scheduled_on", "done_at", "confirmed_at",
            "evidence", "evidence_url", "decline_reason", "reminded_at", "updated_at",
        ]  # fmt: skip

    def get_evidence(self, row: AskAssignment) -> str:
        return hide_names_in(self.context, row.contact, row.evidence)

    def get_decline_reason(self, row: AskAssignment) -> str:
        return hide_names_in(self.context, row.contact, row.decline_reason)


class NewAskAssignmentSerializer(StrictSerializer):
    """Whom to ask, and for what."""

    contact = VisibleField(queryset=Contact.objects.none(), help_text="Id of a promoter.")
    ask = ActiveAskField(help_text="Id of an ask.")
    note = text_field(1_000, "Our words in the letter.")


class AskConfirmationSerializer(StrictSerializer):
    """What it led to; the person reads it."""

    led_to = text_field(300)


class AskWhySerializer(StrictSerializer):
    """Why."""

    why = serializers.CharField(max_length=300)


class MoreDaysSerializer(StrictSerializer):
    """How many days more."""

    days = serializers.IntegerField(min_value=1, max_value=180)


class SaidSerializer(StrictSerializer):
    """What the person told us by other ways than their link."""

    status = serializers.ChoiceField(choices=SAID)
    why = text_field(300)
    scheduled_on: Any = serializers.DateField(required=False, allow_null=True)
    evidence = text_field(2_000)
    evidence_url = serializers.URLField(max_length=500, required=False, allow_blank=True)


_MOVED: dict[int, Any] = {200: AssignmentSerializer, **refused_with(409, 422)}


@extend_schema_view(
    list=extend_schema(summary="List what people were asked", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read what somebody was asked", parameters=[FIELDS]),
)
class AskAssignmentViewSet(NounViewSet):
    """Asks of people: all for marketers and managers, else what you asked, and of customers you own."""

    scope = Scope.ADVOCACY_READ
    write_scope = Scope.ADVOCACY_WRITE
    queryset = AskAssignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter
    table = "ask-assignments"
    noun = "ask-assignment"

    def get_queryset(self) -> QuerySet[AskAssignment]:
        rows = AskAssignment.objects.visible_to(self.user)
        return rows.select_related("ask", "contact__customer", "asked_by")

    @extend_schema(
        summary="Ask somebody",
        request=NewAskAssignmentSerializer,
        responses={201: AssignmentSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Response:
        """Put an ask to a promoter who may be asked today: it is noted in the ledger, and a letter with a link goes.

        With `Idempotency-Key` they are asked once. For marketers, managers and the account owner. Codes:
        `not_allowed`, `not_now` with what stands against it, `already_asked`, `not_active`, `has_opted_out`,
        `no_address`, `ask_not_in_use`.
        """
        given = self.read(NewAskAssignmentSerializer)
        require(may_put_asks(self.user, given["contact"]), "They are asked by managers, marketers and their owner.")
        row = put_ask(by=self.user, creation_key=creation_key(request), **given)
        return self.tell(row.pk, 201)

    @extend_schema(summary="Note what somebody said", request=SaidSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: int) -> Response:
        """Note an answer that came by other ways than the link. For marketers, managers and the account owner.

        Codes: `not_allowed`, `move_not_allowed`, `date_required`, `evidence_required`.
        """
        row = self.get_object()
        require(may_put_asks(self.user, row.contact), "That is noted by managers, marketers and their owner.")
        given = self.read(SaidSerializer)
        note_for_person(assignment=row, to=given.pop("status"), by=self.user, **given)
        return self.tell(row.pk)

    @extend_schema(summary="Confirm that it was done", request=AskConfirmationSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: int) -> Response:
        """Confirm what was done; the person is thanked. For marketers and managers.

        Codes: `not_allowed`, `move_not_allowed`.
        """
        row = self.get_object()
        self._require_keeper()
        confirm_ask(assignment=row, by=self.user, **self.read(AskConfirmationSerializer))
        return self.tell(row.pk)

    @extend_schema(summary="Ask for better evidence", request=AskWhySerializer, responses=_MOVED)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: int) -> Response:
        """Say what is missing; the person reads it. For marketers and managers.

        Codes: `not_allowed`, `move_not_allowed`, `why_required`.
        """
        row = self.get_object()
        self._require_keeper()
        send_back_ask(assignment=row, by=self.user, **self.read(AskWhySerializer))
        return self.tell(row.pk)

    @extend_schema(summary="Take an ask back", request=AskWhySerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take it back, with what it earned. For marketers, managers and whoever asked.

        Codes: `not_allowed`, `move_not_allowed`, `why_required`.
        """
        row = self.get_object()
        require(may_withdraw_ask(self.user, row), "It is taken back by managers, marketers and whoever asked.")
        withdraw_ask(assignment=row, by=self.user, **self.read(AskWhySerializer))
        return self.tell(row.pk)

    @extend_schema(summary="Give more days to answer", request=MoreDaysSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def postpone(self, request: Request, pk: int) -> Response:
        """Give more days. For marketers, managers and the account owner. Codes: `not_allowed`, `not_waiting`."""
        row = self.get_object()
        require(may_put_asks(self.user, row.contact), "That is for managers, marketers and their owner.")
        postpone_answer(assignment=row, by=self.user, **self.read(MoreDaysSerializer))
        return self.tell(row.pk)

    def _require_keeper(self) -> None:
        require(may_keep_asks(self.user), "Evidence is checked by managers and marketers.")
