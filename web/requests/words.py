"""What requests and matches are told in: colors of states, what happens next, and what happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.enums import IN_REVIEW, ChosenBy, MatchStatus, RequestStatus
from matching.results import Refusal
from matching.showing import NextStep
from matching.timeline import Event
from references.activities import BY_CODE
from references.enums import Actor
from web.templatetags.pages import day

REQUEST_COLORS = {
    RequestStatus.OPEN: "accent",
    RequestStatus.FULFILLED: "fresh",
    RequestStatus.CLOSED: "fresh",
    RequestStatus.UNMET: "approval",
}
MATCH_COLORS = {
    MatchStatus.OWNER_REVIEW: "soft",
    MatchStatus.MANAGER_REVIEW: "soft",
    MatchStatus.APPROVED: "accent",
    MatchStatus.INVITED: "accent",
    MatchStatus.ACCEPTED: "fresh",
    MatchStatus.SCHEDULED: "fresh",
    MatchStatus.COMPLETED: "fresh",
    MatchStatus.REJECTED: "approval",
    MatchStatus.DECLINED: "approval",
    MatchStatus.NO_ANSWER: "approval",
    MatchStatus.NO_SHOW: "approval",
}
_AFTER = {
    "owner_review": gettext_lazy("With the last yes, the customer is asked by mail at once."),
    "manager_review": gettext_lazy("With the manager’s yes, the customer is asked by mail at once."),
    "customer": gettext_lazy("Without an answer by then, the next best is put forward."),
    "proposing": gettext_lazy("Whoever must approve is told by mail."),
    "schedule": gettext_lazy("Both sides get a calendar file."),
    "meeting": gettext_lazy("Both sides are reminded the day before, and asked how it went."),
    "outcome": gettext_lazy("Everybody who helped hears how it ended."),
    "unmet": gettext_lazy("The managers have a task to win somebody; the request is tried again then."),
}
_SENTENCES = {
    "draft": gettext_lazy("A draft: nobody is asked before you send it"),
    "proposing": gettext_lazy("The best person is being looked for"),
    "manager_review": gettext_lazy("A reference manager decides"),
    "customer": gettext_lazy("Waiting for the customer’s answer"),
    "schedule": gettext_lazy("They said yes: set a time"),
    "outcome": gettext_lazy("Say how the deal ended"),
    "unmet": gettext_lazy("Nobody who fits may be asked now"),
    "over": gettext_lazy("Nothing more to do"),
}
_REQUEST_EVENTS: dict[tuple[str, str], object] = {
    ("", "draft"): gettext_lazy("Draft made"),
    ("draft", "open"): gettext_lazy("Request sent"),
    ("unmet", "open"): gettext_lazy("Tried again"),
    ("open", "fulfilled"): gettext_lazy("Everything asked for was done"),
    ("open", "unmet"): gettext_lazy("Nobody found"),
    ("fulfilled", "closed"): gettext_lazy("Closed: the deal has ended"),
}
_MATCH_EVENTS: dict[str, object] = {
    "proposed": gettext_lazy("Put forward"),
    "owner_review": gettext_lazy("Waits for the account owner"),
    "manager_review": gettext_lazy("Approved by the account owner; waits for the manager"),
    "approved": gettext_lazy("Approved"),
    "invited": gettext_lazy("Asked"),
    "accepted": gettext_lazy("Said yes"),
    "scheduled": gettext_lazy("A time was set"),
    "completed": gettext_lazy("It took place"),
    "rejected": gettext_lazy("Not approved"),
    "declined": gettext_lazy("Said no"),
    "no_answer": gettext_lazy("Did not answer in time"),
    "withdrawn": gettext_lazy("Taken back by us"),
    "cancelled": gettext_lazy("Taken back by the customer"),
    "no_show": gettext_lazy("Did not take place"),
}
_ENDS: dict[str, object] = {"cancelled": gettext_lazy("Cancelled"), "expired": gettext_lazy("Expired")}


@dataclass(frozen=True, slots=True)
class NextWords:
    """What happens next: a sentence, by when, whether that has passed, and what follows from it."""

    code: str
    text: str
    at: datetime | None
    is_late: bool
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the time line; `about` says whom it concerns, `note` why or what was said."""

    at: datetime
    kind: str
    text: str
    about: str
    by: str
    note: str


def describe_step(step: NextStep, activity: str) -> NextWords:
    """Say what a request waits for."""
    is_late = step.at is not None and step.at <= timezone.now()
    after = str(_AFTER.get(step.code, ""))
    if step.code == "needs_manager":
        return NextWords(step.code, _("A reference manager looks at it: %(why)s") % {"why": step.why}, None, False, "")
    if step.code == "owner_review":
        who = step.who or _("A manager")
        text = _("%(who)s decides, for the customer’s account") % {"who": who}
    elif step.code == "schedule" and activity in BY_CODE and not BY_CODE[activity].live:
        text, after = _("They said yes: say when it is done"), ""
    elif step.code == "meeting":
        text = _("Say how it went") if is_late else _("The date is set")
        after = "" if is_late else after
    else:
        text = str(_SENTENCES[step.code])
    return NextWords(step.code, text, step.at, is_late, after)


def describe_events(events: Sequence[Event], who: Mapping[int, str]) -> list[Line]:
    """The time line in words; `who` names the person of each match as the viewer may know them."""
    was_sent = any(event.kind == "request" and event.before == RequestStatus.DRAFT for event in events)
    return [_describe(event, who) for event in events if not _goes_without_saying(event, was_sent=was_sent)]


def _goes_without_saying(event: Event, *, was_sent: bool) -> bool:
    """What was sent was a draft before; and who was put forward waits for a decision, as what comes next says."""
    if event.kind == "request":
        return was_sent and event.to == RequestStatus.DRAFT
    return event.kind == "match" and event.before == MatchStatus.PROPOSED and event.to in IN_REVIEW


def _describe(event: Event, who: Mapping[int, str]) -> Line:
    about = who.get(event.match_id, "") if event.match_id is not None else ""
    text, note = "", event.text
    if event.kind == "comment":
        text = _("Comment")
    elif event.kind == "match":
        text = str(_MATCH_EVENTS.get(event.to, event.to))
        if event.to == MatchStatus.PROPOSED and note in {str(label) for label in ChosenBy.labels}:
            text, note = _("Put forward, chosen by %(who)s") % {"who": note}, ""
    elif event.before == event.to:
        text, note = event.text, ""
    else:
        text = str(_REQUEST_EVENTS.get((event.before, event.to)) or _ENDS.get(event.to) or event.to)
    return Line(event.at, event.kind, text, about, _actor(event), note)


def _actor(event: Event) -> str:
    if event.actor == Actor.PROMOTER:
        return _("the customer")
    return event.actor_name or ("" if event.actor == Actor.SYSTEM else _("someone who is gone"))


def tell_refusals(refusals: Iterable[Refusal]) -> str:
    """Why somebody may not be asked, in sentences, each with the day it ends."""
    told = []
    for each in refusals:
        until = " " + _("Until %(day)s.") % {"day": day(each.until)} if each.until else ""
        told.append(each.sentence + until)
    return " ".join(told)
