"""Whoever leaves while their seat, ask or play is moved: all ends, once, and nobody waits for the other for ever."""

import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from time import sleep
from typing import Any

import pytest

from advocacy.enums import AssignmentStatus, PlayStatus, ProgramStatus, SeatStatus
from advocacy.models import AdopterProgram, AdopterSeat, Ask, AskAssignment, RecoveryPlay
from advocacy.services.adopters import agree_to_seat, invite_adopter, move_program, save_program
from advocacy.services.assignments import assign_ask
from advocacy.services.leaving import end_if_gone, end_open
from advocacy.services.recovery import open_play
from advocacy.tasks import sweep_asks
from delivery.models import OutboxMessage
from delivery.outbox import deliver
from references.announcing import UNAVAILABLE
from references.models import Contact
from references.pool.writing import pool_write
from references.services.holds import lock_person
from references.services.own_page import opt_out
from tests.factories import make_contact
from tests.matching.test_contention import codes_of, do_at_once
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(manager: User) -> AdopterProgram:
    data = {
        "name": "Ledger 5", "seats": 3, "agreement": "Be kind.", "starts_on": date(2026, 1, 1),
        "ends_on": date(2030, 1, 1),
    }  # fmt: skip
    row = save_program(data=data, creation_key="p", by=manager)  # type: ignore[arg-type]
    return move_program(program=row, to=ProgramStatus.RECRUITING, by=manager)


@pytest.fixture
def person(program: AdopterProgram, manager: User) -> Contact:
    """Somebody with an open seat, ask and play."""
    row = make_contact()
    invite_adopter(program=program, contact=row, by=manager)
    ask = Ask.objects.create(name="Post", activity="share", rung=1, text="Share?", points=10)
    assign_ask(contact=row, ask=ask, creation_key="a")
    open_play(contact=row, source="t", why="A low score")
    return row


def states() -> tuple[str, str, str]:
    return AdopterSeat.objects.get().status, AskAssignment.objects.get().status, RecoveryPlay.objects.get().status


ENDED = (SeatStatus.WITHDRAWN, AssignmentStatus.WITHDRAWN, PlayStatus.ABANDONED)


@pytest.mark.parametrize("is_swept", [False, True])
def test_opting_out_ends_what_is_open(person: Contact, is_swept: bool) -> None:
    opt_out(contact=person)
    if is_swept:
        sweep_asks()
    else:
        assert deliver(OutboxMessage.objects.get(kind=UNAVAILABLE).pk)
    assert states() == ENDED


def test_nothing_ends_for_who_is_still_there(person: Contact) -> None:
    sweep_asks()
    assert end_if_gone(contact_id=person.pk) == 0
    assert states() == (SeatStatus.INVITED, AssignmentStatus.ASKED, PlayStatus.OPEN)


def end_while_others_wait(person: Contact, is_locked: threading.Event) -> None:
    """End what is open as erasing does: the person is locked first."""
    with pool_write():
        lock_person(person.pk)
        is_locked.set()
        sleep(0.4)
        end_open(contact=person)


def after(is_locked: threading.Event, call: Callable[[], Any]) -> Any:
    is_locked.wait(5)
    return call()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_by_person", [True, False])
def test_seat_ends_with_the_person_while_somebody_else_moves_it(
    manager: User, program: AdopterProgram, is_by_person: bool
) -> None:
    person, is_locked = make_contact(), threading.Event()
    seat = invite_adopter(program=program, contact=person, by=manager)
    agree = partial(agree_to_seat, seat=seat, version=1)
    begin = partial(move_program, program=program, to=ProgramStatus.CLOSED, by=manager)
    rival = partial(after, is_locked, agree if is_by_person else begin)
    codes = codes_of(do_at_once(partial(end_while_others_wait, person, is_locked), rival))
    assert codes == ["done", "move_not_allowed" if is_by_person else "done"]
    assert AdopterSeat.objects.get().status == SeatStatus.WITHDRAWN
