"""The tables along which states of surveys move: every status has one table here and one service that writes it."""

from references.lifecycles import lifecycle
from surveys.enums import CampaignStatus, InvitationStatus

_C = CampaignStatus
CAMPAIGN = lifecycle(
    "survey campaign",
    {_C.DRAFT, _C.RUNNING, _C.CLOSED},  # an imported one is over as it is made
    {_C.DRAFT: {_C.RUNNING, _C.CLOSED}, _C.RUNNING: {_C.CLOSED}, _C.CLOSED: {_C.RUNNING}},
)

_I = InvitationStatus
INVITATION = lifecycle(
    "survey invitation",
    {_I.WAITING, _I.SKIPPED, _I.ANSWERED},
    {
        _I.WAITING: {_I.SENT, _I.SKIPPED, _I.FAILED, _I.ANSWERED},
        _I.SENT: {_I.ANSWERED, _I.NO_ANSWER, _I.FAILED},
        _I.NO_ANSWER: {_I.ANSWERED},  # a late answer
        _I.FAILED: {_I.SENT, _I.ANSWERED},
        _I.ANSWERED: set(),
        _I.SKIPPED: {_I.WAITING},
    },
)
