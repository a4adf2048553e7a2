"""What delivers the promised effects of requests: each looks at the row as it stands, and does nothing twice.

All run outside transactions, since what they call writes the pool in one of its own.
"""

from collections.abc import Callable

from django.db.models import Q

from advocacy.services.leaving import end_if_gone
from delivery import outbox
from delivery.outbox import Handler, Payload
from matching import kinds
from matching.models import Approval, Match, Request, UnmetDemand
from matching.services.answering import note_silence, remind_promoter
from matching.services.approving import escalate_approval
from matching.services.clocks import renew_clocks
from matching.services.closing import expire_request, release_person
from matching.services.filling import fill_request
from matching.services.meeting import ask_after_meeting, remind_of_meeting
from matching.services.proposing import expire_hold
from matching.services.retrying import keep_promised_retry
from matching.services.searches import check_search
from references.announcing import POLICY_CHANGED, UNAVAILABLE
from references.models import Contact


def _fill(payload: Payload) -> None:
    fill_request(request=Request.objects.get(pk=payload["request"]))


def _expire(payload: Payload) -> None:
    expire_request(request=Request.objects.get(pk=payload["request"]))


def _expire_hold(payload: Payload) -> None:
    expire_hold(match=Match.objects.get(pk=payload["match"]))


def _escalate(payload: Payload) -> None:
    escalate_approval(approval=Approval.objects.get(pk=payload["approval"]))


def _remind(payload: Payload) -> None:
    remind_promoter(match=Match.objects.get(pk=payload["match"]), link=payload["link"])


def _note_silence(payload: Payload) -> None:
    note_silence(match=Match.objects.get(pk=payload["match"]))


def _remind_of_meeting(payload: Payload) -> None:
    remind_of_meeting(match=Match.objects.get(pk=payload["match"]), at=payload["at"])


def _ask_feedback(payload: Payload) -> None:
    ask_after_meeting(match=Match.objects.get(pk=payload["match"]), at=payload["at"])


def _release(payload: Payload) -> None:
    whose = Q(pk=payload["contact"]) if payload["contact"] else Q(customer=payload["customer"])
    for contact_id in list(Contact.objects.filter(whose).values_list("pk", flat=True)):
        release_person(contact_id=contact_id)
        end_if_gone(contact_id=contact_id)


def _retry(payload: Payload) -> None:
    keep_promised_retry(demand=UnmetDemand.objects.select_related("request").get(pk=payload["demand"]))


def _check_search(payload: Payload) -> None:
    check_search(search_id=payload["search"])


def _renew_clocks(_payload: Payload) -> None:
    renew_clocks()


HANDLERS: dict[str, Callable[[Payload], None]] = {
    kinds.FILL: _fill,
    kinds.EXPIRE: _expire,
    kinds.HOLD_EXPIRE: _expire_hold,
    kinds.ESCALATE: _escalate,
    kinds.REMIND: _remind,
    kinds.SILENCE: _note_silence,
    kinds.REMIND_MEETING: _remind_of_meeting,
    kinds.ASK_FEEDBACK: _ask_feedback,
    kinds.RETRY: _retry,
    kinds.CHECK_SEARCH: _check_search,
    UNAVAILABLE: _release,
    POLICY_CHANGED: _renew_clocks,
}


def register_handlers() -> None:
    """Let the outbox deliver the effects of requests."""
    for kind, deliver in HANDLERS.items():
        outbox.register_handler(kind, Handler(deliver, long=True))
