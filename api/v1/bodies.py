"""What the bodies of writing calls share: no field is unknown, ids fit the database, and addresses of users."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from references.filtering import FutureDateField, judge_day

LARGEST_ID = 2**63 - 1


class StrictSerializer(serializers.Serializer[Any]):
    """A body that refuses what it does not know: a misspelt field must not be passed over."""

    unknown_code: ClassVar[str] = "unknown_field"

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(str(name) for name in data if name not in writable)
            if unknown:
                hint = f"This is not known here; known are {', '.join(sorted(writable)) or 'none'}."
                raise ValidationError({name: [hint] for name in unknown}, code=self.unknown_code)
        return super().to_internal_value(data)


class FutureDayField(serializers.DateField):
    """Today or a later day within ten years."""

    default_error_messages: ClassVar[dict[str, Any]] = FutureDateField.default_error_messages

    def to_internal_value(self, value: Any) -> Any:
        day = super().to_internal_value(value)
        code = judge_day(day)
        if code:
            self.fail(code)
        return day


class MomentField(serializers.DateTimeField):
    """A point in time, with its offset: a time of day alone would be another moment for each who reads it."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "offset_required": "Say the offset from UTC: 2030-05-14T10:30:00+02:00, or Z."
    }

    def enforce_timezone(self, value: Any) -> Any:
        if timezone.is_naive(value):
            self.fail("offset_required")
        return super().enforce_timezone(value)


def id_field(help_text: str = "", **options: Any) -> serializers.IntegerField:
    """A field that holds the id of a row, as large as the database takes one."""
    return serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text=help_text, **options)


def money_field(help_text: str = "", **options: Any) -> "serializers.DecimalField":
    """A field that holds an amount of money; its currency stands beside it."""
    return serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0, help_text=help_text, **options)


def text_field(most: int, help_text: str = "", **options: Any) -> serializers.CharField:
    """A field of words that may be left out or empty."""
    return serializers.CharField(max_length=most, allow_blank=True, required=False, help_text=help_text, **options)
