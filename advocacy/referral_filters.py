"""The filters of referrals, fraud flags and moments, for pages and the API."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from advocacy.enums import FlagStatus, HandoverStatus, ReferralStatus, ReferralVia
from advocacy.models import FraudFlag, Handover, Referral
from references.filtering import StableOrderingFilter, WordsFilter
from references.pool.index import current_snapshot
from references.record_filters import REPEAT, IdFilter
from references.rights import nameable_customers

WAITING = (ReferralStatus.NEW, ReferralStatus.QUALIFIED)


class ReferralFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds referrals by state, way, whose they are, when, whether they are checked, and by word."""

    status = django_filters.MultipleChoiceFilter(choices=ReferralStatus.choices, help_text=REPEAT)
    is_open = django_filters.BooleanFilter(method="being_open", help_text="Whether it is still being worked on.")
    via = django_filters.MultipleChoiceFilter(choices=ReferralVia.choices, help_text=REPEAT)
    is_duplicate = django_filters.BooleanFilter(field_name="duplicate_of", lookup_expr="isnull", exclude=True)
    referrer = IdFilter(field_name="referrer", help_text="Id of the promoter who referred.")
    customer = IdFilter(field_name="referrer__customer", help_text="Id of the customer whose person referred.")
    became = IdFilter(field_name="became", help_text="Id of the customer it became.")
    owner = IdFilter(field_name="owner", help_text="Id of the user who follows it up.")
    on_after = django_filters.DateFilter(field_name="created_at", lookup_expr="date__gte", help_text="First day.")
    on_before = django_filters.DateFilter(field_name="created_at", lookup_expr="date__lte", help_text="Last day.")
    search = WordsFilter(label="Words", help_text="Words of the company, the deal, or the referrer's customer.")
    ordering = StableOrderingFilter("created_at", "company", "value", "ended_at", default="-created_at")

    class Meta:
        model = Referral
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the company or deal, or the customer's name where the viewer may see it; never in a lead's data."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        named = Q(referrer__customer__in=nameable, referrer__customer__name__icontains=word)
        return Q(company__icontains=word) | Q(deal_id__icontains=word) | named

    def being_open(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return queryset.filter(status__in=WAITING) if value else queryset.exclude(status__in=WAITING)


class FlagFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds fraud flags by state, sign and person."""

    status = django_filters.MultipleChoiceFilter(choices=FlagStatus.choices, help_text=REPEAT)
    code = django_filters.CharFilter(help_text="Code of the sign.")
    contact = IdFilter(field_name="contact", help_text="Id of a promoter.")
    ordering = StableOrderingFilter("raised_at", "decided_at", default="-raised_at")

    class Meta:
        model = FraudFlag
        fields: ClassVar[list[str]] = []


class HandoverFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds moments handed to marketing by state, by whom, and by word."""

    status = django_filters.MultipleChoiceFilter(choices=HandoverStatus.choices, help_text=REPEAT)
    handed_by = IdFilter(field_name="handed_by", help_text="Id of the user who handed it over.")
    taken_by = IdFilter(field_name="taken_by", help_text="Id of the user who took it up.")
    customer = IdFilter(field_name="nomination__customer", help_text="Id of a customer.")
    search = WordsFilter(label="Words", help_text="Words of the moment, or of the customer's name.")
    ordering = StableOrderingFilter("handed_at", "ended_at", default="-handed_at")

    class Meta:
        model = Handover
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the moment, or the customer's name where the viewer may see it."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        named = Q(nomination__customer__in=nameable, nomination__customer__name__icontains=word)
        return Q(nomination__moment__icontains=word) | named
