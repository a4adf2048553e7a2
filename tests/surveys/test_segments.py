"""Tallies of answers by attribute, by what we know of who answered, and by time."""

from datetime import date

import pytest
from django.test.utils import CaptureQueriesContext

from references.errors import DomainError
from surveys.columns import name_attribute
from surveys.models import Campaign, Response
from surveys.scores import Tally
from surveys.segments import BUILT_IN, list_attributes, read_histogram, read_periods, read_tallies, read_tally
from tests.factories import make_contact, make_customer, make_tag
from tests.surveys.rows import make_campaign, make_responses
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign()


def test_tally_and_histogram_count_every_score(campaign: Campaign) -> None:
    make_responses(campaign, [0, 6, 7, 8, 9, 10, 10])
    rows = Response.objects.all()
    assert read_tally(rows) == Tally(3, 2, 2)
    assert read_histogram(rows) == {0: 1, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 1, 7: 1, 8: 1, 9: 1, 10: 2}
    assert read_tally(Response.objects.none()) == Tally()


@pytest.mark.parametrize("name", ["plan", "Type.of.Travel", "it's 100% so", "Größe", "a→b", "$.x", "column 2026"])
def test_attribute_by_any_name(campaign: Campaign, name: str) -> None:
    make_responses(campaign, [9, 10, 3], attributes={name: "Gold"})
    make_responses(campaign, [8], attributes={name: "NA"})
    make_responses(campaign, [0], attributes={name: "(blank)"})
    make_responses(campaign, [7], attributes={})
    found = read_tallies(Response.objects.all(), name)
    assert found == {"(blank)": Tally(0, 1, 1), "Gold": Tally(2, 0, 1), "NA": Tally(0, 1, 0)}
    assert list_attributes(Response.objects.all()) == [name]


def test_attribute_goes_before_a_segment_of_our_own(campaign: Campaign) -> None:
    make_responses(campaign, [9], attributes={"quarter": "4"}, answered_on=date(2026, 1, 1))
    assert list(read_tallies(Response.objects.all(), "quarter")) == ["4"]


def test_months_and_quarters(campaign: Campaign) -> None:
    make_responses(campaign, [9], answered_on=date(2025, 12, 31))
    make_responses(campaign, [3], answered_on=date(2026, 1, 1))
    make_responses(campaign, [8], answered_on=date(2026, 3, 31))
    make_responses(campaign, [10], answered_on=None)
    rows = Response.objects.all()
    assert list(read_tallies(rows, "month")) == ["2025-12", "2026-01", "2026-03", "(blank)"]
    quarters = read_tallies(rows, "quarter")
    assert quarters == {"2025-Q4": Tally(1), "2026-Q1": Tally(0, 1, 1), "(blank)": Tally(1)}
    assert list(read_periods(rows, "month")) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 3, 1), None]


def test_segments_of_our_own(campaign: Campaign, rep: User) -> None:
    west = make_tag("region", "West", parent=make_tag("region", "Europe", parent=make_tag("region", "Worldwide")))
    germany = make_tag("region", "Germany", parent=west, languages=[make_tag("language", "German")])
    bavaria = make_tag("region", "Bavaria", parent=germany)
    bank, insurance = make_tag(name="Bank"), make_tag(name="Insurance")
    customer = make_customer(
        tags=[bank, insurance, germany, bavaria], size_band="1000-9999", tier="key", account_owner=rep
    )
    cfo = make_contact(customer, tags=[make_tag("role", "Finance")], seniority="c_level")
    ledger = make_tag("product", "Ledger")
    make_responses(campaign, [9], contact=cfo, product=ledger, language="de")
    make_responses(campaign, [0, 7], channel="phone")
    rows = Response.objects.all()
    one, rest = Tally(1), Tally(0, 1, 1)
    for segment, value in {
        "product": "Ledger",
        "country": "Germany",
        "region": "Europe",
        "role": "Finance",
        "seniority": "C-level",
        "tier": "Key",
        "account_owner": "Robin Rep",
        "language": "de",
    }.items():
        found = {key.lower(): tally for key, tally in read_tallies(rows, segment).items()}
        assert found == {value.lower(): one, "(blank)": rest}, segment
    assert read_tallies(rows, "industry") == {"Bank": one, "Insurance": one, "(blank)": rest}
    assert {tally.responses for tally in read_tallies(rows, "size").values()} == {1, 2}
    assert read_tallies(rows, "channel") == {"E-mail link": one, "Telephone": rest}


def test_unknown_segment_is_refused(campaign: Campaign) -> None:
    make_responses(campaign, [9])
    with pytest.raises(DomainError) as refused:
        read_tallies(Response.objects.all(), "shoe_size")
    assert refused.value.code == "unknown_segment"


@pytest.mark.parametrize("segment", [*BUILT_IN, "plan"])
def test_every_segment_takes_few_queries(campaign: Campaign, segment: str) -> None:
    from django.db import connection

    make_responses(campaign, [9, 3], attributes={"plan": "a"})
    with CaptureQueriesContext(connection) as few:
        read_tallies(Response.objects.all(), segment)
    for number in range(3):
        make_responses(campaign, [9], attributes={"plan": str(number)}, contact=make_contact())
    with CaptureQueriesContext(connection) as many:
        read_tallies(Response.objects.all(), segment)
    assert len(few) == len(many) <= 3


def test_attribute_whose_heading_no_path_can_hold_is_found_by_it(campaign: Campaign) -> None:
    make_responses(campaign, [9], attributes={name_attribute('Is it "good"?'): "a", name_attribute("2026"): "b"})
    assert list(read_tallies(Response.objects.all(), 'Is it "good"?')) == ["a"]
    assert list(read_tallies(Response.objects.all(), "2026")) == ["b"]
