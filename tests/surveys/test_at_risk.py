"""Who is at risk, and why: each reason alone, what is none, whom one may see, and the order."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advocacy.models import RecoveryPlay
from references.enums import ContactStatus
from references.models import Contact, LoyaltyRecord
from surveys.at_risk import explain_risk, list_at_risk
from surveys.services.answering import record_response
from tests.factories import make_contact, make_customer
from tests.surveys.rows import make_invitation
from users.models import User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
LATELY = date(2026, 5, 1)


def codes(user: User) -> dict[str, list[str]]:
    return {each.name: [reason.code for reason in explain_risk(each)] for each in list_at_risk(user, TODAY)}


def note(contact: Contact, *scores: int) -> None:
    for back, score in enumerate(reversed(scores)):
        LoyaltyRecord.objects.create(
            contact=contact, on=LATELY - timedelta(days=90 * back), score=score, source=f"{contact.pk}:{back}"
        )


def answered(score: int, on: date = LATELY, **fields: Any) -> Contact:
    return make_contact(nps_score=score, nps_on=on, **fields)


def open_play(contact: Contact, status: str = "open") -> RecoveryPlay:
    return RecoveryPlay.objects.create(
        contact=contact, kind="call", name="Win back", due_on=TODAY, status=status, source=f"p{contact.pk}"
    )


def test_nobody_is_at_risk_without_a_reason(manager: User) -> None:
    answered(9)
    answered(7)
    answered(6, on=TODAY - timedelta(days=366))
    make_contact(customer=make_customer(renewal_date=TODAY + timedelta(days=10)))
    assert codes(manager) == {}


def test_low_score_is_a_reason_for_a_year(manager: User) -> None:
    answered(6, name="Low", on=TODAY - timedelta(days=365))
    assert codes(manager) == {"Low": ["low_score"]}
    (row,) = list_at_risk(manager, TODAY)
    assert explain_risk(row)[0].text == "Answered 6"


@pytest.mark.parametrize(
    ("before", "score", "is_fall"),
    [(9, 8, True), (10, 9, False), (8, 7, False), (7, 6, True), (6, 4, False), (6, 3, True), (3, 9, False)],
)
def test_fall_out_of_the_class_or_by_three(manager: User, before: int, score: int, is_fall: bool) -> None:
    note(answered(score, name="Kim"), 10, before, score)
    assert ("fell" in codes(manager).get("Kim", [])) is is_fall


def test_silence_counts_from_the_second_time(manager: User) -> None:
    now = timezone.now()
    for name, ends in {"Twice": "no_answer", "Once": "answered"}.items():
        person = make_contact(name=name)
        make_invitation(person, status="no_answer", sent_at=now - timedelta(days=1))
        make_invitation(person, status="sent", sent_at=now)
        make_invitation(person, status=ends, sent_at=now - timedelta(days=9))
        make_invitation(person, status="answered", sent_at=now - timedelta(days=99))
    assert codes(manager) == {"Twice": ["silent"]}


def test_red_health_and_an_open_play_are_reasons(manager: User) -> None:
    make_contact(make_customer(health="red"), name="Red")
    make_contact(make_customer(health="yellow"), name="Yellow")
    open_play(make_contact(name="Play"))
    open_play(make_contact(name="Done"), "done")
    assert codes(manager) == {"Red": ["red_health"], "Play": ["play"]}


def test_gravest_comes_first_and_a_renewal_adds_to_it(manager: User) -> None:
    soon = make_customer(renewal_date=TODAY + timedelta(days=90))
    later = make_customer(renewal_date=TODAY + timedelta(days=91))
    answered(2, name="Later", customer=later)
    answered(2, name="Soon", customer=soon)
    worst = answered(2, name="Worst", customer=soon)
    note(worst, 9, 2)
    assert codes(manager) == {
        "Worst": ["low_score", "fell", "renewal"],
        "Soon": ["low_score", "renewal"],
        "Later": ["low_score"],
    }
    assert [row.risk for row in list_at_risk(manager, TODAY)] == [6, 4, 3]  # type: ignore[attr-defined]


def test_who_left_or_opted_out_is_not_listed(manager: User) -> None:
    answered(1, status=ContactStatus.RETIRED)
    answered(1, has_opted_out=True)
    assert codes(manager) == {}


def test_others_see_the_people_of_their_own_customers(rep: User, manager: User, marketer: User) -> None:
    answered(1, name="Mine", customer=make_customer(account_owner=rep))
    answered(1, name="Theirs", customer=make_customer(account_owner=manager))
    assert list(codes(rep)) == ["Mine"]
    assert set(codes(manager)) == {"Mine", "Theirs"}
    assert codes(marketer) == {}


def test_list_takes_one_query(manager: User) -> None:
    for _ in range(3):
        person = answered(1, customer=make_customer(account_owner=manager))
        open_play(person)
    with CaptureQueriesContext(connection) as caught:
        for row in list_at_risk(manager, TODAY):
            explain_risk(row)
            str(row.customer.account_owner)
    assert len(caught) == 1


def test_answer_by_telephone_ends_silence(manager: User) -> None:
    nora = make_contact(name="Nora")
    for days in (300, 200):
        make_invitation(nora, status="no_answer", sent_at=timezone.now() - timedelta(days=days))
    assert codes(manager) == {"Nora": ["silent"]}
    latest = make_invitation(nora, status="waiting", channel="phone")
    record_response(
        campaign=latest.campaign, score=9, source="p", channel="phone", contact=nora, invitation=latest,
        interviewer=manager,
    )  # fmt: skip
    assert codes(manager) == {}


def test_old_answer_by_telephone_hides_no_silence(manager: User) -> None:
    nora = make_contact(name="Nora")
    first = make_invitation(nora, status="waiting", channel="phone")
    record_response(
        campaign=first.campaign, score=9, source="p", channel="phone", contact=nora, invitation=first,
        interviewer=manager,
    )  # fmt: skip
    for days in (1, 2):
        make_invitation(nora, status="no_answer", sent_at=timezone.now() + timedelta(days=days))
    assert codes(manager) == {"Nora": ["silent"]}
