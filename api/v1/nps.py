"""The Net Promoter Score: how sure it is, its trend, its segments, benchmarks beside it, and who is at risk."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from api.v1.benchmarks import BenchmarkSerializer
from api.v1.cards import day
from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet
from api.v1.people import PersonSerializer
from api.v1.scores import ChangeSerializer, ScoreSerializer, tell_change, tell_score
from api.v1.tables import FIELDS
from api.v1.views import ScopedView
from references.models import Contact
from surveys.at_risk import WEIGHTS, explain_risk, list_at_risk
from surveys.filters import ResponseFilter
from surveys.models import Benchmark, Invitation, Response
from surveys.querysets import InvitationQuerySet
from surveys.reports import (
    ABOVE,
    BELOW,
    LEVEL,
    LEVEL_WITH,
    compare_with_benchmarks,
    read_same_people,
    read_segments,
    read_summary,
    read_trend,
)
from surveys.risk_filters import RiskFilter
from surveys.scores import BANDS
from surveys.segments import BUILT_IN, PERIODS, list_attributes
from users.enums import Scope

UNITS = tuple(PERIODS)
BY = OpenApiParameter(
    "by", str, description=f"{', '.join(each for each in BUILT_IN if each not in PERIODS)}, or an attribute; industry."
)
UNIT = OpenApiParameter(
    "unit", {"type": "string", "enum": list(UNITS), "default": "month"}, description="The length of a period."
)


class NpsFilter(ResponseFilter):
    """Which answers are counted: what would tell single people apart narrows no score."""

    score_class = score = has_comment = is_known = None
    contact = customer = topic = search = ordering = None  # type: ignore[assignment]


class ResponseRateSerializer(serializers.Serializer[Any]):
    """Of how many asked how many answered; `share` from 0 to 1, null where nobody was asked."""

    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)


class ComparisonSerializer(serializers.Serializer[Any]):
    """A benchmark beside the score: by how many points it lies above (below, under 0), and whether surely so."""

    benchmark = BenchmarkSerializer()
    points = serializers.FloatField(allow_null=True)
    verdict = serializers.ChoiceField(choices=[ABOVE, BELOW, LEVEL_WITH], allow_null=True)


class NpsSerializer(serializers.Serializer[Any]):
    """The score of all answers that the filters leave."""

    score = ScoreSerializer()
    distribution = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="How often each of 0 to 10 was given."
    )
    chances = serializers.DictField(
        child=serializers.FloatField(), allow_null=True, help_text=f"By band, of 1: {', '.join(c for c, _ in BANDS)}."
    )
    response_rate = ResponseRateSerializer(
        allow_null=True, help_text="Null where a filter cannot be told of invitations."
    )
    same_people = ChangeSerializer(
        allow_null=True, help_text="How those who answered more than once changed; null where nobody did."
    )
    benchmarks = ComparisonSerializer(many=True)
    attributes = serializers.ListField(child=serializers.CharField(), help_text="By which scores can be told, too.")


class PeriodScoreSerializer(serializers.Serializer[Any]):
    """The score of one month or quarter, and its change from the one before that is not hidden."""

    period = serializers.CharField(source="name", help_text="2026-03, or 2026-Q1.")
    starts: Any = serializers.DateField()
    score = ScoreSerializer()
    change = ChangeSerializer(allow_null=True)


class NpsTrendSerializer(serializers.Serializer[Any]):
    """The periods in order of time; answers without a day are in none of them."""

    periods = PeriodScoreSerializer(many=True)
    undated = serializers.IntegerField()


class SegmentScoreSerializer(serializers.Serializer[Any]):
    """The score of one segment: `shrunk` drawn to that of all, `difference` from all the others."""

    value = serializers.CharField(help_text="“(blank)” for those without one.")
    score = ScoreSerializer()
    shrunk = serializers.FloatField(allow_null=True)
    difference = ChangeSerializer(allow_null=True)


class NpsSegmentsSerializer(serializers.Serializer[Any]):
    """The segments, the most answers first."""

    by = serializers.CharField()
    segments = SegmentScoreSerializer(many=True)


class NpsViewSet(ScopedView, viewsets.GenericViewSet[Response]):
    """Scores of everybody, for everybody who logs in; a group of fewer than ten answers shows none."""

    scope = Scope.SURVEYS_READ
    queryset = Response.objects.all()
    serializer_class = NpsSerializer
    filterset_class = NpsFilter
    pagination_class = None
    own_parameters = ("by", "unit")

    @extend_schema(operation_id="nps_retrieve", summary="Read the score", responses=NpsSerializer, filters=True)
    def overall(self, request: Request) -> Answer:
        """Give the score with its 95 % interval, the chance of each band, the distribution and benchmarks."""
        rows = self.filter_queryset(self.get_queryset())
        asked = _invitations(self.filterset_class(request.query_params, request=request))
        summary = read_summary(rows, Invitation.objects.none() if asked is None else asked)
        change = None if summary.is_hidden else read_same_people(rows)
        told = {
            "score": tell_score(summary.tally, summary.interval),
            "distribution": None if summary.is_hidden else {str(n): k for n, k in summary.histogram.items()},
            "chances": summary.chances and {code: getattr(summary.chances, code) for code, _ in BANDS},
            "response_rate": None if asked is None else summary.rate,
            "same_people": tell_change(change, is_significant=change is not None and change.is_significant(LEVEL)),
            "benchmarks": [
                {"benchmark": each.benchmark, "points": each.points, "verdict": each.verdict or None}
                for each in compare_with_benchmarks(summary.tally, _latest_benchmarks())
            ],
            "attributes": list_attributes(rows),
        }
        return Answer(NpsSerializer(told, context=self.get_serializer_context()).data)

    @extend_schema(
        operation_id="nps_trend_retrieve",
        summary="Read the score over time",
        parameters=[UNIT],
        responses=NpsTrendSerializer,
        filters=True,
    )
    def trend(self, request: Request) -> Answer:
        """Give the score of each month or quarter, and whether it changed surely from the one before."""
        unit = request.query_params.get("unit", "month")
        if unit not in UNITS:
            raise ValidationError({"unit": [f"Known are {', '.join(UNITS)}."]}, code="invalid_choice")
        trend = read_trend(self.filter_queryset(self.get_queryset()), unit)
        periods = [
            {
                "name": wave.name,
                "starts": wave.starts,
                "score": tell_score(wave.tally, wave.interval),
                "change": tell_change(wave.change, is_significant=wave.is_significant),
            }
            for wave in trend.waves
        ]
        return Answer(NpsTrendSerializer({"periods": periods, "undated": trend.undated.responses}).data)

    @extend_schema(
        operation_id="nps_segments_retrieve",
        summary="Read the score by segment",
        parameters=[BY],
        responses={200: NpsSegmentsSerializer, **refused_with(422)},
        filters=True,
    )
    def segments(self, request: Request) -> Answer:
        """Give the score by industry, product, … or by an attribute that came with the answers.

        Codes: `unknown_segment`.
        """
        by = request.query_params.get("by", "").strip() or "industry"
        found = [
            {
                "value": each.value,
                "score": tell_score(each.tally, each.interval),
                "shrunk": None if each.shrunk is None else round(each.shrunk, 2),
                "difference": tell_change(each.difference, is_significant=each.is_significant),
            }
            for each in read_segments(self.filter_queryset(self.get_queryset()), by)
        ]
        return Answer(NpsSegmentsSerializer({"by": by, "segments": found}).data)


def _latest_benchmarks() -> list[Benchmark]:
    """The latest of each benchmark, the highest first."""
    latest: dict[tuple[str, str], Benchmark] = {}
    for each in Benchmark.objects.select_related("region", "industry").order_by("-on", "-pk"):
        latest.setdefault((each.kind, each.name), each)
    return sorted(latest.values(), key=lambda each: -each.nps)


def _invitations(asked: FilterSet) -> "InvitationQuerySet[Invitation] | None":
    """The invitations the answers came from; None where what was asked cannot be told of an invitation."""
    given = {name: value for name, value in asked.form.cleaned_data.items() if value} if asked.is_valid() else {}
    if {"channel", "segment"} & given.keys():
        return None
    paths = {
        "campaign": "campaign",
        "product": "campaign__product",
        "on_after": "sent_at__date__gte",
        "on_before": "sent_at__date__lte",
    }
    return Invitation.objects.filter(**{paths[name]: value for name, value in given.items() if name in paths})


class RiskReasonSerializer(serializers.Serializer[Any]):
    """One reason: a code, and a sentence."""

    code = serializers.ChoiceField(choices=list(WEIGHTS))
    sentence = serializers.CharField(source="text")


class AtRiskSerializer(serializers.Serializer[Any]):
    """Somebody at risk, and why."""

    id = serializers.IntegerField(source="pk", help_text="Id of the person.")
    person = PersonSerializer(source="*")
    risk = serializers.IntegerField(help_text="The sum of what the reasons weigh.")
    reasons = serializers.SerializerMethodField()
    score = serializers.IntegerField(source="nps_score", allow_null=True)
    answered_on = day(source="nps_on")
    renewal_date = day(source="customer.renewal_date")

    def get_reasons(self, row: Contact) -> list[dict[str, Any]]:
        return [dict(RiskReasonSerializer(each).data) for each in explain_risk(row)]


class AtRiskViewSet(NounViewSet):
    """People at risk: of the customers you own, all for managers."""

    scope = Scope.SURVEYS_READ
    queryset = Contact.objects.none()
    serializer_class = AtRiskSerializer
    filterset_class = RiskFilter
    table = "at-risk"
    noun = "at-risk"

    def get_queryset(self) -> QuerySet[Contact]:
        return list_at_risk(self.user, timezone.localdate())

    @extend_schema(summary="List people at risk", parameters=[FIELDS])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Give those whose scores fell, whose health is red or who fell silent, the gravest first, with reasons."""
        return super().list(request, *args, **kwargs)
