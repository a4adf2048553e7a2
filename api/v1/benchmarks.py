"""Benchmarks: scores of the market and of competitors, read by all, kept by managers and marketers."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.errors import refused_with
from api.v1.nouns import NounViewSet, require
from api.v1.survey_bodies import BenchmarkFieldsSerializer
from api.v1.survey_rows import TagRefSerializer
from api.v1.tables import FIELDS
from references.filtering import StableOrderingFilter
from surveys.enums import BenchmarkKind
from surveys.models import Benchmark
from surveys.querysets import runs_surveys
from surveys.services.benchmarks import delete_benchmark, save_benchmark
from users.enums import Scope


class BenchmarkSerializer(serializers.ModelSerializer[Benchmark]):
    """A score of others, of which day, and where it is from."""

    nps = serializers.FloatField()
    region = TagRefSerializer(allow_null=True)
    industry = TagRefSerializer(allow_null=True)

    class Meta:
        model = Benchmark
        fields = ["id", "name", "kind", "nps", "on", "origin", "region", "industry"]


class BenchmarkFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds benchmarks by kind and day."""

    kind = django_filters.ChoiceFilter(choices=BenchmarkKind.choices, help_text="market or competitor.")
    on_after = django_filters.DateFilter(field_name="on", lookup_expr="gte", help_text="First day.")
    on_before = django_filters.DateFilter(field_name="on", lookup_expr="lte", help_text="Last day.")
    ordering = StableOrderingFilter("name", "kind", "nps", "on", default="name")

    class Meta:
        model = Benchmark
        fields: ClassVar[list[str]] = []


@extend_schema_view(
    list=extend_schema(summary="List benchmarks", parameters=[FIELDS]),
    retrieve=extend_schema(summary="Read a benchmark", parameters=[FIELDS]),
)
class BenchmarkViewSet(NounViewSet):
    """Scores that ours is compared with."""

    scope = Scope.SURVEYS_READ
    write_scope = Scope.SURVEYS_WRITE
    queryset = Benchmark.objects.none()
    serializer_class = BenchmarkSerializer
    filterset_class = BenchmarkFilter
    table = "benchmarks"
    noun = "benchmark"

    def get_queryset(self) -> QuerySet[Benchmark]:
        return Benchmark.objects.select_related("region", "industry")

    @extend_schema(
        summary="Enter a benchmark",
        request=BenchmarkFieldsSerializer,
        responses={201: BenchmarkSerializer, **refused_with(409, 422)},
    )
    def create(self, request: Request) -> Response:
        """Enter a score of others. For marketers and managers. Codes: `not_allowed`, `benchmark_once`."""
        self._require_keeper()
        nothing: dict[str, Any] = {"origin": "", "region": None, "industry": None}
        row = save_benchmark(**{**nothing, **self.read(BenchmarkFieldsSerializer)})
        return self.tell(row.pk, 201)

    @extend_schema(
        summary="Correct a benchmark",
        request=BenchmarkFieldsSerializer,
        responses={200: BenchmarkSerializer, **refused_with(422)},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        """Correct a score of others. For marketers and managers. Codes: `not_allowed`, `benchmark_once`."""
        row = self.get_object()
        self._require_keeper()
        save_benchmark(benchmark=row, **self.read(BenchmarkFieldsSerializer, partial=True))
        return self.tell(row.pk)

    @extend_schema(summary="Delete a benchmark", responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Forget a benchmark. For marketers and managers. Codes: `not_allowed`."""
        row = self.get_object()
        self._require_keeper()
        delete_benchmark(benchmark=row)
        return Response(status=204)

    def _require_keeper(self) -> None:
        require(runs_surveys(self.user), "Benchmarks are kept by managers and marketers.")
