"""The filters of requests, approvals, unmet demand and recruiting tasks, the same for a page and for the API."""

import json
from datetime import datetime
from typing import Any, ClassVar, cast

import django_filters
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.utils import timezone

from matching.enums import ApprovalStep, MatchStatus, RequestStatus, TaskStatus, Urgency
from matching.models import Approval, Match, RecruitingTask, Request, UnmetDemand
from matching.querysets import STEPS, RequestQuerySet
from references import activities
from references.filtering import StableOrderingFilter, WordsFilter
from references.record_filters import REPEAT, IdFilter
from users.models import User


class OwnerFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Rows of one user or team, by id or by a word: `me`, `mine` for the viewer's own team, `none` for nobody's."""

    parent: django_filters.FilterSet

    def __init__(self, *words: str, **options: Any) -> None:
        pattern = rf"\A(?:{'|'.join(('[0-9]{1,18}', *words))})\Z"
        super().__init__(validators=[RegexValidator(pattern)], **options)

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        viewer: User = self.parent.request.user
        if not value:
            return qs
        if value == "none":
            return qs.filter(**{f"{self.field_name}__isnull": True})
        own = {"me": viewer.pk, "mine": viewer.team_id}
        wanted = own[value] if value in own else int(value)
        return qs.none() if wanted is None else qs.filter(**{self.field_name: wanted})


class RequestFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds requests by state, by whose they are, by deal, value, times and words."""

    status = django_filters.MultipleChoiceFilter(choices=RequestStatus.choices, help_text=REPEAT)
    activity = django_filters.MultipleChoiceFilter(choices=activities.CHOICES, help_text=REPEAT)
    urgency = django_filters.ChoiceFilter(choices=Urgency.choices)
    owner = OwnerFilter("me", field_name="owner", help_text="Id of a user, or `me`.")
    team = OwnerFilter("mine", field_name="owner__team", help_text="Id of a team, or `mine`.")
    watched = django_filters.BooleanFilter(method="keep_watched", help_text="Those you watch, or the others.")
    deal_id = django_filters.CharFilter(help_text="The deal's id in the CRM.")
    min_value = django_filters.NumberFilter(
        field_name="deal_value", lookup_expr="gte", max_digits=16, help_text="In the deal's own currency."
    )
    needs_manager = django_filters.BooleanFilter(method="keep_needing", help_text="A manager must choose next.")
    step = django_filters.ChoiceFilter(
        choices=[(step, step) for step in STEPS], method="keep_step", help_text="What it waits for now."
    )
    reached = django_filters.ChoiceFilter(
        choices=[(point, point) for point in ("proposed", "asked", "yes", "done")],
        method="keep_reached",
        help_text="How far it came with at least one person.",
    )
    served_by_story = django_filters.BooleanFilter(
        method="keep_served", help_text="A story served meanwhile, or none did."
    )
    submitted_since = django_filters.IsoDateTimeFilter(
        field_name="submitted_at", lookup_expr="gt", help_text="A moment: what was sent after it."
    )
    ended_since = django_filters.IsoDateTimeFilter(
        field_name="ended_at", lookup_expr="gte", help_text="A moment: what ended from it on."
    )
    needed_by_after = django_filters.DateFilter(field_name="needed_by", lookup_expr="gte", help_text="First day.")
    needed_by_before = django_filters.DateFilter(field_name="needed_by", lookup_expr="lte", help_text="Last day.")
    created_after = django_filters.DateFilter(field_name="created_at", lookup_expr="date__gte", help_text="First day.")
    created_before = django_filters.DateFilter(field_name="created_at", lookup_expr="date__lte", help_text="Last day.")
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lte", help_text="A moment.")
    updated_since = django_filters.IsoDateTimeFilter(
        field_name="updated_at", lookup_expr="gte", help_text="A moment: what changed from it on."
    )
    search = WordsFilter(label="Words", help_text="Words of the deal, its id, the brief, the prospects or the owner.")
    ordering = StableOrderingFilter(
        "created_at", "due_at", "deal_value", "needed_by", "updated_at", default="-created_at"
    )

    class Meta:
        model = Request
        fields: ClassVar[list[str]] = []

    def keep_watched(self, queryset: QuerySet[Request], name: str, value: bool) -> QuerySet[Request]:
        watched = Request.objects.filter(watchers=self.request.user).values("pk")
        return queryset.filter(pk__in=watched) if value else queryset.exclude(pk__in=watched)

    def keep_needing(self, queryset: QuerySet[Request], name: str, value: bool) -> QuerySet[Request]:
        return queryset.exclude(needs_manager="") if value else queryset.filter(needs_manager="")

    def keep_step(self, queryset: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        return cast("RequestQuerySet[Request]", queryset).waiting_at(value)

    def keep_reached(self, queryset: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        return cast("RequestQuerySet[Request]", queryset).having_reached(value)

    def keep_served(self, queryset: QuerySet[Request], name: str, value: bool) -> QuerySet[Request]:
        return queryset.exclude(content_used=[]) if value else queryset.filter(content_used=[])

    def containing(self, word: str) -> Q:
        """In what the requester wrote, or in the requester's name; prospects are kept as JSON, escaped or not."""
        found = Q(owner__name__icontains=word) | Q(prospects__icontains=json.dumps(word)[1:-1])
        for field in ("deal", "deal_id", "brief", "prospects"):
            found |= Q(**{f"{field}__icontains": word})
        return found


class MatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds matches of a request by state."""

    status = django_filters.MultipleChoiceFilter(choices=MatchStatus.choices, help_text=REPEAT)
    ordering = StableOrderingFilter("slot", "created_at", default="slot")

    class Meta:
        model = Match
        fields: ClassVar[list[str]] = []


class ApprovalFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds approvals in a queue by step, by what they are for, and by when they are due."""

    step = django_filters.ChoiceFilter(choices=ApprovalStep.choices)
    activity = django_filters.MultipleChoiceFilter(
        field_name="match__activity", choices=activities.CHOICES, help_text=REPEAT
    )
    urgency = django_filters.ChoiceFilter(field_name="match__request__urgency", choices=Urgency.choices)
    overdue = django_filters.BooleanFilter(method="keep_overdue", help_text="Past their time, or not.")
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lte", help_text="A moment.")
    needs_manager = django_filters.BooleanFilter(method="keep_needing", help_text="A manager must look at the request.")
    ordering = StableOrderingFilter("due_at", default="due_at")

    class Meta:
        model = Approval
        fields: ClassVar[list[str]] = []

    def keep_overdue(self, queryset: QuerySet[Approval], name: str, value: bool) -> QuerySet[Approval]:
        now: datetime = timezone.now()
        return queryset.filter(due_at__lte=now) if value else queryset.filter(due_at__gt=now)

    def keep_needing(self, queryset: QuerySet[Approval], name: str, value: bool) -> QuerySet[Approval]:
        needing = {"match__request__needs_manager": ""}
        return queryset.exclude(**needing) if value else queryset.filter(**needing)


class DemandFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds unmet demands by what was asked for, since when, for how much, and whether they were met after all."""

    activity = django_filters.MultipleChoiceFilter(choices=activities.CHOICES, help_text=REPEAT)
    since = django_filters.DateFilter(field_name="noted_at", lookup_expr="date__gte", help_text="First day.")
    min_value = django_filters.NumberFilter(
        field_name="deal_value", lookup_expr="gte", max_digits=16, help_text="In the deal's own currency."
    )
    met = django_filters.BooleanFilter(
        field_name="met_at", lookup_expr="isnull", exclude=True, help_text="Met after all, or still not."
    )
    request = IdFilter(field_name="request", help_text="Id of a request.")
    label = django_filters.CharFilter(help_text="The segment in words, just as it is given.")
    ordering = StableOrderingFilter("noted_at", "deal_value", default="-noted_at")

    class Meta:
        model = UnmetDemand
        fields: ClassVar[list[str]] = []


class TaskFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds recruiting tasks by state, by who is at it, and by what is wanted."""

    status = django_filters.MultipleChoiceFilter(choices=TaskStatus.choices, help_text=REPEAT)
    assignee = OwnerFilter("me", "none", field_name="assignee", help_text="Id of a user, `me`, or `none` for nobody.")
    activity = django_filters.MultipleChoiceFilter(
        field_name="demand__activity", choices=activities.CHOICES, help_text=REPEAT
    )
    ordering = StableOrderingFilter("created_at", "ended_at", default="-created_at")

    class Meta:
        model = RecruitingTask
        fields: ClassVar[list[str]] = []
