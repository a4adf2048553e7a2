"""The letters of requests: what promoters, requesters, approvers and managers are written, registered by kind."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from delivery.mails import Letter, register_letter
from delivery.outbox import Payload
from matching import kinds
from matching.letters import facts, promoters, users
from matching.letters.facts import Facts
from matching.letters.searches import register_search_letter

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

Read = Callable[[Payload], Facts | None]
Write = Callable[[Facts], Letter]

LETTERS: "tuple[tuple[str, StrOrPromise, Read, Write], ...]" = (
    (kinds.LETTER_INVITATION, _("Promoter: the invitation"), facts.invited, promoters.invitation),
    (kinds.LETTER_REMINDER, _("Promoter: the one reminder"), facts.invited, promoters.reminder),
    (kinds.LETTER_ACCEPTED_PROMOTER, _("Promoter: thank you for saying yes"), facts.accepted, promoters.accepted),
    (kinds.LETTER_MEETING_PROMOTER, _("Promoter: a time is set"), facts.met_at, promoters.meeting),
    (kinds.LETTER_MEETING_SOON_PROMOTER, _("Promoter: it is soon"), facts.met_at, promoters.meeting_soon),
    (kinds.LETTER_FEEDBACK_PROMOTER, _("Promoter: how was it?"), facts.asked_how_it_was, promoters.feedback),
    (kinds.LETTER_THANKS, _("Promoter: thank you"), facts.of_match, promoters.thanks),
    (kinds.LETTER_OUTCOME, _("Promoter: how it ended"), facts.ended, promoters.outcome),
    (kinds.LETTER_WITHDRAWN, _("Promoter: no longer needed"), facts.of_match, promoters.withdrawn),
    (kinds.LETTER_HUB, _("Promoter: the link to their own page"), facts.of_person, promoters.hub),
    (kinds.LETTER_APPROVAL, _("Approver: please decide"), facts.to_approve, users.approval),
    (kinds.LETTER_ASKED, _("Requester: a promoter is asked"), facts.to_user, users.asked),
    (kinds.LETTER_ACCEPTED_REQUESTER, _("Requester: they said yes"), facts.to_user, users.accepted),
    (kinds.LETTER_MEETING_REQUESTER, _("Requester: a time is set"), facts.met_at, users.meeting),
    (kinds.LETTER_MEETING_SOON_REQUESTER, _("Requester: it is soon"), facts.met_at, users.meeting_soon),
    (kinds.LETTER_FEEDBACK_REQUESTER, _("Requester: how was it?"), facts.asked_how_it_was, users.feedback),
    (kinds.LETTER_REQUEST_NEWS, _("Requester: news"), facts.of_request, users.news),
    (kinds.LETTER_NEEDS_MANAGER, _("Manager: a request needs you"), facts.of_request, users.needs_manager),
    (kinds.LETTER_SLOT_UNFILLED, _("Marketer: no speaker was found"), facts.of_slot, users.slot_unfilled),
    (kinds.LETTER_MISSES, _("Account owner: somebody answers no more"), facts.to_user, users.misses),
)


def register_letters() -> None:
    """Let the outbox build and send the letters of requests."""
    for kind, label, read, write in LETTERS:
        register_letter(kind, label=label, build=partial(_build, read, write), sample=partial(_sample, write))
    register_search_letter()


def _build(read: Read, write: Write, payload: Payload) -> Letter | None:
    found = read(payload)
    return None if found is None else _write(write, found)


def _sample(write: Write) -> Letter:
    return _write(write, replace(facts.SAMPLE, language=get_language() or "en"))


def _write(write: Write, found: Facts) -> Letter:
    with translation.override(found.language), timezone.override(found.zone):
        return write(found)
