"""The filters of the content library: every piece in whatever state, for those who may log content."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Model, Q, QuerySet

from references.enums import ContentNoun, ContentStatus, Facet, TestimonialKind
from references.filtering import FacetedFilterSet, ParameterFilter, Picked
from references.filters import language_codes
from references.models import CaseStudy, CaseStudyTag, CustomerTag, Testimonial, TestimonialTag
from references.piece_search import touching
from references.pool.index import current_snapshot
from references.record_filters import REPEAT, IdFilter
from references.rights import nameable_customers

KINDS = ((ContentNoun.CASE_STUDY.value, ContentNoun.CASE_STUDY.label), *TestimonialKind.choices)
ORDERINGS = ("-updated_at", "updated_at", "-published_on", "published_on", "expires_on", "-created_at")


class LibraryFilter(FacetedFilterSet):
    """Finds pieces by state, kind, whose they are, their tags and words; `ordering` is kept by whoever lists them."""

    status = django_filters.MultipleChoiceFilter(choices=ContentStatus.choices, help_text=REPEAT)
    kind = django_filters.MultipleChoiceFilter(choices=KINDS, method="of_kind", help_text=REPEAT)
    customer = IdFilter(field_name="customer", help_text="Id of a customer.")
    owner = IdFilter(field_name="owner", help_text="Id of the user who keeps it.")
    ordering = ParameterFilter(help_text=f"One of {', '.join(ORDERINGS)}.")
    through: ClassVar[type[Model]]
    noun: ClassVar[str]
    text_fields: ClassVar[tuple[str, ...]]

    def of_kind(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Only these kinds; case studies are one of them."""
        raise NotImplementedError

    def carrying(self, facet: Facet, picked: Picked) -> Q:
        """By their own tags and their customer's."""
        if facet == Facet.LANGUAGE:
            return Q(language__in=language_codes(picked.slugs))
        if facet == Facet.SIZE:
            return Q(customer__size_band__in=picked.slugs)
        if facet == Facet.SENIORITY:
            return Q(contact__seniority__in=picked.slugs)
        own = self.through._default_manager.filter(tag__in=list(picked.tag_ids)).values(self.noun)
        theirs = CustomerTag.objects.filter(tag__in=list(picked.tag_ids)).values("customer")
        return Q(pk__in=own) | Q(customer__in=theirs)

    def containing(self, word: str) -> Q:
        """In the words or the customer's name; a name that the viewer may not see finds nothing."""
        nameable = nameable_customers(self.request.user, current_snapshot().policy).values("pk")
        bears_name = touching(word, "customer__folded_name", "customer__domain")
        found = Q(customer__name__icontains=word)
        for field in self.text_fields:
            found |= Q(**{f"{field}__icontains": word})
        return found & (Q(customer__in=nameable) | ~bears_name)


class CaseStudyLibraryFilter(LibraryFilter):
    """Finds case studies."""

    through, noun, text_fields = CaseStudyTag, "case_study", ("title", "challenge", "solution_text", "results")

    class Meta(FacetedFilterSet.Meta):
        model = CaseStudy

    def of_kind(self, queryset: QuerySet[CaseStudy], name: str, value: list[str]) -> QuerySet[CaseStudy]:
        return queryset.none() if value and ContentNoun.CASE_STUDY not in value else queryset


class TestimonialLibraryFilter(LibraryFilter):
    """Finds quotes, videos, reviews and recorded webinars."""

    through, noun, text_fields = TestimonialTag, "testimonial", ("text", "transcript")

    class Meta(FacetedFilterSet.Meta):
        model = Testimonial

    def of_kind(self, queryset: QuerySet[Testimonial], name: str, value: list[str]) -> QuerySet[Testimonial]:
        return queryset.filter(kind__in=value) if value else queryset
