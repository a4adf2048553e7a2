"""Points: exact splits, what a late stage catches up, what lapses, levels and places."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.enums import Stage
from advocacy.points_rules import (
    STAGES,
    LevelRule,
    Lot,
    Place,
    catch_up,
    due,
    level_of,
    next_to_lapse,
    rank_places,
    remainders,
    spendable,
    split_points,
)

TODAY = date(2026, 6, 15)
SHARES = {"accepted": 10, "scheduled": 10, "done": 50, "confirmed": 30}
shares = st.fixed_dictionaries({stage: st.integers(0, 100) for stage in STAGES}).filter(lambda each: any(each.values()))


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


lots = st.lists(
    st.builds(
        lambda earned, amount, days: Lot(day(earned), amount, None if days is None else day(earned + days)),
        st.integers(-900, 0),
        st.integers(0, 500),
        st.none() | st.integers(0, 900),
    ),
    max_size=6,
)


def test_stages_are_those_of_the_rows() -> None:
    assert list(STAGES) == Stage.values


@pytest.mark.parametrize(
    ("points", "given_shares", "expected"),
    [
        (100, SHARES, [10, 10, 50, 30]),
        (7, SHARES, [0, 0, 3, 4]),
        (0, SHARES, [0, 0, 0, 0]),
        (5, {"accepted": 1, "scheduled": 1}, [2, 3, 0, 0]),
        (5, {"done": 100}, [0, 0, 5, 0]),
        (10, {"accepted": 1, "confirmed": 2}, [3, 0, 0, 7]),
    ],
)
def test_split(points: int, given_shares: dict[str, int], expected: list[int]) -> None:
    assert list(split_points(points, given_shares).values()) == expected


@pytest.mark.parametrize(
    ("points", "given_shares"), [(-1, SHARES), (5, {"done": -1}), (5, {}), (5, {"done": 0}), (5, {"asked": 3})]
)
def test_split_refuses_what_makes_no_sense(points: int, given_shares: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"Points and shares|Some stage|No stage"):
        split_points(points, given_shares)


@pytest.mark.parametrize(
    ("stage", "booked", "expected"),
    [
        ("accepted", [], {"accepted": 10}),
        ("done", [], {"accepted": 10, "scheduled": 10, "done": 50}),
        ("done", ["accepted"], {"scheduled": 10, "done": 50}),
        ("confirmed", ["accepted", "scheduled", "done"], {"confirmed": 30}),
        ("accepted", ["accepted", "confirmed"], {}),
    ],
)
def test_catch_up(stage: str, booked: list[str], expected: dict[str, int]) -> None:
    assert catch_up(100, SHARES, stage, booked) == expected


def test_catch_up_leaves_out_stages_worth_nothing_and_refuses_unknown_ones() -> None:
    assert catch_up(7, SHARES, "done", []) == {"done": 3}
    with pytest.raises(ValueError, match="No stage"):
        catch_up(7, SHARES, "asked", [])


@given(st.integers(0, 100_000), shares)
def test_split_is_exact_and_never_off_by_more_than_the_remainder(points: int, given_shares: dict[str, int]) -> None:
    split = split_points(points, given_shares)
    total = sum(given_shares.values())
    assert sum(split.values()) == points
    for stage, part in split.items():
        assert points * given_shares[stage] // total <= part
        assert (part > 0) <= (given_shares[stage] > 0)
        assert part - points * given_shares[stage] / total < len(STAGES)


@given(st.integers(0, 10_000), shares, st.permutations(STAGES))
def test_any_order_of_stages_pays_once_and_all(points: int, given_shares: dict[str, int], order: list[str]) -> None:
    booked: dict[str, int] = {}
    for stage in [*order, *order]:
        new = catch_up(points, given_shares, stage, booked)
        assert not set(new) & set(booked)
        booked |= new
    assert sum(booked.values()) == points


OLD, YOUNG, LASTING = Lot(day(-800), 50, day(-70)), Lot(day(-100), 40, day(10)), Lot(day(-900), 30)


@pytest.mark.parametrize(
    ("spent", "due_now", "left", "next_up"),
    [
        (0, 50, 70, (day(10), 40)),
        (30, 20, 70, (day(10), 40)),
        (60, 0, 60, (day(10), 30)),
        (80, 0, 40, (day(10), 10)),
        (100, 0, 20, None),
        (120, 0, 0, None),
        (999, 0, 0, None),
    ],
)
def test_first_to_lapse_are_spent_first(spent: int, due_now: int, left: int, next_up: tuple[date, int] | None) -> None:
    held = [YOUNG, OLD, LASTING]
    assert due(held, spent, TODAY) == due_now
    assert spendable(held, spent, TODAY) == left
    assert next_to_lapse(held, spent, TODAY) == next_up


def test_last_day_still_counts() -> None:
    lot = Lot(day(-10), 5, TODAY)
    assert (due([lot], 0, TODAY), spendable([lot], 0, TODAY)) == (0, 5)
    assert next_to_lapse([lot], 0, TODAY) == (TODAY, 5)
    assert next_to_lapse([lot], 0, day(1)) is None
    assert (due([lot], 0, day(1)), spendable([lot], 0, day(1))) == (5, 0)


def test_nobody_spends_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        remainders([], -1)


@given(lots, st.integers(0, 3000), st.integers(-900, 900))
def test_what_lapsed_and_what_is_left_add_up(held: list[Lot], spent: int, offset: int) -> None:
    total = sum(lot.amount for lot in held)
    lapsed, left = due(held, spent, day(offset)), spendable(held, spent, day(offset))
    assert lapsed + left == max(0, total - spent)
    assert due(held, spent + 1, day(offset)) <= lapsed <= due(held, spent, day(offset + 1))


@given(lots, st.integers(0, 3000), st.integers(-900, 900), st.integers(0, 900))
def test_what_was_taken_off_is_never_due_again(held: list[Lot], spent: int, offset: int, later: int) -> None:
    taken = due(held, spent, day(offset))
    assert due(held, spent + taken, day(offset)) == 0
    assert taken + due(held, spent + taken, day(offset + later)) == due(held, spent, day(offset + later))


def test_of_two_that_lapse_together_the_older_is_spent_first() -> None:
    older, newer = Lot(day(-9), 5, day(1)), Lot(day(-3), 5, day(1))
    assert remainders([newer, older], 6) == [(older, 0), (newer, 4)]


LEVELS = [LevelRule("Gold", 500), LevelRule("Bronze", 100), LevelRule("Silver", 250)]


@pytest.mark.parametrize(
    ("lifetime", "level", "ahead", "missing"),
    [
        (0, None, "Bronze", 100),
        (99, None, "Bronze", 1),
        (100, "Bronze", "Silver", 150),
        (499, "Silver", "Gold", 1),
        (500, "Gold", None, 0),
        (9000, "Gold", None, 0),
    ],
)
def test_levels(lifetime: int, level: str | None, ahead: str | None, missing: int) -> None:
    found = level_of(lifetime, LEVELS)
    assert (found.level and found.level.name, found.next_level and found.next_level.name) == (level, ahead)
    assert found.missing == missing
    assert found.is_top == (ahead is None)


def test_equal_points_share_a_place() -> None:
    assert rank_places({9: 10, 4: 10, 3: 30, 2: 30, 1: 50}) == [
        Place(1, 1, 50), Place(2, 2, 30), Place(2, 3, 30), Place(4, 4, 10), Place(4, 9, 10),
    ]  # fmt: skip


@given(st.dictionaries(st.integers(1, 50), st.integers(0, 5)))
def test_place_counts_those_ahead(points: dict[int, int]) -> None:
    for place in rank_places(points):
        assert place.rank == 1 + sum(other > place.points for other in points.values())
