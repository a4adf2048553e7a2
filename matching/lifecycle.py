"""The tables along which requests, matches and recruiting tasks move, and what a match's state means in the ledger."""

from matching.enums import MatchStatus, RequestStatus, TaskStatus
from references.enums import EngagementStatus
from references.lifecycles import lifecycle

_R = RequestStatus
REQUEST = lifecycle(
    "request",
    {_R.DRAFT},
    {
        _R.DRAFT: {_R.OPEN, _R.CANCELLED},
        _R.OPEN: {_R.FULFILLED, _R.CANCELLED, _R.UNMET, _R.EXPIRED},
        _R.UNMET: {_R.OPEN, _R.CANCELLED, _R.EXPIRED},
        _R.FULFILLED: {_R.CLOSED},
        _R.CLOSED: set(),
        _R.CANCELLED: set(),
        _R.EXPIRED: set(),
    },
)

_M = MatchStatus
_ENDED_EARLY = {_M.WITHDRAWN, _M.CANCELLED}
MATCH = lifecycle(
    "match",
    {_M.PROPOSED},
    {
        _M.PROPOSED: {_M.OWNER_REVIEW, _M.MANAGER_REVIEW, _M.APPROVED, *_ENDED_EARLY},
        _M.OWNER_REVIEW: {_M.MANAGER_REVIEW, _M.APPROVED, _M.REJECTED, *_ENDED_EARLY},
        _M.MANAGER_REVIEW: {_M.APPROVED, _M.REJECTED, *_ENDED_EARLY},
        _M.APPROVED: {_M.INVITED, *_ENDED_EARLY},
        _M.INVITED: {_M.ACCEPTED, _M.DECLINED, _M.NO_ANSWER, *_ENDED_EARLY},
        _M.ACCEPTED: {_M.SCHEDULED, *_ENDED_EARLY},
        _M.SCHEDULED: {_M.COMPLETED, _M.NO_SHOW, *_ENDED_EARLY},
        _M.COMPLETED: set(),
        _M.REJECTED: set(),
        _M.DECLINED: set(),
        _M.NO_ANSWER: set(),
        _M.WITHDRAWN: set(),
        _M.CANCELLED: set(),
        _M.NO_SHOW: set(),
    },
)

TASK = lifecycle(
    "recruiting task",
    {TaskStatus.OPEN},
    {TaskStatus.OPEN: {TaskStatus.DONE, TaskStatus.DISMISSED}, TaskStatus.DONE: set(), TaskStatus.DISMISSED: set()},
)


def ledger_status(to: str, was: str) -> str | None:
    """The status that the ledger row of a match takes when it moves from `was` to `to`; None where it stays.

    A hold that nobody outside has heard of is released without a trace on fatigue; what the promoter was asked for
    counts as what became of it.
    """
    if to in {_M.WITHDRAWN, _M.CANCELLED, _M.REJECTED}:
        heard_of_it = was in {_M.INVITED, _M.ACCEPTED, _M.SCHEDULED}
        return EngagementStatus.CANCELLED if heard_of_it else EngagementStatus.RELEASED
    return _LEDGER.get(to)


_LEDGER: dict[str, str] = {
    _M.INVITED: EngagementStatus.ASKED,
    _M.ACCEPTED: EngagementStatus.PLANNED,
    _M.COMPLETED: EngagementStatus.COMPLETED,
    _M.DECLINED: EngagementStatus.DECLINED,
    _M.NO_ANSWER: EngagementStatus.NO_ANSWER,
}
