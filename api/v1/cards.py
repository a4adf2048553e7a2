"""The card by which a promoter is shown wherever one is listed, blinded for whoever asks; and counts per facet."""

from typing import Any

from rest_framework import serializers

from references import activities
from references.enums import ContactStatus

BANDS = ["fresh", "soft", "approval", "stop"]


def name_list(help_text: str = "") -> "serializers.ListField":
    """A field of words."""
    return serializers.ListField(child=serializers.CharField(), help_text=help_text)


def day(help_text: str = "", **options: Any) -> Any:
    """A date that may be unknown."""
    return serializers.DateField(allow_null=True, help_text=help_text, **options)


class PromoterCardSerializer(serializers.Serializer[Any]):
    """A promoter. `name` and `customer_name` are null where you may not see them."""

    id = serializers.IntegerField(source="contact_id")
    headline = serializers.CharField(help_text="Describes the person without naming anybody.")
    name = serializers.CharField(source="promoter_name", allow_null=True)
    customer_id = serializers.IntegerField()
    customer_name = serializers.CharField(allow_null=True)
    title = serializers.CharField(help_text="Without what would name anybody you may not see.")
    seniority = serializers.CharField()
    industries = name_list()
    products = name_list()
    solutions = name_list()
    regions = name_list()
    languages = name_list()
    size = serializers.CharField(help_text="Employees of the customer.")
    status = serializers.ChoiceField(choices=ContactStatus.choices)
    activities = serializers.ListField(
        child=serializers.ChoiceField(choices=activities.CHOICES), help_text="What the person agreed to be asked for."
    )
    phi = serializers.FloatField(help_text="Fatigue, from 0 to 1.")
    band = serializers.ChoiceField(choices=BANDS)
    last_used = day()
    used_past_year = serializers.IntegerField()


class FacetCountSerializer(serializers.Serializer[Any]):
    """How many of the rows found carry a tag."""

    key = serializers.CharField(help_text="The slug to filter by.")
    name = serializers.CharField()
    count = serializers.IntegerField()
    is_chosen = serializers.BooleanField()
    depth = serializers.IntegerField(help_text="How far below the top of its facet.")


def facet_counts() -> "serializers.DictField":
    """A field of counts by facet."""
    return serializers.DictField(child=FacetCountSerializer(many=True), help_text="Counts by facet, to refine by.")
