"""What calls about requests send: strictly read, so that a misspelt field is an error and not passed over."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from api.v1.bodies import FutureDayField, StrictSerializer, id_field, money_field, text_field
from api.v1.matches import MOST_TEXT, CorrectionsSerializer
from matching.enums import DealResult, Urgency
from matching.models.requests import MOST_REFERENCES
from matching.services.requests import MOST_PROSPECTS
from references import activities


class StrictCorrectionsSerializer(StrictSerializer, CorrectionsSerializer):
    """What to change of the reading of the brief, each as "facet:slug"."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name: list(keys) for name, keys in attrs.items()}


class RequestFieldsSerializer(StrictSerializer):
    """The fields of a request. What a new one leaves out is read from its brief."""

    deal = text_field(200, "What the deal is called.")
    deal_id = text_field(120, "The deal's id in the CRM.")
    deal_stage = text_field(80)
    deal_value: Any = money_field("What the deal is worth.", required=False, allow_null=True)
    currency = serializers.RegexField(
        "^[A-Za-z]{3}$", required=False, allow_blank=True, help_text="ISO 4217, such as EUR."
    )
    prospects = serializers.ListField(
        child=serializers.CharField(max_length=200),
        max_length=MOST_PROSPECTS,
        required=False,
        help_text="Who wants to hear it; several for a group call only.",
    )
    brief = text_field(MOST_TEXT, "The deal, in plain sentences.")
    corrections = StrictCorrectionsSerializer(required=False)
    activity = serializers.ChoiceField(choices=activities.CHOICES, required=False)
    quantity = serializers.IntegerField(
        min_value=1, max_value=MOST_REFERENCES, required=False, help_text="How many references."
    )
    needed_by = FutureDayField(required=False, allow_null=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    why = text_field(MOST_TEXT, "Why it matters.")
    questions = text_field(MOST_TEXT, "What the prospect wants to know, one question a line.")
    contacts = serializers.ListField(
        child=id_field(), max_length=MOST_REFERENCES, required=False, help_text="Ids of promoters to ask first."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "From a deal in a CRM",
            value={
                "deal": "Harbor Bank, payments",
                "deal_id": "006Hs00001Xy",
                "deal_value": "250000.00",
                "currency": "EUR",
                "prospects": ["Harbor Bank"],
                "brief": "Mid-size bank in Germany replaces its payment platform. Their CFO wants a reference call.",
                "needed_by": "2030-05-14",
                "owner_email": "rep@example.com",
            },
            request_only=True,
        )
    ]
)
class NewRequestSerializer(RequestFieldsSerializer):
    """A request to open. A brief is enough: the rest is read from it."""

    submit = serializers.BooleanField(default=True, help_text="False keeps it a draft.")
    owner_email = serializers.EmailField(
        required=False, help_text="Whose request it is, where that is not you. For managers."
    )
    allow_duplicate = serializers.BooleanField(
        default=False, help_text="Open it even where the same deal is asked for with the same brief already."
    )


class SubmitSerializer(StrictSerializer):
    """Whom to ask first; those that the draft keeps unless given."""

    contacts = serializers.ListField(child=id_field(), max_length=MOST_REFERENCES, default=list)


class WhySerializer(StrictSerializer):
    """Why, for whoever reads the time line."""

    why = text_field(300)


class CommentSerializer(StrictSerializer):
    """Words for everybody who sees the request; promoters never do."""

    text = serializers.CharField(max_length=4_000)


class ReportSerializer(StrictSerializer):
    """How the deal ended."""

    result = serializers.ChoiceField(choices=DealResult.choices)
    value: Any = money_field(required=False, allow_null=True)
    currency = serializers.RegexField("^[A-Za-z]{3}$", required=False, allow_blank=True)
    note = text_field(500)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Won",
            value={"deal_id": "006Hs00001Xy", "result": "won", "value": "240000.00", "currency": "EUR"},
            request_only=True,
        )
    ]
)
class DealReportSerializer(ReportSerializer):
    """How a deal of the CRM ended."""

    deal_id = serializers.CharField(max_length=120)


class ClosedSerializer(serializers.Serializer[Any]):
    """A request that has its outcome."""

    id = serializers.IntegerField()
    status = serializers.CharField()


class NotClosedSerializer(serializers.Serializer[Any]):
    """A request that could not be closed with this outcome."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class DealClosedSerializer(serializers.Serializer[Any]):
    """What a report about a deal did: nothing, where nobody asked for references for it."""

    deal_id = serializers.CharField()
    closed = ClosedSerializer(many=True)
    refused = NotClosedSerializer(many=True)


class WatchingSerializer(serializers.Serializer[Any]):
    """Whether you hear of the request."""

    is_watching = serializers.BooleanField()
