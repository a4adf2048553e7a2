"""The filters of the pool's rows, the same for a page and for the API: where each keeps its tags, rights and words."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django import forms
from django.conf.locale import LANG_INFO
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from references import activities
from references.enums import Facet, SlotStatus, TestimonialKind, Tier
from references.filtering import (
    MOST_WORDS,
    ChosenFilter,
    DayFilter,
    FacetedFilterSet,
    FacetForm,
    Picked,
    PulledFilterSet,
    StableOrderingFilter,
    UsableFilterSet,
    WordsFilter,
)
from references.idlist import id_list
from references.models import (
    CaseStudy,
    CaseStudyTag,
    Contact,
    ContactTag,
    Customer,
    CustomerTag,
    ProofPoint,
    SlotTag,
    SpeakingSlot,
    Tag,
    Testimonial,
    TestimonialTag,
)
from references.piece_search import PieceWordsFilter, touching
from references.pool.index import current_snapshot
from references.pool.pieces import count_pieces
from references.pool.readiness import Readiness
from references.rights import (
    nameable_customers,
    usable_case_studies,
    usable_proof_points,
    usable_speakers,
    usable_testimonials,
)
from references.text import fold_name

DEFAULT_ACTIVITY = "speaking"
MOST_DAYS_FREE = 92


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


class SpeakerForm(FacetForm):
    """Checks the days on any of which somebody must be free."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("available_from"), cleaned.get("available_until")
        if cleaned.get("available_on") and (first or last):
            self.add_error("available_on", forms.ValidationError("Ask for one day or for some.", code="one_or_some"))
        if last and last < (first or timezone.localdate()):
            self.add_error("available_until", forms.ValidationError("It ends before it begins.", code="ends_before"))
        elif last and (last - (first or timezone.localdate())).days >= MOST_DAYS_FREE:
            message = f"Ask for at most {MOST_DAYS_FREE} days."
            self.add_error("available_until", forms.ValidationError(message, code="too_many_days"))
        if first and not last:
            self.add_error("available_from", forms.ValidationError("Say until when.", code="until_required"))
        return cleaned


class SpeakerFilter(UsableFilterSet):
    """Finds promoters who consent to an activity, by their own tags and their customer's."""

    activity = ChosenFilter(
        choices=activities.CHOICES,
        help_text=f"What they would do; {DEFAULT_ACTIVITY} where none is named.",
    )
    available_on = DayFilter(
        help_text="A day on which no rule stands against asking them: consent, pauses, caps, rest, fatigue.",
    )
    available_from = DayFilter(help_text="The first of the days on any of which no rule may stand against asking.")
    available_until = DayFilter(
        help_text=f"The last of those days, at most {MOST_DAYS_FREE}; rights are checked for the first."
    )
    ordering = StableOrderingFilter("verified_on", "nps_on", "created_at", "updated_at", default="-verified_on")

    class Meta(FacetedFilterSet.Meta):
        model = Contact
        form = SpeakerForm

    @property
    def day_of_use(self) -> date:
        asked = self.form.cleaned_data
        return asked.get("available_on") or asked.get("available_from") or timezone.localdate()

    @property
    def wanted_activity(self) -> str:
        """The activity asked for."""
        return self.form.cleaned_data.get("activity") or DEFAULT_ACTIVITY

    def keep_usable(self, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        asked = self.form.cleaned_data
        if asked.get("available_until"):
            ids = self._free_between(self.use.on, asked["available_until"])
        else:
            readiness = Readiness(self.wanted_activity, self.use.on)
            ids = readiness.free_ids() if asked.get("available_on") else readiness.willing_ids()
        return usable_speakers(queryset.filter(pk__in=id_list(ids)), self.wanted_activity, self.use)

    def _free_between(self, first: date, last: date) -> list[int]:
        """Ids of those who are free on any of these days."""
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return sorted(reduce(or_, (set(Readiness(self.wanted_activity, day).free_ids()) for day in days)))

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
        bears_name = touching(word, "customer__folded_name", "customer__domain")
        titled = Q(title__icontains=word) & (Q(customer__in=nameable) | ~bears_name)
        named = Q(customer__in=nameable, customer__name__icontains=word)
        tags = _named(ContactTag, "contact", word) | _named(CustomerTag, "customer", word, "customer")
        return titled | named | tags


class ContentFilter(UsableFilterSet):
    """Finds content by its own tags, its customer's and its person's."""

    on = DayFilter(help_text="The day of use; today where none is named.")
    published_from = django_filters.DateFilter(
        field_name="published_on", lookup_expr="gte", help_text="First day of publication."
    )
    published_until = django_filters.DateFilter(
        field_name="published_on", lookup_expr="lte", help_text="Last day of publication."
    )
    attributed = django_filters.BooleanFilter(
        field_name="may_be_named", help_text="`true`: only what may carry the name; `false`: only what may not."
    )
    ordering = StableOrderingFilter("published_on", "created_at", "updated_at", "expires_on", default="-published_on")
    search = PieceWordsFilter(label="Words", help_text="Words that must all occur.")
    through: ClassVar[type[Model]]
    owner: ClassVar[str]

    @property
    def known_count(self) -> int | None:
        """How many rows there are, told by the pool index, where nothing but consent on a day narrows them."""
        if not self.form.is_valid():
            return None
        if {name for name, value in self.form.cleaned_data.items() if value not in ("", None, [])} - {"on", "ordering"}:
            return None
        return count_pieces(current_snapshot(), self.owner, self.use.on)

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


class TestimonialFilter(ContentFilter):
    """Finds quotes, videos and reviews that may be used."""

    kind = django_filters.MultipleChoiceFilter(choices=TestimonialKind.choices, help_text="Repeat it to allow several.")
    through, owner = TestimonialTag, "testimonial"

    class Meta(FacetedFilterSet.Meta):
        model = Testimonial

    def keep_usable(self, queryset: QuerySet[Testimonial]) -> QuerySet[Testimonial]:
        return usable_testimonials(queryset, self.use)


class CaseStudyFilter(ContentFilter):
    """Finds stories that may be used."""

    through, owner = CaseStudyTag, "case_study"

    class Meta(FacetedFilterSet.Meta):
        model = CaseStudy

    def keep_usable(self, queryset: QuerySet[CaseStudy]) -> QuerySet[CaseStudy]:
        return usable_case_studies(queryset, self.use)


class ProofPointFilter(UsableFilterSet):
    """Finds numbers that may be used, by the tags of their customer, and of their piece and its person."""

    on = DayFilter(help_text="The day of use; today where none is named.")
    metric = WordsFilter(method="measuring", help_text="Words that must all occur in what was measured.")
    of = ChosenFilter(
        choices=[("customer", "customer"), ("case_study", "case study"), ("testimonial", "testimonial")],
        method="belonging",
        help_text="Whose numbers: a piece's, or those of the customer alone.",
    )
    has_money = django_filters.BooleanFilter(
        field_name="amount", lookup_expr="isnull", exclude=True, help_text="Whether it says an amount of money."
    )
    currency = django_filters.CharFilter(lookup_expr="iexact", help_text="Code of the currency, such as EUR.")
    amount_from = django_filters.NumberFilter(field_name="amount", lookup_expr="gte", help_text="The least amount.")
    amount_until = django_filters.NumberFilter(field_name="amount", lookup_expr="lte", help_text="The largest amount.")
    measured_from = django_filters.DateFilter(
        field_name="measured_on", lookup_expr="gte", help_text="First day of measurement."
    )
    measured_until = django_filters.DateFilter(
        field_name="measured_on", lookup_expr="lte", help_text="Last day of measurement."
    )
    attributed = django_filters.BooleanFilter(
        field_name="may_be_named", help_text="`true`: only what may carry the name; `false`: only what may not."
    )
    ordering = StableOrderingFilter("measured_on", "amount", "created_at", "updated_at", default="-measured_on")

    class Meta(FacetedFilterSet.Meta):
        model = ProofPoint

    def keep_usable(self, queryset: QuerySet[ProofPoint]) -> QuerySet[ProofPoint]:
        return usable_proof_points(queryset, self.use)

    def carrying(self, facet: Facet, picked: Picked) -> Q:
        if facet == Facet.LANGUAGE:
            codes = language_codes(picked.slugs)
            return Q(case_study__language__in=codes) | Q(testimonial__language__in=codes)
        if facet == Facet.SIZE:
            return Q(customer__size_band__in=picked.slugs)
        if facet == Facet.SENIORITY:
            return Q(case_study__contact__seniority__in=picked.slugs) | Q(
                testimonial__contact__seniority__in=picked.slugs
            )
        found = _tagged(CustomerTag, "customer", picked.tag_ids, "customer")
        for noun, through in (("case_study", CaseStudyTag), ("testimonial", TestimonialTag)):
            found |= _tagged(through, noun, picked.tag_ids, noun)
            found |= _tagged(ContactTag, "contact", picked.tag_ids, f"{noun}__contact")
        return found

    def containing(self, word: str) -> Q:
        """In its words and its piece's tags; a name that is withheld finds nothing."""
        found = Q(metric__icontains=word) | Q(how_measured__icontains=word) | Q(unit__icontains=word)
        found |= _named(CaseStudyTag, "case_study", word, "case_study")
        found |= _named(TestimonialTag, "testimonial", word, "testimonial")
        found |= Q(customer__name__icontains=word) | Q(customer__domain__icontains=word)
        found |= Q(case_study__contact__name__icontains=word) | Q(testimonial__contact__name__icontains=word)
        return found & (Q(may_be_named=True) | ~self._names(word))

    def measuring(self, queryset: QuerySet[ProofPoint], name: str, value: str) -> QuerySet[ProofPoint]:
        for word in value.split()[:MOST_WORDS]:
            queryset = queryset.filter(Q(metric__icontains=word) & (Q(may_be_named=True) | ~self._names(word)))
        return queryset

    def belonging(self, queryset: QuerySet[ProofPoint], name: str, value: str) -> QuerySet[ProofPoint]:
        if value == "customer":
            return queryset.filter(case_study__isnull=True, testimonial__isnull=True)
        return queryset.filter(**{f"{value}__isnull": False})

    def _names(self, word: str) -> Q:
        """Those of whose customer or person a word touches the name, however it is written."""
        found = touching(word, "customer__folded_name", "customer__domain")
        for piece in ("case_study", "testimonial"):
            found |= Q(touching(word, f"{piece}__contact__folded_name"), **{f"{piece}__contact__isnull": False})
        return found


class SpeakingSlotFilter(PulledFilterSet):
    """Finds slots by what they are about, where and when."""

    activity = django_filters.MultipleChoiceFilter(
        choices=activities.CHOICES, help_text="What the speaker does; repeat it to allow several."
    )

    status = django_filters.MultipleChoiceFilter(choices=SlotStatus.choices, help_text="Repeat it to allow several.")
    starts_from = django_filters.DateFilter(field_name="starts_at", lookup_expr="date__gte", help_text="First day.")
    starts_until = django_filters.DateFilter(field_name="starts_at", lookup_expr="date__lte", help_text="Last day.")
    deadline_from = django_filters.DateFilter(
        field_name="deadline", lookup_expr="gte", help_text="Slots that can still be applied for on this day."
    )
    deadline_until = django_filters.DateFilter(
        field_name="deadline", lookup_expr="lte", help_text="Slots whose deadline has come by this day."
    )
    ordering = StableOrderingFilter("starts_at", "deadline", "created_at", "updated_at", default="starts_at")

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
