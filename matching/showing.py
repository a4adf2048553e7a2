"""What a viewer sees of requests and matches: blinded until accepted, for pages and the API alike.

Before a promoter's yes, requesters see role, industry, size and reasons, and by policy the customer's name. From the
yes on, the owner of the request sees the person, by a grant that is theirs alone. Managers and the account owner always
do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from matching.enums import BEFORE_ASKING, IN_REVIEW, MatchStatus
from matching.models import Approval, Feedback, Match, Request
from matching.permissions import may_answer_for, may_decide, may_edit_request, may_run_meeting
from matching.purposes import match_subject
from matching.querysets import MatchQuerySet
from matching.results import Term
from references.blinding import HIDDEN, hide_names, may_see_customer_name, may_see_person
from references.models import ContactGrant
from references.policy import ProgramPolicy
from users.models import User


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """A match as one viewer sees it; `person` and `customer` are empty where they may not be named.

    `may_see_contact_data` says that e-mail and phone are to be had, each look recorded. The `may_…` flags are what this
    viewer can do now.
    """

    match: Match
    who: str
    person: str
    customer: str
    terms: tuple[Term, ...]
    approvals: tuple[Approval, ...]
    feedback: tuple[Feedback, ...]
    offered_times: tuple[datetime, ...]
    has_seen_person: bool
    may_see_contact_data: bool
    may_decide: bool
    may_swap: bool
    may_answer: bool
    may_run: bool

    @property
    def waits_for(self) -> Approval | None:
        """The approval it stands at, None where it does not wait for one."""
        step = {MatchStatus.OWNER_REVIEW: "owner", MatchStatus.MANAGER_REVIEW: "manager"}.get(
            MatchStatus(self.match.status)
        )
        return next((each for each in self.approvals if each.step == step), None)


def load_matches(matches: "MatchQuerySet[Match]") -> list[Match]:
    """Load what showing takes for a queryset of matches: five queries, whatever their number."""
    return list(
        matches.select_related("request__owner", "contact__customer__account_owner", "overridden_by").prefetch_related(
            "approvals__assignee", "approvals__decided_by", "feedback"
        )
    )


def show_matches(user: User, matches: Sequence[Match], policy: ProgramPolicy) -> list[ShownMatch]:
    """Show matches, loaded by `load_matches`, to a user; one query more."""
    granted = set(
        ContactGrant.objects.in_force()
        .filter(user=user, source__in=[match_subject(match.pk) for match in matches])
        .values_list("source", flat=True)
    )
    return [_show(user, match, match_subject(match.pk) in granted, policy) for match in matches]


def _show(user: User, match: Match, is_granted: bool, policy: ProgramPolicy) -> ShownMatch:
    contact = match.contact
    sees_person = is_granted or may_see_person(user, contact)
    sees_customer = sees_person or may_see_customer_name(user, contact.customer, policy)
    approvals = tuple(match.approvals.all())
    decidable = [each for each in approvals if _is_here(match, each)]
    owns_account = contact.customer.account_owner_id == user.pk
    return ShownMatch(
        match=match,
        who=contact.name if sees_person else match.headline,
        person=contact.name if sees_person else "",
        customer=contact.customer.name if sees_customer else "",
        terms=tuple(Term(**term) for term in match.terms),
        approvals=approvals,
        feedback=tuple(match.feedback.all()),
        offered_times=tuple(datetime.fromisoformat(each) for each in match.offered_times),
        has_seen_person=sees_person,
        may_see_contact_data=sees_person,
        may_decide=any(may_decide(user, each) for each in decidable),
        may_swap=match.status in BEFORE_ASKING and (user.is_manager or owns_account),
        may_answer=match.status == MatchStatus.INVITED and may_answer_for(user, match),
        may_run=match.status in {MatchStatus.ACCEPTED, MatchStatus.SCHEDULED, MatchStatus.COMPLETED}
        and may_run_meeting(user, match),
    )


def hide_from(shown: ShownMatch, text: str) -> str:
    """What somebody wrote about a match, without the names that its viewer may not see, and without contact data.

    E-mail and phone are given by `disclose_contact` alone, each look recorded.
    """
    contact = shown.match.contact
    for data in filter(None, (contact.email, contact.phone)):
        text = re.sub(re.escape(data), HIDDEN, text, flags=re.IGNORECASE)
    hidden = [] if shown.has_seen_person else [contact.name]
    hidden += [] if shown.customer else [contact.customer.name, contact.customer.domain]
    return hide_names(text, filter(None, hidden))


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
