"""What came of it: feedback of both sides, and how the deal ended, of which the promoter always hears."""

from decimal import Decimal
from typing import TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _

from advocacy.enums import Stage
from advocacy.services.earning import award_touch
from delivery.mails import send_later
from matching.enums import LIVE, SAID_YES, DealResult, MatchStatus, RequestStatus, Side, Via
from matching.kinds import LETTER_OUTCOME, LETTER_REQUEST_NEWS
from matching.lifecycle import REQUEST
from matching.models import Feedback, Match, Outcome, Request
from matching.permissions import may_answer_for, may_run_meeting
from matching.services.meeting import complete_match, note_no_show
from matching.services.requests import promise_filling, require_version
from matching.services.states import lock_match, lock_request, move_request, save_request, touch_match
from matching.services.telling import tell_requester
from matching.services.withdrawing import withdraw_match
from references.enums import ContactStatus
from references.errors import DomainError
from references.pool.writing import pool_write
from references.program import current_policy
from references.services.holds import GONE_FOR_GOOD, Ask, judge
from references.services.ledger import record_aftermath
from references.services.saving import save_checked
from users.models import User

BADLY = 2
"""Up to this many of five a promoter found it badly worth their time."""


class FeedbackData(TypedDict, total=False):
    """The fields of a feedback."""

    happened: bool
    helpful: int | None
    hours: Decimal | None
    again: bool | None
    comment: str


def give_feedback(
    *, match: Match, side: str, data: FeedbackData, by: User | None = None, expected_version: int | None = None
) -> Feedback:
    """Keep how one side found it, once; a second time is the first. It also says whether the meeting took place.

    The promoter's hours are the effort in the ledger; a promoter who found it bad, or would not again, tires more.
    Only whoever may answer for the promoter records their side. Raises DomainError: unknown_side, not_allowed,
    not_accepted, changed_meanwhile, or a field's own code.
    """
    if side not in Side.values:
        raise DomainError("unknown_side", f"There is no side '{side}'.", "side")
    with pool_write():
        row = lock_match(match.pk)
        may_say = may_answer_for if side == Side.PROMOTER else may_run_meeting
        if by is not None and not may_say(by, row):
            raise DomainError("not_allowed", _("Only those concerned say how it went."))
        there = row.feedback.filter(side=side).first()
        if there is not None:
            return there
        require_version(row.version, expected_version)
        if row.status not in {MatchStatus.ACCEPTED, MatchStatus.SCHEDULED, MatchStatus.COMPLETED}:
            raise DomainError("not_accepted", _("There is nothing to say how it went."))
        feedback = Feedback(match=row, side=side, given_by=by, **data)
        save_checked(feedback)
        _follow(row, feedback, by)
        touch_match(row)
    return feedback


def report_outcome(
    *,
    request: Request,
    result: str,
    value: Decimal | None = None,
    currency: str = "",
    note: str = "",
    by: User | None = None,
    via: str = Via.PAGE,
) -> Outcome:
    """Close a request with how its deal ended, and promise every promoter who helped a letter that tells them.

    What still goes on is withdrawn: with references done the request is closed, without any it is cancelled. The same
    result again changes nothing.

    Raises DomainError: unknown_result, currency_required, request_not_open, reported_already.
    """
    if result not in DealResult.values:
        raise DomainError("unknown_result", _("A deal is won or lost."), "result")
    if value is not None and not currency.strip():
        raise DomainError("currency_required", _("Money needs its currency, such as USD."), "currency")
    with pool_write():
        row = lock_request(request.pk)
        there = Outcome.objects.filter(request=row).first()
        if there is not None:
            return _same_outcome(there, result)
        if row.status == RequestStatus.DRAFT:
            raise DomainError("request_not_open", _("A draft has no outcome: cancel it, or send it first."))
        outcome = Outcome(
            request=row, result=result, value=value, currency=currency.strip().upper(), note=note.strip()[:500],
            via=via, reported_by=by,
        )  # fmt: skip
        save_checked(outcome)
        save_request(row)
        helped = list(row.matches.filter(status__in=SAID_YES).select_related("contact"))
        _end_matches(row, by)
        _end_request(row, by, str(outcome.get_result_display()))
        for match in helped:
            key = f"{LETTER_OUTCOME}:{match.pk}"
            send_later(kind=LETTER_OUTCOME, key=key, payload={"match": match.pk})
    return outcome


def expire_request(*, request: Request) -> bool:
    """End a request whose day has passed with nobody about to help; False where it goes on."""
    with pool_write():
        row = lock_request(request.pk)
        is_past = row.needed_by is not None and row.needed_by < timezone.localdate()
        if row.status not in {RequestStatus.OPEN, RequestStatus.UNMET} or not is_past:
            return False
        if row.matches.filter(status__in=[*SAID_YES]).exists():
            return False
        for match in row.matches.filter(status__in=LIVE).order_by("contact__customer_id", "contact_id"):
            match.request = row
            withdraw_match(match, why=_("The day it was needed by has passed."))
        move_request(row, RequestStatus.EXPIRED, why=_("The day it was needed by has passed."))
    return True


def release_person(*, contact_id: int) -> int:
    """Withdraw every match of somebody who opted out, retired or revoked their consent; gives how many."""
    count = 0
    live = Match.objects.filter(contact=contact_id, status__in=LIVE).order_by("request_id")
    for match_id in list(live.values_list("pk", flat=True)):
        with pool_write():
            row = lock_match(match_id)
            if not row.is_live or _may_still_be_asked(row):
                continue
            had_agreed = row.status in {MatchStatus.ACCEPTED, MatchStatus.SCHEDULED}
            stays = row.contact.status != ContactStatus.RETIRED
            withdraw_match(row, why=_("The person may not be asked any more."), tells=had_agreed and stays)
            if had_agreed:
                payload = {"request": row.request_id, "match": row.pk, "news": "cancelled"}
                tell_requester(row.request, LETTER_REQUEST_NEWS, occasion=f"cancelled:{row.pk}", payload=payload)
            promise_filling(row.request)
        count += 1
    return count


def _may_still_be_asked(match: Match) -> bool:
    verdict = judge(match.contact, Ask(match.activity, match.on), now=timezone.now(), policy=current_policy())
    return not GONE_FOR_GOOD.intersection(verdict.broken)


def _follow(match: Match, feedback: Feedback, by: User | None) -> None:
    """What a feedback says of the match and of its row in the ledger."""
    is_promoter = feedback.side == Side.PROMOTER
    if match.status in {MatchStatus.ACCEPTED, MatchStatus.SCHEDULED}:
        if feedback.happened:
            complete_match(match=match, effort_hours=feedback.hours if is_promoter else None, by=by)
        elif match.status == MatchStatus.SCHEDULED:
            note_no_show(match=match, side=Side.REQUESTER, by=by, why=feedback.comment[:300])
    if match.engagement is None:
        return
    if feedback.happened:  # that it took place earns the last of its points, never how it was
        award_touch(match.engagement, Stage.CONFIRMED)
    if not is_promoter:
        return
    if feedback.hours is not None:
        record_aftermath(engagement=match.engagement, effort_hours=feedback.hours)
    if (feedback.helpful is not None and feedback.helpful <= BADLY) or feedback.again is False:
        record_aftermath(engagement=match.engagement, went_badly=True)


def _same_outcome(outcome: Outcome, result: str) -> Outcome:
    if outcome.result != result:
        raise DomainError("reported_already", _("It has been reported otherwise before."), "result")
    return outcome


def _end_matches(request: Request, by: User | None) -> None:
    live = request.matches.filter(status__in=LIVE).order_by("contact__customer_id", "contact_id")
    for match in live.select_related("contact__customer__account_owner", "engagement"):
        match.request = request
        withdraw_match(match, by=by, why=_("The deal has ended."), tells=match.status == MatchStatus.INVITED)


def _end_request(request: Request, by: User | None, why: str) -> None:
    """Along the table: with something done it is fulfilled and closed, with nothing it is cancelled."""
    is_done = request.matches.filter(status=MatchStatus.COMPLETED).exists()
    if request.status == RequestStatus.OPEN and is_done:
        move_request(request, RequestStatus.FULFILLED, by=by, why=why)
    if request.status == RequestStatus.FULFILLED:
        move_request(request, RequestStatus.CLOSED, by=by, why=why)
    elif REQUEST.may_move(request.status, RequestStatus.CANCELLED):
        move_request(request, RequestStatus.CANCELLED, by=by, why=why)
