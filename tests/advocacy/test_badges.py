"""Badges come once, for deeds and never for scores; lapsed points go by night."""

from datetime import timedelta

import pytest
from django.utils import timezone

from advocacy.models import Badge, BadgeAward, PointsAccount, PointsEntry, PointsRule, Referral
from advocacy.services.badges import award_badges, save_badge, sweep_badges
from advocacy.services.earning import keep_touch_promise
from advocacy.services.points import award_stage, sweep_expiry
from references.errors import DomainError
from references.models import Contact
from surveys.enums import CampaignStatus
from surveys.models import Campaign
from surveys.services.answering import record_response
from tests.factories import make_contact, make_engagement

pytestmark = pytest.mark.django_db


def names_of(person: Contact) -> set[str]:
    return set(BadgeAward.objects.filter(account__contact=person).values_list("badge__name", flat=True))


def test_completed_touch_awards_what_it_earns_once() -> None:
    for name, rule, count, activity in (
        ("First", "first_act", 1, ""), ("Speaker", "first_act", 1, "speaking"), ("Twice", "acts", 2, "call"),
        ("Kinds", "kinds", 2, ""), ("High", "rung", 4, ""),
    ):  # fmt: skip
        Badge.objects.create(name=name, rule=rule, count=count, activity=activity)
    person = make_contact()
    first = make_engagement(person, "call")
    for _ in range(2):
        keep_touch_promise({"engagement": first.pk})
    assert names_of(person) == {"First", "High"}
    keep_touch_promise({"engagement": make_engagement(person, "call").pk})
    assert names_of(person) == {"First", "High", "Twice"}
    assert BadgeAward.objects.count() == 3


def test_sweep_finds_years_and_referrals_and_keeps_what_was_awarded() -> None:
    years = Badge.objects.create(name="Year", rule="years", count=1)
    Badge.objects.create(name="Maker", rule="referrals_won", count=1)
    Badge.objects.create(name="Old", rule="acts", count=1, is_active=False)
    old, maker, copied = make_contact(), make_contact(), make_contact()
    make_engagement(old, "call", on=timezone.localdate() - timedelta(days=400))
    fields = {"lead_name": "A", "company": "B", "folded_company": "b", "status": "won"}
    won = Referral.objects.create(referrer=maker, creation_key="1", **fields)
    Referral.objects.create(referrer=copied, creation_key="2", duplicate_of=won, **fields)
    assert (sweep_badges(), sweep_badges()) == (2, 0)
    assert (names_of(old), names_of(maker), names_of(copied)) == ({"Year"}, {"Maker"}, set())
    save_badge(data={"count": 9}, badge=years)
    sweep_badges()
    assert names_of(old) == {"Year"}


def test_nobody_is_awarded_for_a_survey_or_after_opting_out() -> None:
    Badge.objects.create(name="First", rule="first_act")
    with pytest.raises(DomainError) as refusal:
        save_badge(data={"name": "Survey", "rule": "acts", "count": 1, "activity": "survey"})
    assert refusal.value.code == "no_badge_for_survey"
    asked, gone = make_contact(), make_contact(has_opted_out=True)
    make_engagement(asked, "survey")
    make_engagement(gone, "call")
    assert award_badges(contact_ids=[asked.pk, gone.pk]) == 0


@pytest.mark.parametrize("score", [0, 10])
def test_score_earns_nothing_whatever_it_is(score: int) -> None:
    for activity in ("call", "quote"):
        PointsRule.objects.create(activity=activity, points=100)
    Badge.objects.create(name="First", rule="first_act")
    campaign = Campaign.objects.create(name="Spring", status=CampaignStatus.RUNNING, creation_key="spring")
    person = make_contact()
    record_response(campaign=campaign, score=score, source="a", channel="email", contact=person, comment="Wonderful!")
    assert (sweep_badges(), PointsEntry.objects.count(), PointsAccount.objects.count()) == (0, 0, 0)


def test_lapsed_points_go_by_night_and_others_stay() -> None:
    lapsed, live = make_contact(), make_contact()
    for person in (lapsed, live):
        award_stage(contact=person, source=f"t:{person.pk}", activity="call", points=100, stage="confirmed")
    PointsEntry.objects.filter(account__contact=lapsed).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert (sweep_expiry(), sweep_expiry()) == (100, 0)
    assert list(PointsAccount.objects.order_by("balance").values_list("balance", "lifetime")) == [(0, 100), (100, 100)]
