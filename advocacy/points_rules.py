"""How points are split over the stages of an ask, when they lapse, and what they make: levels and places.

Points are whole numbers. They are for taking part, never for what somebody says or scores; nothing here can know it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

STAGES: tuple[str, ...] = ("accepted", "scheduled", "done", "confirmed")
"""The stages of an ask that earn points, in order."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Points earned on a day; `expires_on` is their last day, None where they never lapse."""

    earned_on: date
    amount: int
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class LevelRule:
    """A level, and the lifetime points it begins at."""

    name: str
    from_points: int


@dataclass(frozen=True, slots=True)
class LevelStanding:
    """The level reached (None below the first), the next one (None at the top) and the points missing to it."""

    level: LevelRule | None
    next_level: LevelRule | None
    missing: int

    @property
    def is_top(self) -> bool:
        return self.next_level is None


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a leaderboard; equal points share one, and the next counts all who are ahead (1, 2, 2, 4)."""

    rank: int
    person: int
    points: int


def split_points(points: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Split an ask's points over the four stages by whole-number shares of any total.

    Each stage gets its share rounded down, the last that has a share the remainder, so that the sum is exact.
    ValueError for negative numbers, an unknown stage, or shares that are all zero.
    """
    unknown = set(shares) - set(STAGES)
    if unknown:
        raise ValueError(f"No stage is called {sorted(unknown)[0]!r}")
    if points < 0 or any(share < 0 for share in shares.values()):
        raise ValueError("Points and shares are never negative")
    total = sum(shares.values())
    if not total:
        raise ValueError("Some stage must have a share")
    split = {stage: points * shares.get(stage, 0) // total for stage in STAGES}
    last = [stage for stage in STAGES if shares.get(stage, 0)][-1]
    split[last] += points - sum(split.values())
    return split


def catch_up(points: int, shares: Mapping[str, int], stage: str, booked: Iterable[str]) -> dict[str, int]:
    """What is due when `stage` is reached: its own points and those of earlier stages that were passed over.

    `booked` are the stages that were paid. Stages worth nothing are left out. ValueError for an unknown stage.
    """
    if stage not in STAGES:
        raise ValueError(f"No stage is called {stage!r}")
    paid = set(booked)
    split = split_points(points, shares)
    reached = STAGES[: STAGES.index(stage) + 1]
    return {each: split[each] for each in reached if each not in paid and split[each]}


def remainders(lots: Iterable[Lot], spent: int) -> list[tuple[Lot, int]]:
    """What is left of each lot once `spent` has consumed those that lapse first, the older of two before the newer.

    With one term of expiry that is oldest first. Where the term was changed in between, only this order keeps what
    lapsed from being counted as a newer lot's: what was taken off would be due again. ValueError below zero.
    """
    if spent < 0:
        raise ValueError("Nobody spends less than nothing")
    left: list[tuple[Lot, int]] = []
    for lot in sorted(lots, key=lambda each: (each.expires_on or date.max, each.earned_on)):
        used = min(max(lot.amount, 0), spent)
        spent -= used
        left.append((lot, max(lot.amount, 0) - used))
    return left


def due(lots: Iterable[Lot], spent: int, today: date) -> int:
    """The points that have lapsed by `today` and are to be taken off: unspent, their last day over.

    `spent` is all that ever left the account, lapsed points included; so what was taken off is never due again.
    """
    return sum(left for lot, left in remainders(lots, spent) if lot.expires_on is not None and lot.expires_on < today)


def spendable(lots: Iterable[Lot], spent: int, today: date) -> int:
    """The points that can be spent on `today`, lapsed ones left out whether or not they were taken off."""
    return sum(left for lot, left in remainders(lots, spent) if lot.expires_on is None or lot.expires_on >= today)


def next_to_lapse(lots: Iterable[Lot], spent: int, today: date) -> tuple[date, int] | None:
    """The next last day of points still held, and how many lapse after it; None where none ever do."""
    live = [
        (lot.expires_on, left)
        for lot, left in remainders(lots, spent)
        if left and lot.expires_on is not None and lot.expires_on >= today
    ]
    if not live:
        return None
    first = min(day for day, _left in live)
    return first, sum(left for day, left in live if day == first)


def level_of(lifetime: int, levels: Iterable[LevelRule]) -> LevelStanding:
    """The level that lifetime points have reached; each begins at its `from_points`."""
    ordered = sorted(levels, key=lambda each: each.from_points)
    reached = [each for each in ordered if each.from_points <= lifetime]
    ahead = ordered[len(reached) :]
    return LevelStanding(
        level=reached[-1] if reached else None,
        next_level=ahead[0] if ahead else None,
        missing=ahead[0].from_points - lifetime if ahead else 0,
    )


def rank_places(points: Mapping[int, int]) -> Sequence[Place]:
    """Give the places by points, most first; people with equal points share a place, in the order of their ids."""
    ordered = sorted(points.items(), key=lambda each: (-each[1], each[0]))
    places: list[Place] = []
    for amount, group in groupby(ordered, key=lambda each: each[1]):
        rank = len(places) + 1
        places.extend(Place(rank, person, amount) for person, _amount in group)
    return places
