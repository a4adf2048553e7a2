"""What calls about surveys send: a campaign's settings, an answer, topics, a benchmark."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from api.v1.bodies import StrictSerializer, text_field
from api.v1.creating import VisibleField
from api.v1.vocabulary import require_tag
from references.enums import Facet
from references.models import Contact, Tag
from references.pool.index import current_snapshot
from surveys.enums import BenchmarkKind
from surveys.models import Campaign
from surveys.wording import LONGEST, PARTS

MOST_DAYS = 3_650
MOST_ATTRIBUTES = 60


class TagField(serializers.CharField):
    """The slug of one facet; becomes its tag."""

    def __init__(self, *, facet: Facet, **options: Any) -> None:
        super().__init__(**options)
        self.facet = facet

    def to_internal_value(self, data: Any) -> Any:
        slug = super().to_internal_value(data)
        require_tag(current_snapshot().vocabulary, self.facet, slug)
        return Tag.objects.accepted().get(facet=self.facet, slug=slug)


class SurveyCampaignFieldsSerializer(StrictSerializer):
    """The settings of a survey. Who is asked is a filter, as the page of the audience writes it in its address."""

    name = serializers.CharField(max_length=120)
    product = TagField(facet=Facet.PRODUCT, required=False, allow_null=True, help_text="Slug of a product.")
    subject_name = text_field(120, "What is recommended; stands in the question.")
    texts = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=LONGEST)),
        required=False,
        help_text=f"By language ({', '.join(code for code, _ in settings.LANGUAGES)}): {', '.join(PARTS)}.",
    )
    audience = text_field(2_000, 'A filter: "industry=banking&loyalty=promoter", or "everybody=true".')
    sample_size = serializers.IntegerField(
        min_value=1, max_value=10_000_000, required=False, allow_null=True, help_text="Ask at most so many; null: all."
    )
    rest_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS, required=False)
    reminder_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    most_reminders = serializers.IntegerField(min_value=0, max_value=3, required=False)
    opens_on: Any = serializers.DateField(required=False, allow_null=True)
    closes_on: Any = serializers.DateField(required=False, allow_null=True)
    asks_consent = serializers.BooleanField(required=False)
    shows_review_sites = serializers.BooleanField(required=False)
    welcomes_at_once = serializers.BooleanField(required=False)
    pauses_on_fall = serializers.BooleanField(required=False)
    opens_plays = serializers.BooleanField(required=False)
    widget_origins = serializers.ListField(child=serializers.CharField(max_length=300), required=False, max_length=20)


class ReopeningSerializer(StrictSerializer):
    """Until when answers are taken again."""

    closes_on: Any = serializers.DateField(allow_null=True, default=None, help_text="Null: without an end.")


class ClosingSerializer(StrictSerializer):
    """Why it ends."""

    why = text_field(300)


class NewSurveyResponseSerializer(StrictSerializer):
    """An answer that came in elsewhere, and whose it is: by id, by what your tool knows of them, or nobody's."""

    campaign = VisibleField(queryset=Campaign.objects.none(), help_text="Id of a survey that runs.")
    score = serializers.IntegerField(min_value=0, max_value=10)
    comment = text_field(10_000)
    contact = VisibleField(queryset=Contact.objects.none(), allow_null=True, default=None, help_text="Id of a person.")
    email = serializers.EmailField(
        allow_blank=True, default="", help_text="Finds the person where the address is on file; kept nowhere."
    )
    contact_external_id = text_field(200, "Finds the person by their id in the CRM.")
    external_id = text_field(150, "Its id where you keep it: sent again, it amends the answer.")
    answered_on: Any = serializers.DateField(required=False, allow_null=True, help_text="Today unless given.")
    language = text_field(8)
    attributes = serializers.DictField(
        child=serializers.CharField(max_length=300, allow_blank=True),
        default=dict,
        help_text=f"What else is known of it, at most {MOST_ATTRIBUTES}: plan, country, … Scores are told by it.",
    )

    def validate_attributes(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > MOST_ATTRIBUTES or any(len(name) > 120 for name in value):
            raise serializers.ValidationError("There are too many, or a name is too long.", code="too_many")
        return value


class AmendedResponseSerializer(StrictSerializer):
    """What the answer says now."""

    score = serializers.IntegerField(min_value=0, max_value=10)
    comment = serializers.CharField(max_length=10_000, allow_blank=True)


class TopicsSerializer(StrictSerializer):
    """Words to put on an answer, and to take off it."""

    add = serializers.ListField(child=serializers.CharField(max_length=60), default=list, max_length=20)
    remove = serializers.ListField(child=serializers.CharField(max_length=60), default=list, max_length=20)


class BenchmarkFieldsSerializer(StrictSerializer):
    """A score of the market or of a competitor."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=BenchmarkKind.choices)
    nps = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=-100, max_value=100)
    on: Any = serializers.DateField(help_text="As of which day.")
    origin = text_field(300, "Where it is from.")
    region = TagField(facet=Facet.REGION, required=False, allow_null=True, help_text="Slug of a region.")
    industry = TagField(facet=Facet.INDUSTRY, required=False, allow_null=True, help_text="Slug of an industry.")
