"""Moments handed to marketing: once, taken, asked for, declined with a reply, and told to whoever handed them over."""

from collections.abc import Callable

import pytest

from advocacy.enums import HandoverStatus
from advocacy.models import Ask, AskAssignment, Handover
from advocacy.services.handovers import ask_for_moment, hand_over, move_handover
from delivery.mails import registered_letters
from delivery.models import OutboxMessage
from references.errors import DomainError
from references.models import Contact, Nomination
from tests.factories import make_contact, make_customer, make_nomination
from users.models import User

pytestmark = pytest.mark.django_db
_H = HandoverStatus


@pytest.fixture
def person(outsider: User) -> Contact:
    customer = make_customer("Fjordbank", account_owner=outsider)
    return make_contact(customer, "Pia Promoter", title="CFO", email="pia@fjordbank.example", consents=["quote"])


@pytest.fixture
def moment(person: Contact, rep: User) -> Nomination:
    return make_nomination(person, by=rep)


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(DomainError) as error:
        act()
    assert error.value.code == code


def test_a_moment_is_handed_over_once_by_those_whose_it_is(
    moment: Nomination, rep: User, outsider: User, marketer: User, manager: User
) -> None:
    first = hand_over(nomination=moment, by=rep, note="A quote?")
    assert hand_over(nomination=moment, by=outsider) == first
    assert Handover.objects.get().note == "A quote?"
    other = make_nomination(make_contact(), by=manager)
    refused("not_allowed", lambda: hand_over(nomination=other, by=rep))
    draft = make_nomination(make_contact(), by=rep, status="draft")
    refused("not_allowed", lambda: hand_over(nomination=draft, by=rep))
    declined = make_nomination(make_contact(), by=rep, status="not_approved")
    refused("not_open", lambda: hand_over(nomination=declined, by=rep))


def test_marketing_takes_it_and_says_why_not_now(moment: Nomination, rep: User, marketer: User) -> None:
    row = hand_over(nomination=moment, by=rep)
    refused("not_allowed", lambda: move_handover(handover=row, to=_H.TAKEN, by=rep))
    move_handover(handover=row, to=_H.TAKEN, by=marketer)
    assert row.taken_by == marketer
    refused("reply_required", lambda: move_handover(handover=row, to=_H.DECLINED, by=marketer))
    move_handover(handover=row, to=_H.DECLINED, by=marketer, reply="After the fair.")
    message = OutboxMessage.objects.get(kind="mail")
    letter = registered_letters()[message.payload["letter"]].build(message.payload)
    assert letter is not None
    assert (letter.to, letter.paragraphs[-1]) == (rep.email, "After the fair.")
    assert "Pia" not in str(letter)  # the rep does not own the account
    hand_over(nomination=moment, by=rep, note="Now?")
    row.refresh_from_db()
    there = Handover.objects.get(pk=row.pk)
    assert (there.status, there.taken_by_id, there.ended_at) == (_H.OPEN.value, None, None)
    assert registered_letters()[message.payload["letter"]].build(message.payload) is None


def test_marketing_asks_and_the_moment_is_done(moment: Nomination, rep: User, marketer: User) -> None:
    ask = Ask.objects.create(name="Quote", activity="quote", rung=1, text="A sentence?", points=10)
    row = hand_over(nomination=moment, by=rep)
    refused("not_allowed", lambda: ask_for_moment(handover=row, ask=ask, by=rep))
    assignment = ask_for_moment(handover=row, ask=ask, by=marketer, note="You said it so well.")
    assert (row.status, row.assignment, assignment.nomination) == (_H.DONE, assignment, moment)
    assert assignment.note == "You said it so well."


def test_whoever_may_not_be_asked_is_not_and_the_moment_stays(moment: Nomination, rep: User, marketer: User) -> None:
    ask = Ask.objects.create(name="Keynote", activity="speaking", rung=7, text="Speak?", points=10)
    row = hand_over(nomination=moment, by=rep)
    refused("not_now", lambda: ask_for_moment(handover=row, ask=ask, by=marketer))
    row.refresh_from_db()
    assert (row.status, AskAssignment.objects.count()) == (_H.OPEN, 0)
    nobody = hand_over(nomination=make_nomination(customer=make_customer(), by=rep), by=rep)
    refused("person_required", lambda: ask_for_moment(handover=nobody, ask=ask, by=marketer))
