"""The filters of what is kept on record, for pages and the API: the ledger, nominations, disclosures, likely
duplicates, the policy."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from references import activities
from references.enums import DuplicateKind, DuplicateStatus, EngagementStatus, NominationStatus, NominationVia
from references.filtering import StableOrderingFilter, WordsFilter
from references.models import Disclosure, DuplicatePair, Engagement, Nomination, PolicyVersion
from references.pool.index import current_snapshot
from references.rights import nameable_customers

REPEAT = "Repeat it to allow several."
_LARGEST_ID = 2**63 - 1


class IdFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows of one other row, by its id; an id of nobody finds nothing."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=_LARGEST_ID, **options)


class EngagementFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds touches by whose they are, what was done, what came of it, and when."""

    contact = IdFilter(field_name="contact", help_text="Id of a promoter.")
    customer = IdFilter(field_name="contact__customer", help_text="Id of a customer.")
    activity = django_filters.MultipleChoiceFilter(choices=activities.CHOICES, help_text=REPEAT)
    status = django_filters.MultipleChoiceFilter(choices=EngagementStatus.choices, help_text=REPEAT)
    is_outside = django_filters.BooleanFilter(help_text="Used outside the system, or not.")
    on_after = django_filters.DateFilter(field_name="on", lookup_expr="gte", help_text="First day.")
    on_before = django_filters.DateFilter(field_name="on", lookup_expr="lte", help_text="Last day.")
    ordering = StableOrderingFilter("on", "recorded_at", default="-on")

    class Meta:
        model = Engagement
        fields: ClassVar[list[str]] = []


class NominationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds nominations by state, by whom and what they are about, and by word."""

    status = django_filters.MultipleChoiceFilter(choices=NominationStatus.choices, help_text=REPEAT)
    via = django_filters.MultipleChoiceFilter(choices=NominationVia.choices, help_text=REPEAT)
    customer = IdFilter(field_name="customer", help_text="Id of a customer.")
    contact = IdFilter(field_name="contact", help_text="Id of the person nominated.")
    nominated_by = IdFilter(field_name="nominated_by", help_text="Id of the user who nominated.")
    search = WordsFilter(label="Words", help_text="Words of the moment, of a new person's name, or of the customer's.")
    ordering = StableOrderingFilter("created_at", "updated_at", "status", default="-created_at")

    class Meta:
        model = Nomination
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the moment, the name of someone new, or the customer's name where the viewer may see it."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        named = Q(customer__in=nameable, customer__name__icontains=word)
        return Q(moment__icontains=word) | Q(person_name__icontains=word) | named


class DisclosureFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds looks at contact data by who looked, at whom, and when."""

    user = IdFilter(field_name="user", help_text="Id of the user who looked.")
    contact = IdFilter(field_name="contact", help_text="Id of the person whose data was shown.")
    on_after = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", help_text="First day.")
    on_before = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", help_text="Last day.")
    ordering = StableOrderingFilter("at", "user", "contact", default="-at")

    class Meta:
        model = Disclosure
        fields: ClassVar[list[str]] = []


class DuplicateFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds likely duplicates by kind, state, how likely they are, and one of the two."""

    kind = django_filters.ChoiceFilter(choices=DuplicateKind.choices, help_text="Customers or contacts.")
    status = django_filters.MultipleChoiceFilter(choices=DuplicateStatus.choices, help_text=REPEAT)
    min_score = django_filters.NumberFilter(
        field_name="score", lookup_expr="gte", min_value=0, max_value=100, help_text="Percent, at least."
    )
    customer = IdFilter(method="keep_customer", help_text="Id of one of two customers.")
    contact = IdFilter(method="keep_contact", help_text="Id of one of two contacts.")
    ordering = StableOrderingFilter("score", "found_at", default="-score")

    class Meta:
        model = DuplicatePair
        fields: ClassVar[list[str]] = []

    def keep_customer(self, queryset: QuerySet[DuplicatePair], name: str, value: int) -> QuerySet[DuplicatePair]:
        return queryset.filter(Q(first=value) | Q(second=value), kind=DuplicateKind.CUSTOMER)

    def keep_contact(self, queryset: QuerySet[DuplicatePair], name: str, value: int) -> QuerySet[DuplicatePair]:
        return queryset.filter(Q(first=value) | Q(second=value), kind=DuplicateKind.CONTACT)


class PolicyVersionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds versions of the policy by who made them, when, and by word."""

    made_by = IdFilter(field_name="made_by", help_text="Id of the user who made it.")
    on_after = django_filters.DateFilter(field_name="made_at", lookup_expr="date__gte", help_text="First day.")
    on_before = django_filters.DateFilter(field_name="made_at", lookup_expr="date__lte", help_text="Last day.")
    search = WordsFilter(label="Words", help_text="Words of the note, or of the name of who made it.")
    ordering = StableOrderingFilter("version", default="-version")

    class Meta:
        model = PolicyVersion
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the note, or in the name of who made it."""
        return Q(note__icontains=word) | Q(made_by__name__icontains=word)
