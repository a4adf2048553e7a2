"""What calls about speaking slots send: the stage itself, whom to hold for it, whom to try, and why not any more."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers

from api.v1.bodies import MomentField, StrictSerializer, text_field
from api.v1.creating import VisibleField
from api.v1.vocabulary import TagKeysField, require_tag
from references import activities
from references.enums import Facet
from references.models import Contact, Tag
from references.pool.index import current_snapshot

MOST_WORDS = 300
MOST_SPEAKERS = 3


class RegionField(serializers.CharField):
    """The slug of a region; becomes its tag."""

    def to_internal_value(self, data: Any) -> Any:
        slug = super().to_internal_value(data)
        require_tag(current_snapshot().vocabulary, Facet.REGION, slug)
        return Tag.objects.accepted().get(facet=Facet.REGION, slug=slug)


class TagsOfKeysField(TagKeysField):
    """Tags as "facet:slug"; become the tags themselves."""

    def to_internal_value(self, data: list[str]) -> Any:
        wanted = Q(pk__in=())
        for key in super().to_internal_value(data):
            facet, _, slug = key.partition(":")
            wanted |= Q(facet=facet, slug=slug)
        return list(Tag.objects.accepted().filter(wanted))


class SlotFieldsSerializer(StrictSerializer):
    """A stage, a webinar or an interview for which a speaker is wanted."""

    event = serializers.CharField(max_length=200)
    activity = serializers.ChoiceField(
        choices=activities.CHOICES, required=False, help_text="What the speaker does; `speaking` unless given."
    )
    topic = text_field(300)
    starts_at = MomentField(help_text="With its offset.")
    minutes = serializers.IntegerField(min_value=5, max_value=600, required=False)
    time_zone = text_field(64, "As in the IANA database: Europe/Berlin. UTC unless given.")
    place = text_field(200)
    region = RegionField(required=False, allow_null=True, help_text="Slug of the region it is in.")
    format = text_field(80, "Keynote, panel, fireside chat …")
    audience = text_field(200)
    language = text_field(8, "Code of the language spoken; `en` unless given.")
    deadline = serializers.DateField(required=False, allow_null=True, help_text="The last day to name a speaker.")
    travel = text_field(300, "Who pays, and what is arranged.")
    url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    external_id = text_field(200, "Its id where you keep it.")
    tags = TagsOfKeysField(required=False, help_text='What it is about: "industry:retail".')


class HoldSerializer(StrictSerializer):
    """Whom to hold. With `override_reason` a manager sets aside the rules that policy allows to."""

    speaker = VisibleField(queryset=Contact.objects.none(), help_text="Id of a speaker.")
    override_reason = text_field(MOST_WORDS)


class SourceSerializer(StrictSerializer):
    """Whom to try, one after the other; the best of the ranking where nobody is named."""

    speakers = serializers.ListField(
        child=VisibleField(queryset=Contact.objects.none()), max_length=MOST_SPEAKERS, default=list
    )


class SlotWhySerializer(StrictSerializer):
    """Why; whoever was asked reads it."""

    why = text_field(MOST_WORDS)


class DeliverySerializer(StrictSerializer):
    """What it took of the speaker."""

    effort_hours: Any = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, required=False, allow_null=True, help_text="The speaker's time."
    )


class SlotReasonSerializer(StrictSerializer):
    """Why it is called off."""

    why = serializers.CharField(max_length=MOST_WORDS)
