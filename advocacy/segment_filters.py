"""The filters of advocates gone quiet, for pages and the API."""

from typing import ClassVar

import django_filters
from django.db.models import Q

from references import activities
from references.filtering import StableOrderingFilter, WordsFilter
from references.models import Contact
from references.pool.index import current_snapshot
from references.record_filters import IdFilter
from references.rights import nameable_customers


class QuietFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds quiet advocates (rows of `quiet.find_quiet`) by what they did last, account owner, and word."""

    activity = django_filters.ChoiceFilter(
        field_name="last_activity", choices=activities.CHOICES, help_text="What they did last."
    )
    customer = IdFilter(field_name="customer", help_text="Id of a customer.")
    owner = IdFilter(field_name="customer__account_owner", help_text="Id of an account owner.")
    search = WordsFilter(label="Words", help_text="Words of the customer's name.")
    ordering = StableOrderingFilter("last_act_on", default="last_act_on")

    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the customer's name where the viewer may see it."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        return Q(customer__in=nameable, customer__name__icontains=word)
