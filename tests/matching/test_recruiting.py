"""A recruiting task as it stands today: who is nearest, what each lacks now, who is known but unasked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.models import UnmetDemand
from matching.recruiting import deals_waiting, read_known, read_nearest
from references.services.contacts import change_status
from tests.factories import make_consent, make_contact, make_customer, make_tag
from tests.matching.factories import banking, make_banker, submit
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def unmet(rep: User, manager: User) -> Callable[..., UnmetDemand]:
    def make(**data: Any) -> UnmetDemand:
        return UnmetDemand.objects.get(request=submit(rep, **data))

    return make


def test_nearest_lack_what_stands_against_them_today(unmet: Callable[..., UnmetDemand], manager: User) -> None:
    near = make_banker("Nina Near", consents=[])
    demand = unmet()
    [person] = read_nearest(demand, manager)
    assert person.card is not None
    assert (person.contact_id, person.card.promoter_name, person.is_new) == (near.pk, "Nina Near", True)
    assert [lack.code for lack in person.lacks] == ["no_consent"]
    assert not person.is_free
    make_consent(near, "call")
    [person] = read_nearest(demand, manager)
    assert (person.lacks, person.is_free) == ((), True)


def test_nearest_are_blinded_for_who_may_not_see_them(unmet: Callable[..., UnmetDemand], rep: User) -> None:
    make_banker("Nina Near", consents=[], title="Head of Risk")
    [person] = read_nearest(unmet(), rep)
    assert person.card is not None
    assert person.card.promoter_name is None
    assert "Head of Risk" in person.card.headline


def test_nearest_who_left_the_pool_keep_what_they_lacked(unmet: Callable[..., UnmetDemand], manager: User) -> None:
    near = make_banker(consents=[])
    demand = unmet()
    change_status(contact=near, to="retired", by=manager, why="Left")
    [person] = read_nearest(demand, manager)
    assert (person.card, person.is_free) == (None, False)
    assert person.lacks[0].code == "no_consent"


def test_nearest_of_nobody_is_nobody(unmet: Callable[..., UnmetDemand], manager: User) -> None:
    assert read_nearest(unmet(), manager) == []


def test_nearest_take_a_constant_number_of_queries(unmet: Callable[..., UnmetDemand], manager: User) -> None:
    def count(demand: UnmetDemand) -> int:
        read_nearest(demand, manager)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read_nearest(demand, manager)
        return len(queries)

    make_banker(consents=[])
    one = count(unmet(deal="One"))
    for _ in range(3):
        make_banker(consents=[])
    many = unmet(deal="Many")
    assert many.task.candidates.count() == 4
    assert count(many) == one


def test_known_are_at_the_customers_that_fit_best(unmet: Callable[..., UnmetDemand]) -> None:
    norway = make_tag("region", "Norway")
    both = make_customer(tags=[banking(), norway])
    one = make_customer(tags=[norway])
    make_contact(make_customer(tags=[make_tag("industry", "Mining")]), "Elsewhere", status="known")
    make_contact(one, "One", status="known")
    make_contact(both, "Both known", status="known")
    make_contact(both, "Both nominated", status="nominated")
    make_contact(both, "Opted out", status="known", has_opted_out=True)
    make_contact(make_customer(tags=[banking()], is_referenceable=False), "Closed", status="known")
    demand = unmet(brief="A bank in Norway wants a reference call.")
    assert demand.segment == {"industry": ["Banking"], "region": ["Norway"]}
    found = [(each.contact.name, each.shared) for each in read_known(demand)]
    assert found == [("Both nominated", 2), ("Both known", 2), ("One", 1)]


def test_known_hold_what_lies_below_the_segment(unmet: Callable[..., UnmetDemand]) -> None:
    retail = make_tag("industry", "Retail Banking", parent=banking())
    make_contact(make_customer(tags=[retail]), "Below", status="known")
    assert [each.contact.name for each in read_known(unmet())] == ["Below"]


def test_deals_waiting_are_those_that_lack_the_same(
    unmet: Callable[..., UnmetDemand], manager: User, outsider: User
) -> None:
    first = unmet(deal="Small", deal_value=1_000, currency="USD")
    unmet(deal="Large", deal_value=9_000, currency="USD")
    unmet(deal="Other", activity="speaking", needed_by=None)
    assert [row.deal for row in deals_waiting(first, manager)] == ["Large", "Small"]
    assert deals_waiting(first, outsider) == []
