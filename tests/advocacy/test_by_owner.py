"""Advocacy by account owner: what is counted, who sees whose line, and a constant number of queries."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from advocacy.by_owner import OwnerLine, read_by_owner
from advocacy.enums import ReferralStatus
from advocacy.models import PointsAccount, Referral
from references.enums import ContactStatus, NominationStatus
from references.models import Contact
from tests.factories import make_contact, make_customer, make_engagement, make_nomination
from users.models import User

pytestmark = pytest.mark.django_db


def refer(contact: Contact, status: str) -> Referral:
    return Referral.objects.create(
        referrer=contact, lead_name="Lee Lead", company="Elsewhere", folded_company="elsewhere", status=status,
        creation_key=f"t{Referral.objects.count()}",
    )  # fmt: skip


def tell(line: OwnerLine) -> tuple[int, ...]:
    return (
        line.promoters, line.willing, line.acted, line.points, line.referrals, line.referrals_won, line.moments,
        len(line.customers),
    )  # fmt: skip


def fill(owner: User | None) -> Contact:
    customer = make_customer(account_owner=owner)
    actor = make_contact(customer)
    make_engagement(actor, "call", on=date(2026, 1, 10))
    make_engagement(actor, "quote", on=date(2026, 1, 20))
    answers = make_contact(customer, activities=["survey"])
    make_engagement(answers, "survey", on=date(2026, 1, 10))
    make_contact(customer, status=ContactStatus.KNOWN)
    make_contact(customer, has_opted_out=True)
    make_contact(make_customer(account_owner=owner))
    for contact, points in ((actor, 150), (answers, 30)):
        PointsAccount.objects.create(contact=contact, lifetime=points)
    for status in (ReferralStatus.WON, ReferralStatus.NEW, ReferralStatus.DISQUALIFIED):
        refer(actor, status)
    make_nomination(actor)
    make_nomination(actor, status=NominationStatus.DRAFT)
    return actor


def test_line_counts_what_the_owners_people_did(manager: User, rep: User) -> None:
    fill(rep)
    (line,) = read_by_owner(manager)
    assert line.owner == rep
    assert tell(line) == (3, 2, 1, 180, 2, 1, 1, 2)
    assert line.activation == 0.5
    assert OwnerLine().activation is None


def test_since_leaves_out_what_is_older(manager: User, rep: User) -> None:
    fill(rep)
    (line,) = read_by_owner(manager, since=timezone.localdate() + timedelta(days=1))
    assert tell(line) == (3, 2, 0, 180, 0, 0, 0, 2)


def test_owners_see_their_own_line_alone(manager: User, marketer: User, rep: User, outsider: User) -> None:
    for owner in (rep, outsider, None):
        fill(owner)
    assert [line.owner for line in read_by_owner(manager)] == [outsider, rep, None]
    assert [line.owner for line in read_by_owner(marketer)] == [outsider, rep, None]
    assert [line.owner for line in read_by_owner(rep)] == [rep]


@pytest.mark.parametrize("owners", [1, 3])
def test_queries_are_constant(
    owners: int, manager: User, rep: User, outsider: User, marketer: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for owner in (rep, outsider, marketer)[:owners]:
        fill(owner)
    with django_assert_num_queries(5):
        assert len(read_by_owner(manager)) == owners
