"""How a match is told to one viewer: blinded as `matching.showing` shows it, with what this viewer can do now."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.cards import BANDS
from api.v1.matches import TermSerializer
from matching.enums import ApprovalStatus, ApprovalStep, ChosenBy, DeclineReason, MatchStatus, Side
from matching.showing import ShownMatch
from references import activities


def moment(help_text: str = "", **options: Any) -> "serializers.DateTimeField":
    """A point in time that may be unknown."""
    return serializers.DateTimeField(allow_null=True, help_text=help_text, **options)


class ApprovalLineSerializer(serializers.Serializer[Any]):
    """One yes that a match needs before its promoter is asked."""

    id = serializers.IntegerField()
    step = serializers.ChoiceField(choices=ApprovalStep.choices)
    status = serializers.ChoiceField(choices=ApprovalStatus.choices)
    assignee = serializers.CharField(allow_null=True, help_text="Whose turn it is; null for any manager.")
    why = serializers.CharField(help_text="Why it is needed.")
    due_at = serializers.DateTimeField()
    escalated_at = moment()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = moment()
    reason = serializers.CharField()


class FeedbackLineSerializer(serializers.Serializer[Any]):
    """How one side found it. The promoter's words are empty for those who do not know the person."""

    side = serializers.ChoiceField(choices=Side.choices)
    happened = serializers.BooleanField()
    helpful = serializers.IntegerField(allow_null=True, help_text="From 1 to 5.")
    hours: Any = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    again = serializers.BooleanField(allow_null=True)
    comment = serializers.CharField()
    at = serializers.DateTimeField()


class MatchSerializer(serializers.Serializer[Any]):
    """One person for one place of a request. `name` and `customer_name` are null where you may not see them."""

    id = serializers.IntegerField(source="match.pk")
    request = serializers.IntegerField(source="match.request_id")
    slot = serializers.IntegerField(source="match.slot", help_text="The place of the request that it is for.")
    status = serializers.ChoiceField(source="match.status", choices=MatchStatus.choices)
    contact = serializers.IntegerField(source="match.contact_id")
    headline = serializers.CharField(source="match.headline", help_text="Describes the person, naming nobody.")
    name = serializers.SerializerMethodField()
    customer = serializers.IntegerField(source="match.contact.customer_id")
    customer_name = serializers.SerializerMethodField()
    activity = serializers.ChoiceField(source="match.activity", choices=activities.CHOICES)
    on: Any = serializers.DateField(source="match.on")
    chosen_by = serializers.ChoiceField(source="match.chosen_by", choices=ChosenBy.choices)
    rank = serializers.IntegerField(source="match.rank")
    score = serializers.FloatField(source="match.score")
    fit = serializers.FloatField(source="match.fit", help_text="From 0 to 100.")
    terms = TermSerializer(many=True, help_text="Why: the summands of the score when it was proposed.")
    band = serializers.ChoiceField(source="match.band", choices=[*BANDS, ""], help_text="Fatigue when proposed.")
    overridden = serializers.ListField(
        source="match.override_codes", child=serializers.CharField(), help_text="Codes of the rules set aside."
    )
    override_reason = serializers.SerializerMethodField()
    approvals = serializers.SerializerMethodField()
    invited_at = moment(source="match.invited_at")
    answer_due_at = moment(source="match.answer_due_at")
    answered_at = moment(source="match.answered_at")
    offered_times = serializers.ListField(child=serializers.DateTimeField(), help_text="Times the promoter offers.")
    scheduled_at = moment(source="match.scheduled_at")
    minutes = serializers.IntegerField(source="match.minutes")
    meeting = serializers.SerializerMethodField(help_text="Where it takes place, for those who run it.")
    decline_reason = serializers.ChoiceField(source="match.decline_reason", choices=[*DeclineReason.choices, ("", "")])
    decline_note = serializers.SerializerMethodField(help_text="Empty for those who do not know the person.")
    completed_at = moment(source="match.completed_at")
    feedback = serializers.SerializerMethodField()
    can = serializers.SerializerMethodField(
        help_text="What you can do now: `decide`, `swap`, `answer`, `run`, `see_contact_data`."
    )
    version = serializers.IntegerField(source="match.version")
    created_at = serializers.DateTimeField(source="match.created_at")
    updated_at = serializers.DateTimeField(source="match.updated_at")

    def get_name(self, shown: ShownMatch) -> str | None:
        return shown.person or None

    def get_customer_name(self, shown: ShownMatch) -> str | None:
        return shown.customer or None

    def get_override_reason(self, shown: ShownMatch) -> str:
        return shown.override_reason

    @extend_schema_field(ApprovalLineSerializer(many=True))
    def get_approvals(self, shown: ShownMatch) -> Any:
        return ApprovalLineSerializer(shown.approvals, many=True).data

    @extend_schema_field(FeedbackLineSerializer(many=True))
    def get_feedback(self, shown: ShownMatch) -> Any:
        return FeedbackLineSerializer(shown.feedback, many=True).data

    def get_meeting(self, shown: ShownMatch) -> str:
        return shown.meeting

    def get_decline_note(self, shown: ShownMatch) -> str:
        return shown.decline_note

    @extend_schema_field(
        {"type": "array", "items": {"type": "string", "enum": ["decide", "swap", "answer", "run", "see_contact_data"]}}
    )
    def get_can(self, shown: ShownMatch) -> list[str]:
        able = {
            "decide": shown.may_decide,
            "swap": shown.may_swap,
            "answer": shown.may_answer,
            "run": shown.may_run,
            "see_contact_data": shown.may_see_contact_data,
        }
        return [name for name, may in able.items() if may]
