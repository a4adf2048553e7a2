"""The filters of advocacy, for pages and the API: asks and what became of them."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from advocacy.enums import AskCampaignStatus, AssignmentStatus
from advocacy.models import Ask, AskAssignment, AskCampaign
from advocacy.querysets import OPEN_ASSIGNMENTS
from references import activities
from references.filtering import StableOrderingFilter, WordsFilter
from references.pool.index import current_snapshot
from references.record_filters import REPEAT, IdFilter
from references.rights import nameable_customers

# Asks


class AskFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds asks of the ladder by rung, activity and word."""

    rung = django_filters.NumberFilter(help_text="Rung of the ladder, 0 to 8.")
    activity = django_filters.MultipleChoiceFilter(choices=activities.CHOICES, help_text=REPEAT)
    is_active = django_filters.BooleanFilter(help_text="In use, or not.")
    search = WordsFilter(label="Words", help_text="Words of the name or the text.")
    ordering = StableOrderingFilter("rung", "name", "points", default="rung")

    class Meta:
        model = Ask
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(text__icontains=word)


class AskCampaignFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds campaigns of asks by state, ask and word."""

    status = django_filters.MultipleChoiceFilter(choices=AskCampaignStatus.choices, help_text=REPEAT)
    ask = IdFilter(field_name="ask", help_text="Id of an ask.")
    search = WordsFilter(label="Words", help_text="Words of the name.")
    ordering = StableOrderingFilter("created_at", "name", "started_at", default="-created_at")

    class Meta:
        model = AskCampaign
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        return Q(name__icontains=word)


class AssignmentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds what people were asked by state, ask, rung, campaign, whose it is, when, and by word."""

    status = django_filters.MultipleChoiceFilter(choices=AssignmentStatus.choices, help_text=REPEAT)
    is_open = django_filters.BooleanFilter(method="being_open", help_text="Whether something is still to come.")
    is_late = django_filters.BooleanFilter(method="being_late", help_text="Whether its day is over with nothing done.")
    ask = IdFilter(field_name="ask", help_text="Id of an ask.")
    rung = django_filters.NumberFilter(field_name="ask__rung", help_text="Rung of the ladder, 0 to 8.")
    activity = django_filters.MultipleChoiceFilter(
        field_name="ask__activity", choices=activities.CHOICES, help_text=REPEAT
    )
    campaign = IdFilter(field_name="campaign", help_text="Id of a campaign of asks.")
    contact = IdFilter(field_name="contact", help_text="Id of a promoter.")
    customer = IdFilter(field_name="contact__customer", help_text="Id of a customer.")
    owner = IdFilter(field_name="contact__customer__account_owner", help_text="Id of an account owner.")
    asked_by = IdFilter(field_name="asked_by", help_text="Id of the user who asked.")
    asked_after = django_filters.DateFilter(field_name="asked_at", lookup_expr="date__gte", help_text="First day.")
    asked_before = django_filters.DateFilter(field_name="asked_at", lookup_expr="date__lte", help_text="Last day.")
    search = WordsFilter(label="Words", help_text="Words of the ask, or of the customer's name.")
    ordering = StableOrderingFilter("asked_at", "answer_by", "updated_at", "status", "points", default="-asked_at")

    class Meta:
        model = AskAssignment
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the name of the ask, or the customer's where the viewer may see it."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        named = Q(contact__customer__in=nameable, contact__customer__name__icontains=word)
        return Q(ask__name__icontains=word) | named

    def being_open(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return queryset.filter(status__in=OPEN_ASSIGNMENTS) if value else queryset.exclude(status__in=OPEN_ASSIGNMENTS)

    def being_late(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        today = timezone.localdate()
        late = Q(status=AssignmentStatus.ASKED, answer_by__lt=today) | Q(
            status=AssignmentStatus.SCHEDULED, scheduled_on__lt=today
        )
        return queryset.filter(late) if value else queryset.exclude(late)
