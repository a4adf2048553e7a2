"""Where promoters stand, read from rows: what they may be asked next, why not, and in how many queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advocacy.audience import moments_first
from advocacy.enums import AssignmentStatus, ReferralStatus
from advocacy.models import Ask, AskAssignment, Referral, ReviewSite
from advocacy.next_asks import NextAsks
from advocacy.suggestions import read_next_asks
from references.activities import BY_CODE
from references.enums import ContactStatus, EngagementStatus, NominationVia
from references.models import Contact
from references.pool.writing import pool_write
from references.services.consents import revoke_consent
from tests.factories import (
    make_blackout,
    make_consent,
    make_contact,
    make_customer,
    make_engagement,
    make_nomination,
    make_proof_point,
)

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def make_ask(activity: str = "share", **fields: Any) -> Ask:
    given = {"name": f"Ask {Ask.objects.count()}", "rung": BY_CODE[activity].rung, "text": "Would you?", **fields}
    return Ask.objects.create(activity=activity, **given)


def put(contact: Contact, ask: Ask, status: str = AssignmentStatus.ASKED, days: int = 0) -> AskAssignment:
    return AskAssignment.objects.create(
        contact=contact,
        ask=ask,
        status=status,
        asked_at=timezone.now() - timedelta(days=days),
        answer_by=days_ago(days - 14),
        creation_key=f"test:{AskAssignment.objects.count()}",
    )


def read(contact: Contact) -> NextAsks:
    return read_next_asks([contact.pk])[contact.pk]


def codes(contact: Contact, ask: Ask) -> list[str]:
    return [rule.code for refusal in read(contact).refusals if refusal.ask.id == ask.pk for rule in refusal.rules]


def test_newcomer_begins_on_the_first_rung_and_hears_why_not_higher() -> None:
    share, call = make_ask("share"), make_ask("call")
    person = make_contact(consents=["call"])
    found = read(person)
    assert [each.ask.id for each in found.suggestions] == [share.pk]
    assert codes(person, call) == ["too_high"]
    assert found.refusals[0].next_on is None


def test_what_the_ledger_knows_raises_the_rung() -> None:
    call = make_ask("call")
    person = make_contact(consents=["call"])
    make_engagement(person, "review", on=days_ago(200))
    assert read(person).best is not None
    make_ask("press")
    assert [each.ask.activity for each in read(person).suggestions] == [call.activity]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"has_opted_out": True}, "opted_out"),
        ({"status": ContactStatus.PAUSED}, "paused"),
        ({"status": ContactStatus.KNOWN}, "not_active"),
        ({"activities": ["call"]}, "not_agreed"),
    ],
)
def test_what_stands_against_a_person(fields: dict[str, Any], code: str) -> None:
    share = make_ask("share")
    assert codes(make_contact(**fields), share) == [code]


def test_customer_that_is_no_reference_or_escalates_is_left_alone() -> None:
    share = make_ask("share")
    assert codes(make_contact(make_customer(is_referenceable=False)), share) == ["not_referenceable"]
    assert codes(make_contact(make_customer(has_open_escalation=True)), share) == ["escalation"]


def test_days_of_quiet_give_the_day_after() -> None:
    make_ask("share")
    person = make_contact()
    make_blackout(person, days_ago(1), days_ago(-5))
    refusal = read(person).refusals[0]
    assert [rule.code for rule in refusal.rules] == ["blackout"]
    assert refusal.next_on == days_ago(-6)


def test_consent_of_the_customer_covers_until_the_person_takes_theirs_back() -> None:
    quote = make_ask("quote")
    person = make_contact()
    make_engagement(person, "share", on=days_ago(100))
    assert codes(person, quote) == ["no_consent"]
    make_consent(person.customer, "quote")
    assert codes(person, quote) == []
    with pool_write():
        revoke_consent(consent=make_consent(person, "quote"), why="They asked.", by=None)
    assert codes(person, quote) == ["consent_withdrawn"]
    make_consent(person, "quote")
    assert codes(person, quote) == []


def test_open_ask_site_and_cool_down() -> None:
    site = ReviewSite.objects.create(name="Peers", url="https://peers.example/review")
    review = make_ask("review", review_site=site)
    other = make_ask("review", review_site=site)
    share = make_ask("share", cool_down_days=60)
    person = make_contact()
    make_engagement(person, "quote", on=days_ago(300))
    assert codes(person, review) == []
    put(person, review)
    put(person, share, AssignmentStatus.NO_ANSWER, days=10)
    assert codes(person, review) == ["already_open", "site_asked"]
    assert codes(person, other) == ["site_asked"]
    assert codes(person, share) == ["cooling_down"]


def test_what_we_took_back_was_never_asked() -> None:
    site = ReviewSite.objects.create(name="Peers", url="https://peers.example/review")
    review = make_ask("review", review_site=site)
    person = make_contact()
    make_engagement(person, "quote", on=days_ago(300))
    put(person, review, AssignmentStatus.WITHDRAWN)
    assert codes(person, review) == []


def test_site_out_of_use_is_not_offered() -> None:
    site = ReviewSite.objects.create(name="Peers", url="https://peers.example/review", is_active=False)
    review = make_ask("review", review_site=site)
    person = make_contact()
    make_engagement(person, "quote", on=days_ago(300))
    assert codes(person, review) == ["not_offered"]


def test_decline_rests_ninety_days() -> None:
    share = make_ask("share")
    person = make_contact()
    make_engagement(person, "share", EngagementStatus.DECLINED, on=days_ago(60))
    assert codes(person, share) == ["declined_lately"]
    assert read(person).refusals[0].next_on == days_ago(60 - 91)


def test_rest_of_the_ledger_holds_for_asks() -> None:
    call = make_ask("call", cool_down_days=0)
    person = make_contact(consents=["call"])
    make_engagement(person, "call", on=days_ago(10))
    assert codes(person, call) == ["resting"]
    refusal = read(person).refusals[0]
    assert refusal.next_on is not None
    assert refusal.next_on > timezone.localdate()


def test_moments_come_first_but_never_for_a_review() -> None:
    share, review = make_ask("share"), make_ask("review")
    person = make_contact()
    make_engagement(person, "quote", on=days_ago(300))
    make_proof_point(person.customer, measured_on=days_ago(3))
    make_nomination(person)
    by_ask = {each.ask.id: each for each in read(person).suggestions}
    assert by_ask[share.pk].follows_moment
    assert not by_ask[review.pk].follows_moment


def test_what_a_survey_put_forward_is_no_moment() -> None:
    make_ask("share")
    pleased, seen = make_contact(), make_contact()
    make_nomination(pleased, via=NominationVia.SURVEY, moment="Answered 10")
    make_nomination(seen)
    assert [read(each).suggestions[0].follows_moment for each in (pleased, seen)] == [False, True]
    assert moments_first([pleased.pk, seen.pk], timezone.localdate()) == [seen.pk, pleased.pk]


def test_won_referral_is_a_moment() -> None:
    make_ask("share")
    person = make_contact()
    Referral.objects.create(
        referrer=person, lead_name="Lee Lead", company="Elsewhere", folded_company="elsewhere", creation_key="one",
        status=ReferralStatus.WON, ended_at=timezone.now(),
    )  # fmt: skip
    best = read(person).best
    assert best is not None
    assert [reason.code for reason in best.reasons][0] == "moment"


def test_nothing_hangs_on_what_somebody_scored() -> None:
    make_ask("share")
    make_ask("review")
    person = make_contact()
    make_engagement(person, "quote", on=days_ago(300))
    before = read(person)
    for score, loyalty in ((0, "detractor"), (8, "passive"), (10, "promoter")):
        with pool_write() as touched:
            Contact.objects.filter(pk=person.pk).update(
                nps_score=score, loyalty=loyalty, nps_on=timezone.localdate(), nps_comment="As it is."
            )
            touched.add(person.customer_id)
        assert read(person) == before


def test_many_people_take_as_many_queries_as_one() -> None:
    for activity in ("share", "review", "call"):
        make_ask(activity)

    def count(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert set(read_next_asks(ids)) == set(ids)
        return len(queries)

    people = [make_contact(consents=["call"]) for _ in range(4)]
    for person in people:
        put(person, Ask.objects.all()[0])
        make_engagement(person, "quote", on=days_ago(100))
    one = count([people[0].pk])
    assert count([person.pk for person in people]) == one
    assert one <= 16
