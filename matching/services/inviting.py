"""Invites a promoter: the ask in the ledger, the mail with its link, one reminder, and the end of patience."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.links import issue_link
from delivery.mails import send_later
from delivery.promises import enqueue
from matching.business_time import add_business_hours, calendar_of
from matching.enums import MatchStatus, Urgency
from matching.kinds import LETTER_ASKED, LETTER_INVITATION, REMIND, SILENCE
from matching.models import Match
from matching.purposes import INVITATION, match_subject
from matching.services.states import call_manager, move_match
from matching.services.telling import tell_managers, tell_requester
from references.policy import ServicePolicy
from references.program import current_policy
from references.services.holds import Ask, require_no_open_ask
from users.models import User


def invite_match(match: Match, *, by: User | None) -> None:
    """Ask the promoter of an approved match, inside a `pool_write` with its request locked.

    Somebody without an e-mail address cannot be mailed: the request then says that a manager must ask in person, and
    the answer is recorded by hand. Raises DomainError(move_not_allowed), and HoldRefusedError while another request
    waits for the same person's answer.
    """
    source = match.engagement.source if match.engagement is not None else ""
    ask = Ask(match.activity, match.on, frozenset({source}))
    require_no_open_ask(contact=match.contact, ask=ask, overridden=match.override_codes)
    now, service = timezone.now(), current_policy().service
    is_urgent = match.request.urgency == Urgency.URGENT
    hours = service.urgent_answer_hours if is_urgent else service.answer_hours
    calendar = calendar_of(service)
    due = _before_the_day(add_business_hours(now, hours, calendar), match, now, service)
    move_match(match, MatchStatus.INVITED, by=by, invited_at=now, answer_due_at=due)
    payload: dict[str, Any] = {"match": match.pk}
    enqueue(kind=SILENCE, key=f"{SILENCE}:{match.pk}", payload=payload, due=due)
    tell_requester(match.request, LETTER_ASKED, occasion=str(match.pk), payload=payload)
    if not match.contact.email:
        _ask_in_person(match)
        return
    lifetime = max(due - now, timedelta(days=service.invitation_days))
    link = issue_link(purpose=INVITATION, subject=match_subject(match.pk), lifetime=lifetime)
    payload = {"match": match.pk, "link": str(link.pk)}
    send_later(kind=LETTER_INVITATION, key=f"{LETTER_INVITATION}:{match.pk}", payload=payload)
    remind_at = min(add_business_hours(now, min(service.reminder_hours, hours / 2), calendar), now + (due - now) / 2)
    enqueue(kind=REMIND, key=f"{REMIND}:{match.pk}", payload=payload, due=remind_at)


def _before_the_day(due: datetime, match: Match, now: datetime, service: ServicePolicy) -> datetime:
    """The moment by which an answer is needed: not later than the day it is for begins, and two hours at least."""
    begins = datetime.combine(match.on, time(), ZoneInfo(service.time_zone))
    return min(due, max(begins, now + timedelta(hours=2)))


def _ask_in_person(match: Match) -> None:
    why = _("No e-mail address is on file for %(who)s: ask in person, and record the answer.")
    call_manager(match.request, match.slot, why % {"who": match.headline[:200]})
    tell_managers(match.request, occasion=f"no address {match.pk}")
