"""What the filters of the pool's rows are made of: facets by slugs, the use asked about, words, moments and order.

A facet takes slugs. Several slugs of one facet widen the result, several facets narrow it, and a tag stands for
everything below it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from references.enums import Channel, Facet
from references.pool.index import current_snapshot
from references.rights import Use

MOST_WORDS = 8
MOST_DAYS_AHEAD = 3660
CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.ANY]
_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")


@dataclass(frozen=True, slots=True)
class Picked:
    """What was chosen of a facet: the slugs as asked, and the ids of their tags with everything below."""

    slugs: tuple[str, ...]
    tag_ids: frozenset[int]


class SlugsField(forms.Field):
    """Slugs of one facet, repeated (`industry=a&industry=b`); the form turns them into `Picked`."""

    widget = forms.SelectMultiple
    default_error_messages: ClassVar[dict[str, Any]] = {"unknown_tag": "There is no %(facet)s '%(slug)s'."}

    def __init__(self, *, facet: Facet, **options: Any) -> None:
        super().__init__(**options)
        self.facet = facet

    def to_python(self, value: Any) -> list[str]:
        return [value] if value and isinstance(value, str) else [str(each) for each in value or [] if each]


class PlaceField(SlugsField):
    """The slug of one region in which something will be used; becomes the ids of it and of all above it."""

    widget = forms.TextInput  # type: ignore[assignment]

    def to_python(self, value: Any) -> list[str]:
        return [str(value)] if value else []


class FutureDateField(forms.DateField):
    """Today or a later day within ten years: what could be used in the past is nobody's to use."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "past_date": "This day has passed.",
        "far_date": "This day is too far ahead.",
    }

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if isinstance(day, date):
            code = judge_day(day)
            if code:
                raise ValidationError(self.error_messages[code], code=code)
        return day


class PulledMomentField(forms.Field):
    """A point in time with its offset; a plus that an address has turned into a blank is read as one."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "Say a moment as 2030-05-14T10:30:00+02:00.",
        "offset_required": "Say the offset from UTC: 2030-05-14T10:30:00+02:00, or Z.",
    }

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            moment = parse_datetime(_LOST_PLUS.sub("+", str(value).strip()))
            if moment is not None and timezone.is_aware(moment):
                moment.astimezone(timezone.get_default_timezone())  # some cannot be told in another zone
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if timezone.is_naive(moment):
            raise ValidationError(self.error_messages["offset_required"], code="offset_required")
        return moment


def judge_day(day: date) -> str:
    """Say what is wrong with a day of use: `past_date`, `far_date`, or "" for nothing."""
    today = timezone.localdate()
    return "past_date" if day < today else "far_date" if (day - today).days > MOST_DAYS_AHEAD else ""


class FacetForm(forms.Form):
    """Turns slugs into tags with one look at the vocabulary; an unknown slug is an error of its field."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        given = [name for name, field in self.fields.items() if isinstance(field, SlugsField) and cleaned.get(name)]
        for name in given:
            try:
                cleaned[name] = self._pick(self.fields[name], cleaned[name])
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned

    def _pick(self, field: forms.Field, slugs: Sequence[str]) -> Picked:
        assert isinstance(field, SlugsField)  # noqa: S101
        vocabulary = current_snapshot().vocabulary
        found: set[int] = set()
        for slug in slugs:
            tag_id = vocabulary.slugs.get((field.facet, slug))
            if tag_id is None:
                message = field.error_messages["unknown_tag"]
                params = {"facet": field.facet.label.lower(), "slug": slug}
                raise ValidationError(message, code="unknown_tag", params=params)
            closure = vocabulary.ancestors if isinstance(field, PlaceField) else vocabulary.descendants
            found |= {tag_id, *closure(tag_id)}
        return Picked(tuple(slugs), frozenset(found))


class FacetFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows that carry any of the chosen tags of a facet; where a row keeps its tags, its FilterSet knows."""

    field_class = SlugsField
    parent: "FacetedFilterSet"

    def __init__(self, facet: Facet, **options: Any) -> None:
        super().__init__(facet=facet, label=facet.label, help_text=FACET_HELP.format(facet=facet.value), **options)
        self.facet = facet

    def filter(self, qs: QuerySet[Any], value: Picked | None) -> QuerySet[Any]:
        return qs.filter(self.parent.carrying(self.facet, value)) if value else qs


class ParameterFilter(django_filters.Filter):  # type: ignore[misc]
    """A value that the FilterSet as a whole reads; alone it narrows nothing."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs


class PlaceFilter(ParameterFilter):
    """The region in which something will be used."""

    field_class = PlaceField


class DayFilter(ParameterFilter):
    """The day on which something will be used."""

    field_class = FutureDateField


class MomentFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows by a point in time, its offset said."""

    field_class = PulledMomentField


class ChosenFilter(ParameterFilter, django_filters.ChoiceFilter):  # type: ignore[misc]
    """One of some codes."""


class WordsFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Rows in which every word occurs; where it may occur, their FilterSet knows."""

    parent: "FacetedFilterSet"

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        for word in (value or "").split()[:MOST_WORDS]:
            qs = qs.filter(self.parent.containing(word))
        return qs


class StableOrderingFilter(django_filters.OrderingFilter):  # type: ignore[misc]
    """An order in which rows without the value come last and ties are settled by id, so that pages never overlap."""

    def __init__(self, *names: str, default: str) -> None:
        super().__init__(fields={name: name for name in names}, help_text="A leading minus turns the order around.")
        self.default = default

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        terms = []
        for name in value or [self.default]:
            column = F(self.param_map.get(name.lstrip("-"), name.lstrip("-")))
            terms.append(column.desc(nulls_last=True) if name.startswith("-") else column.asc(nulls_last=True))
        return qs.order_by(*terms, "pk")


FACET_HELP = "Slug of a tag of the facet {facet}, everything below it included; repeat it to allow several."


class FacetedFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """Filters by every facet; a subclass says where its rows keep their tags and their words.

    Without data it filters by nothing but what always holds; with invalid data it finds nothing.
    """

    industry = FacetFilter(Facet.INDUSTRY)
    product = FacetFilter(Facet.PRODUCT)
    solution = FacetFilter(Facet.SOLUTION)
    region = FacetFilter(Facet.REGION)
    role = FacetFilter(Facet.ROLE)
    seniority = FacetFilter(Facet.SENIORITY)
    size = FacetFilter(Facet.SIZE)
    language = FacetFilter(Facet.LANGUAGE)
    technology = FacetFilter(Facet.TECHNOLOGY)
    competitor = FacetFilter(Facet.COMPETITOR)
    persona = FacetFilter(Facet.PERSONA)
    search = WordsFilter(label="Words", help_text="Words that must all occur.")

    class Meta:
        form = FacetForm
        fields: ClassVar[list[str]] = []

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        super().__init__({} if data is None else data, *args, **options)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset) if self.form.is_valid() else queryset.none()

    def carrying(self, facet: Facet, picked: Picked) -> Q:
        """Rows that carry any of the picked tags."""
        raise NotImplementedError

    def containing(self, word: str) -> Q:
        """Rows in which a word occurs."""
        raise NotImplementedError


class PulledFilterSet(FacetedFilterSet):
    """Filters rows that somebody keeps a copy of and pulls again: what changed comes in the order of its changes."""

    updated_since = MomentFilter(
        field_name="updated_at",
        lookup_expr="gte",
        help_text="A moment with its offset: what changed from it on, its rights included, oldest change first.",
    )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        is_pulled = asked.get("updated_since") and not asked.get("ordering")
        return rows.order_by("updated_at", "pk") if is_pulled else rows


class UsableFilterSet(PulledFilterSet):
    """Filters what may be used: rights are checked first, whatever else is asked."""

    channel = ChosenFilter(choices=CHANNELS, help_text="Where it will appear; without it, any channel will do.")
    used_in = PlaceFilter(
        facet=Facet.REGION, help_text="Slug of the region in which it will be used, checked against rights."
    )
    until = DayFilter(help_text="The last day of use: only what one and the same consent allows until then.")

    @property
    def day_of_use(self) -> date:
        """The day asked about, or the first of them; today where none was given."""
        return self.form.cleaned_data.get("on") or timezone.localdate()

    @property
    def use(self) -> Use:
        """The use asked about; today where no day was given."""
        asked = self.form.cleaned_data
        place = asked.get("used_in")
        return Use(
            on=self.day_of_use,
            channel=asked.get("channel") or "",
            regions=place.tag_ids if place else frozenset(),
            until=asked.get("until"),
        )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(self.keep_usable(queryset)) if self.form.is_valid() else queryset.none()

    def keep_usable(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the rows to those that `use` allows, their rights loaded."""
        raise NotImplementedError
