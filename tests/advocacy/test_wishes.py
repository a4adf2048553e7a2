"""What somebody who is to be won back wishes for: a step of their open play, or a new play."""

import pytest

from advocacy.enums import PlayStatus
from advocacy.models import PlayStep
from advocacy.services.recovery import move_play, open_play
from advocacy.services.wishes import note_wish
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
SOURCE = "response:1:play"


def test_wish_is_a_step_of_the_open_play_once() -> None:
    person = make_contact()
    play = open_play(contact=person, source=SOURCE)
    first = note_wish(contact=person, wish="training", source=SOURCE)
    assert (first.play, first.text) == (play, "They wish: Training")
    assert note_wish(contact=person, wish="training", source=SOURCE) == first
    assert PlayStep.objects.filter(text=first.text).count() == 1


def test_wish_after_a_play_is_over_opens_another() -> None:
    person = make_contact()
    over = open_play(contact=person, source=SOURCE)
    move_play(play=over, to=PlayStatus.ABANDONED, outcome="They did not answer.")
    step = note_wish(contact=person, wish="call", source=SOURCE)
    assert (step.play.status, step.play == over) == (PlayStatus.OPEN, False)
    assert note_wish(contact=person, wish="call", source=SOURCE) == step
