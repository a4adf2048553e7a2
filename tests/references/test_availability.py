"""The next free date: each rule that can move it, and the leaps against trying day after day."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.activities import BY_CODE
from references.availability import Circumstances, Range, latest_ask, next_free_date
from references.caps import OwnLimits, check_caps
from references.fatigue import Touch, days_until, limit_load, load, score, total_load
from references.policy import CapPolicy, FatiguePolicy, ProgramPolicy

DAY_0 = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
POLICY = ProgramPolicy()
NO_CAPS = ProgramPolicy(
    caps=CapPolicy(
        rest_days=0, per_quarter=99, per_year=99, asks_per_month=99, customer_per_quarter=99, customer_per_year=99
    )
)


def day(offset: int) -> date:
    return DAY_0 + timedelta(days=offset)


def moment(offset: int) -> datetime:
    return NOW + timedelta(days=offset)


def touch(
    activity: str = "call",
    status: str = "completed",
    on: int = 0,
    *,
    contact_id: int = 1,
    recorded: int = -900,
    expires_at: datetime | None = None,
) -> Touch:
    source = f"test:{contact_id}:{activity}:{status}:{on}"
    return Touch(contact_id, activity, status, day(on), moment(recorded), source, expires_at=expires_at)


def free(
    *own: Touch,
    activity: str = "call",
    from_: int = 10,
    colleagues: tuple[Touch, ...] = (),
    sensitivity: str = "normal",
    own_limits: OwnLimits | None = None,
    blackouts: tuple[Range, ...] = (),
    consents: tuple[Range, ...] | None = None,
    policy: ProgramPolicy = POLICY,
    horizon_days: int = 730,
    lead_days: int | None = None,
) -> int | None:
    circumstances = Circumstances(
        own=own,
        colleagues=colleagues,
        sensitivity=sensitivity,
        own_limits=own_limits,
        blackouts=blackouts,
        consents=consents,
    )
    found = next_free_date(
        circumstances,
        activity,
        from_=day(from_),
        now=NOW,
        policy=policy,
        horizon_days=horizon_days,
        lead_days=lead_days,
    )
    return None if found is None else (found - DAY_0).days


def test_next_free_date_with_nothing_in_the_way_is_the_needed_one() -> None:
    assert free() == 10


@pytest.mark.parametrize(("activity", "lead", "expected"), [("call", None, 3), ("speaking", None, 60), ("call", 8, 8)])
def test_next_free_date_keeps_the_lead_time(activity: str, lead: int | None, expected: int) -> None:
    assert free(activity=activity, from_=0, lead_days=lead) == expected


def test_next_free_date_leaps_over_rest_on_both_sides() -> None:
    roomy = ProgramPolicy(caps=CapPolicy(per_quarter=9))
    assert free(touch(on=0), touch(status="planned", on=60), policy=roomy) == 91
    assert free(touch(on=0), touch(status="planned", on=62), policy=roomy) == 31


def test_next_free_date_lies_behind_every_rule() -> None:
    consents = ((day(-50), day(40)), (day(55), None))
    blackouts = ((day(52), day(58)), (day(30), day(45)))
    assert free(touch(on=0), blackouts=blackouts, consents=consents) == 59


def test_next_free_date_before_a_blackout_and_within_consent() -> None:
    assert free(blackouts=((day(11), None),), consents=((day(-5), day(10)),)) == 10


def test_next_free_date_of_blackouts_in_any_order() -> None:
    assert free(blackouts=((day(16), day(20)), (day(10), day(12)), (day(13), day(15)))) == 21
    assert free(blackouts=((day(2), day(10)),)) == 11


def test_next_free_date_without_consent_is_none() -> None:
    assert free(consents=()) is None
    assert free(consents=((day(-90), day(9)),)) is None
    assert free(blackouts=((day(0), None),)) is None


def test_next_free_date_keeps_the_horizon() -> None:
    start = ((day(40), None),)
    assert free(consents=start, horizon_days=30) == 40
    assert free(consents=start, horizon_days=29) is None
    assert free(consents=((day(740), None),)) == 740
    assert free(consents=((day(741), None),)) is None
    assert free(activity="speaking", from_=0, horizon_days=59) is None
    assert free(touch("site_visit"), policy=NO_CAPS, sensitivity="sensitive", horizon_days=1) is None


def test_next_free_date_with_an_open_ask_or_a_refused_activity_is_none() -> None:
    assert free(touch("review", "asked", on=5)) is None
    assert free(own_limits=OwnLimits(activities=frozenset({"review"}))) is None
    assert free(own_limits=OwnLimits(max_per_quarter=0)) is None


def test_next_free_date_waits_until_the_ask_may_go_out() -> None:
    asks = [touch("review", "cancelled", on=90, recorded=-1) for _ in range(2)]
    assert free(*asks, activity="review", from_=0) == 30 + 5
    assert free(*asks, activity="review", from_=34) == 35
    assert free(*asks, activity="review", from_=50) == 50
    assert free(touch("review", "declined", on=-10, recorded=-10), activity="review", from_=0) == 21 + 5


def test_latest_ask_leaves_the_lead_time_and_is_never_past() -> None:
    assert latest_ask("speaking", day(90), NOW) == day(30)
    assert latest_ask("speaking", day(20), NOW) == day(0)
    assert latest_ask("speaking", day(20), NOW, lead_days=5) == day(15)


def test_next_free_date_with_only_the_band_is_the_formula() -> None:
    own = [touch("site_visit", on=-20), touch("case_study", on=-3), touch("speaking", on=-1)]
    limit = limit_load(0.65, "sensitive", POLICY.fatigue)
    wait = days_until(load(own, day(0), POLICY.fatigue), limit, POLICY.fatigue)
    assert wait > 20
    assert free(*own, activity="referral", from_=0, sensitivity="sensitive", policy=NO_CAPS) == math.ceil(wait)


def test_next_free_date_at_the_stop_itself_is_a_stop() -> None:
    strict = ProgramPolicy(fatigue=FatiguePolicy(stop=0.5), caps=NO_CAPS.caps)
    assert score(2.5, "normal", strict.fatigue) == 0.5
    assert free(touch("speaking"), activity="referral", from_=0, policy=strict) == 1


def test_next_free_date_waits_for_plans_to_happen_and_fade() -> None:
    plans = [touch("site_visit", "planned", on=100), touch("video", "planned", on=120)]
    expected = free(*plans, activity="referral", from_=0, sensitivity="sensitive", policy=NO_CAPS)
    assert expected is not None
    assert expected > 100


def test_next_free_date_counts_colleagues_in_band_and_caps() -> None:
    colleagues = tuple(touch("site_visit", on=-2, contact_id=number) for number in range(2, 7))
    calm = ProgramPolicy(caps=CapPolicy(customer_per_quarter=99))
    limit = limit_load(0.65, "normal", POLICY.fatigue)
    wait = days_until(0.3 * 5 * 3.2, limit, POLICY.fatigue)
    assert free(colleagues=colleagues, from_=3, policy=calm) == math.ceil(wait) - 2 == 14
    assert free(colleagues=colleagues[:3], from_=3) == 89


def test_next_free_date_ignores_an_expired_hold_and_minds_a_live_one() -> None:
    assert free(touch(status="held", on=10, expires_at=NOW)) == 10
    assert free(touch(status="held", on=10, expires_at=moment(1))) == 41


# Against trying day after day


def walk(circumstances: Circumstances, activity: str, start: date, policy: ProgramPolicy, horizon: int) -> date | None:
    """The slow reference: every rule asked on every day."""
    own, colleagues = circumstances.own, circumstances.colleagues
    for offset in range(horizon + 1):
        on = start + timedelta(days=offset)
        total = total_load(own, colleagues, on, policy.fatigue, known_at=NOW)
        asked_on = latest_ask(activity, on, NOW)
        passes = (
            on >= day(BY_CODE[activity].lead_days)
            and score(total, circumstances.sensitivity, policy.fatigue) < policy.fatigue.stop
            and not any(first <= on and (end is None or on <= end) for first, end in circumstances.blackouts)
            and any(first <= on and (end is None or on <= end) for first, end in circumstances.consents or ())
            and not check_caps(
                own,
                own + colleagues,
                activity,
                on,
                NOW,
                policy.caps,
                circumstances.own_limits,
                asked_on=asked_on,
            )
        )
        if passes:
            return on
    return None


@st.composite
def rows(draw: st.DrawFn, contact_id: int) -> Touch:
    return touch(
        draw(st.sampled_from(["call", "webinar", "speaking", "site_visit", "review", "survey", "case_study"])),
        draw(st.sampled_from(["planned", "completed", "completed", "declined", "no_answer", "cancelled", "held"])),
        draw(st.integers(-60, 60)),
        contact_id=contact_id,
        recorded=draw(st.integers(-60, 0)),
        expires_at=draw(st.sampled_from([None, moment(-1), moment(2)])),
    )


def ledgers(contact_id: int) -> st.SearchStrategy[tuple[Touch, ...]]:
    return st.lists(rows(contact_id), max_size=7).map(tuple)


@st.composite
def spans(draw: st.DrawFn) -> Range:
    start = draw(st.integers(-10, 60))
    length = draw(st.none() | st.integers(0, 40))
    return day(start), None if length is None else day(start + length)


@st.composite
def situations(draw: st.DrawFn) -> Circumstances:
    return Circumstances(
        own=draw(ledgers(1)),
        colleagues=draw(ledgers(2)),
        sensitivity=draw(st.sampled_from(["normal", "sensitive", "ambassador"])),
        own_limits=draw(st.none() | st.builds(OwnLimits, st.none() | st.integers(1, 3))),
        blackouts=draw(st.lists(spans().filter(lambda span: span[1] is not None), max_size=3).map(tuple)),
        consents=draw(st.lists(spans(), min_size=1, max_size=3).map(tuple)),
    )


QUICK = ProgramPolicy(
    fatigue=FatiguePolicy(half_life=12.0),
    caps=CapPolicy(
        rest_days=6,
        quarter_days=15,
        year_days=40,
        month_days=8,
        speaking_days=25,
        decline_rest_days=7,
        misses_pause_days=14,
    ),
)


@settings(deadline=None)
@given(
    situations(),
    st.sampled_from(["call", "review", "case_study", "webinar", "speaking", "survey"]),
    st.integers(-5, 60),
    st.sampled_from([POLICY, QUICK, QUICK]),
)
def test_next_free_date_agrees_with_trying_every_day(
    circumstances: Circumstances, activity: str, from_: int, policy: ProgramPolicy
) -> None:
    found = next_free_date(circumstances, activity, from_=day(from_), now=NOW, policy=policy, horizon_days=150)
    assert found == walk(circumstances, activity, day(from_), policy, 150)


def test_what_is_recorded_later_tires_nobody_yet() -> None:
    """The ledger counts as known now, the person's own and the colleagues'."""
    visits = [touch("site_visit", on=9, recorded=recorded) for recorded in (-20, 5) for _ in range(2)]
    assert free(*visits[2:], from_=10, policy=NO_CAPS) == 10
    assert free(*visits[:2], from_=10, policy=NO_CAPS) != 10
    there = tuple(touch("site_visit", on=9, recorded=5, contact_id=2) for _ in range(5))
    assert free(from_=10, colleagues=there, policy=NO_CAPS) == 10
    known = tuple(touch("site_visit", on=9, contact_id=2) for _ in range(5))
    assert free(from_=10, colleagues=known, policy=NO_CAPS) != 10


@pytest.mark.parametrize(("closed_until", "expected"), [(739, 740), (740, None)])
def test_two_years_are_looked_ahead(closed_until: int, expected: int | None) -> None:
    closed = Circumstances(blackouts=((day(0), day(closed_until)),), consents=None)
    found = next_free_date(closed, "call", from_=day(10), now=NOW, policy=POLICY)
    assert found == (None if expected is None else day(expected))
