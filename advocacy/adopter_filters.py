"""The filters of early-adopter programs and their seats, for pages and the API."""

from typing import ClassVar

import django_filters
from django.db.models import Q

from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.models import AdopterProgram, AdopterSeat
from references.filtering import StableOrderingFilter, WordsFilter
from references.record_filters import REPEAT, IdFilter


class AdopterProgramFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds programs by state, product, when they run, and by word."""

    status = django_filters.MultipleChoiceFilter(choices=ProgramStatus.choices, help_text=REPEAT)
    product = IdFilter(field_name="product", help_text="Id of a product.")
    owner = IdFilter(field_name="owner", help_text="Id of the user who runs it.")
    on = django_filters.DateFilter(method="running_on", help_text="A day on which it runs.")
    search = WordsFilter(label="Words", help_text="Words of the name, what it is about, or the product.")
    ordering = StableOrderingFilter("starts_on", "ends_on", "name", default="-starts_on")

    class Meta:
        model = AdopterProgram
        fields: ClassVar[list[str]] = []

    def containing(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(about__icontains=word) | Q(product__name__icontains=word)

    def running_on(self, queryset, name, value):  # type: ignore[no-untyped-def]
        return queryset.filter(starts_on__lte=value, ends_on__gte=value)


class AdopterSeatFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds seats by state, program, person, and whether the product is in use now."""

    status = django_filters.MultipleChoiceFilter(choices=SeatStatus.choices, help_text=REPEAT)
    adopted = django_filters.BooleanFilter(help_text="Whether they use it now.")
    program = IdFilter(field_name="program", help_text="Id of a program.")
    contact = IdFilter(field_name="contact", help_text="Id of a promoter.")
    ordering = StableOrderingFilter("invited_at", "agreed_at", "ended_at", "status", default="invited_at")

    class Meta:
        model = AdopterSeat
        fields: ClassVar[list[str]] = []
