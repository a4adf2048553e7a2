"""Segments, quiet advocates and advocacy by owner on pages: money and people shown to those who may see them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from advocacy.models import RecoveryPlay
from advocacy.services.referrals import LeadData, Won, move_referral, refer
from references.models import Customer
from tests.factories import make_contact, make_customer, make_engagement
from tests.web.conftest import LogIn, read_page
from users.models import User
from web.segments.drawing import place


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return read_page(response.content.decode()).text


def valued(name: str, lifetime: int, won: int, by: User, **fields: Any) -> Customer:
    customer = make_customer(name, lifetime_value=lifetime, currency="USD", **fields)
    if won:
        lead = LeadData(name="Lee", company=f"{name}'s friend")
        row = refer(referrer=make_contact(customer), lead=lead, creation_key=name)
        move_referral(referral=row, to="won", by=by, won=Won(value=Decimal(won), currency="USD"))
    return customer


@pytest.fixture
def four(manager: User, rep: User) -> list[Customer]:
    return [
        valued("Champion", 900, 900, manager),
        valued("Affluent", 800, 0, manager, account_owner=rep),
        valued("Advocate", 100, 800, manager),
        valued("Miser", 50, 0, manager),
        make_customer("Valueless"),
        make_customer("Foreign", lifetime_value=5, currency="EUR"),
    ]


def test_customers_stand_in_their_segments_and_those_left_out_are_told(
    four: list[Customer], manager: User, log_in: LogIn
) -> None:
    client = log_in(manager)
    page = text(client, reverse("web:segments"))
    assert all(f"{name} · 1" in page for name in ("Champions", "Affluents", "Advocates", "Misers"))
    assert "1 without a lifetime value; 1 with their value in another currency" in page
    only = text(client, reverse("web:segments") + "?segment=advocates").split("Referral value", 2)[-1]
    assert "Advocate" in only
    assert "Miser" not in only
    assert "Foreign" in text(client, reverse("web:segments") + "?currency=EUR")


def test_money_of_customers_is_for_managers_and_owners(
    four: list[Customer], rep: User, marketer: User, log_in: LogIn
) -> None:
    page = text(log_in(rep), reverse("web:segments"))
    assert "Affluent" in page
    assert "Champion " not in page
    assert "No customer to place yet" in text(log_in(marketer), reverse("web:segments"))


def test_who_went_quiet_is_listed_and_called(rep: User, marketer: User, outsider: User, log_in: LogIn) -> None:
    customer = make_customer("Fjordbank", account_owner=rep)
    person = make_contact(customer, "Pia Promoter", title="CFO")
    make_engagement(person, "call", on=timezone.localdate() - timedelta(days=300))
    make_engagement(make_contact(customer, "Lou Lively"), "call", on=timezone.localdate() - timedelta(days=30))
    address = reverse("web:segments-quiet")
    mine, theirs = text(log_in(rep), address), text(log_in(marketer), address)
    assert ("Pia Promoter" in mine, "Lou Lively" in mine) == (True, False)
    assert ("Pia Promoter" in theirs, "CFO" in theirs) == (False, True)
    assert "Nobody has gone quiet" in text(log_in(outsider), address)
    play = reverse("web:segments-quiet-play", args=[person.pk])
    assert log_in(marketer).post(play).status_code == 403
    assert [log_in(rep).post(play).status_code for _ in range(2)] == [302, 302]
    assert RecoveryPlay.objects.get().owner == rep


def test_advocacy_is_told_by_owner(rep: User, manager: User, outsider: User, log_in: LogIn) -> None:
    person = make_contact(make_customer("Fjordbank", account_owner=rep))
    make_engagement(person, "call", on=timezone.localdate() - timedelta(days=300))
    address = reverse("web:segments-owners")
    assert "Robin Rep 1 customer with promoters 1 1 / 1" in text(log_in(manager), address)
    assert "1 0 / 1" in text(log_in(manager), f"{address}?since={timezone.localdate()}&sort=-activation")
    assert "No promoters yet" in text(log_in(outsider), address)


@pytest.mark.parametrize("name", ["segments", "segments-quiet", "segments-owners"])
def test_pages_take_the_same_number_of_queries(manager: User, log_in: LogIn, name: str) -> None:
    client, counts = log_in(manager), []
    for number in range(3):
        customer = valued(f"Customer {number}", 100 + number, 50, manager)
        make_engagement(make_contact(customer), "call", on=timezone.localdate() - timedelta(days=300))
        client.get(reverse(f"web:{name}"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"web:{name}"))
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


@given(st.lists(st.integers(0, 50).map(Decimal), min_size=1, max_size=30), st.integers(0, 50).map(Decimal))
def test_places_keep_the_order_and_the_median_in_the_middle(values: list[Decimal], middle: Decimal) -> None:
    places = place(values, middle)
    assert all(0 < each < 1 for each in places)
    assert all((value > middle) == (each > 0.5) for value, each in zip(values, places, strict=True))
    ordered = sorted(zip(values, places, strict=True))
    assert [each for _value, each in ordered] == sorted(places)
