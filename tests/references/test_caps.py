"""Hard caps: each rule at its edges, and all of them against a count of every window there is."""

from collections.abc import Sequence
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.activities import ACTIVITIES, BY_CODE, CODES
from references.caps import LIGHT_REST_DAYS, Breach, OwnLimits, Window, check_caps
from references.fatigue import Touch
from references.policy import CapPolicy

LIMITS = CapPolicy()
DAY_0 = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


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
    recorded: int | None = None,
    expires_at: datetime | None = None,
    changes: tuple[tuple[int, str], ...] = (),
) -> Touch:
    """A row recorded long ago, or on the day it is for where it is a decline or a silence."""
    if recorded is None:
        recorded = on if status in ("declined", "no_answer") else -900
    source = f"test:{contact_id}:{activity}:{status}:{on}"
    history = tuple((moment(offset), status) for offset, status in changes)
    return Touch(
        contact_id, activity, status, day(on), moment(recorded), source, expires_at=expires_at, changes=history
    )


def breaches(
    *own: Touch,
    activity: str = "call",
    on: int = 0,
    colleagues: Sequence[Touch] = (),
    limits: CapPolicy = LIMITS,
    own_limits: OwnLimits | None = None,
    asked: int | None = None,
    now: datetime = NOW,
) -> list[Breach]:
    asked_on = None if asked is None else day(asked)
    return check_caps(own, [*own, *colleagues], activity, day(on), now, limits, own_limits, asked_on=asked_on)


def found(*own: Touch, **circumstances: object) -> dict[str, date | None]:
    return {breach.code: breach.until for breach in breaches(*own, **circumstances)}  # type: ignore[arg-type]


def test_caps_with_an_empty_ledger_leave_room_for_everything() -> None:
    assert [breaches(activity=code) for code in CODES] == [[]] * len(CODES)


def test_caps_of_an_unknown_activity_are_an_error() -> None:
    with pytest.raises(KeyError):
        breaches(activity="karaoke")


def test_caps_come_in_one_order_and_cannot_be_changed() -> None:
    rows = [touch("speaking", on=-number, recorded=-number) for number in range(10)]
    found_codes = [breach.code for breach in breaches(*rows, touch(status="asked"), activity="speaking")]
    assert found_codes == [
        "ask_outstanding",
        "rest",
        "per_quarter",
        "per_year",
        "speaking",
        "customer_per_quarter",
        "customer_per_year",
        "asks_per_month",
    ]
    with pytest.raises(FrozenInstanceError):
        breaches(*rows)[0].code = "rest"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        OwnLimits().max_per_quarter = 1  # type: ignore[misc]


# Rest


@pytest.mark.parametrize("gap", [0, 1, 30, -1, -30])
@pytest.mark.parametrize("status", ["held", "planned", "completed"])
def test_rest_blocks_live_beside_live_in_both_directions(gap: int, status: str) -> None:
    (breach,) = breaches(touch("webinar", status, on=100), on=100 + gap)
    assert (breach.code, breach.until) == ("rest", day(131))
    assert breach.params == {"count": 1, "limit": 1, "days": 30, "own": 0, "activity": "call"}


@pytest.mark.parametrize("gap", [31, -31])
def test_rest_is_over_after_thirty_full_days(gap: int) -> None:
    assert breaches(touch(on=100), on=100 + gap) == []


def test_rest_until_leaps_over_a_chain_of_plans() -> None:
    rows = [touch(on=0), touch(status="planned", on=45), touch(status="planned", on=107)]
    assert found(*rows, on=10)["rest"] == day(76)
    assert found(*rows[:2], touch(status="planned", on=106), on=10)["rest"] == day(137)
    assert found(touch(on=0), touch(on=62), on=10)["rest"] == day(31)


@pytest.mark.parametrize(("before", "asked"), [("call", "case_study"), ("case_study", "call"), ("review", "beta")])
def test_rest_needs_both_to_be_live(before: str, asked: str) -> None:
    assert breaches(touch(before, on=0), activity=asked, on=5) == []


@pytest.mark.parametrize("status", ["asked", "declined", "cancelled", "no_answer", "released"])
def test_rest_ignores_what_does_not_take_place(status: str) -> None:
    assert "rest" not in found(touch(status=status, on=3, recorded=-300), on=5)


def test_hold_counts_until_the_moment_it_expires() -> None:
    live = touch(status="held", on=20, expires_at=NOW + timedelta(seconds=1))
    expired = touch(status="held", on=20, expires_at=NOW)
    assert "rest" in found(live, on=20)
    assert breaches(expired, on=20) == []
    assert breaches(*[touch(status="held", on=n, expires_at=NOW, recorded=0) for n in range(4)], on=2) == []
    over = [touch("review", "held", contact_id=2, on=n, expires_at=NOW) for n in range(4)]
    assert breaches(colleagues=over, on=2) == []


# Quarter, year, speaking, customer


def test_per_quarter_takes_two_in_ninety_days_ends_included() -> None:
    rows = [touch("case_study", on=0), touch("review", on=50)]
    (breach,) = breaches(*rows, activity="review", on=90)
    assert (breach.code, breach.until) == ("per_quarter", day(91))
    assert breach.params == {"count": 2, "limit": 2, "days": 90, "own": 0, "activity": "review"}
    assert breaches(*rows, activity="review", on=91) == []


def test_per_quarter_counts_plans_after_the_date_in_any_window() -> None:
    rows = [touch("case_study", on=0), touch("review", "planned", on=90)]
    assert found(*rows, activity="beta", on=45) == {"per_quarter": day(91)}
    apart = [touch("case_study", on=0), touch("review", "planned", on=91)]
    assert breaches(*apart, activity="beta", on=45) == []
    ahead = [touch("review", "planned", on=200), touch("case_study", "planned", on=220)]
    assert found(*ahead, activity="beta", on=130) == {"per_quarter": day(291)}
    assert breaches(*ahead, activity="beta", on=129) == []


def test_per_quarter_own_limit_wins_only_where_stricter() -> None:
    row = touch("case_study", on=0)
    (strict,) = breaches(row, activity="review", on=10, own_limits=OwnLimits(max_per_quarter=1))
    assert (strict.code, strict.until, strict.params["limit"], strict.params["own"]) == ("per_quarter", day(91), 1, 1)
    rows = [row, touch("review", on=5)]
    (loose,) = breaches(*rows, activity="review", on=10, own_limits=OwnLimits(max_per_quarter=2))
    assert (loose.params["limit"], loose.params["own"]) == (2, 0)
    (loose,) = breaches(*rows, activity="review", on=10, own_limits=OwnLimits(max_per_quarter=5))
    assert (loose.params["limit"], loose.params["own"]) == (2, 0)


def test_per_quarter_of_nobody_never_passes() -> None:
    assert found(activity="review", own_limits=OwnLimits(max_per_quarter=0)) == {"per_quarter": None}


def test_per_year_takes_six() -> None:
    rows = [touch("review", on=73 * number) for number in range(6)]
    assert found(*rows[:5], activity="review", on=365, limits=CapPolicy(per_quarter=9)) == {}
    assert found(*rows, activity="review", on=365, limits=CapPolicy(per_quarter=9)) == {"per_year": day(366)}
    assert found(*rows, activity="review", on=366 + 90) == {}


def test_speaking_rests_half_a_year_and_other_activities_do_not() -> None:
    row = touch("speaking", on=0)
    assert found(row, activity="speaking", on=180) == {"speaking": day(181)}
    assert breaches(row, activity="speaking", on=181) == []
    assert breaches(row, activity="webinar", on=100) == []
    assert breaches(touch("webinar", on=0), activity="speaking", on=100) == []


def test_customer_per_quarter_counts_everybody_there() -> None:
    colleagues = [touch("review", on=number, contact_id=number) for number in (2, 3)]
    own = touch("review", on=1)
    assert breaches(activity="review", on=50, colleagues=colleagues) == []
    (breach,) = breaches(own, activity="review", on=50, colleagues=colleagues)
    assert (breach.code, breach.until, breach.params["count"]) == ("customer_per_quarter", day(92), 3)


def test_customer_per_year_takes_ten() -> None:
    colleagues = [touch("review", on=36 * number, contact_id=number) for number in range(10)]
    assert found(activity="review", on=365, colleagues=colleagues) == {"customer_per_year": day(366)}
    assert found(activity="review", on=365, colleagues=colleagues[:9]) == {}


# Asks


def test_asks_per_month_count_on_the_day_they_went_out() -> None:
    rows = [touch("review", "cancelled", on=40, recorded=-30), touch("beta", "no_answer", on=40, recorded=-2)]
    (breach,) = breaches(*rows, activity="review", on=60)
    assert (breach.code, breach.until) == ("asks_per_month", day(1))
    assert breach.params == {"count": 2, "limit": 2, "days": 30, "own": 0, "activity": "review"}
    assert breaches(*rows, activity="review", on=60, asked=1) == []


def test_asks_per_month_take_an_imported_past_when_it_happened() -> None:
    rows = [touch("review", on=offset, recorded=0) for offset in (-300, -200, -100)]
    assert breaches(*rows, activity="review") == []


def test_asks_per_month_take_the_change_to_asked_over_the_record() -> None:
    late = ((-40, "held"), (-3, "asked"), (-2, "cancelled"))
    rows = [touch("review", "cancelled", on=9, recorded=-40, changes=late) for _ in range(2)]
    assert found(*rows, activity="review") == {"asks_per_month": day(28)}


def test_asks_per_month_count_live_holds_and_no_released_rows() -> None:
    held = [touch("review", "held", on=200, recorded=-1, expires_at=moment(2)) for _ in range(2)]
    released = [touch("review", "released", on=200, recorded=-1) for _ in range(3)]
    assert found(*held, activity="review", on=20) == {"asks_per_month": day(30)}
    assert breaches(*released, activity="review", on=20) == []


def test_asks_per_month_take_days_in_the_zone_of_now() -> None:
    now = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Asia/Tokyo"))
    asked_at = datetime(2026, 1, 30, 20, tzinfo=UTC)
    rows = [Touch(1, "review", "cancelled", day(90), asked_at, str(number)) for number in range(2)]
    assert breaches(*rows, activity="review", on=20, now=now)[0].until == date(2026, 3, 3)
    assert breaches(*rows, activity="review", on=20, now=now.astimezone(UTC))[0].until is not None
    assert breaches(*rows, activity="review", on=20, now=datetime(2026, 3, 2, 8, tzinfo=UTC)) == []


def test_ask_outstanding_is_not_healed_by_time() -> None:
    (breach,) = breaches(touch("review", "asked", on=500), activity="beta", on=400)
    assert (breach.code, breach.until) == ("ask_outstanding", None)
    assert breach.params == {"count": 1, "limit": 1, "activity": "beta"}
    assert (
        breaches(touch("review", "asked", on=500), activity="beta", on=400, limits=CapPolicy(outstanding_asks=2)) == []
    )


# Declines and misses


def test_decline_rests_that_activity_thirty_days_from_the_answer() -> None:
    row = touch("review", "declined", on=60, recorded=-40, changes=((-40, "asked"), (-30, "declined")))
    (breach,) = breaches(row, activity="review", on=60)
    assert (breach.code, breach.until) == ("declined_recently", day(1))
    assert breach.params == {"count": 1, "days": 30, "ago": 30, "activity": "review"}
    assert breaches(row, activity="review", on=60, asked=1) == []
    assert breaches(row, activity="beta", on=60) == []


def test_decline_without_history_counts_when_recorded_or_for() -> None:
    assert found(touch("review", "declined", on=60, recorded=-9), activity="review") == {"declined_recently": day(22)}
    assert found(touch("review", "declined", on=-20, recorded=0), activity="review") == {"declined_recently": day(11)}


def test_decline_rests_a_light_activity_too_and_the_latest_counts() -> None:
    rows = [touch("quote", "declined", on=offset) for offset in (-29, -5, -12)]
    assert found(*rows, activity="quote", on=40) == {"declined_recently": day(26)}


def test_misses_running_pause_ninety_days() -> None:
    rows = [touch("review", "no_answer", on=-50), touch("webinar", "declined", on=-40)]
    (breach,) = breaches(*rows, activity="call", on=30)
    assert (breach.code, breach.until) == ("misses", day(51))
    assert breach.params == {"count": 2, "days": 90, "ago": 40, "activity": "call"}
    assert breaches(*rows, activity="call", on=60, asked=51) == []
    assert found(*rows, activity="survey", on=30) == {"misses": day(51)}


@pytest.mark.parametrize("status", ["planned", "completed"])
def test_misses_end_with_a_yes(status: str) -> None:
    rows = [touch("review", "no_answer", on=-50), touch("webinar", "declined", on=-40)]
    assert breaches(*rows, touch("beta", status, on=-39, recorded=-39), activity="case_study", on=30) == []
    assert breaches(rows[0], touch("beta", status, on=-45, recorded=-45), rows[1], activity="case_study", on=30) == []
    assert "misses" in found(touch("beta", status, on=-51, recorded=-51), *rows, activity="case_study", on=30)


@pytest.mark.parametrize("status", ["cancelled", "held"])
def test_misses_are_not_ended_by_what_says_nothing(status: str) -> None:
    rows = [touch("review", "no_answer", on=-50), touch("review", "no_answer", on=-40)]
    rows.append(touch("beta", status, on=-30, recorded=-45))
    assert found(*rows, activity="call", on=60) == {"misses": day(51)}


def test_misses_take_the_yes_when_given_and_the_miss_when_it_came() -> None:
    accepted = touch("review", on=-1, recorded=-80, changes=((-80, "asked"), (-70, "planned"), (-1, "completed")))
    no_show = touch("beta", "no_answer", on=-20, changes=((-90, "asked"), (-85, "planned"), (-20, "no_answer")))
    declined = touch("webinar", "declined", on=30, recorded=-60, changes=((-60, "asked"), (-50, "declined")))
    assert found(accepted, no_show, declined, activity="case_study", on=50) == {"misses": day(71)}
    agreed = touch("review", on=-1, recorded=-80, changes=((-80, "asked"), (-45, "planned"), (-1, "completed")))
    assert breaches(agreed, no_show, declined, activity="case_study", on=50, limits=CapPolicy(misses_in_a_row=3)) == []
    early = touch("beta", "no_answer", on=-60, recorded=-60)
    assert breaches(agreed, early, declined, activity="case_study", on=50) == []


def test_misses_on_the_day_of_a_yes_come_after_it() -> None:
    rows = [touch("review", "no_answer", on=-40), touch("beta", "no_answer", on=-40)]
    rows.append(touch("review", on=-40, recorded=-40))
    assert "misses" in found(*rows, activity="case_study")


def test_misses_rule_may_ask_for_one_only() -> None:
    row = touch("review", "no_answer", on=-50)
    assert breaches(row, activity="call", on=30) == []
    assert found(row, activity="call", on=30, limits=CapPolicy(misses_in_a_row=1)) == {"misses": day(41)}


def test_misses_rule_can_be_turned_off() -> None:
    rows = [touch("review", "no_answer", on=-50), touch("webinar", "declined", on=-40)]
    assert breaches(*rows, activity="call", limits=CapPolicy(misses_in_a_row=0)) == []
    assert breaches(activity="call", limits=CapPolicy(misses_in_a_row=0)) == []


@pytest.mark.parametrize("has_history", [True, False])
def test_answers_take_days_in_the_zone_of_now(has_history: bool) -> None:
    """What is answered in the evening by UTC is answered on the next day in Tokyo."""
    now = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Asia/Tokyo"))
    answered = datetime(2026, 2, 10, 20, tzinfo=UTC)
    changes = ((answered, "declined"),) if has_history else ()
    rows = [Touch(1, "review", "declined", day(90), answered, str(number), changes=changes) for number in range(2)]
    in_tokyo, in_utc = (
        {breach.code: breach.until for breach in breaches(*rows, activity="review", on=20, now=each)}
        for each in (now, now.astimezone(UTC))
    )
    assert in_tokyo["declined_recently"] == date(2026, 3, 14)
    assert in_utc["declined_recently"] == date(2026, 3, 13)
    assert (in_tokyo["misses"], in_utc["misses"]) == (date(2026, 5, 13), date(2026, 5, 12))


# Light activities and the person's own list


def test_light_activities_each_have_a_rest() -> None:
    assert set(LIGHT_REST_DAYS) == {activity.code for activity in ACTIVITIES if activity.is_light}


@pytest.mark.parametrize(("activity", "days"), [("survey", 90), ("share", 30), ("logo", 30), ("quote", 30)])
def test_light_activity_rests_after_its_kind_only(activity: str, days: int) -> None:
    row = touch(activity, "asked", on=0)
    (breach,) = breaches(row, activity=activity, on=days)
    assert (breach.code, breach.until) == ("light_rest", day(days + 1))
    assert breaches(row, activity=activity, on=days + 1) == []
    others = [code for code in CODES if code != activity]
    assert [breaches(row, activity=other, on=1) for other in others] == [[]] * len(others)


@pytest.mark.parametrize("status", ["released", "cancelled"])
def test_light_activity_does_not_rest_after_one_called_off(status: str) -> None:
    assert breaches(touch("survey", status, on=0), activity="survey", on=5) == []


def test_light_activities_lock_nothing_else() -> None:
    wave = [touch("survey", status, on=-1) for status in ("asked", "no_answer", "declined", "completed") * 4]
    assert breaches(*wave, activity="call", colleagues=wave) == []


def test_light_activity_passes_a_full_quarter_and_an_open_ask() -> None:
    rows = [*[touch("case_study", on=offset) for offset in range(6)], touch("review", "asked", on=9)]
    assert breaches(*rows, activity="logo", on=3) == []


@pytest.mark.parametrize("activity", ["call", "survey"])
def test_not_agreed_is_not_healed_by_time(activity: str) -> None:
    (breach,) = breaches(activity=activity, own_limits=OwnLimits(activities=frozenset({"review"})))
    assert (breach.code, breach.until, breach.params) == ("not_agreed", None, {"activity": activity})
    assert breaches(activity=activity, own_limits=OwnLimits(activities=frozenset({activity}))) == []


# Against a count of every window


def is_full(dates: list[date], on: date, days: int, limit: int) -> bool:
    """Whether some closed window of `days` days that contains `on` already holds `limit` dates, window by window."""
    for back in range(days + 1):
        start = on - timedelta(days=back)
        if sum(start <= when <= start + timedelta(days=days) for when in dates) >= limit:
            return True
    return False


@given(
    st.lists(st.integers(0, 60), max_size=9),
    st.integers(-20, 80),
    st.integers(0, 20),
    st.integers(1, 4),
)
def test_window_agrees_with_counting_every_window(offsets: list[int], on: int, days: int, limit: int) -> None:
    dates = [day(offset) for offset in offsets]
    window = Window("test", days, limit, tuple(sorted(when.toordinal() for when in dates)))
    expected = day(on)
    while is_full(dates, expected, days, limit):
        expected += timedelta(days=1)
    assert window.first_free(day(on).toordinal()) == expected.toordinal()


SMALL = CapPolicy(
    rest_days=5,
    per_quarter=2,
    quarter_days=9,
    per_year=4,
    year_days=20,
    asks_per_month=2,
    month_days=6,
    speaking_days=14,
    customer_per_quarter=3,
    customer_per_year=5,
    decline_rest_days=4,
    misses_pause_days=8,
)


@st.composite
def ledger_rows(draw: st.DrawFn, contact_id: int = 1) -> Touch:
    status = draw(
        st.sampled_from(["planned", "completed", "completed", "declined", "no_answer", "cancelled", "held", "released"])
    )
    return touch(
        draw(st.sampled_from(["call", "webinar", "speaking", "review", "survey"])),
        status,
        draw(st.integers(-25, 25)),
        contact_id=contact_id,
        recorded=draw(st.integers(-25, 0)),
        expires_at=draw(st.sampled_from([None, moment(-1), moment(1)])),
    )


def refusals(own: list[Touch], customer: list[Touch], activity: str, on: date, asked: date) -> set[str]:
    """The codes that refuse, each rule written out as the policy words it, with no thought of speed."""
    light = BY_CODE[activity].is_light
    valid = [t for t in own if t.status != "released" and not (t.status == "held" and t.expires_at == moment(-1))]
    heavy = [t for t in valid if not BY_CODE[t.activity].is_light]
    used = [t for t in heavy if t.status in ("held", "planned", "completed")]
    there = [t for t in customer if t.status in ("held", "planned", "completed") and t.activity != "survey"]
    there = [t for t in there if not (t.status == "held" and t.expires_at == moment(-1))]
    asks = [min(t.recorded_at.date(), t.on) for t in heavy]
    live = [t.on for t in used if BY_CODE[t.activity].live]
    result = set()
    if light and is_full([t.on for t in valid if t.activity == activity and t.status != "cancelled"], on, 90, 1):
        result.add("light_rest")
    if not light:
        rules = {
            "rest": BY_CODE[activity].live and is_full(live, on, 5, 1),
            "per_quarter": is_full([t.on for t in used], on, 9, 2),
            "per_year": is_full([t.on for t in used], on, 20, 4),
            "speaking": activity == "speaking" and is_full([t.on for t in used if t.activity == "speaking"], on, 14, 1),
            "customer_per_quarter": is_full([t.on for t in there], on, 9, 3),
            "customer_per_year": is_full([t.on for t in there], on, 20, 5),
            "asks_per_month": is_full(asks, asked, 6, 2),
        }
        result |= {code for code, refuses in rules.items() if refuses}
    declines = [min(t.recorded_at.date(), t.on) for t in valid if t.activity == activity and t.status == "declined"]
    if any(asked <= when + timedelta(days=4) for when in declines):
        result.add("declined_recently")
    answered = sorted(
        (min(t.recorded_at.date(), t.on), t.status in ("declined", "no_answer"))
        for t in heavy
        if t.status in ("declined", "no_answer", "planned", "completed")
    )
    if len(answered) > 1 and answered[-1][1] and answered[-2][1] and asked <= answered[-1][0] + timedelta(days=8):
        result.add("misses")
    return result


@given(
    st.lists(ledger_rows(), max_size=8),
    st.lists(ledger_rows(contact_id=2), max_size=5),
    st.sampled_from(["call", "webinar", "speaking", "review", "survey"]),
    st.integers(0, 30),
    st.integers(0, 12),
)
def test_caps_agree_with_the_rules_written_out(
    own: list[Touch], colleagues: list[Touch], activity: str, on: int, asked: int
) -> None:
    customer = own + colleagues
    refused = check_caps(own, customer, activity, day(on), NOW, SMALL, asked_on=day(asked))
    codes = [breach.code for breach in refused]
    assert len(codes) == len(set(codes))
    assert set(codes) == refusals(own, customer, activity, day(on), day(asked))
    for breach in refused:
        about_asking = breach.code in ("asks_per_month", "declined_recently", "misses")
        expected = day(asked) if about_asking else day(on)
        while breach.code in refusals(
            own, customer, activity, day(on) if about_asking else expected, expected if about_asking else day(asked)
        ):
            expected += timedelta(days=1)
        assert breach.until == expected


@given(st.lists(ledger_rows(), max_size=8).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_caps_do_not_depend_on_order(pair: tuple[list[Touch], list[Touch]]) -> None:
    one, other = (check_caps(rows, rows, "call", day(3), NOW, SMALL) for rows in pair)
    assert one == other
