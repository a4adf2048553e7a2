"""The next best ask of a promoter: which asks of the ladder may be put to them today, in which order, and why not.

Nothing here knows what anybody scored or how they sounded: asking only the pleased for a review would be review gating.
Moments are facts about the work together; for a review not even those count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from references.activities import BY_CODE

Range = tuple[date, date | None]

DECLINE_REST_DAYS = 90
MOMENT_DAYS = 30
OWN_ACTS = frozenset({"survey", "share", "review", "beta", "referral"})
"""What people do themselves: their agreement is enough, no consent to use something of theirs is needed."""
MOMENTS: Mapping[str, str] = {
    "result": gettext_noop("They measured a result"),
    "renewal": gettext_noop("Their renewal came round"),
    "completed": gettext_noop("They did something for us"),
    "referral_won": gettext_noop("Somebody they referred bought"),
    "nomination": gettext_noop("Somebody saw a moment of theirs"),
}
"""The kinds of moments of success; none is a score, a loyalty class or a mood."""

CLIMB, SAME, LOWER = 30.0, 15.0, 5.0
MOMENT, NEW, NEVER_ASKED, FATIGUE = 40.0, 10.0, 10.0, 25.0
FORGOTTEN_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCard:
    """One ask of the program: its rung, its effort, and the review site it leads to (empty for none)."""

    id: int
    activity: str
    rung: int
    effort: float
    points: int = 0
    cool_down_days: int = 0
    is_active: bool = True
    site: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """How often something was done, and when last."""

    count: int
    last_on: date


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of success: the day and its kind, one of `MOMENTS` (ValueError for any other)."""

    on: date
    kind: str

    def __post_init__(self) -> None:
        if self.kind not in MOMENTS:
            raise ValueError(f"No moment of success is called {self.kind!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one promoter stands.

    `activities` are those agreed to, `consents` those that a consent in force covers, `withdrawn` those whose consent
    they took back. `highest_rung` is the highest one done, 0 for none. `last_asks` gives when each ask was put to them
    last, `last_asked_on` when anything was but a survey; `declines` and `ask_declines` when an activity or an ask was
    declined last. `open_asks` wait for an answer. `free_from` is the first day on which fatigue and caps let them be
    asked for an activity: today where it is missing, None where time does not heal it. `fatigue` is Φ, 0 to 1.
    `blackouts` are closed ranges.
    """

    activities: frozenset[str]
    consents: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    highest_rung: int = 0
    done: Mapping[str, Done] = field(default_factory=dict)
    done_asks: Mapping[int, Done] = field(default_factory=dict)
    last_asks: Mapping[int, date] = field(default_factory=dict)
    open_asks: frozenset[int] = frozenset()
    declines: Mapping[str, date] = field(default_factory=dict)
    ask_declines: Mapping[int, date] = field(default_factory=dict)
    sites_asked: frozenset[str] = frozenset()
    last_asked_on: date | None = None
    is_active: bool = True
    is_referenceable: bool = True
    has_escalation: bool = False
    has_opted_out: bool = False
    is_paused: bool = False
    paused_until: date | None = None
    blackouts: tuple[Range, ...] = ()
    free_from: Mapping[str, date | None] = field(default_factory=dict)
    fatigue: float = 0.0
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of an ask's weight: its code, its sentence and how much it adds."""

    code: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An ask that may be put to the promoter today. The weights of its reasons add up to `weight`."""

    ask: AskCard
    weight: float
    reasons: tuple[Reason, ...]
    follows_moment: bool

    @property
    def rank(self) -> tuple[bool, float, int]:
        """Sorts the best first, among the asks of one promoter and among the best asks of many."""
        return (not self.follows_moment, -self.weight, self.ask.id)


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that stands against an ask; `until` is the first day it passes, None where time does not heal it."""

    code: str
    text: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An ask that may not be put to the promoter: the rules, and the first day all pass (None: time is not enough)."""

    ask: AskCard
    rules: tuple[BrokenRule, ...]
    next_on: date | None


@dataclass(frozen=True, slots=True)
class NextAsks:
    """Every ask of the program, for one promoter: those that may be put to them, best first, and those that may not."""

    suggestions: tuple[Suggestion, ...]
    refusals: tuple[Refusal, ...]

    @property
    def best(self) -> Suggestion | None:
        return self.suggestions[0] if self.suggestions else None


def suggest_asks(asks: Iterable[AskCard], standing: Standing, *, today: date) -> NextAsks:
    """Judge every ask for one promoter; ties go to the ask with the lower id."""
    suggestions: list[Suggestion] = []
    refusals: list[Refusal] = []
    for ask in asks:
        rules = broken_rules(ask, standing, today=today)
        if rules:
            refusals.append(Refusal(ask, rules, _next_day(rules, standing)))
        else:
            suggestions.append(_weigh(ask, standing, today))
    suggestions.sort(key=lambda each: each.rank)
    refusals.sort(key=lambda each: (each.next_on is None, each.next_on or date.max, each.ask.rung, each.ask.id))
    return NextAsks(tuple(suggestions), tuple(refusals))


def broken_rules(ask: AskCard, standing: Standing, *, today: date) -> tuple[BrokenRule, ...]:
    """Give every rule that stands against putting `ask` to the promoter today, what nothing heals first."""
    found = (
        *_about_person(standing, today),
        *_about_company(ask, standing),
        *_about_ask(ask, standing, today),
        *_about_rest(ask, standing, today),
    )
    return tuple(sorted(found, key=lambda rule: rule.until is not None))


def _about_person(standing: Standing, today: date) -> Iterable[BrokenRule]:
    if standing.has_opted_out:
        yield BrokenRule("opted_out", _("They have opted out."))
    if standing.is_paused:
        if standing.paused_until is None:
            yield BrokenRule("paused", _("They pause until further notice."))
        elif standing.paused_until > today:
            yield BrokenRule("paused", _("They pause."), standing.paused_until)
    elif not standing.is_active:
        yield BrokenRule("not_active", _("They are not an active promoter."))
    over = _past_blackouts(standing.blackouts, today)
    if over != today:
        yield BrokenRule("blackout", _("They asked for quiet on these days."), over)


def _about_company(ask: AskCard, standing: Standing) -> Iterable[BrokenRule]:
    """What keeps a company's people from being asked; a review is asked for all the same, or trouble would gate it."""
    if ask.activity == "review":
        return
    if not standing.is_referenceable:
        yield BrokenRule("not_referenceable", _("Their company is no reference at present."))
    if standing.has_escalation:
        yield BrokenRule("escalation", _("Their company has an open escalation."))


def _about_ask(ask: AskCard, standing: Standing, today: date) -> Iterable[BrokenRule]:
    activity = ask.activity
    if not ask.is_active:
        yield BrokenRule("not_offered", _("This ask is not used at present."))
    if activity not in standing.activities:
        yield BrokenRule("not_agreed", _("They have not agreed to be asked for this."))
    if activity in standing.withdrawn:
        yield BrokenRule("consent_withdrawn", _("They took their consent to this back."))
    elif activity not in OWN_ACTS and activity not in standing.consents:
        yield BrokenRule("no_consent", _("No consent to this is in force."))
    if ask.rung > standing.highest_rung + 1:
        text = _("It is on rung %(rung)d; they have reached rung %(reached)d and go up one at a time.")
        yield BrokenRule("too_high", text % {"rung": ask.rung, "reached": standing.highest_rung})
    if ask.id in standing.open_asks:
        yield BrokenRule("already_open", _("They have this ask already and have not answered."))
    if ask.site and ask.site in standing.sites_asked:
        yield BrokenRule("site_asked", _("They were asked for a review on this site before; once is enough."))


def _about_rest(ask: AskCard, standing: Standing, today: date) -> Iterable[BrokenRule]:
    declined = _latest(standing.declines.get(ask.activity), standing.ask_declines.get(ask.id))
    free = _after_rest(declined, DECLINE_REST_DAYS)
    if free is not None and free > today:
        yield BrokenRule("declined_lately", _("They said no to this lately."), free)
    done = standing.done_asks.get(ask.id)
    free = _after_rest(
        _latest(None if done is None else done.last_on, standing.last_asks.get(ask.id)), ask.cool_down_days
    )
    if ask.cool_down_days and ask.id not in standing.open_asks and free is not None and free > today:
        days = ngettext("%(days)d day", "%(days)d days", ask.cool_down_days) % {"days": ask.cool_down_days}
        yield BrokenRule("cooling_down", _("This ask rests for %(days)s after each time.") % {"days": days}, free)
    rested = standing.free_from.get(ask.activity, today)
    if rested is None:
        yield BrokenRule("not_free", _("Caps leave no room for it, and time alone does not change that."))
    elif rested > today:
        yield BrokenRule("resting", _("They rest: fatigue, caps or a renewal leave no room before."), rested)


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _after_rest(last: date | None, days: int) -> date | None:
    """The first day after a rest of `days` whole days: as in the caps, day 31 is free after a rest of 30."""
    return None if last is None else last + timedelta(days=days + 1)


def _next_day(rules: Iterable[BrokenRule], standing: Standing) -> date | None:
    """The first day on which all of these rules pass, days of quiet to come included."""
    days = [rule.until for rule in rules]
    known = [day for day in days if day is not None]
    return None if len(known) < len(days) else _past_blackouts(standing.blackouts, max(known))


def _past_blackouts(blackouts: Iterable[Range], day: date) -> date | None:
    for start, end in sorted(blackouts, key=lambda each: each[0]):
        if start <= day and (end is None or day <= end):
            if end is None:
                return None
            day = end + timedelta(days=1)
    return day


def _weigh(ask: AskCard, standing: Standing, today: date) -> Suggestion:
    moment = recent_moment(ask, standing, today=today)
    reasons = [
        *([] if moment is None else [_tell_moment(moment, today)]),
        _tell_step(ask, standing),
        *_tell_history(ask, standing, today),
    ]
    tired = -FATIGUE * standing.fatigue * min(1.0, ask.effort)
    if tired:
        reasons.append(Reason("fatigue", _("What they did lately still weighs; light asks weigh less."), tired))
    return Suggestion(ask, sum(reason.weight for reason in reasons), tuple(reasons), moment is not None)


def recent_moment(ask: AskCard, standing: Standing, *, today: date) -> Moment | None:
    """The latest moment of success of the past 30 days; none for a review, whose askers must not be picked."""
    if ask.activity == "review":
        return None
    recent = [each for each in standing.moments if today - timedelta(days=MOMENT_DAYS) <= each.on <= today]
    return max(recent, key=lambda each: (each.on, each.kind), default=None)


def _tell_moment(moment: Moment, today: date) -> Reason:
    days = (today - moment.on).days
    ago = _("today") if not days else ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
    text = _("%(moment)s, %(ago)s.") % {"moment": _(MOMENTS[moment.kind]), "ago": ago}
    return Reason("moment", text, MOMENT * (1 - days / (MOMENT_DAYS + 1)))


def _tell_step(ask: AskCard, standing: Standing) -> Reason:
    names = {"rung": ask.rung, "reached": standing.highest_rung}
    if ask.rung > standing.highest_rung:
        return Reason("one_up", _("The next rung: %(rung)d after %(reached)d.") % names, CLIMB)
    if ask.rung == standing.highest_rung:
        return Reason("same_rung", _("On rung %(rung)d, where they are at home.") % names, SAME)
    weight = max(0.0, SAME - LOWER * (standing.highest_rung - ask.rung))
    return Reason("lower_rung", _("On rung %(rung)d, below the %(reached)d they have reached.") % names, weight)


def _tell_history(ask: AskCard, standing: Standing, today: date) -> Iterable[Reason]:
    done = standing.done.get(ask.activity)
    label = _(BY_CODE[ask.activity].label)
    if done is None or not done.count:
        yield Reason("new_to_them", _("%(activity)s: they have not done this yet.") % {"activity": label}, NEW)
    asked = standing.last_asked_on
    if asked is None:
        yield Reason("never_asked", _("They were never asked for anything but a survey."), NEVER_ASKED)
    elif asked < today:
        days = (today - asked).days
        text = ngettext("Last asked %(days)d day ago.", "Last asked %(days)d days ago.", days) % {"days": days}
        yield Reason("asked_before", text, NEVER_ASKED * min(1.0, days / FORGOTTEN_DAYS))
