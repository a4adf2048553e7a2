"""Why not: the hard rules that stand against a promoter, each with a sentence and the day from which it no longer does.

Who is eligible is decided for everyone at once (`references.pool.conditions`, and the brief's own demands in
`ranking.py`); this module tells the story of those few that are shown. A manager may override what policy allows; an
opt-out or a missing consent never.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.results import Refusal
from references.activities import BY_CODE
from references.availability import Circumstances, Range, latest_ask, next_free_date
from references.caps import Breach, check_caps
from references.fatigue import score, total_load
from references.models import Contact
from references.policy import ProgramPolicy
from references.rules import ABOUT_ASKING, NEVER_OVERRIDDEN

CAPS = frozenset(
    {
        "rest", "light_rest", "per_quarter", "per_year", "speaking", "customer_per_quarter", "customer_per_year",
        "asks_per_month", "ask_outstanding", "declined_recently", "misses", "not_agreed",
    }
)  # fmt: skip
HEALED_BY_TIME = CAPS - {"not_agreed", "ask_outstanding"} | {
    "fatigue", "paused", "blackout", "no_consent", "renewal", "lead_time",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whoever is judged: the activity, the day, the moment of asking, and the rules in force."""

    activity: str
    on: date
    now: datetime
    policy: ProgramPolicy


def explain_refusals(
    question: Question, codes: Iterable[str], contact: Contact, circumstances: Circumstances, details: dict[str, str]
) -> tuple[Refusal, ...]:
    """Give a refusal for every broken rule, the ones that time heals with the first day it no longer stands.

    `details` adds words of the brief's own rules by code (`must_have`, `unwanted`, `conflict`).
    """
    breaches = {breach.code: breach for breach in _breaches(question, circumstances)}
    refusals = []
    for code in codes:
        breach = breaches.get(code)
        until = _passes_on(breach, question) if breach else _heals_on(code, question, contact, circumstances)
        refusals.append(
            Refusal(
                code=code,
                sentence=details.get(code) or sentence(code, question, contact, breach),
                until=until,
                may_override=code not in NEVER_OVERRIDDEN,
            )
        )
    return tuple(refusals)


def find_next_free(question: Question, codes: Iterable[str], circumstances: Circumstances) -> date | None:
    """The earliest day from the one asked about on which every rule passes; None where time does not heal it."""
    if not HEALED_BY_TIME.issuperset(codes):
        return None
    return next_free_date(circumstances, question.activity, from_=question.on, now=question.now, policy=question.policy)


def _breaches(question: Question, circumstances: Circumstances) -> list[Breach]:
    return check_caps(
        circumstances.own,
        circumstances.own + circumstances.colleagues,
        question.activity,
        question.on,
        question.now,
        question.policy.caps,
        circumstances.own_limits,
        asked_on=latest_ask(question.activity, question.on, question.now),
    )


def _passes_on(breach: Breach, question: Question) -> date | None:
    """The first day for which this cap leaves room."""
    if breach.until is None or breach.code not in ABOUT_ASKING:  # judged on the day the ask goes out
        return breach.until
    return breach.until + timedelta(days=BY_CODE[question.activity].lead_days)


def _heals_on(code: str, question: Question, contact: Contact, circumstances: Circumstances) -> date | None:
    if code == "paused":
        return contact.paused_until
    if code in {"blackout", "renewal"}:
        return _first_open(circumstances.blackouts, question.on)
    if code == "lead_time":
        return question.on  # already the earliest day
    if code == "no_consent":
        later = [start for start, _end in circumstances.consents or () if start > question.on]
        return min(later, default=None)
    if code == "fatigue":
        rested = Circumstances(
            own=circumstances.own,
            colleagues=circumstances.colleagues,
            sensitivity=circumstances.sensitivity,
            consents=None,
        )
        return _first_rested(question, rested)
    return None


def _first_open(closed: Iterable[Range], day: date) -> date | None:
    """The first day from `day` on that none of these ranges contains; None if one of them never ends."""
    ranges = list(closed)
    while ends := [end or date.max for start, end in ranges if start <= day and (end is None or day <= end)]:
        if max(ends) == date.max:
            return None
        day = max(ends) + timedelta(days=1)
    return day


def _first_rested(question: Question, circumstances: Circumstances) -> date | None:
    limit = question.policy.fatigue.stop
    for ahead in range(1, 731):
        on = date.fromordinal(question.on.toordinal() + ahead)
        total = total_load(
            circumstances.own, circumstances.colleagues, on, question.policy.fatigue, known_at=question.now
        )
        if score(total, circumstances.sensitivity, question.policy.fatigue) < limit:
            return on
    return None


SENTENCES = {
    "not_active": _("Not in the active pool yet (%(status)s)."),
    "opted_out": _("Asked not to be contacted."),
    "not_referenceable": _("The customer is not referenceable."),
    "no_consent": _("No consent on that day for: %(activity)s."),
    "not_agreed": _("Has not agreed to: %(activity)s."),
    "paused": _("Paused %(until)s."),
    "blackout": _("Not available on that day."),
    "escalation": _("The customer has an open escalation."),
    "red_health": _("The customer's health is red."),
    "renewal": _("The customer's renewal is near and to be kept quiet."),
    "fatigue": _("Worn out by what was asked lately; rests until fatigue falls below the limit."),
    "rest": _("Rests %(days)s days between engagements."),
    "light_rest": _("Gave one of these in the last %(days)s days."),
    "per_quarter": _("Already used %(count)s times in %(days)s days (limit %(limit)s)."),
    "per_year": _("Already used %(count)s times in a year (limit %(limit)s)."),
    "speaking": _("Spoke within the last %(days)s days."),
    "customer_per_quarter": _("The customer was used %(count)s times in %(days)s days (limit %(limit)s)."),
    "customer_per_year": _("The customer was used %(count)s times in a year (limit %(limit)s)."),
    "asks_per_month": _("Was asked %(count)s times in %(days)s days (limit %(limit)s)."),
    "ask_outstanding": _("An earlier ask has not been answered yet."),
    "declined_recently": _("Declined this in the last %(days)s days."),
    "misses": _("Declined or did not answer %(count)s times running."),
    "lead_time": _("%(activity)s needs %(lead)s days' notice."),
    "conflict": _("The prospect is on this customer's exclusion list."),
}
"""What each rule says, in a salesperson's words; the numbers come from the breach."""


def sentence(code: str, question: Question, contact: Contact, breach: Breach | None) -> str:
    """Say what stands in the way. KeyError for an unknown rule."""
    activity = BY_CODE[question.activity]
    until = contact.paused_until
    words = {
        "count": "?",
        "limit": "?",
        "days": "?",
        **(breach.params if breach is not None else {}),
        "activity": activity.label,
        "lead": activity.lead_days,
        "status": contact.get_status_display(),
        "until": gettext("for now") if until is None else gettext("until %s") % date_format(until, "j M Y"),
    }
    return str(SENTENCES[code]) % words
