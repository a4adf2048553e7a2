"""Draws the gauge: four bands from −100 to 100, the score, how sure it is, and benchmarks beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from surveys.intervals import Interval
from surveys.scores import BANDS

WIDTH, HEIGHT = 400, 236
CENTER_X, CENTER_Y = 200.0, 206.0
BAND_RADIUS, INTERVAL_RADIUS, NEEDLE, NUMBER_RADIUS = 150.0, 122.0, 132.0, 184.0
MARK_RADII = (100.0, 78.0, 56.0)
NEAR = 14.0
"""Marks nearer than so many points would cover each other, and are set further in."""
GAP = 0.6


@dataclass(frozen=True, slots=True)
class Arc:
    """A band, or the interval, as the path of a stroke."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A letter, or a number of the scale, where it stands; `x2`, `y2` where its line ends on the band."""

    text: str
    x: float
    y: float
    title: str = ""
    x2: float = 0.0
    y2: float = 0.0


@dataclass(frozen=True, slots=True)
class Gauge:
    """The gauge in SVG coordinates. `needle` is the end of the needle, None where there is no score to show."""

    bands: tuple[Arc, ...]
    numbers: tuple[Mark, ...]
    interval: Arc | None
    needle: tuple[float, float] | None
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    center: tuple[float, float] = (CENTER_X, CENTER_Y)


def draw_gauge(nps: float | None, interval: Interval | None, marks: Sequence[tuple[str, str, float]]) -> Gauge:
    """Lay the gauge out; `marks` are letter, title and score of each benchmark."""
    ends = [*(begins for _, begins in BANDS), 100]
    spans = zip(BANDS, pairwise(ends), strict=True)
    bands = [Arc(code, _arc(low + GAP, high - GAP, BAND_RADIUS)) for (code, _), (low, high) in spans]
    return Gauge(
        bands=tuple(bands),
        numbers=tuple(Mark(str(each).replace("-", "−"), *_point(each, NUMBER_RADIUS)) for each in ends),
        interval=None if interval is None else Arc("interval", _arc(interval.low, interval.high, INTERVAL_RADIUS)),
        needle=None if nps is None else _point(nps, NEEDLE),
        marks=tuple(_lay_marks(marks)),
    )


def _lay_marks(marks: Sequence[tuple[str, str, float]]) -> list[Mark]:
    """Set each mark on the outermost circle on which it covers none."""
    taken: list[tuple[int, float]] = []
    found = []
    for letter, title, nps in marks:
        free = [
            circle
            for circle in range(len(MARK_RADII))
            if all(at != circle or abs(nps - other) >= NEAR * (1 + circle / 2) for at, other in taken)
        ]
        circle = free[0] if free else len(MARK_RADII) - 1
        taken.append((circle, nps))
        x, y = _point(nps, MARK_RADII[circle])
        x2, y2 = _point(nps, BAND_RADIUS + 13)
        found.append(Mark(letter, x, y, title, x2, y2))
    return found


def _point(nps: float, radius: float) -> tuple[float, float]:
    """Where a score lies on a circle: −100 at the left, 100 at the right."""
    angle = math.pi * (1 - (nps + 100) / 200)
    return round(CENTER_X + radius * math.cos(angle), 1), round(CENTER_Y - radius * math.sin(angle), 1)


def _arc(low: float, high: float, radius: float) -> str:
    (x1, y1), (x2, y2) = _point(low, radius), _point(high, radius)
    return f"M{x1} {y1}A{radius} {radius} 0 0 1 {x2} {y2}"
