"""Matches: paste a deal, get explained references, who may not be asked and why, and stories that may be used."""

from dataclasses import fields
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.cards import PromoterCardSerializer, day, facet_counts, name_list
from api.v1.refusals import RefusalSerializer
from api.v1.views import ScopedView
from api.v1.vocabulary import TagKeysField, require_tag
from matching.ladder import read_ladder
from matching.need import Reading
from matching.results import ContentHit, SearchResult
from matching.search import Corrections, search_references
from references import activities
from references.enums import TestimonialKind
from references.filtering import FutureDateField, judge_day
from references.pool.index import current_snapshot
from users.enums import Scope

MOST_TEXT = 20_000


class CorrectionsSerializer(serializers.Serializer[Any]):
    """What to change of the reading, each as "facet:slug"."""

    added = TagKeysField(required=False, help_text="Tags the text does not name.")
    dropped = TagKeysField(required=False, help_text="Tags that were read wrongly.")
    must = TagKeysField(required=False, help_text="Tags a reference must carry.")
    excluded = TagKeysField(required=False, help_text="Tags a reference must not carry.")
    wished = TagKeysField(required=False, help_text="Tags that are wished for only, whatever the text insists on.")


class ChosenField(serializers.DictField):
    """Slugs by facet, to narrow the answer."""

    child = serializers.ListField(child=serializers.CharField())

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        chosen: dict[str, list[str]] = super().to_internal_value(data)
        vocabulary = current_snapshot().vocabulary
        for facet, slugs in chosen.items():
            for slug in slugs:
                require_tag(vocabulary, facet, slug)
        return chosen


class MatchSearchSerializer(serializers.Serializer[Any]):
    """A brief, and how to read it."""

    text = serializers.CharField(
        max_length=MOST_TEXT, allow_blank=True, default="", help_text="The deal, in plain sentences."
    )
    activity = serializers.ChoiceField(
        choices=activities.CHOICES, allow_null=True, default=None, help_text="Overrules what the text says."
    )
    on: Any = serializers.DateField(
        allow_null=True, default=None, help_text="When it is needed, today or later; overrules what the text says."
    )
    corrections = CorrectionsSerializer(required=False)
    filters = ChosenField(required=False, help_text="Slugs by facet; a tag stands for everything below it.")
    limit = serializers.IntegerField(min_value=1, max_value=100, default=10)

    def validate_on(self, value: Any) -> Any:
        code = judge_day(value) if value is not None else ""
        if code:
            raise serializers.ValidationError(FutureDateField.default_error_messages[code], code=code)
        return value


@extend_schema_field({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2, "nullable": True})
class SpanField(serializers.Field[Any, Any, list[int], Any]):
    """A stretch of the text as character offsets, the end exclusive; null for what the text does not say."""

    def to_representation(self, value: tuple[int, int]) -> list[int] | None:  # type: ignore[override]
        return list(value) if value[1] else None


class ReadingSerializer(serializers.Serializer[Any]):
    """A tag found in the text."""

    key = serializers.SerializerMethodField(help_text='"facet:slug", as corrections take it.')
    facet = serializers.CharField()
    name = serializers.CharField()
    confidence = serializers.FloatField()
    is_sure = serializers.BooleanField(help_text="Whether it counts without being confirmed.")
    span = SpanField()
    method = serializers.ChoiceField(choices=["name", "synonym", "inflection", "typo", "pattern", "user"])
    mode = serializers.ChoiceField(choices=["nice", "must", "not"])
    stress = serializers.FloatField()

    def get_key(self, reading: Reading) -> str:
        tag = current_snapshot().vocabulary.get(reading.tag_id)
        return f"{tag.facet}:{tag.slug}"


class NeedSerializer(serializers.Serializer[Any]):
    """The brief as it was understood."""

    text = serializers.CharField()
    readings = ReadingSerializer(many=True)
    activity = serializers.ChoiceField(choices=activities.CHOICES, allow_null=True)
    activity_span = SpanField(allow_null=True)
    activity_confidence = serializers.FloatField()
    needed_by = day()
    needed_by_span = SpanField(allow_null=True)
    deal_value: Any = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    money_span = SpanField(allow_null=True)
    quantity = serializers.IntegerField(allow_null=True)
    prospect = serializers.CharField(allow_null=True)
    words = name_list("Stems by which texts are searched.")
    leftover = name_list("Words that nothing understood.")


class TermSerializer(serializers.Serializer[Any]):
    """One summand of a score."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    points = serializers.FloatField()
    possible = serializers.FloatField()
    words = serializers.CharField()


class CandidateSerializer(serializers.Serializer[Any]):
    """Someone to ask: `score` is the sum of the terms' points."""

    rank = serializers.IntegerField()
    promoter = PromoterCardSerializer(source="card")
    score = serializers.FloatField()
    fit = serializers.FloatField(help_text="From 0 to 100.")
    terms = TermSerializer(many=True)
    next_free = day()


class ExcludedSerializer(serializers.Serializer[Any]):
    """Someone who fits but may not be asked, and why not."""

    promoter = PromoterCardSerializer(source="card")
    fit = serializers.FloatField(help_text="From 0 to 100.")
    score = serializers.FloatField()
    refusals = RefusalSerializer(many=True)
    next_free = day("Null where time does not heal it.")


class ContentHitSerializer(serializers.Serializer[Any]):
    """A story or quote that may be used for the same deal. Nameless, it tells of no customer."""

    kind = serializers.ChoiceField(choices=["case_study", *TestimonialKind.values])
    id = serializers.IntegerField(source="content_id")
    customer_id = serializers.SerializerMethodField()
    customer_name = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    excerpt = serializers.CharField()
    said_by = serializers.CharField()
    url = serializers.CharField()
    fit = serializers.FloatField(help_text="From 0 to 100.")
    words = serializers.CharField(help_text="Why it fits.")
    rights = name_list("Where it may be used.")
    usable_until = day("Null for no end.")

    def get_customer_id(self, hit: ContentHit) -> int | None:
        return None if hit.customer_name is None else hit.customer_id


class GroupCallSerializer(serializers.Serializer[Any]):
    """A group call that takes place anyway: ask its owner for a chair."""

    request_id = serializers.IntegerField(help_text="The request it belongs to.")
    speaker = serializers.CharField(source="headline", help_text="Who speaks, without a name.")
    on: Any = serializers.DateField()
    at = serializers.DateTimeField(allow_null=True, help_text="Null while no time has been found.")
    prospects = serializers.IntegerField(help_text="How many hear it already.")
    owner = serializers.CharField(help_text="The colleague to ask.")
    fit = serializers.FloatField(help_text="From 0 to 100.")


class LadderSerializer(serializers.Serializer[Any]):
    """The rungs below a live reference, to be offered in this order before `candidates`."""

    content = ContentHitSerializer(many=True, help_text="The best pieces that cost no promoter anything.")
    group_calls = GroupCallSerializer(many=True)


class SearchResultSerializer(serializers.Serializer[Any]):
    """Everything the brief found."""

    need = NeedSerializer()
    activity = serializers.ChoiceField(choices=activities.CHOICES)
    on: Any = serializers.DateField()
    notice = serializers.CharField(help_text="Said where the day is later than was asked; else empty.")
    candidates = CandidateSerializer(many=True)
    excluded = ExcludedSerializer(many=True)
    content = ContentHitSerializer(many=True)
    ladder = LadderSerializer(help_text="What to offer before anybody's hour is spent.")
    total_candidates = serializers.IntegerField()
    total_excluded = serializers.IntegerField()
    total_content = serializers.IntegerField()
    facets = facet_counts()
    revision = serializers.CharField(help_text="The state of the pool that this shows.")
    policy_version = serializers.IntegerField()
    elapsed_ms = serializers.FloatField()


class MatchSearchView(ScopedView):
    """Finds references for a deal."""

    scope = Scope.POOL_READ

    @extend_schema(
        summary="Find references for a deal",
        operation_id="matches_search",
        request=MatchSearchSerializer,
        responses=SearchResultSerializer,
    )
    def post(self, request: Request) -> Response:
        """Read a brief, rank the pool with exact reasons, and say of the best others why not now. Changes nothing."""
        asked = MatchSearchSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        found = search_references(
            user=self.user,
            text=given["text"],
            activity=given["activity"],
            on=given["on"],
            corrections=Corrections(**given.get("corrections", {})),
            chosen=given.get("filters") or {},
            limit=given["limit"],
        )
        return Response(SearchResultSerializer({**as_dict(found), "ladder": read_ladder(self.user, found)}).data)


def as_dict(found: SearchResult) -> dict[str, Any]:
    """The fields of a result by their names."""
    return {field.name: getattr(found, field.name) for field in fields(found)}
