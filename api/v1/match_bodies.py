"""What calls about one match send: who decides and why, what the promoter answered, when they meet, how it went."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from api.v1.bodies import FutureDayField, MomentField, StrictSerializer, text_field
from api.v1.creating import VisibleField
from matching.enums import DeclineReason, Side
from matching.models.requests import MOST_REFERENCES
from matching.services.answering import MOST_TIMES
from references.models import Contact

MOST_WORDS = 300


class ReasonSerializer(StrictSerializer):
    """Why; needed where the promoter is tired."""

    reason = text_field(MOST_WORDS)


class RejectionSerializer(StrictSerializer):
    """Why not: the requester reads it."""

    reason = serializers.CharField(max_length=MOST_WORDS)


class ProposalSerializer(StrictSerializer):
    """Whom to put forward. With `override_reason` a manager sets aside the rules that policy allows to."""

    contact = VisibleField(queryset=Contact.objects.none())
    override_reason = text_field(MOST_WORDS)


class NewMatchSerializer(ProposalSerializer):
    """Whom to put forward, for which place."""

    slot = serializers.IntegerField(
        min_value=1, max_value=MOST_REFERENCES, required=False, help_text="The first empty place unless given."
    )


class SwapSerializer(ProposalSerializer):
    """Whom to put forward instead."""

    reason = text_field(MOST_WORDS)


class AcceptSerializer(StrictSerializer):
    """A yes given by telephone."""

    times = serializers.ListField(
        child=MomentField(), max_length=MOST_TIMES, default=list, help_text="Times that would suit."
    )


class DeclineSerializer(StrictSerializer):
    """A no given by telephone."""

    reason = serializers.ChoiceField(choices=DeclineReason.choices)
    note = text_field(2_000)
    not_before = FutureDayField(
        required=False, allow_null=True, help_text="With a day the person is not asked for anything before it."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Half an hour on the net",
            value={"at": "2030-05-14T10:30:00+02:00", "minutes": 30, "meeting": "https://meet.example.com/harbor"},
            request_only=True,
        )
    ]
)
class ScheduleSerializer(StrictSerializer):
    """When and where they meet."""

    at = MomentField()
    minutes = serializers.IntegerField(min_value=5, max_value=600, required=False)
    meeting = text_field(300, "Where it takes place: a link or a place.")


class CompleteSerializer(StrictSerializer):
    """That it took place."""

    on: Any = serializers.DateField(required=False, allow_null=True, help_text="The day; as planned unless given.")
    effort_hours: Any = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, required=False, allow_null=True, help_text="The promoter's time."
    )
    thanks = serializers.BooleanField(default=True, help_text="False sends no letter of thanks.")


class NoShowSerializer(StrictSerializer):
    """Which side did not come."""

    side = serializers.ChoiceField(choices=Side.choices)
    why = text_field(MOST_WORDS)


class FeedbackSerializer(StrictSerializer):
    """How one side found it; the promoter's side is recorded by managers and the account owner."""

    side = serializers.ChoiceField(choices=Side.choices, default=Side.REQUESTER)
    happened = serializers.BooleanField(default=True)
    helpful = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    hours: Any = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, required=False, allow_null=True)
    again = serializers.BooleanField(required=False, allow_null=True)
    comment = text_field(4_000)
