"""Hard caps beside fatigue: how often a person, and a customer, may be used, and from when there is room again.

Windows are rolling and closed: `days` long with both ends in, so two events `days` apart share one. A date has room
when no window that contains it would hold more than the limit, events planned after it counted too. So after a call
with 30 days' rest, days 1 to 30 are rest and day 31 is free.

Two kinds of day are judged. Engagements (rest, quarter, year, speaking, customer) count on the day they happen: held
and not expired, planned, completed. Asks (asks a month, the rest after a decline, the pause after misses) protect
people from being asked, so they are judged on the day the ask goes out, today unless the caller says otherwise: a date
far ahead does not make a third ask this month a second one.

Light activities (effort below .5) count in none of this; they rest after another of the same kind (LIGHT_REST_DAYS).
What does reach them is a decline of that same activity, the pause after misses, and the person's own list of
activities.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from types import MappingProxyType
from typing import TypeVar

from references.activities import BY_CODE
from references.fatigue import Touch
from references.policy import CapPolicy

LIGHT_REST_DAYS: Mapping[str, int] = MappingProxyType({"survey": 90, "share": 30, "logo": 30, "quote": 30})

COUNTED = frozenset({"held", "planned", "completed"})
YES = frozenset({"planned", "completed"})
MISSED = frozenset({"declined", "no_answer"})
CAP_WINDOWS = frozenset(
    {"rest", "light_rest", "per_quarter", "per_year", "speaking", "customer_per_quarter", "customer_per_year"}
)
"""The caps on what happens, as against those on being asked."""

Params = dict[str, int | str]
Moment = TypeVar("Moment")


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What a person has set for themselves; None leaves the program's rule alone, and the stricter of the two wins."""

    max_per_quarter: int | None = None
    activities: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """One cap that leaves no room. `until` is the first day this one rule would pass, None where time does not heal it.

    Codes: rest, light_rest, per_quarter, per_year, speaking, customer_per_quarter, customer_per_year, asks_per_month,
    ask_outstanding, declined_recently, misses, not_agreed. `params` fill the sentence.
    """

    code: str
    until: date | None
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` of `dates` (sorted ordinals), the new one included, in any closed window of `days` days."""

    code: str
    days: int
    limit: int
    dates: tuple[int, ...]
    is_about_asking: bool = False
    is_own: bool = False

    def count(self, day: int) -> int:
        """The most of `dates` in one window that contains `day`; the fullest starts at a date or at `day` itself."""
        near = self.dates[bisect_left(self.dates, day - self.days) : bisect_right(self.dates, day + self.days)]
        starts = (*near[: bisect_right(near, day)], day)
        return max(bisect_right(near, start + self.days) - bisect_left(near, start) for start in starts)

    def first_free(self, day: int) -> int | None:
        """The first day from `day` on with room; room opens only when a date leaves the window. None if limit < 1."""
        if self.limit < 1:
            return None
        if self.count(day) < self.limit:
            return day
        leaving = (when + self.days + 1 for when in self.dates)
        return next(free for free in leaving if free > day and self.count(free) < self.limit)

    def params(self, day: int) -> Params:
        """Count, limit and days for the sentence, and 1 in `own` where the person's own limit decided."""
        return {"count": self.count(day), "limit": self.limit, "days": self.days, "own": int(self.is_own)}


@dataclass(frozen=True, slots=True)
class Pause:
    """No asks for `days` days after the ordinal `since`, which `count` answers led to."""

    code: str
    days: int
    since: int
    count: int
    is_about_asking: bool = True

    def first_free(self, day: int) -> int | None:
        """The first day from `day` on outside the pause."""
        return max(day, self.since + self.days + 1)

    def params(self, day: int) -> Params:
        """How many answers led here, how long it lasts, and how many days of it are over on `day`."""
        return {"count": self.count, "days": self.days, "ago": day - self.since}


@dataclass(frozen=True, slots=True)
class CapRules:
    """The caps that bear on one person and activity: those that time heals, and the breaches it does not."""

    timed: tuple[Window | Pause, ...]
    lasting: tuple[Breach, ...]


def check_caps(
    own: Sequence[Touch],
    customer: Sequence[Touch],
    activity: str,
    on: date,
    now: datetime,
    limits: CapPolicy,
    own_limits: OwnLimits | None = None,
    *,
    asked_on: date | None = None,
) -> list[Breach]:
    """Every cap that leaves no room for `activity` on day `on`; empty where all pass.

    `own` are the person's touches and `customer` all at the customer, `own` among them; leave out the row being
    rechecked. `now` (aware) judges holds and gives the time zone of days. `asked_on` is the day the ask goes out, by
    default today. KeyError for an unknown activity.
    """
    rules = cap_rules(own, customer, activity, now, limits, own_limits)
    ask_day = (asked_on or now.date()).toordinal()
    breaches = list(rules.lasting)
    for rule in rules.timed:
        day = ask_day if rule.is_about_asking else on.toordinal()
        free = rule.first_free(day)
        if free != day:
            until = None if free is None else date.fromordinal(free)
            breaches.append(Breach(rule.code, until, {**rule.params(day), "activity": activity}))
    return breaches


def cap_rules(
    own: Sequence[Touch],
    customer: Sequence[Touch],
    activity: str,
    now: datetime,
    limits: CapPolicy,
    own_limits: OwnLimits | None = None,
) -> CapRules:
    """The caps that bear on `activity` for this person, read from the ledger once and good for any number of days."""
    own_limits = own_limits or OwnLimits()
    valid = [touch for touch in own if touch.status != "released" and not touch.is_expired(now)]
    pauses = [*_decline_rest(valid, activity, now, limits), *_misses_pause(valid, now, limits)]
    lasting: list[Breach] = []
    if own_limits.activities is not None and activity not in own_limits.activities:
        lasting.append(Breach("not_agreed", None, {"activity": activity}))
    if BY_CODE[activity].is_light:
        return CapRules((_light_rest(valid, activity), *pauses), tuple(lasting))
    heavy = [touch for touch in valid if not touch.is_light]
    outstanding = sum(touch.status == "asked" for touch in heavy)
    if outstanding >= limits.outstanding_asks:
        params: Params = {"count": outstanding, "limit": limits.outstanding_asks, "activity": activity}
        lasting.append(Breach("ask_outstanding", None, params))
    asks = Window(
        "asks_per_month",
        limits.month_days,
        limits.asks_per_month,
        tuple(sorted(asked_on(touch, now.tzinfo).toordinal() for touch in heavy)),
        is_about_asking=True,
    )
    used = [touch for touch in heavy if touch.status in COUNTED]
    timed = (*_person_windows(used, activity, limits, own_limits), *_customer_windows(customer, now, limits), asks)
    return CapRules((*timed, *pauses), tuple(lasting))


def _person_windows(used: Sequence[Touch], activity: str, limits: CapPolicy, own_limits: OwnLimits) -> list[Window]:
    """Rest between live engagements, the person's quarter and year, and speaking."""
    dates = _ordinals(used)
    quarterly, is_own = limits.per_quarter, False
    if own_limits.max_per_quarter is not None and own_limits.max_per_quarter < quarterly:
        quarterly, is_own = own_limits.max_per_quarter, True
    windows = [
        Window("per_quarter", limits.quarter_days, quarterly, dates, is_own=is_own),
        Window("per_year", limits.year_days, limits.per_year, dates),
    ]
    if BY_CODE[activity].live:
        met = _ordinals(touch for touch in used if BY_CODE[touch.activity].live)
        windows.insert(0, Window("rest", limits.rest_days, 1, met))
    if activity == "speaking":
        spoken = _ordinals(touch for touch in used if touch.activity == "speaking")
        windows.append(Window("speaking", limits.speaking_days, limits.speaking, spoken))
    return windows


def _customer_windows(customer: Sequence[Touch], now: datetime, limits: CapPolicy) -> list[Window]:
    """The customer's quarter and year, over all its contacts."""
    dates = _ordinals(
        touch for touch in customer if touch.status in COUNTED and not touch.is_light and not touch.is_expired(now)
    )
    return [
        Window("customer_per_quarter", limits.quarter_days, limits.customer_per_quarter, dates),
        Window("customer_per_year", limits.year_days, limits.customer_per_year, dates),
    ]


def _light_rest(valid: Sequence[Touch], activity: str) -> Window:
    """A light activity rests after another of its kind, answered or not, unless that one was cancelled."""
    same = (touch for touch in valid if touch.activity == activity and touch.status != "cancelled")
    return Window("light_rest", LIGHT_REST_DAYS[activity], 1, _ordinals(same))


def _decline_rest(valid: Sequence[Touch], activity: str, now: datetime, limits: CapPolicy) -> list[Pause]:
    """The rest after the latest decline of this same activity."""
    days = [answered_on(t, now.tzinfo).toordinal() for t in valid if t.activity == activity and t.status == "declined"]
    return [Pause("declined_recently", limits.decline_rest_days, max(days), 1)] if days else []


def _misses_pause(valid: Sequence[Touch], now: datetime, limits: CapPolicy) -> list[Pause]:
    """The pause once the latest `misses_in_a_row` answers have all been declines or silences.

    A yes (planned or completed) ends the run; open asks, holds and cancellations say nothing. On one day a miss is the
    later.
    """
    answers = sorted(
        (answered_on(touch, now.tzinfo).toordinal(), touch.status in MISSED)
        for touch in valid
        if not touch.is_light and (touch.status in MISSED or touch.status in YES)
    )
    run = 0
    for _, is_miss in answers:
        run = run + 1 if is_miss else 0
    return [Pause("misses", limits.misses_pause_days, answers[-1][0], run)] if run >= limits.misses_in_a_row > 0 else []


def asked_on(touch: Touch, zone: tzinfo | None) -> date:
    """The day an ask went out: its first change to asked, else the day it was recorded, both in `zone`.

    Never after the engagement itself, so an imported history counts when it happened and not when it was imported.
    Every row began as an ask, a live hold is one about to go out, and a released row is none.
    """
    return min(first_asked(touch.changes, touch.recorded_at).astimezone(zone).date(), touch.on)


def answered_on(touch: Touch, zone: tzinfo | None) -> date:
    """The day of the answer: the first yes of a row that stands at yes, the latest change of one that stands at a miss.

    Without history the day it was recorded, or the day it is for where that is earlier.
    """
    answered = last_answered(touch.changes, touch.status)
    if answered is not None:
        return answered.astimezone(zone).date()
    return min(touch.recorded_at.astimezone(zone).date(), touch.on)


def first_asked(changes: Iterable[tuple[Moment, str]], recorded: Moment) -> Moment:
    """When an ask first went out, by its history in order; when it was recorded where that does not say."""
    return next((moment for moment, status in changes if status == "asked"), recorded)


def last_answered(changes: Sequence[tuple[Moment, str]], standing: str) -> Moment | None:
    """When the answer came of a row that stands at a status, by its history in order; None where that does not say."""
    if standing in YES:
        return next((moment for moment, status in changes if status in YES), None)
    return next((moment for moment, status in reversed(changes) if status == standing), None)


def _ordinals(touches: Iterable[Touch]) -> tuple[int, ...]:
    return tuple(sorted(touch.on.toordinal() for touch in touches))
