"""Unmet demand: what was asked for and could not be had, and the recruiting tasks that follow from it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request as Call
from rest_framework.response import Response

from api.v1.bodies import StrictSerializer, text_field
from api.v1.cards import day
from api.v1.errors import refused_with
from api.v1.idempotency import RetoldCreates
from api.v1.request_rows import SegmentField
from api.v1.views import ScopedView
from matching.enums import TaskStatus
from matching.filters import DemandFilter, TaskFilter
from matching.models import RecruitingCandidate, RecruitingTask, UnmetDemand
from matching.permissions import may_work_on_task
from matching.services.demand import assign_task, end_task
from matching.showing import hide_people
from references.blinding import may_see_person
from references.errors import DomainError
from references.permissions import may_run_program
from references.pool.cards import describe_people
from references.program import current_policy
from users.enums import Scope
from users.models import User


class DemandSerializer(serializers.ModelSerializer[UnmetDemand]):
    """One time that a request found nobody who may be asked."""

    segment = SegmentField(help_text="What was asked for: names of tags by facet.")

    class Meta:
        model = UnmetDemand
        fields = [
            "id", "request", "activity", "segment", "label", "missing", "deal_value", "currency", "noted_at", "met_at",
        ]  # fmt: skip


class LackSerializer(serializers.Serializer[Any]):
    """What stands between a person and the ask."""

    code = serializers.CharField()
    sentence = serializers.CharField()


class NearestSerializer(serializers.Serializer[Any]):
    """One of those who come nearest. `name` is null where you may not see it."""

    contact = serializers.IntegerField(source="contact_id")
    headline = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    rank = serializers.IntegerField()
    fit = serializers.FloatField(help_text="From 0 to 100.")
    lacks = LackSerializer(many=True)
    free_from = day("Null where time does not heal it.")

    def get_headline(self, row: RecruitingCandidate) -> str:
        described: dict[int, str] = self.context["described"]
        return described[row.contact_id]

    def get_name(self, row: RecruitingCandidate) -> str | None:
        return row.contact.name if may_see_person(self.context["user"], row.contact) else None


class TaskSerializer(serializers.ModelSerializer[RecruitingTask]):
    """Work that an unmet demand makes: win one of the nearest people for what they lack."""

    demand = DemandSerializer()
    assignee_name = serializers.CharField(source="assignee", allow_null=True)
    note = serializers.SerializerMethodField()
    nearest = serializers.SerializerMethodField()

    class Meta:
        model = RecruitingTask
        fields = [
            "id", "status", "demand", "assignee", "assignee_name", "note", "nearest", "created_at", "ended_at",
        ]  # fmt: skip

    def get_note(self, row: RecruitingTask) -> str:
        people = [each.contact for each in row.candidates.all()]
        return hide_people(self.context["user"], people, row.note, self.context["policy"])

    @extend_schema_field(NearestSerializer(many=True))
    def get_nearest(self, row: RecruitingTask) -> Any:
        return NearestSerializer(row.candidates.all(), many=True, context=self.context).data


class TaskNoteSerializer(StrictSerializer):
    """What came of it."""

    note = text_field(500)


class AssignmentSerializer(StrictSerializer):
    """Who is to work on it."""

    assignee_email = serializers.EmailField(allow_null=True, help_text="Null for nobody.")


@extend_schema_view(
    list=extend_schema(summary="List unmet demands"), retrieve=extend_schema(summary="Read an unmet demand")
)
class DemandViewSet(ScopedView, viewsets.ReadOnlyModelViewSet[UnmetDemand]):
    """What requests that you see lacked; all of it for managers."""

    scope = Scope.REQUESTS_READ
    lookup_value_converter = "int"
    queryset = UnmetDemand.objects.none()
    serializer_class = DemandSerializer
    filterset_class = DemandFilter

    def get_queryset(self) -> QuerySet[UnmetDemand]:
        return UnmetDemand.objects.visible_to(self.user)


_ENDED: dict[int, Any] = {200: TaskSerializer, **refused_with(409, 422)}


@extend_schema_view(
    list=extend_schema(summary="List recruiting tasks"), retrieve=extend_schema(summary="Read a recruiting task")
)
class TaskViewSet(RetoldCreates, viewsets.ReadOnlyModelViewSet[RecruitingTask]):
    """Recruiting tasks: all for managers, their own for those they are given to."""

    scope = Scope.REQUESTS_READ
    write_scope = Scope.REQUESTS_WRITE
    lookup_value_converter = "int"
    queryset = RecruitingTask.objects.none()
    serializer_class = TaskSerializer
    filterset_class = TaskFilter

    def get_queryset(self) -> QuerySet[RecruitingTask]:
        candidates = RecruitingCandidate.objects.select_related("contact__customer").order_by("rank")
        rows = RecruitingTask.objects.visible_to(self.user).select_related("demand", "assignee")
        return rows.prefetch_related(Prefetch("candidates", queryset=candidates))

    def list(self, request: Call) -> Response:
        """Tasks with those who come nearest, and what each lacks."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self._show(page))

    def retrieve(self, request: Call, pk: int) -> Response:
        """One task with those who come nearest, and what each lacks."""
        return Response(self._show([self.get_object()])[0])

    @extend_schema(summary="Finish a recruiting task", request=TaskNoteSerializer, responses=_ENDED)
    @action(detail=True, methods=["post"])
    def done(self, request: Call, pk: int) -> Response:
        """Say that somebody was won. For managers and whoever it is given to. Codes: `move_not_allowed`."""
        return self._end(TaskStatus.DONE)

    @extend_schema(summary="Dismiss a recruiting task", request=TaskNoteSerializer, responses=_ENDED)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Call, pk: int) -> Response:
        """Say that nobody will be recruited. For managers and whoever it is given to. Codes: `move_not_allowed`."""
        return self._end(TaskStatus.DISMISSED)

    @extend_schema(summary="Give a recruiting task to somebody", request=AssignmentSerializer, responses=_ENDED)
    @action(detail=True, methods=["post"])
    def assign(self, request: Call, pk: int) -> Response:
        """Give the task to a user, by e-mail address, or to nobody. For managers. Codes: `unknown_assignee`."""
        row = self.get_object()
        if not may_run_program(self.user):
            raise DomainError("not_allowed", "Only managers give tasks to somebody.")
        given = AssignmentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        assign_task(task=row, assignee=find_assignee(given.validated_data["assignee_email"]))
        return self._tell(row)

    def retell(self, pk: int, status: int) -> Response:
        return Response(self._show([get_object_or_404(self.get_queryset(), pk=pk)])[0], status=status)

    def _end(self, to: str) -> Response:
        row = self.get_object()
        if not may_work_on_task(self.user, row):
            raise DomainError("not_allowed", "Only managers, and whoever it is given to, end a task.")
        given = TaskNoteSerializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        end_task(task=row, to=to, by=self.user, **given.validated_data)
        return self._tell(row)

    def _tell(self, row: RecruitingTask) -> Response:
        return Response(self._show([self.get_queryset().get(pk=row.pk)])[0])

    def _show(self, rows: Sequence[RecruitingTask]) -> Any:
        people = {each.contact for row in rows for each in row.candidates.all()}
        context = {"user": self.user, "policy": current_policy(), "described": describe_people(people)}
        return TaskSerializer(rows, many=True, context=context).data


def find_assignee(email: str | None) -> User | None:
    """The active user with this address, None for none; raises DomainError(unknown_assignee)."""
    if email is None:
        return None
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise DomainError("unknown_assignee", "There is nobody with that address.", "assignee_email")
    return found
