"""How a request is told to one viewer: in a list with what comes next, by itself with its matches and time line."""

from collections.abc import Sequence
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.cards import day
from api.v1.match_rows import MatchSerializer, moment
from matching.models import Match, Outcome, Request
from matching.permissions import may_edit_request
from matching.services.demand import segment_of
from matching.showing import ShownMatch, hide_from, load_matches, next_step_of, show_matches
from matching.timeline import blind_events, read_timeline
from references.enums import Actor
from references.program import current_policy
from users.models import User

STEPS = [
    "draft", "proposing", "owner_review", "manager_review", "customer", "schedule", "meeting", "feedback", "outcome",
    "needs_manager", "unmet", "over",
]  # fmt: skip


class UserSerializer(serializers.ModelSerializer[User]):
    """A user of this site."""

    class Meta:
        model = User
        fields = ["id", "name", "email"]


class NextStepSerializer(serializers.Serializer[Any]):
    """What happens next, whose turn it is, and by when."""

    code = serializers.ChoiceField(choices=STEPS)
    who = serializers.CharField(help_text="Whoever it waits for, in words that name nobody you may not see.")
    at = moment()
    day = day()
    why = serializers.CharField()


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    """How the deal ended."""

    class Meta:
        model = Outcome
        fields = ["result", "value", "currency", "note", "via", "at"]


class EventSerializer(serializers.Serializer[Any]):
    """One thing that happened to a request, or to one of its matches."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=["request", "match", "comment"])
    actor = serializers.ChoiceField(choices=Actor.choices)
    actor_name = serializers.CharField()
    match = serializers.IntegerField(source="match_id", allow_null=True)
    before = serializers.CharField(help_text="The status before; empty at the beginning.")
    to = serializers.CharField(help_text="The status reached; empty for a comment.")
    text = serializers.CharField(help_text="The reason, or the comment.")


class SegmentField(serializers.DictField):
    """Names of tags by facet."""

    child = serializers.ListField(child=serializers.CharField())


class RequestRowSerializer(serializers.ModelSerializer[Request]):
    """A request, in short. `due_at` is null while a customer is awaited."""

    owner = UserSerializer()
    prospects = serializers.ListField(child=serializers.CharField())
    next_step = serializers.SerializerMethodField()

    class Meta:
        model = Request
        fields: ClassVar[list[str]] = [
            "id", "status", "next_step", "deal", "deal_id", "deal_stage", "deal_value", "currency", "prospects",
            "activity", "quantity", "needed_by", "urgency", "owner", "via", "needs_manager", "submitted_at", "due_at",
            "ended_at", "duplicate_of", "version", "created_at", "updated_at",
        ]  # fmt: skip

    def _shown(self, row: Request) -> Sequence[ShownMatch]:
        shown: Sequence[ShownMatch] = self.context["shown"].get(row.pk, ())
        return shown

    @extend_schema_field(NextStepSerializer)
    def get_next_step(self, row: Request) -> Any:
        return NextStepSerializer(next_step_of(row, self._shown(row))).data


class RequestSerializer(RequestRowSerializer):
    """A request with everything that you may see of it."""

    contacts = serializers.ListField(
        source="chosen", child=serializers.IntegerField(), help_text="Ids of those to ask first."
    )
    segment = serializers.SerializerMethodField(help_text="What the brief was understood to ask for.")
    matches = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField(help_text="What happened, oldest first.")
    outcome = serializers.SerializerMethodField()
    can_edit = serializers.SerializerMethodField(help_text="Whether you may change, send, cancel and close it.")

    class Meta(RequestRowSerializer.Meta):
        fields: ClassVar[list[str]] = [
            *RequestRowSerializer.Meta.fields, "brief", "segment", "why", "questions", "contacts", "matches",
            "timeline", "outcome", "can_edit",
        ]  # fmt: skip

    @extend_schema_field(SegmentField())
    def get_segment(self, row: Request) -> Any:
        return segment_of(row)

    @extend_schema_field(MatchSerializer(many=True))
    def get_matches(self, row: Request) -> Any:
        return MatchSerializer(self._shown(row), many=True).data

    @extend_schema_field(EventSerializer(many=True))
    def get_timeline(self, row: Request) -> Any:
        shown = self._shown(row)
        events = blind_events(read_timeline(row, [each.match for each in shown]), shown)
        return EventSerializer(events, many=True).data

    @extend_schema_field(OutcomeSerializer(allow_null=True))
    def get_outcome(self, row: Request) -> Any:
        outcome = Outcome.objects.filter(request=row).first()
        if outcome is None:
            return None
        outcome.note = hide_from(self._shown(row), outcome.note)
        return OutcomeSerializer(outcome).data

    def get_can_edit(self, row: Request) -> bool:
        return may_edit_request(self.context["user"], row)


def show_requests(user: User, rows: Sequence[Request]) -> dict[str, Any]:
    """The context in which rows are told to a user: their matches as shown, by request; seven queries."""
    matches = load_matches(Match.objects.filter(request__in=[row.pk for row in rows]).order_by("slot", "id"))
    shown: dict[int, list[ShownMatch]] = {}
    for each in show_matches(user, matches, current_policy()):
        shown.setdefault(each.match.request_id, []).append(each)
    return {"shown": shown, "user": user}


def tell_request(user: User, row: Request) -> Any:
    """A request as one user sees it, as the API answers with it."""
    return RequestSerializer(row, context=show_requests(user, [row])).data
