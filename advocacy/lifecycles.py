"""The tables along which states of advocacy move: every status has one table here and one service that writes it."""

from advocacy.enums import (
    AskCampaignStatus,
    AssignmentStatus,
    FlagStatus,
    HandoverStatus,
    PlayStatus,
    ProgramStatus,
    RedemptionStatus,
    ReferralStatus,
    SeatStatus,
)
from references.lifecycles import lifecycle

_A = AssignmentStatus
ASSIGNMENT = lifecycle(
    "assignment",
    {_A.ASKED, _A.DONE},  # what somebody did without being asked is logged as done
    {
        _A.ASKED: {_A.ACCEPTED, _A.SCHEDULED, _A.DONE, _A.DECLINED, _A.NO_ANSWER, _A.WITHDRAWN},
        _A.ACCEPTED: {_A.SCHEDULED, _A.DONE, _A.CANCELLED, _A.WITHDRAWN},
        _A.SCHEDULED: {_A.DONE, _A.CANCELLED, _A.WITHDRAWN},
        _A.DONE: {_A.CONFIRMED, _A.ACCEPTED, _A.WITHDRAWN},  # accepted again: the evidence was not enough
        _A.CONFIRMED: {_A.WITHDRAWN},  # it turned out not to be so
        _A.NO_ANSWER: {_A.ACCEPTED, _A.DONE, _A.DECLINED},  # a late answer
        _A.DECLINED: set(),
        _A.WITHDRAWN: set(),
        _A.CANCELLED: set(),
    },
)

_K = AskCampaignStatus
ASK_CAMPAIGN = lifecycle(
    "ask campaign",
    {_K.DRAFT},
    {_K.DRAFT: {_K.RUNNING, _K.CLOSED}, _K.RUNNING: {_K.CLOSED}, _K.CLOSED: set()},
)

_R = RedemptionStatus
REDEMPTION = lifecycle(
    "redemption",
    {_R.REQUESTED, _R.APPROVED},
    {
        _R.REQUESTED: {_R.APPROVED, _R.REJECTED, _R.CANCELLED},
        _R.APPROVED: {_R.FULFILLED, _R.CANCELLED},
        _R.FULFILLED: set(),
        _R.REJECTED: set(),
        _R.CANCELLED: set(),
    },
)

_F = ReferralStatus
REFERRAL = lifecycle(
    "referral",
    {_F.NEW},
    {
        _F.NEW: {_F.QUALIFIED, _F.WON, _F.LOST, _F.DISQUALIFIED},
        _F.QUALIFIED: {_F.WON, _F.LOST, _F.DISQUALIFIED},
        _F.LOST: {_F.QUALIFIED},  # it came back
        _F.DISQUALIFIED: {_F.NEW},
        _F.WON: {_F.LOST, _F.DISQUALIFIED},  # the deal fell through, or was none
    },
)

_P = PlayStatus
PLAY = lifecycle(
    "recovery play",
    {_P.OPEN},
    {
        _P.OPEN: {_P.IN_PROGRESS, _P.DONE, _P.ABANDONED},
        _P.IN_PROGRESS: {_P.DONE, _P.ABANDONED},
        _P.DONE: set(),
        _P.ABANDONED: {_P.OPEN},
    },
)

_G = ProgramStatus
ADOPTER_PROGRAM = lifecycle(
    "early-adopter program",
    {_G.DRAFT},
    {
        _G.DRAFT: {_G.RECRUITING, _G.CLOSED},
        _G.RECRUITING: {_G.RUNNING, _G.CLOSED},
        _G.RUNNING: {_G.CLOSED},
        _G.CLOSED: set(),
    },
)

_S = SeatStatus
SEAT = lifecycle(
    "seat",
    {_S.INVITED},
    {
        _S.INVITED: {_S.AGREED, _S.DECLINED, _S.WITHDRAWN},
        _S.AGREED: {_S.ACTIVE, _S.DROPPED, _S.WITHDRAWN},
        _S.ACTIVE: {_S.FINISHED, _S.DROPPED},
        _S.FINISHED: set(),
        _S.DECLINED: set(),
        _S.DROPPED: set(),
        _S.WITHDRAWN: set(),
    },
)

_H = HandoverStatus
HANDOVER = lifecycle(
    "hand-over",
    {_H.OPEN},
    {
        _H.OPEN: {_H.TAKEN, _H.DONE, _H.DECLINED},
        _H.TAKEN: {_H.DONE, _H.DECLINED, _H.OPEN},
        _H.DONE: set(),
        _H.DECLINED: {_H.OPEN},
    },
)

_L = FlagStatus
FLAG = lifecycle(
    "fraud flag",
    {_L.OPEN},
    {_L.OPEN: {_L.CLEARED, _L.CONFIRMED}, _L.CLEARED: {_L.OPEN}, _L.CONFIRMED: {_L.OPEN}},
)
