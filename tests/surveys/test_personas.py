"""Personas: their scores, and only those words that their consent lets us use, without names."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from references.models import Tag
from surveys.models import Campaign, Response
from surveys.personas import read_personas
from surveys.scores import Tally
from tests.factories import make_consent, make_contact, make_customer, make_tag
from tests.surveys.rows import make_campaign, make_responses

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign()


@pytest.fixture
def finance() -> Tag:
    return make_tag("role", "Finance")


def fill(campaign: Campaign, role: Tag, number: int = 10) -> None:
    make_responses(campaign, [9] * number, contact=make_contact(tags=[role], seniority="c_level"))


def test_personas_are_role_by_seniority(campaign: Campaign, finance: Tag) -> None:
    fill(campaign, finance, 12)
    make_responses(campaign, [3] * 9, contact=make_contact(tags=[finance], seniority="manager"))
    make_responses(campaign, [8] * 11, contact=make_contact(seniority="manager"))
    make_responses(campaign, [0] * 50)
    found = read_personas(Response.objects.all(), TODAY)
    assert [(each.role, each.seniority, each.tally) for each in found] == [
        ("Finance", "c_level", Tally(12)),
        ("(blank)", "manager", Tally(0, 11)),
        ("Finance", "manager", Tally(0, 0, 9)),
    ]
    assert found[0].role_id == finance.pk
    assert [each.is_hidden for each in found] == [False, False, True]
    assert found[2].interval is None


def test_quotes_are_those_of_people_who_consent(campaign: Campaign, finance: Tag) -> None:
    fill(campaign, finance)
    told = {
        "Allowed": make_contact(tags=[finance], seniority="c_level", consents=["quote"]),
        "Other thing": make_contact(tags=[finance], seniority="c_level", consents=["call"]),
        "Never asked": make_contact(tags=[finance], seniority="c_level"),
        "Opted out": make_contact(tags=[finance], seniority="c_level", consents=["quote"], has_opted_out=True),
        "Over": make_contact(tags=[finance], seniority="c_level"),
        "Revoked": make_contact(tags=[finance], seniority="c_level"),
    }
    make_consent(told["Over"], "quote", valid_until=TODAY - timedelta(days=1))
    make_consent(told["Revoked"], "quote", revoked_at=timezone.now())
    for text, person in told.items():
        make_responses(campaign, [10], contact=person, comment=text)
    (persona,) = read_personas(Response.objects.all(), TODAY)
    assert [quote.text for quote in persona.quotes] == ["Allowed"]


def test_quotes_name_nobody(campaign: Campaign, finance: Tag) -> None:
    fill(campaign, finance)
    ada = make_contact(
        make_customer("Berghain Reederei"),
        "Ada Thorvald",
        tags=[finance],
        seniority="c_level",
        consents=["quote"],
        email="ada@reederei.test",
    )
    make_responses(
        campaign, [10], contact=ada, comment="At Berghain Reederei we love it. Ada Thorvald, ada@reederei.test"
    )
    (persona,) = read_personas(Response.objects.all(), TODAY)
    (quote,) = persona.quotes
    assert "love it" in quote.text
    for word in ("Ada", "Thorvald", "Berghain", "reederei"):
        assert word.lower() not in quote.text.lower()


def test_quotes_of_a_small_persona_stay_hidden_and_the_latest_come_first(campaign: Campaign, finance: Tag) -> None:
    person = make_contact(tags=[finance], seniority="c_level", consents=["quote"])
    for year in range(2020, 2025):
        make_responses(campaign, [10], contact=person, comment=f"In {year}", answered_on=date(year, 1, 1))
    (small,) = read_personas(Response.objects.all(), TODAY)
    assert small.quotes == ()
    fill(campaign, finance)
    (persona,) = read_personas(Response.objects.all(), TODAY)
    assert [quote.text for quote in persona.quotes] == ["In 2024", "In 2023", "In 2022"]


def test_personas_take_a_constant_number_of_queries(campaign: Campaign, finance: Tag) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as caught:
            read_personas(Response.objects.all(), TODAY)
        return len(caught)

    fill(campaign, finance)
    before = ask()
    for number in range(4):
        role = make_tag("role", f"Role {number}")
        person = make_contact(tags=[role], consents=["quote"])
        make_responses(campaign, [9] * 10, contact=person, comment="Fine")
    assert ask() == before <= 4
