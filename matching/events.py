"""What webhooks of managers hear of requests and matches: what became of them, without a name in it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from delivery.webhooks import EventType, emit, register_event
from matching.enums import MatchStatus, RequestStatus
from matching.models import Match, Request

_REQUEST = {"id": 12, "status": "open", "activity": "call", "quantity": 1, "deal_id": "OPP-4711"}
_MATCH = {"id": 31, "request": 12, "status": "accepted", "activity": "call", "on": "2027-05-06"}

REQUEST_EVENTS = {
    RequestStatus.OPEN: "request.opened",
    RequestStatus.UNMET: "request.unmet",
    RequestStatus.FULFILLED: "request.fulfilled",
    RequestStatus.CLOSED: "request.closed",
    RequestStatus.CANCELLED: "request.closed",
    RequestStatus.EXPIRED: "request.closed",
}
MATCH_EVENTS = {
    MatchStatus.ACCEPTED: "match.accepted",
    MatchStatus.DECLINED: "match.declined",
    MatchStatus.COMPLETED: "match.completed",
}
EVENTS = (
    EventType("request.opened", _("A request was sent, or is open again"), _REQUEST, for_managers=True),
    EventType("request.unmet", _("Nobody was found for a request"), _REQUEST, for_managers=True),
    EventType("request.fulfilled", _("Every reference of a request took place"), _REQUEST, for_managers=True),
    EventType("request.closed", _("A request is over: closed, cancelled or expired"), _REQUEST, for_managers=True),
    EventType("match.accepted", _("A promoter said yes"), _MATCH, for_managers=True),
    EventType("match.declined", _("A promoter said no"), _MATCH, for_managers=True),
    EventType("match.completed", _("A reference took place"), _MATCH, for_managers=True),
)


def register_events() -> None:
    """Let webhooks of managers be subscribed to by these events."""
    for event in EVENTS:
        register_event(event)


def announce_request(request: Request) -> None:
    """Tell subscribers, in the caller's transaction, of the status that a request has just taken."""
    event = REQUEST_EVENTS.get(RequestStatus(request.status))
    if event is not None:
        emit(event, subject=f"request:{request.pk}", data=describe_request(request))


def announce_match(match: Match) -> None:
    """Tell subscribers, in the caller's transaction, of the status that a match has just taken."""
    event = MATCH_EVENTS.get(MatchStatus(match.status))
    if event is not None:
        emit(event, subject=f"match:{match.pk}", data=describe_match(match))


def describe_request(request: Request) -> dict[str, Any]:
    """A request by what is asked for; the deal by its id in the CRM, without its name and prospects."""
    return {
        "id": request.pk,
        "status": request.status,
        "activity": request.activity,
        "quantity": request.quantity,
        "deal_id": request.deal_id,
    }


def describe_match(match: Match) -> dict[str, Any]:
    """A match without the promoter and their customer."""
    return {
        "id": match.pk,
        "request": match.request_id,
        "status": match.status,
        "activity": match.request.activity,
        "on": None if match.on is None else match.on.isoformat(),
    }
