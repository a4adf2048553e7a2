"""What a viewer sees of requests and matches: blinded until accepted, for pages and the API alike.

Before a promoter's yes, requesters see role, industry, size and reasons, and by policy the customer's name. From the
yes on, the owner of the request sees the person, by a grant that is theirs alone. Managers and the account owner always
do. What people wrote about a match is blinded in the same way: templates, letters and answers of the API take it from
here, never from the rows.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from delivery.redaction import redact
from matching.enums import BEFORE_ASKING, IN_REVIEW, SAID_YES, MatchStatus, Side
from matching.models import Approval, Feedback, Match, Request
from matching.permissions import may_answer_for, may_decide, may_edit_request, may_run_meeting
from matching.purposes import match_subject
from matching.querysets import MatchQuerySet
from matching.results import Term
from references.blinding import HIDDEN, hide_names, may_see_customer_name, may_see_person
from references.models import Contact, ContactGrant
from references.policy import ProgramPolicy
from references.program import current_policy
from users.models import User

TELLING_DIGITS = 7
"""By how many last digits a telephone number is known."""


@dataclass(frozen=True, slots=True)
class ShownApproval:
    """One yes that a match needs, its `why` and `reason` without what the viewer may not see."""

    id: int
    step: str
    step_label: str
    status: str
    status_label: str
    assignee: User | None
    why: str
    due_at: datetime
    escalated_at: datetime | None
    decided_by: User | None
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class ShownFeedback:
    """How one side found it. The promoter's words are empty for those who do not know the person."""

    side: str
    side_label: str
    happened: bool
    helpful: int | None
    hours: Decimal | None
    again: bool | None
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """A match as one viewer sees it; `person` and `customer` are empty where they may not be named.

    `meeting` is as it was written for those who see the person, blinded for others who run it, empty for the rest.
    `decline_note` is empty for those who do not know the person. `may_see_contact_data` says that e-mail and phone are
    to be had, each look recorded. The `may_…` flags are what this viewer can do now.
    """

    match: Match
    who: str
    person: str
    customer: str
    terms: tuple[Term, ...]
    approvals: tuple[ShownApproval, ...]
    feedback: tuple[ShownFeedback, ...]
    override_reason: str
    meeting: str
    decline_note: str
    offered_times: tuple[datetime, ...]
    has_seen_person: bool
    may_see_contact_data: bool
    may_decide: bool
    may_swap: bool
    may_answer: bool
    may_run: bool

    @property
    def waits_for(self) -> ShownApproval | None:
        """The approval it stands at, None where it does not wait for one."""
        step = {MatchStatus.OWNER_REVIEW: "owner", MatchStatus.MANAGER_REVIEW: "manager"}.get(
            MatchStatus(self.match.status)
        )
        return next((each for each in self.approvals if each.step == step), None)

    def approval(self, approval_id: int) -> ShownApproval:
        """One of its approvals."""
        return next(each for each in self.approvals if each.id == approval_id)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a viewer may know of one contact."""

    contact: Contact
    person: bool
    customer: bool

    def hide(self, text: str) -> str:
        for data in _contact_data(self.contact):
            text = re.sub(data, HIDDEN, text, flags=re.IGNORECASE)
        if not self.person:
            text = redact(text)
        hidden = [] if self.person else [self.contact.name]
        hidden += [] if self.customer else [self.contact.customer.name, self.contact.customer.domain]
        return hide_names(text, filter(None, hidden))


def load_matches(matches: "MatchQuerySet[Match]") -> list[Match]:
    """Load what showing takes for a queryset of matches: five queries, whatever their number."""
    return list(
        matches.select_related("request__owner", "contact__customer__account_owner", "overridden_by").prefetch_related(
            "approvals__assignee", "approvals__decided_by", "feedback"
        )
    )


def show_matches(user: User, matches: Sequence[Match], policy: ProgramPolicy) -> list[ShownMatch]:
    """Show matches, loaded by `load_matches`, to a user; one query more.

    What was written about one names none of the others of its request either, as far as they are among these.
    """
    granted = set(
        ContactGrant.objects.in_force()
        .filter(user=user, source__in=[match_subject(match.pk) for match in matches])
        .values_list("source", flat=True)
    )
    sights = [_see(user, each.contact, is_granted=match_subject(each.pk) in granted, policy=policy) for each in matches]
    of_request: dict[int, list[_Sight]] = {}
    for match, sight in zip(matches, sights, strict=True):
        of_request.setdefault(match.request_id, []).append(sight)
    return [
        _show(user, match, sight, partial(_hide, of_request[match.request_id]))
        for match, sight in zip(matches, sights, strict=True)
    ]


def show_match(user: User, match: Match) -> ShownMatch:
    """Show one match, loaded anew with the others of its request, whom nothing written about it may name either."""
    shown = show_matches(user, load_matches(Match.objects.filter(request=match.request_id)), current_policy())
    return next(each for each in shown if each.match.pk == match.pk)


def _see(user: User, contact: Contact, *, is_granted: bool, policy: ProgramPolicy) -> _Sight:
    sees_person = is_granted or may_see_person(user, contact)
    return _Sight(contact, sees_person, sees_person or may_see_customer_name(user, contact.customer, policy))


def _show(user: User, match: Match, sight: _Sight, hide: Callable[[str], str]) -> ShownMatch:
    contact, sees_person = match.contact, sight.person
    approvals = match.approvals.all()
    decidable = [each for each in approvals if _is_here(match, each)]
    owns_account = contact.customer.account_owner_id == user.pk
    may_run = match.status in SAID_YES and may_run_meeting(user, match)
    return ShownMatch(
        match=match,
        who=contact.name if sees_person else match.headline,
        person=contact.name if sees_person else "",
        customer=contact.customer.name if sight.customer else "",
        terms=tuple(Term(**term) for term in match.terms),
        approvals=tuple(_show_approval(each, hide) for each in approvals),
        feedback=tuple(_show_feedback(each, sees_person, hide) for each in match.feedback.all()),
        override_reason=hide(match.override_reason),
        meeting=match.meeting if sees_person else hide(match.meeting) if may_run else "",
        decline_note=hide(match.decline_note) if sees_person else "",
        offered_times=tuple(datetime.fromisoformat(each) for each in match.offered_times),
        has_seen_person=sees_person,
        may_see_contact_data=sees_person,
        may_decide=any(may_decide(user, each) for each in decidable),
        may_swap=match.status in BEFORE_ASKING and (user.is_manager or owns_account),
        may_answer=match.status == MatchStatus.INVITED and may_answer_for(user, match),
        may_run=may_run,
    )


def _show_approval(row: Approval, hide: Callable[[str], str]) -> ShownApproval:
    return ShownApproval(
        id=row.pk,
        step=row.step,
        step_label=row.get_step_display(),
        status=row.status,
        status_label=row.get_status_display(),
        assignee=row.assignee,
        why=hide(row.why),
        due_at=row.due_at,
        escalated_at=row.escalated_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=hide(row.reason),
    )


def _show_feedback(row: Feedback, sees_person: bool, hide: Callable[[str], str]) -> ShownFeedback:
    return ShownFeedback(
        side=row.side,
        side_label=row.get_side_display(),
        happened=row.happened,
        helpful=row.helpful,
        hours=row.hours,
        again=row.again,
        comment=hide(row.comment) if sees_person or row.side != Side.PROMOTER else "",
        at=row.at,
    )


def hide_from(shown: Iterable[ShownMatch], text: str) -> str:
    """What somebody wrote about these matches, without the names that their viewer may not see, and no contact data.

    E-mail and phone are given by `disclose_contact` alone, each look recorded. For viewers who do not know one of the
    people, every other address and international number goes too: it may be theirs.
    """
    return _hide([_Sight(each.match.contact, each.has_seen_person, bool(each.customer)) for each in shown], text)


def hide_people(user: User, people: Iterable[Contact], text: str, policy: ProgramPolicy) -> str:
    """`hide_from` for what was written about people who are not put forward, their customers loaded; no query."""
    return _hide([_see(user, each, is_granted=False, policy=policy) for each in people], text)


def _hide(sights: Iterable[_Sight], text: str) -> str:
    if not text:
        return text
    # Whoever was put forward twice and is known by now is known.
    best = {sight.contact.pk: sight for sight in sorted(sights, key=lambda sight: sight.person)}
    for sight in best.values():
        text = sight.hide(text)
    return text


def _contact_data(contact: Contact) -> list[str]:
    """Patterns of a contact's e-mail and phone, the number also where it is written in another way."""
    found = [re.escape(data) for data in (contact.email, contact.phone) if data]
    digits = re.findall(r"\d", contact.phone)
    if len(digits) >= TELLING_DIGITS:
        gap = r"[\s().\-/]{0,3}"
        found.append(rf"(?<!\w)[+(]{{0,2}}(?:\d{gap}){{0,8}}?{gap.join(digits[-TELLING_DIGITS:])}(?!\d)")
    return found


def _is_here(match: Match, approval: Approval) -> bool:
    step = {"owner": MatchStatus.OWNER_REVIEW, "manager": MatchStatus.MANAGER_REVIEW}[approval.step]
    return match.status == step and match.status in IN_REVIEW and approval.status == "pending"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next on a request, whose turn it is and by when: a code, and what fills its sentence.

    Codes: draft, proposing, owner_review, manager_review, customer, schedule, meeting, feedback, outcome,
    needs_manager, unmet, over.
    """

    code: str
    who: str = ""
    at: datetime | None = None
    day: date | None = None
    why: str = ""


def next_step_of(request: Request, shown: Sequence[ShownMatch]) -> NextStep:
    """The most urgent thing that a request waits for, from its rows alone."""
    if request.status == "draft":
        return NextStep("draft")
    if request.is_over:
        return NextStep("over")
    if request.needs_manager:
        return NextStep("needs_manager", why=request.needs_manager)
    if request.status == "unmet":
        return NextStep("unmet")
    steps = sorted((_rank_step(each) for each in shown if each.match.is_live), key=lambda pair: pair[0])
    if steps:
        return steps[0][1]
    return NextStep("outcome") if request.status == "fulfilled" else NextStep("proposing")


def _rank_step(shown: ShownMatch) -> tuple[int, NextStep]:
    match, waits_for = shown.match, shown.waits_for
    if waits_for is not None:
        who = "" if waits_for.assignee is None else str(waits_for.assignee)
        return 1, NextStep(match.status, who=who, at=waits_for.due_at)
    if match.status == MatchStatus.ACCEPTED:
        return 0, NextStep("schedule", who=shown.who)
    if match.status == MatchStatus.INVITED:
        return 2, NextStep("customer", who=shown.who, at=match.answer_due_at)
    if match.status == MatchStatus.SCHEDULED:
        return 3, NextStep("meeting", who=shown.who, at=match.scheduled_at)
    return 4, NextStep("proposing")


def may_change(user: User, request: Request) -> bool:
    """Whether the viewer can edit, cancel, submit and close a request."""
    return may_edit_request(user, request)
