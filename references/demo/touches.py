"""Makes the ledger of the demonstration program: three years of surveys, asks, calls, declines and appearances.

Ordinary asks respect the rests and caps of the shipped policy. A few people are asked far more than they should be, as
in every program that has just begun to count: the favorites, and those worn out by the last weeks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from references.activities import BY_CODE
from references.demo import PREFIX
from references.demo.setting import Member, Person, Setting, at, pick_weighted
from references.enums import ContactStatus, EngagementStatus
from references.models import Engagement, EngagementChange
from references.policy import CapPolicy

YEARS = 3
_CAPS = CapPolicy()
_COUNTED = {EngagementStatus.COMPLETED, EngagementStatus.PLANNED, EngagementStatus.HELD}
_LIKELY = {
    "call": 40, "group_call": 10, "quote": 14, "review": 10, "referral": 6, "webinar": 7, "case_study": 5, "beta": 6,
    "speaking": 5, "video": 3, "press": 3, "analyst": 4, "site_visit": 3, "advisory": 2, "share": 8, "logo": 5,
}  # fmt: skip
_HOURS = {
    "call": 1, "group_call": 1.5, "webinar": 4, "speaking": 10, "site_visit": 6, "case_study": 5, "video": 5,
    "press": 1.5, "analyst": 1.5, "advisory": 8, "review": 0.5, "quote": 0.5, "beta": 6, "referral": 0.5,
}  # fmt: skip
_NOTES = (
    "Prospect said it was the call that decided it.",
    "Went over time, both sides happy.",
    "Asked for the questions beforehand next time.",
    "Prospect was not prepared.",
    "Wants to hear how the deal ended.",
    "Brought a colleague from operations.",
)
_WHY_NOT = ("No time this quarter.", "Needs approval from communications.", "Would rather answer in writing.")


@dataclass
class Book:
    """What has been logged so far, with the days that count against caps."""

    setting: Setting
    rng: Random
    rows: list[Engagement] = field(default_factory=list)
    changes: list[EngagementChange] = field(default_factory=list)
    by_person: dict[int, list[tuple[date, str]]] = field(default_factory=dict)
    by_customer: dict[int, list[date]] = field(default_factory=dict)

    def has_room(self, person: Person, activity: str, on: date) -> bool:
        """Whether the rests and caps of the shipped policy leave room on that day, judged by what is booked."""
        own = self.by_person.get(id(person), [])
        near = [(day, kind) for day, kind in own if abs((day - on).days) <= _CAPS.year_days]
        if BY_CODE[activity].is_light:
            return all(abs((day - on).days) > 90 for day, kind in own if kind == activity)
        heavy = [(day, kind) for day, kind in near if not BY_CODE[kind].is_light]
        gaps = [abs((day - on).days) for day, _ in heavy]
        customer = [abs((day - on).days) for day in self.by_customer.get(id(person.member), [])]
        quarter = min(_CAPS.per_quarter, person.row.max_per_quarter or _CAPS.per_quarter)
        return (
            all(gap > _CAPS.rest_days for gap in gaps)
            and sum(gap <= _CAPS.quarter_days for gap in gaps) < quarter
            and len(gaps) < _CAPS.per_year
            and all(kind != "speaking" or abs((day - on).days) > _CAPS.speaking_days for day, kind in heavy)
            and sum(gap <= _CAPS.quarter_days for gap in customer) < _CAPS.customer_per_quarter
            and sum(gap <= _CAPS.year_days for gap in customer) < _CAPS.customer_per_year
        )

    def log(self, person: Person, activity: str, status: str, on: date, asked_on: date | None = None) -> None:
        """Book a touch with its history: asked, said yes where it came to that, and how it ended."""
        lead = BY_CODE[activity].lead_days + self.rng.randint(2, 9)
        asked_on = asked_on or min(on - timedelta(days=lead), self.setting.today - timedelta(days=1))
        number = len(self.rows) + 1
        row = Engagement(
            contact=person.row,
            activity=activity,
            status=status,
            on=on,
            recorded_at=at(asked_on, 8 + number % 9, number % 60),
            source=f"{PREFIX}touch-{number:05d}",
        )
        if status == EngagementStatus.HELD:
            row.hold_expires_at = at(self.setting.today, 12) + timedelta(hours=self.rng.randint(20, 70))
        if status == EngagementStatus.COMPLETED:
            self._finish(row)
        elif status == EngagementStatus.DECLINED:
            row.note = self.rng.choice(_WHY_NOT)
        self.rows.append(row)
        self.changes += self._history(row)
        if status in _COUNTED:
            self.by_person.setdefault(id(person), []).append((on, activity))
            if not BY_CODE[activity].is_light:
                self.by_customer.setdefault(id(person.member), []).append(on)

    def _finish(self, row: Engagement) -> None:
        rng = self.rng
        hours = _HOURS.get(row.activity, 0.25)
        row.effort_hours = Decimal(str(round(hours * rng.uniform(0.7, 1.5), 2)))
        if row.activity == "survey":
            return
        row.was_thanked = rng.random() < 0.7
        row.was_rewarded = rng.random() < 0.25
        row.went_badly = rng.random() < 0.03
        row.is_outside = rng.random() < 0.04
        row.note = rng.choice(_NOTES) if rng.random() < 0.2 else ""

    def _history(self, row: Engagement) -> Iterator[EngagementChange]:
        asked = row.recorded_at
        ends = min(max(at(row.on, 16), asked + timedelta(hours=4)), at(self.setting.today, 0))
        yield self._change(row, asked, EngagementStatus.ASKED)
        if row.status in {EngagementStatus.COMPLETED, EngagementStatus.CANCELLED, EngagementStatus.PLANNED}:
            yield self._change(row, min(asked + timedelta(days=2), ends), EngagementStatus.PLANNED)
        if row.status not in {EngagementStatus.ASKED, EngagementStatus.PLANNED}:
            yield self._change(row, max(asked, ends), row.status)

    def _change(self, row: Engagement, moment: datetime, status: str) -> EngagementChange:
        return EngagementChange(engagement=row, at=moment, status=status)


def make_ledger(setting: Setting, members: list[Member], appearances: list[tuple[Person, str, date]]) -> Book:
    """Make about 6,000 touches; `appearances` are those at speaking slots."""
    book = Book(setting, setting.chance("ledger"))
    for person, activity, on in appearances:
        book.log(person, activity, EngagementStatus.PLANNED if on >= setting.today else EngagementStatus.COMPLETED, on)
    for member in members:
        _log_asks(book, member)
    active = [person for member in members for person in member.people if person.row.status == ContactStatus.ACTIVE]
    _log_tired(book, active)
    _log_pending(book, active)
    _log_surveys(book, [person for member in members for person in member.people])
    return book


def _log_asks(book: Book, member: Member) -> None:
    """Ordinary asks of one customer's people, in the order of time so that caps hold among them."""
    rng, setting = book.rng, book.setting
    asks: list[tuple[int, int, Person]] = []
    for place, person in enumerate(member.people):
        if person.row.status in {ContactStatus.KNOWN, ContactStatus.NOMINATED}:
            continue
        days = min(person.joined_ago, 365 * YEARS) - 12
        if person.is_favorite:
            asks += [(ago, place, person) for ago in range(days, 6, -rng.randint(15, 18))]
            continue
        count = sum(rng.random() < person.yearly / 12 for _ in range(days // 30))
        asks += [(rng.randint(6, days), place, person) for _ in range(count)]
    for ago, _, person in sorted(asks, key=lambda ask: (-ask[0], ask[1])):
        activity = _choose_activity(rng, person)
        on = setting.day(ago)
        status = _choose_status(rng, person)
        if status not in _COUNTED or person.is_favorite or book.has_room(person, activity, on):
            book.log(person, activity, status, on)


def _choose_activity(rng: Random, person: Person) -> str:
    if person.is_favorite:
        return pick_weighted(rng, ("call", "group_call", "quote"), (8, 2, 1))
    able = [each for each in person.row.activities if each in _LIKELY]
    return pick_weighted(rng, able, [_LIKELY[each] for each in able])


def _choose_status(rng: Random, person: Person) -> str:
    if rng.random() < person.willingness:
        return rng.choices((EngagementStatus.COMPLETED, EngagementStatus.CANCELLED), (15, 1))[0]
    missed = (EngagementStatus.DECLINED, EngagementStatus.NO_ANSWER, EngagementStatus.RELEASED)
    return rng.choices(missed, (5, 3, 3))[0]


def _log_tired(book: Book, active: list[Person]) -> None:
    """Six people worn out by the last weeks, and four who have said no twice running."""
    able = [each for each in active if "site_visit" in each.row.activities and not each.is_favorite and each.yearly > 0]
    for person in able[:6]:
        for activity, ago in (("webinar", 38), ("case_study", 24), ("site_visit", 13), ("call", 5)):
            book.log(person, activity, EngagementStatus.COMPLETED, book.setting.day(ago))
    callers = [each for each in active if "call" in each.row.activities and each.yearly > 2 and not each.is_favorite]
    for person in callers[5:9]:
        for ago in (34, 9):
            book.log(person, "call", EngagementStatus.DECLINED, book.setting.day(ago))


def _log_pending(book: Book, active: list[Person]) -> None:
    """What is under way today: planned, asked and held."""
    rng, setting = book.rng, book.setting
    wanted = [(EngagementStatus.PLANNED, 34), (EngagementStatus.ASKED, 22), (EngagementStatus.HELD, 9)]
    queue = [status for status, count in wanted for _ in range(count)]
    for person in rng.sample(active, len(active)):
        if not queue:
            return
        on = setting.day(-rng.randint(4, 45))
        if person.yearly and "call" in person.row.activities and book.has_room(person, "call", on):
            book.log(person, "call", queue.pop(), on, asked_on=setting.day(rng.randint(1, 7)))


def _log_surveys(book: Book, people: list[Person]) -> None:
    """The survey, twice a year: who came in by then, a share of them answering."""
    rng, setting = book.rng, book.setting
    for wave in range(2 * YEARS):
        sent_ago = 40 + wave * 182
        for person in people:
            if person.joined_ago < sent_ago or rng.random() < 0.55:
                continue
            status = EngagementStatus.COMPLETED if rng.random() < 0.58 else EngagementStatus.NO_ANSWER
            sent_on = setting.day(sent_ago)
            book.log(person, "survey", status, sent_on + timedelta(days=rng.randint(0, 12)), asked_on=sent_on)
