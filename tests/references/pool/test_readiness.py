"""Who is free, who is willing, and what is told of each, from the index."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from references.pool.readiness import Readiness
from tests.factories import make_blackout, make_contact, make_customer, make_engagement

TODAY = timezone.localdate()
ON = TODAY + timedelta(days=70)


@pytest.mark.django_db
def test_empty_pool_has_nobody() -> None:
    assert Readiness("call", ON).free_ids() == []
    assert Readiness("call", ON).willing_ids() == []
    assert Readiness("call", ON).of([1]) == {}


@pytest.mark.django_db
def test_free_are_those_no_rule_stands_against_and_willing_those_who_agreed() -> None:
    free = make_contact(consents=["speaking"])
    away = make_contact(consents=["speaking"])
    make_blackout(away, ON, ON)
    no_consent = make_contact()
    unwilling = make_contact(consents=["speaking"], activities=["call"])
    retired = make_contact(consents=["speaking"], status="retired")
    opted_out = make_contact(consents=["speaking"], has_opted_out=True)
    readiness = Readiness("speaking", ON)
    assert readiness.free_ids() == [free.pk]
    assert readiness.willing_ids() == [free.pk, away.pk]
    standings = readiness.of([each.pk for each in (free, away, no_consent, unwilling, retired, opted_out)])
    assert standings[free.pk].broken == ()
    assert standings[away.pk].broken == ("blackout",)
    assert standings[no_consent.pk].broken == ("no_consent",)
    assert standings[unwilling.pk].broken == ("not_agreed",)
    assert standings[opted_out.pk].broken == ("opted_out",)
    assert retired.pk not in standings


@pytest.mark.django_db
def test_standing_tells_fatigue_and_use() -> None:
    contact = make_contact(make_customer(), consents=["call"])
    day: date = TODAY - timedelta(days=2)
    make_engagement(contact, "site_visit", on=day)
    standing = Readiness("call", TODAY).of([contact.pk])[contact.pk]
    usage = standing.usage
    assert usage.phi > 0.5
    assert usage.band == "approval"
    assert usage.last_used == day
    assert usage.used_past_year == 1
    assert "rest" in standing.broken


@pytest.mark.django_db
def test_change_is_seen_by_the_next_question() -> None:
    contact = make_contact(consents=["call"])
    assert Readiness("call", TODAY + timedelta(days=10)).free_ids() == [contact.pk]
    make_blackout(contact, TODAY, TODAY + timedelta(days=20))
    assert Readiness("call", TODAY + timedelta(days=10)).free_ids() == []
