"""Fatigue: the checked examples, the properties of the formula, and what was known when."""

import math
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.activities import ACTIVITIES, CODES
from references.fatigue import (
    Touch,
    band,
    curve,
    days_until,
    decay,
    limit_load,
    load,
    score,
    spill,
    total_load,
    weigh,
)
from references.policy import FatiguePolicy

POLICY = FatiguePolicy()
DAY_0 = date(2026, 3, 2)
EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def day(offset: int) -> date:
    return DAY_0 + timedelta(days=offset)


def moment(offset: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC) + timedelta(days=offset)


def touch(
    activity: str = "call",
    status: str = "completed",
    on: int = 0,
    *,
    contact_id: int = 1,
    recorded_at: datetime = EARLY,
    expires_at: datetime | None = None,
    went_badly: bool = False,
    thanked: bool = False,
    rewarded: bool = False,
    changes: tuple[tuple[datetime, str], ...] = (),
) -> Touch:
    source = f"test:{activity}:{status}:{on}"
    return Touch(
        contact_id,
        activity,
        status,
        day(on),
        recorded_at,
        source,
        expires_at,
        went_badly,
        thanked,
        rewarded,
        changes,
    )


def phi(*touches: Touch, on: int, sensitivity: str = "normal") -> float:
    return score(load(touches, day(on), POLICY), sensitivity, POLICY)


touches = st.builds(
    touch,
    st.sampled_from(CODES),
    st.sampled_from(sorted(POLICY.status_weights)),
    st.integers(-400, 60),
    went_badly=st.booleans(),
    thanked=st.booleans(),
    rewarded=st.booleans(),
)
ledgers = st.lists(touches, max_size=12)
days = st.integers(-450, 400)
sensitivities = st.sampled_from(["normal", "sensitive", "ambassador"])


# The checked examples


@pytest.mark.parametrize(("on", "expected"), [(0, 0.24), (45, 0.13), (90, 0.07)])
def test_score_of_one_call(on: int, expected: float) -> None:
    assert round(phi(touch(), on=on), 2) == expected


@pytest.mark.parametrize(("every", "expected"), [(90, 0.31), (45, 0.43), (30, 0.53)])
def test_score_of_regular_calls_peaks(every: int, expected: float) -> None:
    calls = [touch(on=-every * number) for number in range(40)]
    assert round(phi(*calls, on=0), 2) == expected
    assert phi(*calls, on=every - 1) < phi(*calls, on=0)


def test_score_of_site_visit_then_call_stops() -> None:
    reached = phi(touch("site_visit"), touch(on=5), on=5)
    assert round(reached, 2) == 0.67
    assert band(reached, POLICY) == "stop"


@pytest.mark.parametrize(("is_looked_after", "expected"), [(False, 0.50), (True, 0.43)])
def test_score_of_call_case_study_and_declined_ask(is_looked_after: bool, expected: float) -> None:
    case_study = touch("case_study", on=20, thanked=is_looked_after, rewarded=is_looked_after)
    assert round(phi(touch(), case_study, touch(status="declined", on=40), on=40), 2) == expected


# The formula


def test_load_of_planned_weighs_undecayed_until_it_happens() -> None:
    planned = [touch("webinar", "planned", on=50)]
    assert load(planned, day(0), POLICY) == load(planned, day(50), POLICY) == pytest.approx(1.6 * 0.6)
    assert load(planned, day(95), POLICY) == pytest.approx(1.6 * 0.3)


@pytest.mark.parametrize(
    ("thanked", "rewarded", "badly", "factor"),
    [
        (True, False, False, 0.85),
        (False, True, False, 0.85),
        (True, True, False, 0.7),
        (False, False, True, 1.3),
        (True, True, True, 0.91),
    ],
)
def test_load_after_thanks_rewards_and_feedback(thanked: bool, rewarded: bool, badly: bool, factor: float) -> None:
    rows = [touch("video", thanked=thanked, rewarded=rewarded, went_badly=badly)]
    assert load(rows, day(0), POLICY) == pytest.approx(2.2 * factor)


def test_load_relief_is_limited_by_policy() -> None:
    generous = FatiguePolicy(thanks=0.4, reward=0.4)
    assert load([touch(thanked=True, rewarded=True)], day(0), generous) == pytest.approx(0.7)


def test_load_relief_comes_off_its_own_engagement_only() -> None:
    small, big = touch("review", thanked=True, rewarded=True), touch("site_visit")
    assert load([small, big], day(0), POLICY) == pytest.approx(0.5 * 0.7 + 3.2)


def test_statuses_weigh_in_order() -> None:
    order = ["released", "asked", "declined", "cancelled", "no_answer", "held", "completed"]
    loads = [load([touch(status=status)], day(0), POLICY) for status in order]
    loads.append(load([touch(went_badly=True)], day(0), POLICY))
    assert loads == sorted(set(loads))
    assert loads[0] == 0.0
    assert load([touch(status="planned")], day(0), POLICY) == load([touch(status="held")], day(0), POLICY)


def test_light_activities_weigh_on_the_person_and_never_spill() -> None:
    light = [touch(activity.code, contact_id=2) for activity in ACTIVITIES if activity.effort < 0.5]
    assert len(light) == 4
    assert load(light, day(0), POLICY) == pytest.approx(0.85)
    assert spill(light, day(0), POLICY) == 0.0
    assert spill([*light, touch("review", contact_id=2)], day(0), POLICY) == 0.5


def test_total_load_takes_three_tenths_of_the_colleagues() -> None:
    own, colleagues = [touch("survey")], [touch(contact_id=2), touch("video", contact_id=3, on=-45)]
    assert total_load(own, colleagues, day(0), POLICY) == pytest.approx(0.2 + 0.3 * (1 + 1.1))


def test_score_scale_follows_sensitivity() -> None:
    assert score(1.5, "sensitive", POLICY) == pytest.approx(0.5)
    assert score(2.5, "normal", POLICY) == pytest.approx(0.5)
    assert score(4.0, "ambassador", POLICY) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        (0.0, "fresh"),
        (0.2999, "fresh"),
        (0.30, "soft"),
        (0.4999, "soft"),
        (0.50, "approval"),
        (0.6499, "approval"),
        (0.65, "stop"),
        (0.99, "stop"),
    ],
)
def test_band_begins_at_its_threshold(reached: float, expected: str) -> None:
    assert band(reached, POLICY) == expected


@pytest.mark.parametrize("outside", [-0.1, 1.0, 1.5])
def test_limit_load_outside_the_scores_is_refused(outside: float) -> None:
    with pytest.raises(ValueError, match="fatigue score"):
        limit_load(outside, "normal", POLICY)


def test_days_until_edges() -> None:
    assert days_until(2.0, 2.0, POLICY) == 0.0
    assert days_until(0.0, 0.0, POLICY) == 0.0
    assert days_until(2.0, 1.0, POLICY) == 45.0
    assert days_until(2.0, 0.0, POLICY) == math.inf


# What was known when


def test_status_at_follows_the_history() -> None:
    row = touch(recorded_at=moment(0), changes=((moment(1), "held"), (moment(3), "planned"), (moment(9), "completed")))
    known = [row.status_at(moment(offset)) for offset in (-1, 0, 1, 2, 3, 8, 9, 30)]
    assert known == [None, "asked", "held", "held", "planned", "planned", "completed", "completed"]


def test_status_at_without_history_is_the_status_since_recorded() -> None:
    row = touch(status="declined", recorded_at=moment(4))
    assert [row.status_at(moment(3)), row.status_at(moment(4)), row.status_at(moment(5))] == [
        None,
        "declined",
        "declined",
    ]


def test_load_known_at_leaves_out_what_was_recorded_later() -> None:
    rows = [touch(on=-10, recorded_at=moment(5))]
    assert load(rows, day(-10), POLICY, known_at=moment(4)) == 0.0
    assert load(rows, day(-10), POLICY, known_at=moment(5)) == 1.0


def test_load_known_at_takes_the_status_of_then_and_no_later_feedback() -> None:
    row = touch(
        on=5,
        recorded_at=moment(0),
        went_badly=True,
        thanked=True,
        changes=((moment(0), "asked"), (moment(2), "planned"), (moment(5), "completed")),
    )
    loads = [load([row], day(5), POLICY, known_at=moment(offset)) for offset in (-1, 1, 4, 5)]
    assert loads == pytest.approx([0.0, 0.2, 0.6, 1.3 * 0.85])


def test_held_counts_until_the_moment_it_expires() -> None:
    hold = touch(status="held", on=20, expires_at=moment(3))
    assert load([hold], day(20), POLICY, known_at=moment(2)) == 0.6
    assert load([hold], day(20), POLICY, known_at=moment(3)) == 0.0
    assert load([hold], day(3), POLICY) == 0.6
    assert load([hold], day(4), POLICY) == 0.0


def test_expiry_does_not_touch_a_hold_that_became_a_plan() -> None:
    planned = touch(status="planned", on=20, expires_at=moment(3))
    assert not planned.is_expired(moment(4))
    assert load([planned], day(20), POLICY, known_at=moment(4)) == 0.6


def test_touch_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        touch().status = "released"  # type: ignore[misc]


# The curve


def test_curve_shows_the_past_as_it_was_known_and_the_future_as_projected() -> None:
    backdated = touch(on=-20, recorded_at=moment(-5))
    planned = touch("webinar", "planned", on=10, recorded_at=moment(-10))
    points = curve([backdated, planned], [], "normal", POLICY, start=day(-20), end=day(12), now=moment(0), step_days=5)
    assert [point.on for point in points] == [day(offset) for offset in (-20, -15, -10, -5, 0, 5, 10)]
    assert [point.is_projected for point in points] == [False] * 5 + [True] * 2
    assert [point.phi for point in points[:2]] == [0.0, 0.0]
    assert points[2].phi == pytest.approx(score(0.96, "normal", POLICY))
    assert points[3].phi == pytest.approx(score(0.96 + 2 ** (-15 / 45), "normal", POLICY))
    assert points[6].phi == pytest.approx(score(0.96 + 2 ** (-30 / 45), "normal", POLICY))


def test_curve_takes_a_past_day_to_its_end_in_the_zone_of_now() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    late = touch(on=0, recorded_at=datetime(2026, 3, 2, 23, 59, tzinfo=tokyo))
    now = datetime(2026, 3, 5, 8, tzinfo=tokyo)
    points = curve([late], [], "normal", POLICY, start=day(0), end=day(1), now=now, step_days=1)
    assert [round(point.phi, 2) for point in points] == [0.24, 0.24]
    points = curve([late], [], "normal", POLICY, start=day(0), end=day(1), now=now.astimezone(UTC), step_days=1)
    assert [round(point.phi, 2) for point in points] == [0.24, 0.24]
    after_midnight = touch(on=0, recorded_at=datetime(2026, 3, 3, 0, 1, tzinfo=tokyo))
    points = curve([after_midnight], [], "normal", POLICY, start=day(0), end=day(1), now=now, step_days=1)
    assert [round(point.phi, 2) for point in points] == [0.0, 0.24]


def test_curve_today_knows_only_what_is_known_now() -> None:
    later_today = touch(on=0, recorded_at=moment(0, 18))
    points = curve([later_today], [], "normal", POLICY, start=day(0), end=day(0), now=moment(0, 9), step_days=1)
    assert points == [(day(0), 0.0, False)]


def test_curve_counts_colleagues_and_sensitivity() -> None:
    point = curve([], [touch(contact_id=2)], "sensitive", POLICY, start=day(0), end=day(0), now=moment(0), step_days=1)[
        0
    ]
    assert point.phi == pytest.approx(1 - 2 ** (-0.3 / 1.5))


def test_curve_with_no_step_is_refused() -> None:
    with pytest.raises(ValueError, match="at least a day"):
        curve([], [], "normal", POLICY, start=day(0), end=day(1), now=moment(0), step_days=0)


# Properties


@given(ledgers, ledgers, days, sensitivities)
def test_load_is_never_negative_and_score_lies_below_one(
    own: list[Touch], colleagues: list[Touch], on: int, sensitivity: str
) -> None:
    total = total_load(own, colleagues, day(on), POLICY)
    assert total >= 0.0
    assert 0.0 <= score(total, sensitivity, POLICY) < 1.0


@given(st.floats(0, 1e9), sensitivities)
def test_score_of_any_load_lies_below_one(total: float, sensitivity: str) -> None:
    assert 0.0 <= score(total, sensitivity, POLICY) < 1.0


@given(ledgers, touches, days)
def test_load_never_falls_with_one_more_event(ledger: list[Touch], more: Touch, on: int) -> None:
    assert load([*ledger, more], day(on), POLICY) >= load(ledger, day(on), POLICY)
    assert total_load([], [*ledger, more], day(on), POLICY) >= total_load([], ledger, day(on), POLICY)


@given(st.sampled_from(CODES), days, days)
def test_load_rises_along_the_order_of_statuses(activity: str, when: int, on: int) -> None:
    order = ["released", "asked", "declined", "cancelled", "no_answer", "held", "completed"]
    loads = [load([touch(activity, status, when)], day(on), POLICY) for status in order]
    loads.append(load([touch(activity, "completed", when, went_badly=True)], day(on), POLICY))
    assert all(lower < higher for lower, higher in pairwise(loads))


@given(ledgers.flatmap(lambda ledger: st.tuples(st.just(ledger), st.permutations(ledger))), days)
def test_load_does_not_depend_on_order(pair: tuple[list[Touch], list[Touch]], on: int) -> None:
    assert load(pair[0], day(on), POLICY) == load(pair[1], day(on), POLICY)


@given(ledgers, ledgers, days)
def test_load_is_additive(one: list[Touch], other: list[Touch], on: int) -> None:
    separate = load(one, day(on), POLICY) + load(other, day(on), POLICY)
    assert load(one + other, day(on), POLICY) == pytest.approx(separate)


@given(ledgers, st.integers(60, 400))
def test_load_of_the_past_halves_in_a_half_life_and_vanishes(ledger: list[Touch], on: int) -> None:
    now = load(ledger, day(on), POLICY)
    assert load(ledger, day(on + 45), POLICY) == pytest.approx(now / 2)
    assert load(ledger, day(on + 45 * 60), POLICY) == pytest.approx(0.0, abs=1e-12)


@given(ledgers, days, st.integers(0, 60))
def test_load_never_rises_as_days_pass(ledger: list[Touch], on: int, later: int) -> None:
    assert load(ledger, day(on + later), POLICY) <= load(ledger, day(on), POLICY)


@given(st.sampled_from(CODES), st.sampled_from(sorted(POLICY.status_weights)), days, st.booleans(), st.booleans())
def test_thanks_take_off_at_most_thirty_percent(
    activity: str, status: str, on: int, thanked: bool, rewarded: bool
) -> None:
    plain = load([touch(activity, status)], day(on), POLICY)
    eased = load([touch(activity, status, thanked=thanked, rewarded=rewarded)], day(on), POLICY)
    assert plain >= eased >= 0.7 * plain - 1e-12


@given(ledgers, days)
def test_load_agrees_with_the_formula_written_out(ledger: list[Touch], on: int) -> None:
    effort = {activity.code: activity.effort for activity in ACTIVITIES}
    expected = 0.0
    for row in ledger:
        status = POLICY.status_weights[row.status] * (1.3 if row.went_badly else 1)
        relief = 0.15 * row.thanked + 0.15 * row.rewarded
        expected += effort[row.activity] * status * (1 - relief) * 2 ** (-max(0, (day(on) - row.on).days) / 45)
    assert load(ledger, day(on), POLICY) == pytest.approx(expected)
    pairs = weigh(ledger, POLICY, clock=moment(on))
    assert decay(pairs, day(on).toordinal(), POLICY) == load(ledger, day(on), POLICY)


@given(st.floats(0, 0.999), sensitivities)
def test_limit_load_is_the_inverse_of_score(limit: float, sensitivity: str) -> None:
    assert score(limit_load(limit, sensitivity, POLICY), sensitivity, POLICY) == pytest.approx(limit, abs=1e-12)


@given(st.lists(touches.filter(lambda row: row.on <= DAY_0), max_size=12), st.floats(0.05, 0.9), sensitivities)
def test_days_until_is_when_the_past_reaches_the_limit(ledger: list[Touch], phi_limit: float, sensitivity: str) -> None:
    total, limit = load(ledger, DAY_0, POLICY), limit_load(phi_limit, sensitivity, POLICY)
    wait = days_until(total, limit, POLICY)
    assert load(ledger, day(math.ceil(wait)), POLICY) <= limit + 1e-9
    if wait > 1:
        assert load(ledger, day(math.floor(wait) - 1), POLICY) > limit


def test_total_load_reads_the_colleagues_as_they_were_known() -> None:
    late = touch(contact_id=2, recorded_at=moment(5))
    assert total_load([], [late], day(0), POLICY, known_at=moment(4)) == 0.0
    assert total_load([], [late], day(0), POLICY, known_at=moment(5)) == pytest.approx(0.3)


def test_hold_is_expired_from_its_moment_on() -> None:
    hold = touch(status="held", on=20, expires_at=moment(3))
    assert [hold.is_expired(moment(offset)) for offset in (2, 3, 4)] == [False, True, True]
    assert not touch(status="held", on=20).is_expired(moment(99))
