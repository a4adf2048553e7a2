"""Early adopters: seats never oversold, the agreement as it was read, the ledger and the points along with it."""

from datetime import date
from functools import partial

import pytest

from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.models import AdopterFeedback, AdopterProgram, AdopterSeat, PointsAccount, PointsRule
from advocacy.services.adopters import (
    agree_to_seat,
    give_feedback,
    invite_adopter,
    move_program,
    move_seat,
    save_program,
)
from references.enums import ContactStatus, EngagementStatus
from references.errors import DomainError
from references.models import Engagement
from tests.factories import make_contact, make_tag
from tests.matching.test_contention import codes_of, do_at_once
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(manager: User) -> AdopterProgram:
    data = {
        "name": "Ledger 5", "seats": 1, "agreement": "Be kind.", "starts_on": date(2026, 1, 1),
        "ends_on": date(2030, 1, 1),
    }  # fmt: skip
    row = save_program(data=data, creation_key="p", by=manager)  # type: ignore[arg-type]
    return move_program(program=row, to=ProgramStatus.RECRUITING, by=manager)


def refused(code: str) -> "pytest.RaisesExc[DomainError]":
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def test_seat_goes_from_invited_to_finished_with_ledger_and_points(program: AdopterProgram, manager: User) -> None:
    PointsRule.objects.create(activity="beta", points=100)
    seat = invite_adopter(program=program, contact=make_contact(), by=manager)
    touch = Engagement.objects.get(source=seat.source)
    assert (touch.activity, touch.status) == ("beta", EngagementStatus.ASKED)
    agree_to_seat(seat=seat, version=1)
    assert (seat.agreed_version, PointsAccount.objects.get().balance) == (1, 10)
    move_program(program=program, to=ProgramStatus.RUNNING, by=manager)
    seat.refresh_from_db()
    assert seat.status == SeatStatus.ACTIVE
    with refused("adopted_required"):
        move_seat(seat=seat, to=SeatStatus.FINISHED, by=manager)
    move_seat(seat=seat, to=SeatStatus.FINISHED, by=manager, adopted=True, outcome="Rolled out.")
    touch.refresh_from_db()
    assert (touch.status, PointsAccount.objects.get().balance) == (EngagementStatus.COMPLETED, 100)


def test_last_seat_is_given_once(program: AdopterProgram, manager: User) -> None:
    first, second = (invite_adopter(program=program, contact=make_contact(), by=manager) for _ in range(2))
    agree_to_seat(seat=first, version=1)
    with refused("no_seats_left"):
        agree_to_seat(seat=second, version=1)
    with refused("no_seats_left"):
        invite_adopter(program=program, contact=make_contact(), by=manager)
    with refused("too_few_seats"):
        save_program(program=program, data={"seats": 0})


def test_changed_agreement_is_read_again(program: AdopterProgram, manager: User) -> None:
    seat = invite_adopter(program=program, contact=make_contact(), by=manager)
    save_program(program=program, data={"agreement": "Be very kind."})
    with refused("agreement_changed"):
        agree_to_seat(seat=seat, version=1)
    assert agree_to_seat(seat=seat, version=2).agreed_version == 2


def test_nobody_outside_the_pool_is_invited(program: AdopterProgram, manager: User) -> None:
    with refused("not_active"):
        invite_adopter(program=program, contact=make_contact(status=ContactStatus.KNOWN), by=manager)
    with refused("has_opted_out"):
        invite_adopter(program=program, contact=make_contact(has_opted_out=True), by=manager)


def test_closing_takes_back_open_invitations_and_wants_an_outcome(program: AdopterProgram, manager: User) -> None:
    seat = invite_adopter(program=program, contact=make_contact(), by=manager)
    move_program(program=program, to=ProgramStatus.RUNNING, by=manager)
    with refused("outcome_required"):
        move_program(program=program, to=ProgramStatus.CLOSED, by=manager)
    move_program(program=program, to=ProgramStatus.CLOSED, by=manager, outcome="Three bugs found.")
    seat.refresh_from_db()
    assert seat.status == SeatStatus.WITHDRAWN
    with refused("program_over"):
        save_program(program=program, data={"name": "Other"})


def test_feedback_is_for_those_who_take_part_and_kept_once(program: AdopterProgram, manager: User) -> None:
    seat = invite_adopter(program=program, contact=make_contact(), by=manager)
    with refused("not_seated"):
        give_feedback(seat=seat, text="Nice.", creation_key="f")
    agree_to_seat(seat=seat, version=1)
    for _time in range(2):
        give_feedback(seat=seat, text="Nice.", creation_key="f")
    assert AdopterFeedback.objects.count() == 1


def test_product_is_one_of_the_vocabulary(manager: User) -> None:
    data = {"name": "X", "seats": 1, "agreement": "A", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 2, 1)}
    with refused("not_a_product"):
        save_program(data={**data, "product": make_tag(facet="industry")}, creation_key="x", by=manager)  # type: ignore[typeddict-item]
    assert not AdopterSeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_who_agree_at_once_get_no_more_seats_than_there_are(manager: User, program: AdopterProgram) -> None:
    save_program(program=program, data={"seats": 3})
    seats = [invite_adopter(program=program, contact=make_contact(), by=manager) for _ in range(8)]
    codes = codes_of(do_at_once(*[partial(agree_to_seat, seat=each, version=1) for each in seats]))
    assert (codes.count("done"), codes.count("no_seats_left")) == (3, 5)
    assert AdopterSeat.objects.seated().count() == 3
    assert Engagement.objects.filter(status=EngagementStatus.PLANNED).count() == 3
