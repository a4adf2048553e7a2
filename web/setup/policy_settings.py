"""The policy's settings as its page shows them: groups, and for each setting its name, unit and a sentence."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from references.enums import EngagementStatus, Facet

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its dotted key, what it is called, in what it is counted, and what it does."""

    key: str
    label: Words
    unit: Words
    help: Words


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together, and what they are about."""

    slug: str
    title: Words
    lead: Words
    settings: tuple[Setting, ...]


_SHARE, _POINTS, _DAYS, _TIMES = _("share, 0–1"), _("points"), _("days"), _("times")
_WEIGHT, _EFFORT, _HOURS = _("weight"), _("share of the effort"), _("business hours")
_FACETS: dict[str, Words] = {**{facet.value: facet.label for facet in Facet}, "role": _("Role and seniority")}
_ASKED: tuple[tuple[str, Words], ...] = (
    ("product", _("What the customer has from us.")),
    ("solution", _("What they solve with it.")),
    ("industry", _("The customer’s industry, or one near it.")),
    ("role", _("What the person does, and how high up.")),
    ("size", _("How many people the customer employs.")),
    ("region", _("Where the customer is.")),
    ("language", _("What the person speaks.")),
    ("technology", _("What else the customer runs beside it.")),
    ("competitor", _("Whom the customer left, or compared with.")),
    ("persona", _("What kind of buyer the person is.")),
)
_STATUSES: tuple[tuple[str, Words], ...] = (
    ("asked", _("Somebody who is asked and has not answered yet.")),
    ("declined", _("A no.")),
    ("cancelled", _("Called off after a yes, or while being asked.")),
    ("no_answer", _("An ask that stayed unanswered.")),
    ("held", _("Reserved for a request, not yet asked.")),
    ("planned", _("Agreed, and still to come.")),
    ("completed", _("Done: the measure of all others.")),
    ("released", _("A hold that was given back.")),
)

WEIGHTS = Group(
    "weights",
    _("Ranking weights"),
    _("How much each part of a brief counts against the others. Only what a brief names is weighed."),
    (
        *(Setting(f"ranking.weights.{code}", _FACETS[code], _WEIGHT, sentence) for code, sentence in _ASKED),
        Setting("ranking.weights.text", _("Words"), _WEIGHT,
                _("How well a promoter’s texts answer the brief’s own words.")),
        Setting("ranking.words_floor", _("Words beside tags"), _SHARE,
                _("What words keep of their weight where tags answer the whole brief.")),
        Setting("ranking.words_scale", _("Words that tell enough"), _("nats"),
                _("How much a brief’s words must tell to weigh half of what many would.")),
        Setting("ranking.stress", _("Insisting"), _("factor"),
                _("By how much a facet gains where the brief insists on it.")),
        Setting("ranking.band_similarity", _("Neighboring bands"), _("shares, by steps"),
                _("Likeness of sizes and ranks: the same, one step apart, two, …")),
        Setting("ranking.region_language", _("Another region, same language"), _SHARE,
                _("Likeness of a region that shares a language with the one asked for.")),
        Setting("ranking.region_continent", _("Another region, same continent"), _SHARE,
                _("Likeness of a region on the same continent.")),
    ),
)  # fmt: skip

POINTS = Group(
    "points",
    _("Points"),
    _("What fit, willingness and fatigue are worth in the score."),
    (
        Setting("ranking.fit_points", _("A perfect fit"), _POINTS,
                _("What a promoter earns who is all the brief asks for.")),
        Setting("ranking.acceptance_points", _("Willingness"), _POINTS,
                _("What saying yes more often than others is worth.")),
        Setting("ranking.acceptance_prior", _("Slow to judge willingness"), _("asks"),
                _("How many asks it takes until someone’s own answers count as much as everyone’s.")),
        Setting("ranking.acceptance_default", _("Willingness without history"), _SHARE,
                _("What is taken for the share of yes while nobody has been asked yet.")),
        Setting("ranking.fatigue_points", _("Fatigue costs"), _POINTS, _("What a worn-out promoter loses.")),
        Setting("ranking.floor", _("Counts as found"), _SHARE,
                _("The fit from which a promoter is counted in a search’s total.")),
        Setting("ranking.explore_points", _("A fair chance"), _POINTS,
                _("How far behind the best someone never used may lie and still be drawn for the last place.")),
        Setting("ranking.verified_days", _("Facts stay fresh"), _DAYS,
                _("How long after its last check a fact counts fully.")),
        Setting("ranking.stale_half_life", _("Facts then fade"), _("days to half"),
                _("After that, how long until it counts half.")),
    ),
)  # fmt: skip

FATIGUE = Group(
    "fatigue",
    _("Fatigue"),
    _("How touches tire a promoter, and from where on that counts."),
    (
        Setting("fatigue.soft", _("A little used from"), _SHARE,
                _("Fatigue from which a promoter is shown as used lately.")),
        Setting("fatigue.needs_approval", _("Tired from"), _SHARE, _("Fatigue from which a manager must say yes.")),
        Setting("fatigue.stop", _("Worn out from"), _SHARE, _("Fatigue from which a promoter is not asked at all.")),
        Setting("fatigue.half_life", _("Forgotten by half after"), _DAYS, _("How long until a touch weighs half.")),
        Setting("fatigue.spill", _("Colleagues count"), _SHARE,
                _("How much of their colleagues’ touches weighs on a person.")),
        Setting("fatigue.scale_normal", _("Strength"), _("calls"), _("The load at which someone is half worn out.")),
        Setting("fatigue.scale_sensitive", _("Strength of the sensitive"), _("calls"),
                _("The same for people who are to be spared.")),
        Setting("fatigue.scale_ambassador", _("Strength of ambassadors"), _("calls"),
                _("The same for people who like to be asked.")),
        *(
            Setting(f"fatigue.status_weights.{status}", EngagementStatus(status).label.capitalize(), _EFFORT, sentence)
            for status, sentence in _STATUSES
        ),
        Setting("fatigue.badly_factor", _("Went badly"), _("factor"),
                _("How much more something weighs that went badly.")),
        Setting("fatigue.thanks", _("Thanks"), _("share taken off"),
                _("How much lighter something weighs once thanked for.")),
        Setting("fatigue.reward", _("Reward"), _("share taken off"),
                _("How much lighter something weighs once rewarded.")),
        Setting("fatigue.relief_limit", _("Relief at most"), _("share taken off"),
                _("The most that thanks and rewards take off.")),
    ),
)  # fmt: skip

CAPS = Group(
    "caps",
    _("Caps and rests"),
    _("Hard limits beside fatigue. A person’s own stricter limits win; a manager may override these with a reason."),
    (
        Setting("caps.rest_days", _("Rest between meetings"), _DAYS,
                _("Days between two engagements at which people meet.")),
        Setting("caps.per_quarter", _("A person in a quarter"), _TIMES,
                _("How often a person is used in the days below.")),
        Setting("caps.quarter_days", _("A quarter is"), _DAYS, _("How long the window of a quarter is.")),
        Setting("caps.per_year", _("A person in a year"), _TIMES, _("How often a person is used in the days below.")),
        Setting("caps.year_days", _("A year is"), _DAYS, _("How long the window of a year is.")),
        Setting("caps.asks_per_month", _("Asks in a month"), _TIMES,
                _("How often a person is asked, whatever the answer.")),
        Setting("caps.month_days", _("A month is"), _DAYS, _("How long the window of a month is.")),
        Setting("caps.outstanding_asks", _("Open asks"), _TIMES,
                _("How many asks of a person may be unanswered at once.")),
        Setting("caps.speaking", _("On stage"), _TIMES, _("How often a person speaks in the days below.")),
        Setting("caps.speaking_days", _("Stages are counted over"), _DAYS, _("How long the window for stages is.")),
        Setting("caps.customer_per_quarter", _("A customer in a quarter"), _TIMES, _("Over all people of a customer.")),
        Setting("caps.customer_per_year", _("A customer in a year"), _TIMES, _("Over all people of a customer.")),
        Setting("caps.decline_rest_days", _("Rest after a no"), _DAYS, _("Before the same is asked again.")),
        Setting("caps.misses_in_a_row", _("No answers running"), _TIMES,
                _("Declines and silences running that lead to a pause.")),
        Setting("caps.misses_pause_days", _("Pause after them"), _DAYS, _("How long nothing is asked then.")),
    ),
)  # fmt: skip

HOLDS = Group(
    "holds",
    _("Holds and names"),
    _("How long a promoter is kept free for a request, and what is told of customers."),
    (
        Setting("hold_hours", _("A hold lasts"), _("clock hours"),
                _("Then it is given back, unless somebody has been asked.")),
        Setting("show_customer_name", _("Customers’ names are shown"), "",
                _("To everyone, where they may be named; without it to managers and account owners alone.")),
    ),
)  # fmt: skip

SERVICE = Group(
    "service",
    _("Service levels and business hours"),
    _("What people can rely on. Business hours are those in which the clock runs."),
    (
        Setting("service.time_zone", _("Time zone"), "", _("Where the clock is read.")),
        Setting("service.opens", _("Opens"), _("HH:MM"), _("When a business day begins.")),
        Setting("service.closes", _("Closes"), _("HH:MM"), _("When it ends; 24:00 for midnight.")),
        Setting("service.weekdays", _("Business days"), "", _("The days on which work is done.")),
        Setting("service.holidays", _("Holidays"), _("one date a line"), _("Days like 2026-12-25 on which it is not.")),
        Setting("service.request_hours", _("A request is answered in"), _HOURS,
                _("From submission to somebody’s yes; the clock stops while a customer is awaited.")),
        Setting("service.approval_hours", _("An approval takes at most"), _HOURS,
                _("Then somebody else is asked to decide.")),
        Setting("service.urgent_approval_hours", _("An urgent approval"), _HOURS, _("The same for urgent requests.")),
        Setting("service.answer_hours", _("A promoter has"), _HOURS,
                _("To answer an invitation; after that it counts as no answer.")),
        Setting("service.urgent_answer_hours", _("A promoter has, if urgent"), _HOURS,
                _("The same for urgent requests.")),
        Setting("service.reminder_hours", _("Reminder after"), _HOURS, _("From the invitation to its one reminder.")),
        Setting("service.remind_before_hours", _("Reminder before a meeting"), _("clock hours"),
                _("Goes to everyone who takes part.")),
        Setting("service.feedback_after_hours", _("Feedback after a meeting"), _("clock hours"),
                _("When both sides are asked how it was.")),
        Setting("service.invitation_days", _("Links live"), _("calendar days"),
                _("How long at least the link of an invitation works.")),
        Setting("service.people_per_slot", _("People asked in turn"), _("people"),
                _("For one place of a request, before a manager is needed.")),
        Setting("service.rush_per_month", _("Urgent requests"), _("a month"), _("How many a team may make.")),
    ),
)  # fmt: skip

GROUPS = (WEIGHTS, POINTS, FATIGUE, CAPS, HOLDS, SERVICE)
APPROVALS = "approvals"
APPROVALS_TITLE = _("Approval rules")
LABELS: dict[str, Words] = {each.key: each.label for group in GROUPS for each in group.settings} | {
    APPROVALS: APPROVALS_TITLE
}
"""What every setting is called, by its dotted key."""

APPROVER_CHOICES = (
    ("owner", _("account owner")),
    ("manager", _("manager")),
    ("both", _("owner, then manager")),
    ("none", _("nobody")),
)
BAND_CHOICES = (("fresh", _("fresh")), ("soft", _("a little used")), ("approval", _("tired")))
WEEKDAY_CHOICES = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
)  # fmt: skip
