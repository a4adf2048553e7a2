"""An ask put by letter: judged first, answered by link, reminded of once, ended by silence; the ledger follows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from advocacy.enums import AssignmentStatus
from advocacy.models import Ask, AskAssignment, PointsAccount
from advocacy.purposes import ASK_LINK
from advocacy.services import asking
from advocacy.services.asking import (
    answer_ask,
    confirm_ask,
    end_silence,
    postpone_answer,
    put_ask,
    remind,
    send_back_ask,
    sweep_asks,
    withdraw_ask,
)
from delivery.links import link_token, read_link
from delivery.mails import registered_letters
from delivery.models import OutboxMessage, SignedLink
from references.enums import EngagementStatus
from references.errors import DomainError
from references.models import Contact, Engagement
from references.services.own_page import opt_out, pause_self
from tests.factories import make_contact
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask() -> Ask:
    return Ask.objects.create(name="Share a post", activity="share", rung=1, text="Share it?", points=100)


@pytest.fixture
def person() -> Contact:
    return make_contact(name="Pia Promoter", email="pia@customer.example", activities=["share", "quote"])


def letters(row: AskAssignment) -> list[str]:
    """The kinds of letters promised about an ask, in order."""
    found = OutboxMessage.objects.filter(kind="mail", payload__assignment=row.pk).order_by("pk")
    return [message.payload["letter"] for message in found]


def letter_of(row: AskAssignment, kind: str) -> str:
    """The last letter of a kind as text."""
    message = OutboxMessage.objects.filter(payload__letter=kind, payload__assignment=row.pk).latest("pk")
    letter = registered_letters()[kind].build(message.payload)
    return (
        "" if letter is None else " ".join((letter.subject, *letter.paragraphs, *(str(each) for each in letter.facts)))
    )


def touch_of(row: AskAssignment) -> str:
    return Engagement.objects.get(source=row.source).status


def code_of(error: pytest.ExceptionInfo[DomainError]) -> str:
    return error.value.code


def test_put_once_with_a_letter_and_a_touch(ask: Ask, person: Contact, marketer: User) -> None:
    row = put_ask(contact=person, ask=ask, creation_key="k", by=marketer, note="You know the post.")
    assert put_ask(contact=person, ask=ask, creation_key="k", by=marketer) == row
    assert letters(row) == [asking.LETTER_ASK]
    assert touch_of(row) == EngagementStatus.ASKED
    assert any("next rung" in reason.casefold() for reason in row.reasons)
    text = letter_of(row, asking.LETTER_ASK)
    for words in ("Share it?", "You know the post.", "100, for taking part", "Mara Marketer"):
        assert words in text
    link = SignedLink.objects.get(purpose=ASK_LINK)
    assert link.subject == f"assignment:{row.pk}"
    assert timezone.localdate(link.expires_at) in {
        row.answer_by + timedelta(days=14),
        row.answer_by + timedelta(days=15),
    }


def test_who_may_not_be_asked_now_is_not(ask: Ask, person: Contact) -> None:
    high = Ask.objects.create(name="Speak", activity="speaking", rung=7, text="Speak?")
    with pytest.raises(DomainError) as error:
        put_ask(contact=person, ask=high, creation_key="k")
    assert code_of(error) == "not_now"
    assert "rung 7" in error.value.message
    nobody = make_contact(name="No Mail", email="", activities=["share"])
    with pytest.raises(DomainError) as error:
        put_ask(contact=nobody, ask=ask, creation_key="n")
    assert code_of(error) == "no_address"
    assert not AskAssignment.objects.exists()


def test_yes_done_confirmed_with_thanks(ask: Ask, person: Contact, marketer: User) -> None:
    row = put_ask(contact=person, ask=ask, creation_key="k", by=marketer)
    answer_ask(assignment=row, to=AssignmentStatus.ACCEPTED)
    answer_ask(assignment=row, to=AssignmentStatus.DONE, evidence_url="https://social.example/1")
    assert PointsAccount.objects.get().balance == 70
    told = letter_of(row, asking.LETTER_ANSWERED)
    assert "has done it" in told
    assert "Pia" not in told  # a marketer learns no name
    confirm_ask(assignment=row, by=marketer, led_to="Two prospects called.")
    assert PointsAccount.objects.get().balance == 100
    thanks = letter_of(row, asking.LETTER_THANKS)
    assert "Two prospects called." in thanks
    assert "100 points" in thanks
    assert touch_of(row) == EngagementStatus.COMPLETED
    assert letters(row) == [asking.LETTER_ASK, asking.LETTER_ANSWERED, asking.LETTER_ANSWERED, asking.LETTER_THANKS]


def test_sent_back_with_a_word_and_done_again(ask: Ask, person: Contact, marketer: User) -> None:
    row = put_ask(contact=person, ask=ask, creation_key="k", by=marketer)
    answer_ask(assignment=row, to=AssignmentStatus.DONE, evidence="I did.")
    with pytest.raises(DomainError) as error:
        send_back_ask(assignment=row, by=marketer, why=" ")
    assert code_of(error) == "why_required"
    send_back_ask(assignment=row, by=marketer, why="Please add the link.")
    assert "Please add the link." in letter_of(row, asking.LETTER_AGAIN)
    answer_ask(assignment=row, to=AssignmentStatus.DONE, evidence_url="https://social.example/1")
    assert PointsAccount.objects.get().balance == 70  # nothing twice


@pytest.mark.parametrize("to", [AssignmentStatus.SCHEDULED, AssignmentStatus.CANCELLED])
def test_sent_back_and_then_planned_or_taken_back(ask: Ask, person: Contact, marketer: User, to: str) -> None:
    row = put_ask(contact=person, ask=ask, creation_key="k", by=marketer)
    answer_ask(assignment=row, to=AssignmentStatus.DONE, evidence="I did.")
    send_back_ask(assignment=row, by=marketer, why="Which post?")
    answer_ask(assignment=row, to=to, scheduled_on=timezone.localdate() + timedelta(days=3))
    released = to == AssignmentStatus.CANCELLED
    assert touch_of(row) == (EngagementStatus.RELEASED if released else EngagementStatus.COMPLETED)
    assert PointsAccount.objects.get().balance == (0 if released else 70)


def test_withdrawn_closes_the_link(ask: Ask, person: Contact, manager: User) -> None:
    row = put_ask(contact=person, ask=ask, creation_key="k", by=manager)
    withdraw_ask(assignment=row, by=manager, why="A mistake.")
    assert SignedLink.objects.get().revoked_at is not None
    assert touch_of(row) == EngagementStatus.CANCELLED
    assert letter_of(row, asking.LETTER_ASK) == ""  # not delivered any more


def test_reminded_once_and_not_at_once(ask: Ask, person: Contact) -> None:
    row = put_ask(contact=person, ask=ask, creation_key="k")
    assert sweep_asks() == (0, 0)
    AskAssignment.objects.update(answer_by=timezone.localdate() + timedelta(days=2))
    assert sweep_asks() == (0, 0)  # it came today
    AskAssignment.objects.update(asked_at=timezone.now() - timedelta(days=10))
    assert sweep_asks() == (1, 0)
    assert sweep_asks() == (0, 0)
    assert letters(row) == [asking.LETTER_ASK, asking.LETTER_REMINDER]
    assert not remind(assignment=row)


def test_nobody_who_pauses_or_left_is_reminded(ask: Ask, person: Contact) -> None:
    put_ask(contact=person, ask=ask, creation_key="k")
    AskAssignment.objects.update(
        answer_by=timezone.localdate() + timedelta(days=1), asked_at=timezone.now() - timedelta(days=10)
    )
    pause_self(contact=person)
    assert sweep_asks() == (0, 0)
    opt_out(contact=person)
    assert sweep_asks() == (0, 0)


def test_silence_ends_it_in_the_ledger_too_and_a_late_answer_counts(ask: Ask, person: Contact) -> None:
    row = put_ask(contact=person, ask=ask, creation_key="k")
    assert not end_silence(assignment=row)
    AskAssignment.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert sweep_asks() == (0, 1)
    assert sweep_asks() == (0, 0)
    row.refresh_from_db()
    assert (row.status, touch_of(row)) == (AssignmentStatus.NO_ANSWER, EngagementStatus.NO_ANSWER)
    read_link(link_token(SignedLink.objects.get()), ASK_LINK)  # two weeks more
    answer_ask(assignment=row, to=AssignmentStatus.ACCEPTED)
    assert touch_of(row) == EngagementStatus.PLANNED


def test_more_days_lengthen_the_link(ask: Ask, person: Contact, manager: User) -> None:
    row = put_ask(contact=person, ask=ask, creation_key="k")
    until = row.answer_by
    row = postpone_answer(assignment=row, days=10, by=manager)
    assert row.answer_by == until + timedelta(days=10)
    assert SignedLink.objects.get().expires_at.date() == row.answer_by + timedelta(days=14)
    answer_ask(assignment=row, to=AssignmentStatus.DECLINED, why="No time.")
    with pytest.raises(DomainError) as error:
        postpone_answer(assignment=row, days=10, by=manager)
    assert code_of(error) == "not_waiting"
