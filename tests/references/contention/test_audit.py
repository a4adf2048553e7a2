"""The audit counts what is too much, by itself: each cap broken by hand is found, and nothing else."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from references.contention.audit import count_broken
from references.policy import CapPolicy
from tests.factories import make_contact, make_customer, make_engagement

pytestmark = pytest.mark.django_db
CAPS = CapPolicy()
TODAY = date(2026, 1, 5)


def find() -> set[str]:
    return set(count_broken(CAPS, timezone.now()))


def test_nothing_is_broken_at_the_very_limit() -> None:
    contact = make_contact()
    for days in (0, 31, 91, 122):
        make_engagement(contact, "call", "planned", TODAY + timedelta(days=days))
    assert find() == set()


@pytest.mark.parametrize("days, broken", [(30, {"rest"}), (31, set())])
def test_rest_ends_after_its_last_day(days: int, broken: set[str]) -> None:
    contact = make_contact()
    make_engagement(contact, "call", "completed", TODAY)
    make_engagement(contact, "webinar", "planned", TODAY + timedelta(days=days))
    assert find() == broken


@pytest.mark.parametrize("days, broken", [(90, {"per_quarter"}), (91, set())])
def test_quarter_is_counted_over_all_heavy_activities(days: int, broken: set[str]) -> None:
    contact = make_contact()
    for each, activity in ((0, "review"), (40, "beta"), (days, "referral")):
        make_engagement(contact, activity, "planned", TODAY + timedelta(days=each))
    assert find() == broken


def test_customer_is_counted_over_its_people() -> None:
    customer = make_customer()
    for _ in range(4):
        make_engagement(make_contact(customer), "call", "planned", TODAY)
    assert find() == {"customer_per_quarter"}


def test_what_is_over_or_light_does_not_count() -> None:
    contact = make_contact()
    over = timezone.now() - timedelta(hours=1)
    make_engagement(contact, "call", "held", TODAY)
    make_engagement(contact, "call", "held", TODAY, hold_expires_at=over)
    make_engagement(contact, "call", "released", TODAY)
    make_engagement(contact, "call", "declined", TODAY)
    make_engagement(contact, "quote", "planned", TODAY)
    assert find() == set()
    make_engagement(contact, "call", "held", TODAY)
    assert find() == {"rest"}


def test_two_open_asks_are_one_too_many() -> None:
    contact = make_contact()
    make_engagement(contact, "call", "asked", TODAY)
    assert find() == set()
    make_engagement(contact, "call", "asked", TODAY + timedelta(days=100))
    assert find() == {"ask_outstanding"}
