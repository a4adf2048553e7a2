"""What a facet says is what choosing it gives, for people, stories, quotes and numbers alike."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from references.enums import Facet
from references.facet_counts import count_selections
from references.filters import CaseStudyFilter, ProofPointFilter, SpeakerFilter, TestimonialFilter
from references.models import CaseStudy, Contact, ProofPoint, Testimonial
from tests.factories import (
    make_case_study,
    make_consent,
    make_contact,
    make_customer,
    make_proof_point,
    make_tag,
    make_testimonial,
)
from users.models import User

KINDS = [
    (SpeakerFilter, Contact),
    (CaseStudyFilter, CaseStudy),
    (TestimonialFilter, Testimonial),
    (ProofPointFilter, ProofPoint),
]


@pytest.fixture
def pool(db: None) -> None:
    """Customers in a tree of industries, people with roles, and something of every kind."""
    finance = make_tag("industry", "Finance")
    industries = [make_tag("industry", "Banking", parent=finance), finance, make_tag("industry", "Retail")]
    for slug in ("51-200", "10001+"):
        make_tag("size", slug, slug=slug)
    make_tag("seniority", "VP", slug="vp")
    make_tag("language", "German")
    roles = [make_tag("role", "Risk"), make_tag("role", "Sales")]
    products = [make_tag("product", name) for name in ("Ledger", "Pay")]
    for number in range(7):
        size, industry = ("51-200", "10001+")[number % 2], industries[number % 3]
        customer = make_customer(tags=[industry, products[number % 2]], size_band=size)
        make_consent(customer, "case_study")
        contact = make_contact(
            customer, tags=[roles[number % 2]], seniority="vp" if number < 3 else "", consents=["speaking", "quote"]
        )
        story = make_case_study(customer, tags=[products[0]], contact=contact, language=("de", "en")[number % 2])
        make_testimonial(contact, tags=[products[1]], language=("de", "de-xx", "en-gb")[number % 3])
        make_proof_point(customer, case_study=story if number % 3 else None)
    make_case_study(tags=products)  # nobody has agreed to it


@pytest.mark.parametrize("filterset,model", KINDS)
@pytest.mark.parametrize("asked", ["", "industry=finance", "product=ledger&product=pay&role=risk"])
def test_count_is_what_choosing_gives(pool: None, filterset: Any, model: Any, asked: str, manager: User) -> None:
    request = RequestFactory().get("/")
    request.user = manager

    def find(query: QueryDict) -> Any:
        return filterset(query, queryset=model.objects.all(), request=request).qs

    query = QueryDict(asked, mutable=True)
    chosen = {facet: query.getlist(facet) for facet in Facet.values if facet in query}
    selections = {"": find(query)}
    for facet in chosen:
        without = query.copy()
        without.pop(facet)
        selections[facet] = find(without)
    counts = count_selections(selections, chosen)
    assert {"industry", "product", "role", "size"} <= set(counts)
    for facet, found in counts.items():
        for each in found:
            narrowed = query.copy()
            narrowed.setlist(facet, [each.key])
            assert each.count == find(narrowed).count() > 0, (facet, each)
            assert each.is_chosen == (each.key in chosen.get(facet, ()))


def test_nothing_left_has_no_counts(pool: None) -> None:
    assert count_selections({"": Testimonial.objects.none()}, {}) == {}
