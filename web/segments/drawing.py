"""Draws the quadrants of likely to buy and likely to refer: where each customer's dot stands, and the four corners."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from advocacy.customer_segments import ADVOCATES, AFFLUENTS, CHAMPIONS, MISERS
from advocacy.segments import SegmentTable

WIDTH, HEIGHT = 640, 440
LEFT, TOP, RIGHT, BOTTOM = 48, 24, 624, 392
MOST_DOTS = 400


@dataclass(frozen=True, slots=True)
class Dot:
    """One customer on the drawing, and what is said when one points at it."""

    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class Corner:
    """One of the four quadrants: its segment, where its words stand, and how many customers it holds."""

    segment: str
    x: float
    y: float
    count: int


@dataclass(frozen=True, slots=True)
class Quadrants:
    """The whole drawing; places are by rank, so that the medians are in the middle. `hidden` dots are not drawn."""

    dots: tuple[Dot, ...]
    corners: tuple[Corner, ...]
    hidden: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    top: int = TOP
    right: int = RIGHT
    bottom: int = BOTTOM
    middle_x: int = (LEFT + RIGHT) // 2
    middle_y: int = (TOP + BOTTOM) // 2


def draw_quadrants(table: SegmentTable) -> Quadrants:
    """Draw a table of segments."""
    rows = table.rows
    across = place([row.placed.lifetime_value for row in rows], table.split.median_lifetime)
    up = place([row.placed.referral_value for row in rows], table.split.median_referral)
    dots = tuple(
        Dot(round(LEFT + x * (RIGHT - LEFT), 1), round(BOTTOM - y * (BOTTOM - TOP), 1), row.customer.name)
        for row, x, y in zip(rows[:MOST_DOTS], across, up, strict=False)
    )
    counts = table.counts
    middle = (LEFT + RIGHT) // 2
    corners = tuple(
        Corner(segment, x, y, counts.get(segment, 0))
        for segment, x, y in (
            (ADVOCATES, LEFT + 10, TOP + 20),
            (CHAMPIONS, middle + 10, TOP + 20),
            (MISERS, LEFT + 10, BOTTOM - 12),
            (AFFLUENTS, middle + 10, BOTTOM - 12),
        )
    )
    return Quadrants(dots, corners, hidden=max(0, len(rows) - MOST_DOTS))


def place(values: Sequence[Decimal], middle: Decimal | None) -> list[float]:
    """Places from 0 to 1 by rank: up to the median in the lower half, above it in the upper; ties share a place."""
    if middle is None:
        return []
    low = sorted(each for each in values if each <= middle)
    high = sorted(each for each in values if each > middle)
    return [_rank(each, low) / 2 if each <= middle else 0.5 + _rank(each, high) / 2 for each in values]


def _rank(value: Decimal, among: Sequence[Decimal]) -> float:
    """The middle of a value's places among sorted ones, strictly between 0 and 1."""
    return (bisect_left(among, value) + bisect_right(among, value)) / 2 / len(among) * 0.9 + 0.05
