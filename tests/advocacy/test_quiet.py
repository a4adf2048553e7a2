"""Advocates gone quiet: who counts as one, who sees them, and two queries and one for the levels."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from advocacy.models import AdvocacySettings, Level, PointsAccount
from advocacy.quiet import find_quiet, tell_quiet
from references.enums import ContactStatus, EngagementStatus
from references.models import Contact
from tests.factories import make_contact, make_customer, make_engagement
from users.models import User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)


def did(on: date, activity: str = "call", status: str = EngagementStatus.COMPLETED, **fields: object) -> Contact:
    contact = make_contact(**fields)  # type: ignore[arg-type]
    make_engagement(contact, activity, status, on=on)
    return contact


def quiet(user: User) -> list[int]:
    return [row.pk for row in find_quiet(user, today=TODAY)]


@pytest.mark.parametrize(
    ("on", "is_quiet"),
    [
        (date(2026, 1, 1), False),
        (date(2025, 12, 15), False),
        (date(2025, 12, 14), True),
        (date(2024, 6, 15), True),
        (date(2024, 6, 14), False),
    ],
)
def test_between_six_months_and_two_years(on: date, is_quiet: bool, manager: User) -> None:
    contact = did(on)
    assert quiet(manager) == ([contact.pk] if is_quiet else [])


def test_surveys_and_what_did_not_come_to_pass_are_no_acts(manager: User) -> None:
    old = date(2025, 3, 1)
    contact = did(old)
    make_engagement(contact, "survey", on=date(2026, 6, 1))
    make_engagement(contact, "call", EngagementStatus.DECLINED, on=date(2026, 6, 1))
    did(old, "survey")
    did(old, status=EngagementStatus.CANCELLED)
    assert quiet(manager) == [contact.pk]


def test_only_promoters_who_may_be_asked(manager: User) -> None:
    did(date(2025, 3, 1), has_opted_out=True)
    paused = make_contact(status=ContactStatus.PAUSED)
    make_engagement(paused, on=date(2025, 3, 1))
    assert quiet(manager) == []


def test_months_are_a_setting(manager: User) -> None:
    AdvocacySettings.objects.create(pk=1, quiet_after_months=3)
    contact = did(date(2026, 3, 1))
    assert quiet(manager) == [contact.pk]


def test_owners_see_their_own(rep: User, marketer: User, outsider: User) -> None:
    contact = did(date(2025, 3, 1), customer=make_customer(account_owner=rep))
    other = did(date(2025, 2, 1))
    assert quiet(rep) == [contact.pk]
    assert quiet(outsider) == []
    assert quiet(marketer) == [other.pk, contact.pk]


@pytest.mark.parametrize("count", [1, 4])
def test_told_with_level_in_constant_queries(
    count: int, manager: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Level.objects.all().delete()
    Level.objects.create(name="Bronze", from_points=100)
    for number in range(count):
        PointsAccount.objects.create(contact=did(date(2025, 3, 1 + number)), lifetime=150)
    did(date(2025, 5, 1))
    with django_assert_num_queries(3):
        told = tell_quiet(find_quiet(manager, today=TODAY))
        assert [str(each.contact.customer.account_owner) for each in told] == ["None"] * (count + 1)
    assert [(each.activity, each.level) for each in told] == [*[("call", "Bronze")] * count, ("call", "")]
    assert told[0].on == date(2025, 3, 1)
