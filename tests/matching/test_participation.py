"""Who takes part: willing, acted, and how the load falls."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching.participation import promoters_of, read_activation, read_load
from references.models import Contact
from tests.factories import make_consent, make_contact, make_customer, make_engagement

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def names(group: str) -> set[str]:
    return set(promoters_of(group, TODAY()).values_list("name", flat=True))


def test_willing_is_active_agreed_and_covered_by_consent() -> None:
    make_contact(name="own", consents=["call"])
    covered = make_contact(name="customer's")
    make_consent(covered.customer, "logo")
    make_contact(name="nothing agreed", consents=["call"], activities=[])
    make_contact(name="no consent")
    make_contact(name="opted out", consents=["call"], has_opted_out=True)
    make_contact(name="paused", consents=["call"], status="paused")
    lapsed = make_contact(name="lapsed")
    make_consent(lapsed, "call", valid_until=TODAY() - timedelta(days=1))
    colleague = make_contact(name="colleague's")
    make_consent(make_contact(colleague.customer, name="giver"), "call")
    assert names("willing") == {"own", "customer's", "giver"}


def test_acted_is_what_was_completed_in_a_year_but_for_surveys() -> None:
    customer = make_customer()

    def act(name: str, activity: str = "call", status: str = "completed", days: int = 10) -> None:
        person = make_contact(customer, name, consents=["call"])
        make_engagement(person, activity, status, on=TODAY() - timedelta(days=days))

    act("called")
    act("quoted", "quote")
    act("surveyed", "survey")
    act("declined", status="declined")
    act("long ago", days=365)
    act("just in", days=364)
    assert names("acted") == {"called", "quoted", "just in"}
    assert names("idle") == {"surveyed", "declined", "long ago"}
    assert (read_activation(TODAY()).part, read_activation(TODAY()).whole) == (3, 6)
    assert read_activation(TODAY()).value == 0.5


def test_load_counts_heavy_engagements_by_person() -> None:
    busy = make_contact()
    for days in range(1, 7):
        make_engagement(busy, "call", on=TODAY() - timedelta(days=days))
    for _ in range(5):
        make_engagement(make_contact(), "webinar", on=TODAY() - timedelta(days=40))
    make_engagement(make_contact(), "quote", on=TODAY() - timedelta(days=3))
    make_engagement(make_contact(), "call", "planned", on=TODAY() + timedelta(days=3))
    load = read_load(TODAY())
    assert (load.people, load.total, load.busiest, load.half_on) == (6, 11, 1, 1)
    assert load.share == pytest.approx(6 / 11)
    assert promoters_of("used", TODAY()).count() == 6


def test_promoters_carry_what_they_did() -> None:
    person = make_contact(consents=["call"])
    make_engagement(person, "call", on=TODAY() - timedelta(days=5))
    make_engagement(person, "quote", on=TODAY() - timedelta(days=2))
    make_engagement(person, "survey", on=TODAY() - timedelta(days=1))
    make_engagement(person, "call", on=TODAY() - timedelta(days=900))
    row = promoters_of("acted", TODAY()).get()
    assert (row.acts, row.heavy, row.last_act) == (2, 1, TODAY() - timedelta(days=2))  # type: ignore[attr-defined]


def test_unknown_group_is_refused() -> None:
    with pytest.raises(ValueError, match="no group"):
        promoters_of("happy", TODAY())
    assert Contact.objects.count() == 0
