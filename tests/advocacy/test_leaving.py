"""Whoever leaves while their seat, ask or play is moved: all ends, once, and nobody waits for the other for ever."""

import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from time import sleep
from typing import Any

import pytest

from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.models import AdopterProgram, AdopterSeat
from advocacy.services.adopters import agree_to_seat, invite_adopter, move_program, save_program
from advocacy.services.leaving import end_open
from references.models import Contact
from references.pool.writing import pool_write
from references.services.holds import lock_person
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
