"""Recovery plays: who owns one, what an amended answer does to it, and when its owner hears of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from advocacy.enums import PlayResult, PlayStatus
from advocacy.letters.recovery import read, write
from advocacy.models import PlayTemplate, RecoveryPlay
from advocacy.services.play_templates import add_starter_plays, save_template
from advocacy.services.recovery import follow_amendment, measure_plays, move_play, open_for_score, open_play, tick_step
from advocacy.services.recovery_changes import change_play, comment_play, remind_overdue
from delivery.models import OutboxMessage
from references.errors import DomainError
from references.models import Contact, StateChange
from tests.advocacy.recovery_plays import make_play, make_template
from tests.factories import make_contact, make_customer
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(rep: User) -> Contact:
    return make_contact(make_customer("Fjordbank", account_owner=rep), "Nora Lindqvist", title="CFO")


def letters(kind: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(payload__letter=kind).order_by("pk"))


def open_by_answer(person: Contact, score: int = 4) -> RecoveryPlay:
    make_template(opens_for="detractor")
    play = open_for_score(contact=person, score=score, on=timezone.localdate(), source="response:1:play", why="Low")
    assert play is not None
    return play


def test_account_owner_hears_that_a_play_is_theirs(person: Contact, rep: User) -> None:
    play = make_play(person)
    (message,) = letters("recovery_opened")
    task = read(message.payload, is_late=False)
    assert task is not None
    letter = write(task)
    assert (letter.to, play.owner) == (rep.email, rep)
    assert "Nora Lindqvist" in letter.subject
    assert "• Call them and listen." in letter.paragraphs[-1]


def test_whoever_opens_their_own_play_gets_no_letter(person: Contact, rep: User) -> None:
    make_play(person, by=rep)
    assert not letters("recovery_opened")


def test_letter_is_dropped_once_the_play_has_ended(person: Contact) -> None:
    play = make_play(person)
    move_play(play=play, to=PlayStatus.ABANDONED, outcome="She left.")
    assert read({"play": play.pk}, is_late=False) is None


def test_play_is_given_to_those_only_who_may_know_whom_it_is_about(
    person: Contact, manager: User, outsider: User, rep: User
) -> None:
    play = make_play(person, by=rep)
    with pytest.raises(DomainError) as refusal:
        change_play(play=play, owner=outsider, due_on=play.due_on, by=rep)
    assert (refusal.value.code, refusal.value.field) == ("owner_may_not_see", "owner")
    change_play(play=play, owner=manager, due_on=play.due_on + timedelta(days=2), by=rep)
    assert play.owner == manager
    assert len(letters("recovery_opened")) == 1
    assert "Given to" in StateChange.objects.latest("pk").why
    with pytest.raises(DomainError, match="know who this is"):
        make_play(make_contact(name="Ola"), owner=outsider)


def test_ended_play_is_not_changed(person: Contact, rep: User) -> None:
    play = make_play(person)
    move_play(play=play, to=PlayStatus.DONE, outcome="Solved.")
    with pytest.raises(DomainError) as refusal:
        change_play(play=play, owner=rep, due_on=timezone.localdate(), by=rep)
    assert refusal.value.code == "play_over"


def test_comment_stands_in_the_history(person: Contact, rep: User) -> None:
    play = make_play(person)
    comment_play(play=play, text="  Called, no reply. ", by=rep)
    told = StateChange.objects.latest("pk")
    assert (told.why, told.from_status, told.to_status) == ("Called, no reply.", "open", "open")
    with pytest.raises(DomainError) as refusal:
        comment_play(play=play, text=" ", by=rep)
    assert refusal.value.code == "comment_empty"


def test_owner_is_reminded_once_of_each_day_that_is_over(person: Contact, rep: User) -> None:
    today = timezone.localdate()
    play = make_play(person, due_on=today)
    assert remind_overdue() == 0
    assert remind_overdue(today=today + timedelta(days=1)) == 1
    assert remind_overdue(today=today + timedelta(days=2)) == 1
    assert len(letters("recovery_overdue")) == 1
    assert read({"play": play.pk}, is_late=True) is None  # it is not late today
    change_play(play=play, owner=rep, due_on=today + timedelta(days=3), by=rep)
    remind_overdue(today=today + timedelta(days=4))
    assert len(letters("recovery_overdue")) == 2


def test_late_letter_says_so(person: Contact) -> None:
    play = make_play(person, due_on=timezone.localdate() - timedelta(days=1))
    task = read({"play": play.pk}, is_late=True)
    assert task is not None
    assert write(task).subject.startswith("Overdue")


def test_answer_amended_to_a_nine_gives_up_a_play_nobody_began(person: Contact) -> None:
    play = open_by_answer(person)
    follow_amendment(source=play.source, score=9)
    play.refresh_from_db()
    assert (play.status, play.result) == (PlayStatus.ABANDONED, PlayResult.WAITING)
    assert "from 4 to 9" in play.outcome


def test_answer_amended_back_opens_the_play_again(person: Contact) -> None:
    play = open_by_answer(person)
    follow_amendment(source=play.source, score=9)
    follow_amendment(source=play.source, score=3)
    play.refresh_from_db()
    assert (play.status, play.score, play.outcome) == (PlayStatus.OPEN, 3, "")


def test_play_that_somebody_gave_up_stays_so(person: Contact, rep: User) -> None:
    play = open_by_answer(person)
    move_play(play=play, to=PlayStatus.ABANDONED, by=rep, outcome="She left the company.")
    follow_amendment(source=play.source, score=3)
    play.refresh_from_db()
    assert play.status == PlayStatus.ABANDONED


def test_play_under_way_goes_on_when_its_answer_is_amended(person: Contact, rep: User) -> None:
    play = open_by_answer(person)
    tick_step(step=play.steps.all()[0], is_done=True, by=rep)
    follow_amendment(source=play.source, score=9)
    play.refresh_from_db()
    assert (play.status, play.score, play.next_score) == (PlayStatus.IN_PROGRESS, 4, None)


def test_answer_amended_to_another_low_score_is_what_the_play_began_with(person: Contact) -> None:
    play = open_by_answer(person)
    follow_amendment(source=play.source, score=6)
    play.refresh_from_db()
    assert (play.status, play.score) == (PlayStatus.OPEN, 6)


def test_amended_next_answer_measures_again(person: Contact) -> None:
    play = open_by_answer(person)
    later = timezone.localdate() + timedelta(days=60)
    assert measure_plays(contact=person, score=9, on=later) == 1
    assert measure_plays(contact=person, score=3, on=later) == 1
    assert measure_plays(contact=person, score=10, on=later + timedelta(days=60)) == 0
    play.refresh_from_db()
    assert (play.next_score, play.result) == (3, PlayResult.WORSE)


def test_template_in_use_takes_a_class_over_from_the_one_that_had_it() -> None:
    first = make_template(opens_for="detractor")
    second = save_template(name="Visit", kind="call", steps=["Go there", " "], due_days=5, opens_for="detractor")
    first.refresh_from_db()
    assert (first.opens_for, second.opens_for, second.steps) == ("", "detractor", ["Go there"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"steps": [" "]}, "no_steps"),
        ({"steps": ["x"] * 13}, "too_many_steps"),
        ({"steps": ["x" * 301]}, "step_too_long"),
        ({"opens_for": "promoter"}, "promoters_need_none"),
        ({"due_days": 0}, "min_value"),
    ],
)
def test_template_that_makes_no_sense_is_refused(data: dict[str, object], code: str) -> None:
    given = {"name": "Visit", "kind": "call", "steps": ["Go"], "due_days": 5, **data}
    with pytest.raises(DomainError) as refusal:
        save_template(**given)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_starter_takes_no_class_from_a_template_of_ones_own() -> None:
    own = make_template("Mine", opens_for="detractor")
    assert add_starter_plays() == 5
    assert add_starter_plays() == 0
    assert PlayTemplate.objects.get(opens_for="detractor") == own
    assert PlayTemplate.objects.get(opens_for="passive").name == "Feedback round"


def test_person_who_opted_out_is_left_alone() -> None:
    with pytest.raises(DomainError) as refusal:
        open_play(contact=make_contact(has_opted_out=True), source="x")
    assert refusal.value.code == "has_opted_out"
