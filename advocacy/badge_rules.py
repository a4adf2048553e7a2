"""Which badges somebody has earned, from counts of what they did; never from what they said or scored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from references.activities import BY_CODE

FIRST_ACT, ACTS, KINDS, RUNG, REFERRALS_WON, YEARS = "first_act", "acts", "kinds", "rung", "referrals_won", "years"
RULES: tuple[str, ...] = (FIRST_ACT, ACTS, KINDS, RUNG, REFERRALS_WON, YEARS)
"""What a badge can be given for, as `enums.BadgeRule` has it."""


@dataclass(frozen=True, slots=True)
class BadgeTerms:
    """What a badge is given for: its rule, how many (`count`, 1 and up), and of which activity, empty for any.

    `first_act` takes one act and `acts` so many, of the activity where it is given; `kinds` different activities;
    `rung` the highest rung done; `years` whole years as a member. ValueError for an unknown rule or activity, or a
    count below 1.
    """

    id: int
    rule: str
    count: int = 1
    activity: str = ""

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"No badge is given for {self.rule!r}")
        if self.count < 1:
            raise ValueError("A badge takes at least one")
        if self.activity and self.activity not in BY_CODE:
            raise ValueError(f"No activity is called {self.activity!r}")

    @property
    def need(self) -> int:
        """How many it takes."""
        return 1 if self.rule == FIRST_ACT else self.count


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody has done: acts by activity, the highest rung, referrals won, the day they became a member."""

    acts: Mapping[str, int] = field(default_factory=dict)
    highest_rung: int = 0
    referrals_won: int = 0
    member_since: date | None = None


@dataclass(frozen=True, slots=True)
class BadgeProgress:
    """How far somebody is with one badge: `have` of `terms.need`, and the sentence that says what it is for."""

    terms: BadgeTerms
    have: int
    text: str

    @property
    def is_earned(self) -> bool:
        return self.have >= self.terms.need


def earned_badges(badges: Iterable[BadgeTerms], record: Record, *, today: date) -> tuple[BadgeProgress, ...]:
    """The badges that a record has earned, in the order given."""
    return tuple(each for each in measure_badges(badges, record, today=today) if each.is_earned)


def measure_badges(badges: Iterable[BadgeTerms], record: Record, *, today: date) -> tuple[BadgeProgress, ...]:
    """How far a record is with each badge, in the order given."""
    return tuple(BadgeProgress(terms, _count(terms, record, today), _tell(terms)) for terms in badges)


def years_since(start: date, today: date) -> int:
    """Whole years from `start` to `today`; who began on a leap day completes them on March 1 of other years."""
    return max(0, today.year - start.year - ((today.month, today.day) < (start.month, start.day)))


def _count(terms: BadgeTerms, record: Record, today: date) -> int:
    if terms.rule in (FIRST_ACT, ACTS):
        return record.acts.get(terms.activity, 0) if terms.activity else sum(record.acts.values())
    if terms.rule == KINDS:
        return sum(count > 0 for count in record.acts.values())
    if terms.rule == RUNG:
        return record.highest_rung
    if terms.rule == REFERRALS_WON:
        return record.referrals_won
    return 0 if record.member_since is None else years_since(record.member_since, today)


def _tell(terms: BadgeTerms) -> str:
    count = terms.count
    names = {"count": count, "activity": _(BY_CODE[terms.activity].label) if terms.activity else ""}
    if terms.activity and terms.rule == FIRST_ACT:
        return _("For the first of its kind: %(activity)s.") % names
    if terms.activity and terms.rule == ACTS:
        return ngettext("%(activity)s, %(count)d time.", "%(activity)s, %(count)d times.", count) % names
    sentences = {
        FIRST_ACT: _("For a first act."),
        ACTS: ngettext("For %(count)d act.", "For %(count)d acts.", count),
        KINDS: ngettext("For %(count)d kind of act.", "For %(count)d different kinds of acts.", count),
        RUNG: _("For reaching rung %(count)d."),
        REFERRALS_WON: ngettext("For %(count)d referral won.", "For %(count)d referrals won.", count),
        YEARS: ngettext("For %(count)d year with us.", "For %(count)d years with us.", count),
    }
    return sentences[terms.rule] % names
