"""The filters of the pool's rows by themselves; how they answer over HTTP is in tests/api."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from references.filtering import judge_day
from references.filters import (
    CaseStudyFilter,
    CustomerFilter,
    SpeakerFilter,
    language_codes,
)
from references.models import CaseStudy, Contact, Customer
from tests.factories import make_case_study, make_consent, make_contact, make_customer, make_tag
from users.models import User


class Call:
    """A request as filters see it."""

    def __init__(self, user: User) -> None:
        self.user = user


def query(text: str) -> QueryDict:
    return QueryDict(text)


def test_languages_are_known_by_the_slug_of_their_name() -> None:
    assert "en" in language_codes(["english"])
    assert "en-gb" in language_codes(["english"])
    assert {"de", "fr"} <= language_codes(["german", "french"])
    assert language_codes(["klingon"]) == set()


@pytest.mark.parametrize(("days", "code"), [(-1, "past_date"), (0, ""), (3660, ""), (3661, "far_date")])
def test_day_of_use_lies_within_ten_years(days: int, code: str) -> None:
    assert judge_day(timezone.localdate() + timedelta(days=days)) == code


@pytest.mark.django_db
def test_rights_are_checked_even_without_data_and_nothing_is_found_with_bad_data() -> None:
    customer = make_customer()
    make_case_study(customer)
    rows = CaseStudy.objects.all()
    assert not CaseStudyFilter(None, queryset=rows).qs.exists()
    make_consent(customer, "case_study")
    assert CaseStudyFilter(None, queryset=rows).qs.count() == 1
    assert CaseStudyFilter(query(""), queryset=rows).qs.count() == 1
    for bad in ("channel=nowhere", "on=yesterday", "industry=none", "ordering=color"):
        assert not CaseStudyFilter(query(bad), queryset=rows).qs.exists(), bad


def test_slugs_come_as_a_list_or_as_one(rep: User) -> None:
    banking, energy = make_tag("industry", "Banking"), make_tag("industry", "Energy")
    make_contact(make_customer(tags=[banking]), consents=["speaking"])
    make_contact(make_customer(tags=[energy]), consents=["speaking"])

    def count(data: Any) -> int:
        return len(SpeakerFilter(data, queryset=Contact.objects.all(), request=Call(rep)).qs)

    assert count({"industry": "banking"}) == 1
    assert count({"industry": ["banking", "energy"]}) == 2
    assert count(query("industry=banking&industry=energy")) == 2
    assert count(query("industry=")) == 2


@pytest.mark.django_db
def test_own_tag_of_a_person_counts_like_the_customers() -> None:
    role, industry = make_tag("role", "Finance lead"), make_tag("industry", "Banking")
    contact = make_contact(make_customer(tags=[industry]), tags=[role], consents=["speaking"])
    make_contact(contact.customer, consents=["speaking"])
    both = query("role=finance-lead&industry=banking")
    assert list(SpeakerFilter(both, queryset=Contact.objects.all()).qs) == [contact]


@pytest.mark.django_db
def test_region_that_lies_in_two_is_found_by_either() -> None:
    europe, dach = make_tag("region", "Europe"), make_tag("region", "DACH")
    austria = make_tag("region", "Austria", parent=europe, also_in=[dach])
    customer = make_customer(tags=[austria])
    for slug in ("europe", "dach", "austria"):
        assert list(CustomerFilter(query(f"region={slug}"), queryset=Customer.objects.all()).qs) == [customer]


@pytest.mark.django_db
def test_form_of_customers_offers_no_facets_of_persons() -> None:
    offered = set(CustomerFilter(None, queryset=Customer.objects.all()).form.fields)
    assert {"industry", "size", "tier", "search"} <= offered
    assert not {"role", "seniority", "persona"} & offered
