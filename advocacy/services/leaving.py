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
from users.models import User

WHY = "The person has left the program."
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


def people_who_left() -> list[int]:
    """The ids of people who have left or opted out, with whom something is still open; three queries."""
    gone = Q(contact__has_opted_out=True) | Q(contact__status=ContactStatus.RETIRED)
    found: set[int] = set()
    for rows in (
        AskAssignment.objects.open(),
        RecoveryPlay.objects.open(),
        AdopterSeat.objects.filter(status__in=_OPEN_SEATS),
    ):
        found |= set(rows.filter(gone).values_list("contact_id", flat=True))
    return sorted(found)


def _leave_seat(seat: AdopterSeat, by: User | None) -> None:
    to = SeatStatus.WITHDRAWN if SEAT.may_move(seat.status, SeatStatus.WITHDRAWN) else SeatStatus.DROPPED
    move_seat(seat=seat, to=to, by=by, actor=_actor(by), why=WHY)


def _actor(by: User | None) -> str:
    return Actor.SYSTEM if by is None else Actor.USER
