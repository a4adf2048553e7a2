"""Finds the people whom a survey may ask: contacts of every class and status, by what they and their customer are."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from references.enums import ContactStatus, EngagementStatus, Facet, Health, Loyalty, Tier
from references.filtering import FacetedFilterSet, Picked, StableOrderingFilter
from references.models import Contact, ContactTag, CustomerTag, Engagement
from users.models import User

STATUSES = [choice for choice in ContactStatus.choices if choice[0] != ContactStatus.RETIRED]
UNTOUCHED = (EngagementStatus.RELEASED, EngagementStatus.CANCELLED)


def surveyed_since(first: date) -> QuerySet[Any]:
    """The ids of contacts whom a survey asked on a day or later, by the ledger, however it came in."""
    touches = Engagement.objects.filter(activity="survey", on__gte=first)
    return touches.exclude(status__in=UNTOUCHED).values("contact")


def _tagged(through: type[Model], owner: str, picked: Picked, column: str = "pk") -> Q:
    return Q(**{f"{column}__in": through._default_manager.filter(tag__in=list(picked.tag_ids)).values(owner)})


def _named(through: type[Model], owner: str, word: str, column: str = "pk") -> Q:
    return Q(**{f"{column}__in": through._default_manager.filter(tag__name__icontains=word).values(owner)})


class PeopleFilter(FacetedFilterSet):
    """Finds everybody who has not left; a region stands for every country in it."""

    everybody = django_filters.BooleanFilter(
        method="all_of_them", label="Everybody", help_text="`true`: says that nothing else need be chosen."
    )
    status = django_filters.MultipleChoiceFilter(choices=STATUSES, help_text="Repeat it to allow several.")
    loyalty = django_filters.MultipleChoiceFilter(choices=Loyalty.choices, help_text="Repeat it to allow several.")
    tier = django_filters.MultipleChoiceFilter(
        field_name="customer__tier", choices=Tier.choices, help_text="Of their customer; repeat it to allow several."
    )
    health = django_filters.MultipleChoiceFilter(
        field_name="customer__health", choices=Health.choices, help_text="Of their customer; repeat it."
    )
    owner = django_filters.ModelMultipleChoiceFilter(
        field_name="customer__account_owner",
        queryset=User.objects.filter(is_active=True),
        help_text="Id of the account owner; repeat it to allow several.",
    )
    not_surveyed_since = django_filters.DateFilter(
        method="left_alone", help_text="Nobody whom a survey has asked on this day or later."
    )
    answered_before = django_filters.DateFilter(
        field_name="nps_on", lookup_expr="lt", help_text="Only those whose last score is older than this day."
    )
    ordering = StableOrderingFilter("created_at", default="created_at")

    class Meta(FacetedFilterSet.Meta):
        model = Contact

    def filter_queryset(self, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        return super().filter_queryset(queryset.exclude(status=ContactStatus.RETIRED))

    def all_of_them(self, queryset: QuerySet[Contact], name: str, value: bool) -> QuerySet[Contact]:
        return queryset

    def left_alone(self, queryset: QuerySet[Contact], name: str, value: date) -> QuerySet[Contact]:
        return queryset.exclude(pk__in=surveyed_since(value))

    def carrying(self, facet: Facet, picked: Picked) -> Q:
        if facet == Facet.SENIORITY:
            return Q(seniority__in=picked.slugs)
        if facet == Facet.SIZE:
            return Q(customer__size_band__in=picked.slugs)
        theirs = _tagged(CustomerTag, "customer", picked, "customer")
        return _tagged(ContactTag, "contact", picked) | theirs

    def containing(self, word: str) -> Q:
        """In the job title and the tags; nobody is found by name, since whoever plans a survey need not know them."""
        tags = _named(ContactTag, "contact", word) | _named(CustomerTag, "customer", word, "customer")
        return Q(title__icontains=word) | tags


def read_people(audience: str) -> PeopleFilter:
    """The filter of an audience, which is the query string of a page; its `form` says what is wrong with it."""
    return PeopleFilter(QueryDict(audience))


def unknown_names(audience: str) -> list[str]:
    """What an audience asks for that no filter knows: a slip there would ask everybody."""
    known = set(PeopleFilter.base_filters)
    return [name for name, value in QueryDict(audience).items() if name not in known and value]
