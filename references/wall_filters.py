"""The filters of what keepers of the wall look through: embeds, counts and leads."""

from typing import ClassVar
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet

from references.enums import ContentNoun, PublicEvent
from references.filtering import StableOrderingFilter, WordsFilter
from references.models import Embed, Lead, PublicCount

WALL = "wall"
"""How a filter names the wall itself, whose counts carry no embed."""


class EmbedFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds embeds by name, and by whether they run."""

    ended = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", exclude=True)
    search = WordsFilter(label="Words", help_text="Words of the name.")
    ordering = StableOrderingFilter("made_at", "name", default="-made_at")

    class Meta:
        model = Embed
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        """In the name."""
        return Q(name__icontains=word)


class PublicCountFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds counts by what, where, of which piece, and when."""

    event = django_filters.ChoiceFilter(choices=PublicEvent.choices)
    place = django_filters.CharFilter(method="standing_in", help_text="Id of an embed without dashes, or `wall`.")
    noun = django_filters.ChoiceFilter(choices=ContentNoun.choices)
    piece_id = django_filters.NumberFilter(min_value=0, max_value=2**63 - 1)
    on_after = django_filters.DateFilter(field_name="day", lookup_expr="gte", help_text="First day.")
    on_before = django_filters.DateFilter(field_name="day", lookup_expr="lte", help_text="Last day.")
    ordering = StableOrderingFilter("day", "count", default="-day")

    class Meta:
        model = PublicCount
        fields: ClassVar[list[str]] = []

    def standing_in(self, queryset: "QuerySet[PublicCount]", name: str, value: str) -> "QuerySet[PublicCount]":
        return queryset.filter(place="" if value == WALL else value)


class LeadFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds leads by whether they were handed over, where they came from, when, and by word."""

    handed_over = django_filters.BooleanFilter(field_name="handed_over_at", lookup_expr="isnull", exclude=True)
    place = django_filters.CharFilter(method="standing_in", help_text="Id of an embed, or `wall`.")
    noun = django_filters.ChoiceFilter(choices=ContentNoun.choices)
    piece_id = django_filters.NumberFilter(min_value=0, max_value=2**63 - 1)
    on_after = django_filters.DateFilter(field_name="agreed_at", lookup_expr="date__gte", help_text="First day.")
    on_before = django_filters.DateFilter(field_name="agreed_at", lookup_expr="date__lte", help_text="Last day.")
    search = WordsFilter(label="Words", help_text="Words of the name, company, e-mail or message.")
    ordering = StableOrderingFilter("agreed_at", "name", "company", default="-agreed_at")

    class Meta:
        model = Lead
        fields: ClassVar[list[str]] = []

    def standing_in(self, queryset: "QuerySet[Lead]", name: str, value: str) -> "QuerySet[Lead]":
        if value == WALL:
            return queryset.filter(embed=None)
        try:
            return queryset.filter(embed=UUID(value))
        except ValueError:
            return queryset.none()

    def containing(self, word: str) -> Q:
        """In what the visitor wrote."""
        fields = ("name", "company", "email", "message")
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
        return found
