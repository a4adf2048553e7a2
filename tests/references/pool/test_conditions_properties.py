"""What is known of everyone at once equals what their features say one by one, each rule written out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.activities import ACTIVITIES, CODES
from references.days import to_date
from references.policy import CapPolicy, FatiguePolicy, ProgramPolicy
from references.pool.conditions import Conditions, Usage, conditions_of
from references.pool.features import (
    ENGAGEMENT_STATUSES,
    ESCALATION,
    NOT_REFERENCEABLE,
    OPTED_OUT,
    RED_HEALTH,
    RENEWAL_SENSITIVE,
    STATUSES,
    ConsentFeature,
    CustomerFeature,
    EventFeature,
    PersonFeature,
)
from references.pool.segment import Segment, build_segment
from tests.references.pool.drawing import NOON, TODAY, customers, pools

NOW = datetime.fromtimestamp(NOON, tz=UTC)
POLICY = ProgramPolicy(caps=CapPolicy(year_days=30))
AHEAD = st.integers(0, 40)
RULES = (
    "not_active", "opted_out", "not_referenceable", "no_consent", "not_agreed", "paused", "blackout", "escalation",
    "red_health", "renewal",
)  # fmt: skip


def build(pool: list[CustomerFeature]) -> Segment:
    return build_segment(iter([pool]))


def judge(segment: Segment, activity: str, ahead: int, *, now: datetime = NOW) -> Conditions:
    return conditions_of(segment, activity, NOW.date() + timedelta(days=ahead), now=now, policy=POLICY)


def each_person(pool: list[CustomerFeature]) -> Iterator[tuple[int, PersonFeature, CustomerFeature]]:
    people = [(person, customer) for customer in pool for person in customer.people]
    for row, (person, customer) in enumerate(people):
        yield row, person, customer


def standing(person: PersonFeature, customer: CustomerFeature, activity: str, day: int) -> set[str]:
    """The rules that the ledger does not decide, as they stand against one person."""
    place, status = CODES.index(activity), STATUSES[person.status]
    is_paused = status == "paused"
    rules = {
        "not_active": status not in ("active", "paused"),
        "opted_out": person.flags & OPTED_OUT,
        "not_referenceable": person.flags & NOT_REFERENCEABLE,
        "no_consent": not any(each.activity == place and each.starts <= day <= each.until for each in person.consents),
        "not_agreed": not person.activities & 1 << place,
        "paused": is_paused and (not person.paused_until or person.paused_until > day),
        "blackout": any(starts <= day <= ends for starts, ends in person.blackouts),
        "escalation": person.flags & ESCALATION,
        "red_health": person.flags & RED_HEALTH,
        "renewal": person.flags & RENEWAL_SENSITIVE and customer.renewal and abs(customer.renewal - day) <= 30,
    }
    return {code for code, is_broken in rules.items() if is_broken}


@settings(max_examples=40)
@given(pools(), st.sampled_from(CODES), AHEAD)
def test_standing_rules_equal_those_of_each_person(pool: list[CustomerFeature], activity: str, ahead: int) -> None:
    broken = judge(build(pool), activity, ahead).broken
    for row, person, customer in each_person(pool):
        expected = standing(person, customer, activity, TODAY + ahead)
        assert {code for code in RULES if broken[code][row]} == expected


PLAIN = PersonFeature(1, STATUSES.index("active"), -1, 0, (1 << len(CODES)) - 1, 0, 0, -1, 0, [])


def alone(*, flags: int = 0, renewal: int = 0, events: list[EventFeature] | None = None) -> Segment:
    """One person who consents to nothing, at a customer that has no others."""
    person = PersonFeature(1, PLAIN.status, -1, 0, PLAIN.activities, flags, 0, -1, 0, [])
    return build([CustomerFeature(7, -1, 0, renewal, flags, [], people=[person], events=events or [])])


@pytest.mark.parametrize(("renewal", "is_quiet"), [(31, False), (30, True), (0, True), (-30, True), (-31, False)])
def test_thirty_days_around_a_sensitive_renewal_are_quiet(renewal: int, is_quiet: bool) -> None:
    assert judge(alone(flags=RENEWAL_SENSITIVE, renewal=TODAY + renewal), "call", 0).broken["renewal"] == [is_quiet]
    assert judge(alone(renewal=TODAY + renewal), "call", 0).broken["renewal"] == [False]


def test_customer_without_a_renewal_date_has_no_quiet_days() -> None:
    """Day 0 stands for no date; it is none of the days near the beginning of the calendar."""
    early = datetime(1970, 1, 9, tzinfo=UTC)
    segment = alone(flags=RENEWAL_SENSITIVE)
    found = conditions_of(segment, "call", early.date(), now=early, policy=POLICY)
    assert found.broken["renewal"] == [False]


def event(activity: str, status: str, ahead: int, *, expires: int = 0) -> EventFeature:
    day = TODAY + ahead
    place = ENGAGEMENT_STATUSES.index(status)
    return EventFeature(1, CODES.index(activity), place, day, day, day, expires, False, False, False)


def is_use(touch: EventFeature, contact_id: int) -> bool:
    """Whether a touch is one of this person's engagements that has come about by now."""
    return (
        touch.contact == contact_id
        and ENGAGEMENT_STATUSES[touch.status] in ("held", "planned", "completed")
        and not ACTIVITIES[touch.activity].is_light
        and touch.day <= TODAY
        and (touch.expires == 0 or touch.expires > NOON)
    )


@settings(max_examples=40)
@given(pools(), st.sampled_from(CODES), AHEAD)
def test_last_use_and_uses_of_the_year_are_those_that_happened(
    pool: list[CustomerFeature], activity: str, ahead: int
) -> None:
    """A year has thirty days here. Whatever day is asked about, what counts is what has happened by now."""
    found = judge(build(pool), activity, ahead)
    for row, person, customer in each_person(pool):
        days = [each.day for each in customer.events if is_use(each, person.id)]
        usage = found.usage(row, POLICY.fatigue)
        assert usage.last_used == (to_date(max(days)) if days else None)
        assert usage.used_past_year == sum(day > TODAY - 30 for day in days)


def test_usage_tells_fatigue_with_its_band() -> None:
    """Φ = 1 − 2^(−3.2/2.5) after a site visit today."""
    usage = judge(alone(events=[event("site_visit", "completed", 0)]), "call", 0).usage(0, POLICY.fatigue)
    assert usage == Usage(usage.phi, "approval", NOW.date(), 1)
    assert usage.phi == pytest.approx(1 - 2 ** (-3.2 / 2.5))


def test_whoever_is_in_the_stop_band_breaks_the_rule_of_fatigue() -> None:
    """The band begins at its limit."""
    segment = alone(events=[event("site_visit", "completed", 0)])
    phi = float(judge(segment, "call", 0).phi[0])
    for version, stop, is_worn_out in ((1, phi, True), (2, np.nextafter(phi, 1.0), False)):
        policy = ProgramPolicy(version=version, fatigue=FatiguePolicy(stop=float(stop)))
        found = conditions_of(segment, "call", NOW.date(), now=NOW, policy=policy)
        assert found.broken["fatigue"] == [is_worn_out]


@settings(max_examples=20)
@given(pools())
def test_free_are_those_whom_no_rule_bars(pool: list[CustomerFeature]) -> None:
    found = judge(build(pool), "call", 0)
    free = found.free()
    for row, _, _ in each_person(pool):
        assert free[row] == (not any(mask[row] for mask in found.broken.values()))


@pytest.mark.parametrize(("ahead", "is_within"), [(-1, False), (0, True), (5, True), (6, False)])
def test_spans_hold_on_their_first_and_last_day(ahead: int, is_within: bool) -> None:
    """Consents and blackouts alike; somebody paused until a day is back on that day."""
    span = (TODAY, TODAY + 5)
    person = PersonFeature(
        1, STATUSES.index("paused"), -1, 0, PLAIN.activities, 0, TODAY, -1, 0, [],
        consents=[ConsentFeature(CODES.index("call"), *span)], blackouts=[span],
    )  # fmt: skip
    broken = judge(build([CustomerFeature(7, -1, 0, 0, 0, [], people=[person])]), "call", ahead).broken
    assert broken["no_consent"] == [not is_within]
    assert broken["blackout"] == [is_within]
    assert broken["paused"] == [ahead < 0]


def test_use_of_the_year_ends_where_it_is_a_year_old() -> None:
    used = judge(alone(events=[event("call", "completed", ahead) for ahead in (-30, -29, 0)]), "call", 0)
    assert used.used_past_year == [2]


@pytest.mark.parametrize(("spoke", "is_barred"), [("speaking", True), ("webinar", False)])
def test_talks_alone_bar_talks_for_their_time(spoke: str, is_barred: bool) -> None:
    segment = alone(events=[event(spoke, "completed", -100)])
    assert judge(segment, "speaking", 80).broken["speaking"] == [is_barred]
    assert judge(segment, "speaking", 81).broken["speaking"] == [False]
    assert "speaking" not in judge(segment, "call", 80).broken


# What is remembered


def test_conditions_are_remembered_by_all_that_decides_them() -> None:
    segment = alone(events=[event("call", "completed", -1)])
    first = judge(segment, "call", 0)
    assert judge(segment, "call", 0, now=NOW + timedelta(hours=11)) is first
    assert judge(segment, "call", 1) is not first
    assert judge(segment, "quote", 0) is not first
    assert judge(segment, "call", 0, now=NOW + timedelta(hours=12)) is not first, "on the next day"
    other = ProgramPolicy(version=2)
    assert conditions_of(segment, "call", NOW.date(), now=NOW, policy=other) is not first
    assert judge(segment, "call", 0) is first


def test_what_is_remembered_ends_when_the_first_hold_does() -> None:
    held = [event("call", "held", 9, expires=NOON + seconds) for seconds in (7200, 3600, -60)]
    segment = alone(events=held)
    first = judge(segment, "webinar", 0)
    assert first.phi[0] > 0
    assert judge(segment, "webinar", 0, now=NOW + timedelta(seconds=3599)) is first
    later = judge(segment, "webinar", 0, now=NOW + timedelta(seconds=3600))
    assert later.phi[0] < first.phi[0]


def test_what_was_known_later_says_nothing_of_a_moment_before() -> None:
    """A search whose clock stands earlier, within one day, still sees the hold."""
    segment = alone(events=[event("call", "held", 9, expires=NOON)])
    assert judge(segment, "webinar", 0).phi == [0.0]
    assert judge(segment, "webinar", 0, now=NOW - timedelta(seconds=1)).phi[0] > 0


def test_only_so_much_is_remembered() -> None:
    segment = alone()
    asked = [judge(segment, "call", ahead) for ahead in range(64)]
    assert [judge(segment, "call", ahead) for ahead in range(64)] == asked
    assert all(judge(segment, "call", ahead) is each for ahead, each in enumerate(asked))
    judge(segment, "call", 64)
    assert len(segment.remembered) == 1, "all give way to the next"


# Limits of the caps


CAPS: list[tuple[Callable[[int], CapPolicy], str]] = [
    (lambda limit: CapPolicy(per_quarter=limit), "per_quarter"),
    (lambda limit: CapPolicy(per_year=limit), "per_year"),
    (lambda limit: CapPolicy(asks_per_month=limit), "asks_per_month"),
    (lambda limit: CapPolicy(customer_per_quarter=limit), "customer_per_quarter"),
    (lambda limit: CapPolicy(customer_per_year=limit), "customer_per_year"),
]


@pytest.mark.parametrize(("caps", "code"), CAPS)
def test_caps_bar_from_their_limit_on(caps: Callable[[int], CapPolicy], code: str) -> None:
    events = [event("beta", "completed", 0), event("review", "completed", -1)]
    for limit, is_barred in ((2, True), (3, False)):
        found = conditions_of(
            alone(events=events), "review", NOW.date(), now=NOW, policy=ProgramPolicy(caps=caps(limit))
        )
        assert found.broken[code] == [is_barred]


@settings(max_examples=30)
@given(customers(1), customers(2), AHEAD)
def test_customers_do_not_touch_each_other(one: CustomerFeature, other: CustomerFeature, ahead: int) -> None:
    """Judged side by side everyone fares as if their customer were the only one."""
    together = judge(build([one, other]), "call", ahead)
    apart = [judge(build([each]), "call", ahead) for each in (one, other)]
    assert np.array_equal(together.phi, np.concatenate([each.phi for each in apart]))
    for code, mask in together.broken.items():
        assert np.array_equal(mask, np.concatenate([each.broken[code] for each in apart])), code
