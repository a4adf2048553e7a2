"""Ends what goes on with somebody who has left or opted out: open asks, seats and plays; what was done stays."""

from django.db.models import Q

from advocacy.enums import AssignmentStatus, PlayStatus, SeatStatus
from advocacy.lifecycles import SEAT
from advocacy.models import AdopterSeat, AskAssignment, RecoveryPlay
from advocacy.services.adopters import move_seat
from advocacy.services.assignments import move_assignment
from advocacy.services.recovery import move_play
from delivery.links import revoke_links
from references.enums import Actor, ContactStatus
from references.models import Contact
from references.pool.writing import pool_write
from references.services.holds import lock_person
from users.models import User

WHY = "The person has left the program."
_GONE = Q(has_opted_out=True) | Q(status=ContactStatus.RETIRED)
_OPEN_SEATS = (SeatStatus.INVITED, SeatStatus.AGREED, SeatStatus.ACTIVE)


def end_open(*, contact: Contact, by: User | None = None) -> int:
    """End every open ask, seat and play of a person, inside a `pool_write`; gives how many. A second time ends none."""
    assignments = AskAssignment.objects.filter(contact=contact).open()
    for row in assignments:
        revoke_links(subject=row.source)
        move_assignment(assignment=row, to=AssignmentStatus.WITHDRAWN, by=by, actor=_actor(by), why=WHY)
    plays = RecoveryPlay.objects.filter(contact=contact).open()
    for play in plays:
        move_play(play=play, to=PlayStatus.ABANDONED, by=by, outcome=WHY)
    seats = list(AdopterSeat.objects.filter(contact=contact, status__in=_OPEN_SEATS))
    for seat in seats:
        revoke_links(subject=seat.source)
        _leave_seat(seat, by)
    return len(assignments) + len(plays) + len(seats)


def end_if_gone(*, contact_id: int, by: User | None = None) -> int:
    """End what is open with a person once they have left or opted out; gives how much, 0 for everybody else."""
    if not Contact.objects.filter(_GONE, pk=contact_id).exists():
        return 0
    with pool_write():
        return end_open(contact=lock_person(contact_id), by=by)


def sweep_leavers() -> int:
    """End what is still open with anybody who has left or opted out; each in a transaction of its own."""
    return sum(end_if_gone(contact_id=each) for each in people_who_left())


def people_who_left() -> list[int]:
    """The ids of people who have left or opted out, with whom something is still open; three queries."""
    gone = Contact.objects.filter(_GONE)
    found: set[int] = set()
    for rows in (
        AskAssignment.objects.open(),
        RecoveryPlay.objects.open(),
        AdopterSeat.objects.filter(status__in=_OPEN_SEATS),
    ):
        found |= set(rows.filter(contact__in=gone).values_list("contact_id", flat=True))
    return sorted(found)


def _leave_seat(seat: AdopterSeat, by: User | None) -> None:
    to = SeatStatus.WITHDRAWN if SEAT.may_move(seat.status, SeatStatus.WITHDRAWN) else SeatStatus.DROPPED
    move_seat(seat=seat, to=to, by=by, actor=_actor(by), why=WHY)


def _actor(by: User | None) -> str:
    return Actor.SYSTEM if by is None else Actor.USER
