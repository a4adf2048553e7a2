"""The tables along which states of the pool move: every status has one table here and one service that writes it."""

from collections.abc import Mapping
from dataclasses import dataclass

from references.enums import (
    ContactStatus,
    ContentStatus,
    EngagementStatus,
    NominationStatus,
    SlotStatus,
    TagStatus,
)
from references.errors import DomainError


@dataclass(frozen=True)
class Lifecycle:
    """The states of one noun: those it may begin in, and from each the ones it may move to."""

    noun: str
    initial: frozenset[str]
    moves: Mapping[str, frozenset[str]]

    def may_move(self, from_status: str, to_status: str) -> bool:
        """Whether the table has this move."""
        return to_status in self.moves.get(from_status, frozenset())

    def require_initial(self, status: str) -> None:
        """Raise DomainError(not_initial) unless a row may begin as `status`."""
        if status not in self.initial:
            raise DomainError("not_initial", f"A {self.noun} cannot begin as '{status}'.", "status")

    def require_move(self, from_status: str, to_status: str) -> None:
        """Raise DomainError(move_not_allowed) unless the table has this move."""
        if not self.may_move(from_status, to_status):
            message = f"A {self.noun} that is '{from_status}' cannot become '{to_status}'."
            raise DomainError("move_not_allowed", message, "status")


def lifecycle(noun: str, initial: set[str], moves: dict[str, set[str]]) -> Lifecycle:
    """Build a life cycle from plain sets."""
    return Lifecycle(noun, frozenset(initial), {status: frozenset(to) for status, to in moves.items()})


_C = ContactStatus
CONTACT = lifecycle(
    "contact",
    {_C.KNOWN, _C.NOMINATED, _C.ACTIVE},
    {
        _C.KNOWN: {_C.NOMINATED, _C.RETIRED},
        _C.NOMINATED: {_C.ACTIVE, _C.RETIRED},
        _C.ACTIVE: {_C.PAUSED, _C.RETIRED},
        _C.PAUSED: {_C.ACTIVE, _C.RETIRED},
        _C.RETIRED: set(),
    },
)

_E = EngagementStatus
ENGAGEMENT = lifecycle(
    "engagement",
    set(_E),
    {
        _E.ASKED: {_E.HELD, _E.PLANNED, _E.COMPLETED, _E.DECLINED, _E.CANCELLED, _E.NO_ANSWER, _E.RELEASED},
        _E.HELD: {_E.ASKED, _E.PLANNED, _E.COMPLETED, _E.DECLINED, _E.CANCELLED, _E.NO_ANSWER, _E.RELEASED},
        _E.PLANNED: {_E.COMPLETED, _E.DECLINED, _E.CANCELLED, _E.NO_ANSWER, _E.RELEASED},
        _E.NO_ANSWER: {_E.PLANNED, _E.COMPLETED, _E.DECLINED, _E.RELEASED},  # a late answer
        # What is over can still be released where it was logged by hand and never was (services.ledger).
        _E.COMPLETED: {_E.RELEASED},
        _E.DECLINED: {_E.RELEASED},
        _E.CANCELLED: {_E.RELEASED},
        _E.RELEASED: set(),
    },
)

_T = TagStatus
TAG = lifecycle(
    "tag",
    {_T.ACCEPTED, _T.PROPOSED},
    {
        _T.PROPOSED: {_T.ACCEPTED, _T.REJECTED, _T.MERGED},
        _T.ACCEPTED: {_T.REJECTED, _T.MERGED},
        _T.REJECTED: {_T.ACCEPTED, _T.MERGED},
        _T.MERGED: set(),
    },
)

TAG_UNDONE = lifecycle(
    "tag", set(), {status: {_T.PROPOSED} for status in (_T.ACCEPTED, _T.REJECTED, _T.MERGED)}
)  # only where a manager takes a bulk decision back (services.sorting)

_D = ContentStatus
CONTENT = lifecycle(
    "content",
    {_D.DRAFT, _D.APPROVED, _D.PUBLISHED},  # what exists already is logged as it stands
    {
        _D.DRAFT: {_D.WITH_CUSTOMER},
        _D.WITH_CUSTOMER: {_D.DRAFT, _D.APPROVED},
        _D.APPROVED: {_D.PUBLISHED, _D.EXPIRED, _D.RECALLED},
        _D.PUBLISHED: {_D.EXPIRED, _D.RECALLED},
        _D.EXPIRED: set(),
        _D.RECALLED: set(),
    },
)

_S = SlotStatus
SLOT = lifecycle(
    "speaking slot",
    {_S.OPEN, _S.DELIVERED},  # what took place already is logged as it stands
    {
        _S.OPEN: {_S.HELD, _S.UNFILLED, _S.CANCELLED},
        _S.HELD: {_S.OPEN, _S.CONFIRMED, _S.CANCELLED},
        _S.CONFIRMED: {_S.OPEN, _S.DELIVERED, _S.CANCELLED},  # open again where the speaker cannot come
        _S.DELIVERED: set(),
        _S.CANCELLED: set(),
        _S.UNFILLED: set(),
    },
)

_N = NominationStatus
NOMINATION = lifecycle(
    "nomination",
    {_N.DRAFT, _N.NEW},
    {
        _N.DRAFT: {_N.NEW},
        _N.NEW: {_N.IN_PROGRESS, _N.APPROVED, _N.NOT_APPROVED},
        _N.IN_PROGRESS: {_N.APPROVED, _N.NOT_APPROVED},
        _N.APPROVED: set(),
        _N.NOT_APPROVED: {_N.IN_PROGRESS},
    },
)
