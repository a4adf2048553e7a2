"""How a rule that stands against a promoter is told."""

from typing import Any

from rest_framework import serializers

from api.v1.cards import day


class RefusalSerializer(serializers.Serializer[Any]):
    """A rule that stands against asking: a stable code, a sentence, and from when it no longer does."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    until = day("Null where time does not heal it.")
    may_override = serializers.BooleanField(help_text="Whether a manager may override it.")
