"""Reads where promoters stand on the ladder, many at once, and what may be asked of them next.

Whoever calls it names people they may see: it looks at nobody's rights. It reads no score and no loyalty class.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import Q
from django.utils import timezone

from advocacy.enums import AssignmentStatus, ReferralStatus
from advocacy.models import Ask, AskAssignment, Referral, ReviewSite
from advocacy.next_asks import MOMENT_DAYS, AskCard, Done, Moment, NextAsks, Standing, suggest_asks
from advocacy.querysets import OPEN_ASSIGNMENTS
from references.activities import BY_CODE, CODES
from references.availability import Circumstances, next_free_date
from references.caps import answered_on, asked_on
from references.circumstances import read_circumstances
from references.enums import ContactStatus, EngagementStatus, NominationStatus, NominationVia
from references.fatigue import Touch, score, total_load
from references.models import Consent, Contact, Nomination, ProofPoint
from references.policy import ProgramPolicy
from references.program import current_policy

_S = AssignmentStatus
DONE = frozenset({_S.DONE, _S.CONFIRMED})
SEEN = (NominationStatus.NEW, NominationStatus.IN_PROGRESS, NominationStatus.APPROVED)
SURVEY = "survey"
Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class _Put:
    """One time an ask was put to somebody: the assignment's id, the ask's id, rung and site, status and day."""

    id: int
    ask: int
    rung: int
    site: int | None
    status: str
    on: date


@dataclass(slots=True)
class _Read:
    """All that is read of some people, by contact id."""

    circumstances: dict[int, Circumstances]
    consents: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    withdrawn: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    puts: defaultdict[int, list[_Put]] = field(default_factory=lambda: defaultdict(list))
    moments: defaultdict[int, list[Moment]] = field(default_factory=lambda: defaultdict(list))


def read_next_asks(
    contact_ids: Iterable[int], *, asks: Sequence[Ask] | None = None, now: datetime | None = None
) -> dict[int, NextAsks]:
    """Judge asks (all there are where none are named) for people by id; unknown ids are left out. Constant queries."""
    now = timezone.localtime(now)
    sites = set(ReviewSite.objects.filter(is_active=True).values_list("pk", flat=True))
    cards = [_card(ask, sites) for ask in (Ask.objects.all() if asks is None else asks)]
    people = list(Contact.objects.filter(pk__in=list(contact_ids)).select_related("customer"))
    policy = current_policy()
    read = _read(people, now)
    activities = {card.activity for card in cards}
    return {
        person.pk: suggest_asks(cards, _standing(person, read, activities, now, policy), today=now.date())
        for person in people
    }


def _card(ask: Ask, sites: set[int]) -> AskCard:
    return AskCard(
        id=ask.pk,
        activity=ask.activity,
        rung=ask.rung,
        effort=BY_CODE[ask.activity].effort,
        points=ask.points,
        cool_down_days=ask.cool_down_days,
        is_active=ask.is_active and (ask.review_site_id is None or ask.review_site_id in sites),
        site="" if ask.review_site_id is None else str(ask.review_site_id),
    )


def _read(people: Sequence[Contact], now: datetime) -> _Read:
    read = _Read(read_circumstances(people, SURVEY))
    _read_consents(read, people, now.date())
    rows = AskAssignment.objects.filter(contact__in=people).exclude(status=_S.WITHDRAWN).select_related("ask")
    for row in rows.order_by("asked_at", "pk"):
        put = _Put(row.pk, row.ask_id, row.ask.rung, row.ask.review_site_id, row.status, _day_of(row.asked_at, now))
        read.puts[row.contact_id].append(put)
    _read_moments(read, people, now)
    return read


def _read_consents(read: _Read, people: Sequence[Contact], today: date) -> None:
    """What each person's own consents in force cover, and their customer's unless they took theirs back."""
    customers = {person.customer_id for person in people}
    whose = Q(contact__in=people) | Q(contact__isnull=True, customer__in=customers)
    general: defaultdict[int, set[str]] = defaultdict(set)
    live = Consent.objects.in_force(on=today).general().filter(whose)
    for contact_id, customer_id, activity in live.values_list("contact_id", "customer_id", "activity"):
        (general[customer_id] if contact_id is None else read.consents[contact_id]).add(activity)
    gone = Consent.objects.withdrawn(CODES).filter(contact__in=people)
    for contact_id, activity in gone.values_list("contact_id", "activity"):
        if activity not in read.consents[contact_id]:
            read.withdrawn[contact_id].add(activity)
    for person in people:
        read.consents[person.pk] |= general[person.customer_id] - read.withdrawn[person.pk]


def _read_moments(read: _Read, people: Sequence[Contact], now: datetime) -> None:
    """Moments of the past days, by what is known of the person or of their customer."""
    since = now.date() - timedelta(days=MOMENT_DAYS)
    start = now - timedelta(days=MOMENT_DAYS)
    # What a survey put forward is a high score in other words: no moment, or the pleased would be asked first.
    seen = Nomination.objects.filter(contact__in=people, status__in=SEEN, created_at__gte=start)
    seen = seen.exclude(via=NominationVia.SURVEY)
    for contact_id, at in seen.values_list("contact_id", "created_at"):
        read.moments[contact_id].append(Moment(_day_of(at, now), "nomination"))
    won = Referral.objects.filter(referrer__in=people, status=ReferralStatus.WON, ended_at__gte=start)
    for contact_id, ended in won.values_list("referrer_id", "ended_at"):
        read.moments[contact_id].append(Moment(_day_of(ended, now), "referral_won"))
    customers: defaultdict[int, list[Moment]] = defaultdict(list)
    points = ProofPoint.objects.filter(
        customer__in={person.customer_id for person in people}, measured_on__range=(since, now.date())
    )
    for customer_id, on in points.values_list("customer_id", "measured_on"):
        customers[customer_id].append(Moment(on or since, "result"))
    for person in people:
        read.moments[person.pk] += customers[person.customer_id]
        renewed = person.customer.renewal_date
        if renewed is not None:
            read.moments[person.pk].append(Moment(renewed, "renewal"))


def _standing(
    person: Contact, read: _Read, activities: Iterable[str], now: datetime, policy: ProgramPolicy
) -> Standing:
    found = read.circumstances[person.pk]
    puts = read.puts[person.pk]
    days = {touch.source: answered_on(touch, now.tzinfo) for touch in found.own}
    completed = [touch for touch in found.own if touch.status == EngagementStatus.COMPLETED]
    did = [put for put in puts if put.status in DONE]
    acts = [Moment(touch.on, "completed") for touch in completed if touch.activity != SURVEY]
    declined = [touch for touch in found.own if touch.status == EngagementStatus.DECLINED]
    total = total_load(found.own, found.colleagues, now.date(), policy.fatigue, known_at=now)
    return Standing(
        activities=frozenset(person.activities),
        consents=frozenset(read.consents[person.pk]),
        withdrawn=frozenset(read.withdrawn[person.pk]),
        highest_rung=max(
            (*(BY_CODE[touch.activity].rung for touch in completed), *(put.rung for put in did)), default=0
        ),
        done=_count((touch.activity, touch.on) for touch in completed),
        done_asks=_count((put.ask, days.get(f"assignment:{put.id}", put.on)) for put in did),
        last_asks={put.ask: put.on for put in puts},
        open_asks=frozenset(put.ask for put in puts if put.status in OPEN_ASSIGNMENTS),
        declines=_latest((touch.activity, days[touch.source]) for touch in declined),
        ask_declines=_latest(
            (put.ask, days.get(f"assignment:{put.id}", put.on)) for put in puts if put.status == _S.DECLINED
        ),
        sites_asked=frozenset(str(put.site) for put in puts if put.site is not None),
        last_asked_on=_last_asked(found.own, now),
        is_active=person.status == ContactStatus.ACTIVE,
        is_referenceable=person.customer.is_referenceable,
        has_escalation=person.customer.has_open_escalation,
        has_opted_out=person.has_opted_out,
        is_paused=person.status == ContactStatus.PAUSED,
        paused_until=person.paused_until,
        blackouts=found.days_off,
        free_from=_free_from(found, activities, now, policy),
        fatigue=score(total, person.sensitivity, policy.fatigue),
        moments=(*read.moments[person.pk], *acts),
    )


def _free_from(
    found: Circumstances, activities: Iterable[str], now: datetime, policy: ProgramPolicy
) -> dict[str, date | None]:
    """The first day on which somebody may be asked for each activity, as far as fatigue, caps and a renewal go.

    What they agreed to, their days of quiet, a pause and consent are rules of their own.
    """
    own_limits = None if found.own_limits is None else replace(found.own_limits, activities=None)
    quiet = tuple(each for each in found.blackouts if each not in found.days_off and each[0] != date.min)
    bare = replace(found, blackouts=quiet, days_off=(), consents=None, own_limits=own_limits)
    free: dict[str, date | None] = {}
    for activity in activities:
        lead = timedelta(days=BY_CODE[activity].lead_days)
        on = next_free_date(bare, activity, from_=now.date(), now=now, policy=policy)
        free[activity] = None if on is None else max(now.date(), on - lead)
    return free


def _day_of(at: datetime | None, now: datetime) -> date:
    """The day of a moment where `now` is told; today where nobody noted it."""
    return (at or now).astimezone(now.tzinfo).date()


def _count(done: Iterable[tuple[Key, date]]) -> dict[Key, Done]:
    counted: dict[Key, Done] = {}
    for key, on in done:
        before = counted.get(key)
        counted[key] = Done(1, on) if before is None else Done(before.count + 1, max(before.last_on, on))
    return counted


def _latest(days: Iterable[tuple[Key, date]]) -> dict[Key, date]:
    latest: dict[Key, date] = {}
    for key, on in days:
        latest[key] = max(on, latest.get(key, on))
    return latest


def _last_asked(own: Iterable[Touch], now: datetime) -> date | None:
    """When anything was asked last but a survey."""
    asked = (touch for touch in own if touch.activity != SURVEY and touch.status != EngagementStatus.RELEASED)
    return max((asked_on(touch, now.tzinfo) for touch in asked), default=None)
