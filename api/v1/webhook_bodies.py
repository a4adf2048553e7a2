"""Bodies of webhooks: what is said of one, what it was told, and what is sent again."""

from typing import Any

from rest_framework import serializers

from api.v1.bodies import MomentField, StrictSerializer
from delivery.models import WebhookDelivery, WebhookSubscription
from delivery.webhook_log import STANDINGS, STATES
from delivery.webhook_services import FACTS
from delivery.webhook_signing import secret_of

FILTERS = f"Values by fact, of which one must fit, of every fact. Facts: {', '.join(FACTS)}."


class WebhookFieldsSerializer(StrictSerializer):
    """Where it goes and what it hears."""

    name = serializers.CharField(max_length=120, help_text="What listens.")
    url = serializers.CharField(max_length=500, help_text="A public address, by HTTPS.")
    events = serializers.ListField(child=serializers.CharField(max_length=64), max_length=100)
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=120)), required=False, help_text=FILTERS
    )


class WebhookSerializer(serializers.ModelSerializer[WebhookSubscription]):
    """A webhook and how it stands."""

    events = serializers.ListField(child=serializers.CharField())
    filters = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), help_text=FILTERS)
    standing = serializers.ChoiceField(choices=STANDINGS, help_text="Paused by somebody, stopped by the program.")
    owner_name = serializers.CharField(source="owner")

    class Meta:
        model = WebhookSubscription
        fields = [
            "id", "name", "url", "events", "filters", "standing", "stopped_why", "failing_since", "old_secret_until",
            "owner", "owner_name", "created_at", "updated_at",
        ]  # fmt: skip


class WebhookSecretSerializer(WebhookSerializer):
    """A webhook with its secret: told where it is made and where the secret is replaced."""

    secret = serializers.SerializerMethodField(help_text="What the receiver verifies signatures with.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]

    def get_secret(self, row: WebhookSubscription) -> str:
        return secret_of(row)


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """One event that it was told, or waits to be; `message_id` is the header `webhook-id`."""

    state = serializers.ChoiceField(choices=STATES)
    data = serializers.JSONField(  # type: ignore[assignment]
        help_text="As sent, but for events that tell of a person: those by their id alone."
    )

    class Meta:
        model = WebhookDelivery
        fields = [
            "id", "message_id", "event", "subject", "data", "happened_at", "state", "attempts", "tried_at", "answered",
            "error", "delivered_at", "gave_up_at",
        ]  # fmt: skip


class SinceSerializer(StrictSerializer):
    """From when on."""

    since = MomentField(help_text="What happened before is left alone.")


class ReplayedSerializer(serializers.Serializer[Any]):
    """How many are sent again."""

    replayed = serializers.IntegerField()
