"""The filters of the pool's rows, the same for a page and for the API: facets, rights, free text, order.

A facet takes slugs. Several slugs of one facet widen the result, several facets narrow it, and a tag stands for
everything below it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from references import activities
from references.enums import Channel, Facet, SlotStatus, TestimonialKind, Tier
from references.idlist import id_list
from references.models import (
    CaseStudy,
    CaseStudyTag,
    Contact,
    ContactTag,
    Customer,
    CustomerTag,
    SlotTag,
    SpeakingSlot,
    Tag,
    Testimonial,
    TestimonialTag,
)
from references.pool.index import current_snapshot
from references.pool.readiness import Readiness
from references.rights import Use, nameable_customers, usable_case_studies, usable_speakers, usable_testimonials
from references.text import fold_name

MOST_WORDS = 8
MOST_DAYS_AHEAD = 3660
DEFAULT_ACTIVITY = "speaking"
CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.ANY]


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


class UsableFilterSet(FacetedFilterSet):
    """Filters what may be used: rights are checked first, whatever else is asked."""

    channel = ChosenFilter(choices=CHANNELS, help_text="Where it will appear; without it, any channel will do.")
    used_in = PlaceFilter(
        facet=Facet.REGION, help_text="Slug of the region in which it will be used, checked against rights."
    )
    day_name: ClassVar[str] = "on"

    @property
    def use(self) -> Use:
        """The use asked about; today where no day was given."""
        asked = self.form.cleaned_data
        place = asked.get("used_in")
        return Use(
            on=asked.get(self.day_name) or timezone.localdate(),
            channel=asked.get("channel") or "",
            regions=place.tag_ids if place else frozenset(),
        )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(self.keep_usable(queryset)) if self.form.is_valid() else queryset.none()

    def keep_usable(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the rows to those that `use` allows, their rights loaded."""
        raise NotImplementedError


def _tagged(through: type[Model], owner: str, tag_ids: Iterable[int], column: str = "pk") -> Q:
    """Rows whose `column` is among the owners of these tags; a list the database makes once."""
    return Q(**{f"{column}__in": through._default_manager.filter(tag__in=list(tag_ids)).values(owner)})


def _named(through: type[Model], owner: str, word: str, column: str = "pk") -> Q:
    """Rows whose `column` is among the owners of tags with `word` in their names."""
    return Q(**{f"{column}__in": through._default_manager.filter(tag__name__icontains=word).values(owner)})


def language_codes(slugs: Iterable[str]) -> set[str]:
    """Give the ISO codes of languages by the slug of their English name ("english" → en, en-us …)."""
    wanted = set(slugs)
    codes = {code for code, info in LANG_INFO.items() if fold_name(info.get("name", "")).replace(" ", "-") in wanted}
    return codes | {code for code in LANG_INFO if code.partition("-")[0] in codes}


class TagFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Finds tags by facet, parent and word."""

    facet = django_filters.MultipleChoiceFilter(choices=Facet.choices, help_text="Repeat it to allow several.")
    parent = django_filters.CharFilter(field_name="parent__slug", help_text="Slug of the tag directly above.")
    search = django_filters.CharFilter(method="containing", help_text="Part of the name or of a synonym.")
    ordering = StableOrderingFilter("name", "facet", default="name")

    class Meta:
        model = Tag
        fields: ClassVar[list[str]] = []

    def containing(self, queryset: QuerySet[Tag], name: str, value: str) -> QuerySet[Tag]:
        synonyms = Tag.objects.filter(synonyms__text__icontains=value)
        return queryset.filter(Q(name__icontains=value) | Q(pk__in=synonyms.values("pk")))


class CustomerFilter(FacetedFilterSet):
    """Finds customers by the tags they carry and by name; what describes only a person is no filter here."""

    role = seniority = persona = None  # type: ignore[assignment]
    tier = django_filters.MultipleChoiceFilter(choices=Tier.choices, help_text="Repeat it to allow several.")
    ordering = StableOrderingFilter("name", "created_at", default="name")

    class Meta(FacetedFilterSet.Meta):
        model = Customer

    def carrying(self, facet: Facet, picked: Picked) -> Q:
        if facet == Facet.SIZE:
            return Q(size_band__in=picked.slugs)
        return _tagged(CustomerTag, "customer", picked.tag_ids)

    def containing(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(domain__icontains=word) | _named(CustomerTag, "customer", word)


class SpeakerFilter(UsableFilterSet):
    """Finds promoters who consent to an activity, by their own tags and their customer's."""

    activity = ChosenFilter(
        choices=activities.CHOICES,
        help_text=f"What they would do; {DEFAULT_ACTIVITY} where none is named.",
    )
    available_on = DayFilter(
        help_text="A day on which no rule stands against asking them: consent, pauses, caps, rest, fatigue.",
    )
    ordering = StableOrderingFilter("verified_on", "nps_on", "created_at", default="-verified_on")
    day_name = "available_on"

    class Meta(FacetedFilterSet.Meta):
        model = Contact

    @property
    def wanted_activity(self) -> str:
        """The activity asked for."""
        return self.form.cleaned_data.get("activity") or DEFAULT_ACTIVITY

    def keep_usable(self, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        readiness = Readiness(self.wanted_activity, self.use.on)
        is_dated = self.form.cleaned_data.get("available_on") is not None
        ids = readiness.free_ids() if is_dated else readiness.willing_ids()
        return usable_speakers(queryset.filter(pk__in=id_list(ids)), self.wanted_activity, self.use)

    def carrying(self, facet: Facet, picked: Picked) -> Q:
        if facet == Facet.SENIORITY:
            return Q(seniority__in=picked.slugs)
        if facet == Facet.SIZE:
            return Q(customer__size_band__in=picked.slugs)
        theirs = _tagged(CustomerTag, "customer", picked.tag_ids, "customer")
        return _tagged(ContactTag, "contact", picked.tag_ids) | theirs

    def containing(self, word: str) -> Q:
        """In the title, the tags, and the customer's name where the viewer may see it; a hidden name finds nobody."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        bears_name = Q(customer__name__icontains=word) | Q(customer__domain__icontains=word)
        titled = Q(title__icontains=word) & (Q(customer__in=nameable) | ~bears_name)
        named = Q(customer__in=nameable, customer__name__icontains=word)
        tags = _named(ContactTag, "contact", word) | _named(CustomerTag, "customer", word, "customer")
        return titled | named | tags


class ContentFilter(UsableFilterSet):
    """Finds content by its own tags, its customer's and its person's."""

    on = DayFilter(help_text="The day of use; today where none is named.")
    ordering = StableOrderingFilter("published_on", "created_at", default="-published_on")
    through: ClassVar[type[Model]]
    owner: ClassVar[str]
    text_fields: ClassVar[tuple[str, ...]]

    def carrying(self, facet: Facet, picked: Picked) -> Q:
        if facet == Facet.LANGUAGE:
            return Q(language__in=language_codes(picked.slugs))
        if facet == Facet.SIZE:
            return Q(customer__size_band__in=picked.slugs)
        if facet == Facet.SENIORITY:
            return Q(contact__seniority__in=picked.slugs)
        own = _tagged(self.through, self.owner, picked.tag_ids)
        person = _tagged(ContactTag, "contact", picked.tag_ids, "contact")
        return own | person | _tagged(CustomerTag, "customer", picked.tag_ids, "customer")

    def containing(self, word: str) -> Q:
        """In the text; a name that is withheld from the text cannot be found by either."""
        found = _named(self.through, self.owner, word)
        for field in self.text_fields:
            found |= Q(**{f"{field}__icontains": word})
        names = Q(customer__name__icontains=word) | Q(contact__name__icontains=word)
        return (found | names) & (Q(may_be_named=True) | ~names)


class TestimonialFilter(ContentFilter):
    """Finds quotes, videos and reviews that may be used."""

    kind = django_filters.MultipleChoiceFilter(choices=TestimonialKind.choices, help_text="Repeat it to allow several.")
    through, owner, text_fields = TestimonialTag, "testimonial", ("text",)

    class Meta(FacetedFilterSet.Meta):
        model = Testimonial

    def keep_usable(self, queryset: QuerySet[Testimonial]) -> QuerySet[Testimonial]:
        return usable_testimonials(queryset, self.use)


class CaseStudyFilter(ContentFilter):
    """Finds stories that may be used."""

    through, owner, text_fields = CaseStudyTag, "case_study", ("title", "challenge", "solution_text", "results")

    class Meta(FacetedFilterSet.Meta):
        model = CaseStudy

    def keep_usable(self, queryset: QuerySet[CaseStudy]) -> QuerySet[CaseStudy]:
        return usable_case_studies(queryset, self.use)


class SpeakingSlotFilter(FacetedFilterSet):
    """Finds slots by what they are about, where and when."""

    status = django_filters.MultipleChoiceFilter(choices=SlotStatus.choices, help_text="Repeat it to allow several.")
    starts_from = django_filters.DateFilter(field_name="starts_at", lookup_expr="date__gte", help_text="First day.")
    starts_until = django_filters.DateFilter(field_name="starts_at", lookup_expr="date__lte", help_text="Last day.")
    deadline_from = django_filters.DateFilter(
        field_name="deadline", lookup_expr="gte", help_text="Slots that can still be applied for on this day."
    )
    ordering = StableOrderingFilter("starts_at", "deadline", default="starts_at")

    class Meta(FacetedFilterSet.Meta):
        model = SpeakingSlot

    def carrying(self, facet: Facet, picked: Picked) -> Q:
        if facet == Facet.LANGUAGE:
            return Q(language__in=language_codes(picked.slugs))
        own = _tagged(SlotTag, "slot", picked.tag_ids)
        return own | Q(region__in=list(picked.tag_ids)) if facet == Facet.REGION else own

    def containing(self, word: str) -> Q:
        fields = ("event", "topic", "place", "audience", "format")
        found = _named(SlotTag, "slot", word)
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
        return found
