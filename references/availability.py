"""When a person is free next: the earliest day on which fatigue, caps, lead time, blackouts and consent all pass.

Instead of trying every day, each rule names the first day it passes from a given day on, and the search leaps to the
latest of these until no rule moves it. Caps open only when an event leaves a window, ranges only at their edges. The
score never rises over future days, since with the ledger as known now planned events weigh undecayed until they happen
and all else decays: so the first day below the stop band is found by bisection.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from references.activities import BY_CODE
from references.caps import CapRules, OwnLimits, cap_rules
from references.fatigue import Touch, decay, score, weigh
from references.policy import FatiguePolicy, ProgramPolicy

Range = tuple[date, date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """All that decides when one person is free, for one kind of activity.

    `own` and `colleagues` are the touches of the person and of the customer's other contacts. Ranges are closed, None
    is an open end. `blackouts` are all days on which nothing may happen, `days_off` those among them that the person
    asked for. `consents` are the spans that cover the activity: without any it is never allowed; None leaves
    consent out.
    """

    own: tuple[Touch, ...] = ()
    colleagues: tuple[Touch, ...] = ()
    sensitivity: str = "normal"
    own_limits: OwnLimits | None = None
    blackouts: tuple[Range, ...] = ()
    days_off: tuple[Range, ...] = ()
    consents: tuple[Range, ...] | None


def latest_ask(activity: str, on: date, now: datetime, *, lead_days: int | None = None) -> date:
    """The last day the ask for an engagement on `on` may go out, its lead time before it, but not before today."""
    lead = BY_CODE[activity].lead_days if lead_days is None else lead_days
    return date.fromordinal(max(now.toordinal(), on.toordinal() - lead))


def next_free_date(
    circumstances: Circumstances,
    activity: str,
    *,
    from_: date,
    now: datetime,
    policy: ProgramPolicy,
    horizon_days: int = 730,
    lead_days: int | None = None,
) -> date | None:
    """The earliest day in [from_, from_ + horizon_days] on which every rule passes, given the ledger as known `now`
    (aware).

    Bands pass below stop (approval is up to a manager). `lead_days` replaces the activity's own notice. The rules about
    asking are judged on `latest_ask`: a day counts as free if somebody may still be asked for it in time. None if there
    is no such day, or what stands in the way is not healed by time (an open ask, no consent). KeyError for an unknown
    activity.
    """
    lead = BY_CODE[activity].lead_days if lead_days is None else lead_days
    today = now.toordinal()
    last = from_.toordinal() + horizon_days
    customer = circumstances.own + circumstances.colleagues
    rules = cap_rules(circumstances.own, customer, activity, now, policy.caps, circumstances.own_limits)
    if rules.lasting:
        return None
    is_rested = _rested(circumstances, policy.fatigue, now)
    day = max(from_.toordinal(), today + lead)
    if day <= last and not is_rested(day):
        day = bisect_left(range(last + 1), True, lo=day, key=is_rested)
    while day <= last:
        leaps = list(_leaps(circumstances, rules, day, today, lead))
        if None in leaps:
            return None
        latest = max((leap for leap in leaps if leap is not None), default=day)
        if latest == day:
            return date.fromordinal(day)
        day = latest
    return None


def _rested(circumstances: Circumstances, policy: FatiguePolicy, now: datetime) -> Callable[[int], bool]:
    """Whether the score on a day (ordinal) lies below the stop band; every touch is weighed only once."""
    own = weigh(circumstances.own, policy, clock=now, known_at=now)
    heavy = (touch for touch in circumstances.colleagues if not touch.is_light)
    colleagues = weigh(heavy, policy, clock=now, known_at=now)

    def is_rested(day: int) -> bool:
        total = decay(own, day, policy) + policy.spill * decay(colleagues, day, policy)
        return score(total, circumstances.sensitivity, policy) < policy.stop

    return is_rested


def _leaps(circumstances: Circumstances, rules: CapRules, day: int, today: int, lead: int) -> Iterator[int | None]:
    """For every rule but fatigue the first day from `day` on that it passes, None where there is none."""
    ask_day = max(today, day - lead)
    for rule in rules.timed:
        if rule.is_about_asking:
            free = rule.first_free(ask_day)
            yield day if free == ask_day else None if free is None else free + lead
        else:
            yield rule.first_free(day)
    yield _after(circumstances.blackouts, day)
    if circumstances.consents is not None:
        yield _within(circumstances.consents, day)


def _after(blackouts: tuple[Range, ...], day: int) -> int | None:
    """The first day from `day` on past the blackouts that contain it; None if one never ends."""
    for start, end in blackouts:
        if start.toordinal() <= day and (end is None or day <= end.toordinal()):
            if end is None:
                return None
            day = end.toordinal() + 1
    return day


def _within(consents: tuple[Range, ...], day: int) -> int | None:
    """The first day from `day` on inside a consent; None if they all have ended by then."""
    opens = (max(day, start.toordinal()) for start, end in consents if end is None or day <= end.toordinal())
    return min(opens, default=None)
