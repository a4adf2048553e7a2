"""The table of customer segments: values read from rows, whose money is seen by whom, and three queries."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from advocacy.enums import ReferralStatus
from advocacy.models import AdvocacySettings, Referral
from advocacy.segments import read_segments
from references.models import Customer
from tests.factories import make_contact, make_customer
from users.models import User

pytestmark = pytest.mark.django_db
D = Decimal


def refer(customer: Customer, value: Decimal | None, currency: str = "USD", **fields: Any) -> Referral:
    given = {"status": ReferralStatus.WON, "ended_at": timezone.now(), **fields}
    return Referral.objects.create(
        referrer=make_contact(customer), lead_name="Lee Lead", company="Elsewhere", folded_company="elsewhere",
        value=value, currency=currency if value is not None else "",
        creation_key=f"t{Referral.objects.count()}", **given,
    )  # fmt: skip


def rich(name: str, value: int | None = 1000, currency: str = "USD", **fields: Any) -> Customer:
    return make_customer(name, lifetime_value=value, currency=currency if value is not None else "", **fields)


def test_segments_read_margin_and_what_was_saved(manager: User) -> None:
    AdvocacySettings.objects.create(pk=1, margin_percent=D(25), acquisition_saved=D(50))
    both, buys, refers, neither = rich("A", 900), rich("B", 800), rich("C", 10), rich("D", 5)
    refer(both, D(400))
    refer(refers, None)
    refer(buys, D(9000), status=ReferralStatus.QUALIFIED)
    table = read_segments(manager)
    told = {row.customer.pk: (row.placed.referral_value, row.placed.segment) for row in table.rows}
    assert told == {
        both.pk: (D(150), "champions"),
        buys.pk: (D(0), "affluents"),
        refers.pk: (D(50), "advocates"),
        neither.pk: (D(0), "misers"),
    }
    assert table.counts == dict.fromkeys(["champions", "affluents", "advocates", "misers"], 1)


def test_money_is_never_mixed(manager: User) -> None:
    euro, mixed = rich("A", 900, "EUR"), rich("B", 800)
    rich("C", None)
    refer(mixed, D(5), "EUR")
    table = read_segments(manager)
    assert [each.code for each in table.split.left_out] == ["other_currency", "no_referral_value", "no_lifetime_value"]
    assert table.currencies == (("EUR", 1), ("USD", 1))
    assert [row.customer.pk for row in read_segments(manager, currency="EUR").rows] == [euro.pk]


def test_owner_sees_the_money_of_own_customers_alone(rep: User, marketer: User) -> None:
    own = rich("A", account_owner=rep)
    rich("B")
    assert [row.customer.pk for row in read_segments(rep).rows] == [own.pk]
    assert read_segments(rep).split.left_out == ()
    assert read_segments(marketer).rows == ()


@pytest.mark.parametrize("count", [1, 4])
def test_queries_are_constant(count: int, manager: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(count):
        refer(rich(f"C{number}", account_owner=manager), D(5))
    with django_assert_num_queries(3):
        assert len([str(row.customer.account_owner) for row in read_segments(manager).rows]) == count
