"""The figures of the program: what waits, what went unmet, how fast requests go, and who takes part."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.views import ScopedView
from matching.figures import PERIODS, read_period, read_pipeline, read_tired, read_unmet, read_work
from matching.participation import read_activation, read_load
from users.enums import Scope

DEFAULT_DAYS = 90


class FiguresQuerySerializer(serializers.Serializer[Any]):
    """Over which days the figures of requests look back."""

    days = serializers.ChoiceField(choices=PERIODS, default=DEFAULT_DAYS)

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            hint = "There is no such parameter; known is days."
            raise serializers.ValidationError(dict.fromkeys(unknown, hint), code="unknown_parameter")
        return super().to_internal_value(data)


class WorkSerializer(serializers.Serializer[Any]):
    """What waits now."""

    waiting = serializers.IntegerField(help_text="Approvals that you may decide.")
    due_soon = serializers.IntegerField(help_text="Open requests due within 72 hours, late ones included.")
    overdue = serializers.IntegerField(help_text="Of these, the late ones.")
    needs_manager = serializers.IntegerField(help_text="Requests for which a manager must choose by hand.")


class UnmetSerializer(serializers.Serializer[Any]):
    """What found nobody since the first of the month."""

    since = serializers.DateField()
    noted = serializers.IntegerField(help_text="Times that a request found nobody.")
    standing = serializers.IntegerField(help_text="Those that still stand.")
    values = serializers.DictField(
        child=serializers.IntegerField(), help_text="Values of the deals by currency, each deal once, in whole units."
    )


class ShareSerializer(serializers.Serializer[Any]):
    """`part` of `whole`; `value` is the share, 0–1, null where the whole is below five."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)


class MiddleSerializer(serializers.Serializer[Any]):
    """The median of `n` spans in clock hours; null where there are fewer than five."""

    hours = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()


class PeriodSerializer(serializers.Serializer[Any]):
    """How the requests went that were sent in the last `days` days; times run from sending to the first of each."""

    days = serializers.IntegerField()
    submitted = serializers.IntegerField()
    fill = ShareSerializer(help_text="Places with a yes of the places asked for, of requests that are settled.")
    open_slots = serializers.IntegerField(help_text="Places of open requests, not counted in `fill`.")
    cancelled_slots = serializers.IntegerField(help_text="Places of cancelled requests, not counted in `fill`.")
    to_proposal = MiddleSerializer()
    to_ask = MiddleSerializer()
    to_yes = MiddleSerializer()
    to_done = MiddleSerializer()
    calls_saved = serializers.IntegerField(help_text="Deals for which a quote, a story or a number was enough.")


class StageSerializer(serializers.Serializer[Any]):
    """How many requests stand at a step, or ended in a status."""

    code = serializers.CharField()
    count = serializers.IntegerField()


class PipelineSerializer(serializers.Serializer[Any]):
    """Requests by what they wait for (the `step` filter of requests), and those that ended in the period."""

    standing = StageSerializer(many=True)
    ended = StageSerializer(many=True)


class LoadSerializer(serializers.Serializer[Any]):
    """How the completed engagements with effort of the past year fall on those who had any."""

    people = serializers.IntegerField()
    total = serializers.IntegerField()
    busiest = serializers.IntegerField(help_text="How many people the busiest tenth is, rounded up.")
    share = serializers.FloatField(allow_null=True, help_text="What they carried, 0–1; null below five people.")
    half_on = serializers.IntegerField(help_text="The fewest people who together carried half.")
    gini = serializers.FloatField(allow_null=True, help_text="0 is even, 1 is all on one; null below five people.")


class FiguresSerializer(serializers.Serializer[Any]):
    """Every figure of the managers' home."""

    work = WorkSerializer()
    unmet_this_month = UnmetSerializer()
    bands = serializers.DictField(child=serializers.IntegerField(), help_text="Promoters by fatigue band today.")
    pipeline = PipelineSerializer()
    period = PeriodSerializer()
    activation = ShareSerializer(help_text="Promoters who did something in the past year, of those willing.")
    load = LoadSerializer()


class FiguresView(ScopedView):
    """The figures of the managers' home; for managers alone."""

    scope = Scope.REQUESTS_READ

    @extend_schema(
        operation_id="figures_retrieve",
        summary="Read the program's figures",
        parameters=[OpenApiParameter("days", {"type": "integer", "enum": list(PERIODS), "default": DEFAULT_DAYS})],
        responses=FiguresSerializer,
    )
    def get(self, request: Request) -> Response:
        """Read what waits, what went unmet, how requests go, and how many take part. For managers."""
        if not self.user.is_manager:
            raise PermissionDenied
        query = FiguresQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        days, now = query.validated_data["days"], timezone.now()
        today = timezone.localdate(now)
        found = {
            "work": read_work(self.user, now),
            "unmet_this_month": read_unmet(self.user, today.replace(day=1)),
            "bands": read_tired(self.user),
            "pipeline": read_pipeline(self.user, now - timedelta(days=days)),
            "period": read_period(self.user, days, now),
            "activation": read_activation(today),
            "load": read_load(today),
        }
        return Response(FiguresSerializer(found).data)
