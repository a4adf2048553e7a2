"""Draws bars, trend and forest: places across in per cent, so that text keeps its size on any screen."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from references.loyalty import classify_score
from surveys.reports import SegmentScore, Trend, Wave

BARS_HEIGHT, TREND_HEIGHT, TREND_TOP = 140, 220, 16
MOST_WAVES = 24
FEW_LABELS = 8
_LEFT, _SPAN = 9.0, 88.0
_STEP = 25


@dataclass(frozen=True, slots=True)
class Bar:
    """How often one score was given; places across in per cent, down in pixels."""

    score: int
    count: int
    share: float
    kind: str
    x: str
    width: str
    middle: str
    y: float
    height: float
    url: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One period of the trend that has a score."""

    wave: Wave
    x: str
    y: float
    low: float
    high: float
    is_up: bool
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A line of the scale."""

    nps: str
    y: float
    is_zero: bool


@dataclass(frozen=True, slots=True)
class TrendDrawing:
    """The latest periods; `lines` join neighbors, from and to."""

    height: int
    grid: tuple[Grid, ...]
    dots: tuple[Dot, ...]
    lines: tuple[tuple[Dot, Dot], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One segment of the forest: its interval, its score and its shrunk score on a line from −100 to 100."""

    segment: SegmentScore
    low: str
    high: str
    at: str
    shrunk: str
    url: str


def draw_bars(histogram: Mapping[int, int], url_of: Callable[[int], str]) -> list[Bar]:
    """Lay out eleven bars, the tallest as high as the drawing."""
    most, total = max(histogram.values(), default=0) or 1, sum(histogram.values()) or 1
    wide = 100 / 11
    found = []
    for score in range(11):
        count = histogram.get(score, 0)
        height = round(BARS_HEIGHT * count / most, 1)
        found.append(
            Bar(
                score=score,
                count=count,
                share=100 * count / total,
                kind=classify_score(score).value,
                x=_percent(wide * score + 0.8),
                width=_percent(wide - 1.6),
                middle=_percent(wide * (score + 0.5)),
                y=BARS_HEIGHT - height,
                height=height,
                url=url_of(score),
            )
        )
    return found


def draw_trend(trend: Trend, url_of: Callable[[Wave], str]) -> TrendDrawing | None:
    """Lay the latest periods out; None where fewer than two have enough answers to show a score."""
    shown = [wave for wave in trend.waves if wave.interval is not None][-MOST_WAVES:]
    if len(shown) < 2:
        return None
    bottom, top = _scale(shown)
    step = math.ceil(len(shown) / FEW_LABELS)

    def y(nps: float) -> float:
        return round(TREND_TOP + (TREND_HEIGHT - TREND_TOP) * (top - nps) / (top - bottom), 1)

    dots = []
    for place, wave in enumerate(shown):
        if wave.interval is None or wave.tally.nps is None:
            continue
        dots.append(
            Dot(
                wave=wave,
                x=_percent(_LEFT + _SPAN * (place + 0.5) / len(shown)),
                y=y(wave.tally.nps),
                low=y(wave.interval.low),
                high=y(wave.interval.high),
                is_up=wave.change is not None and wave.change.points > 0,
                label=wave.name if (len(shown) - 1 - place) % step == 0 else "",
                url=url_of(wave),
            )
        )
    grid = (Grid(str(nps).replace("-", "−"), y(nps), nps == 0) for nps in range(bottom, top + 1, _STEP))
    return TrendDrawing(TREND_HEIGHT, tuple(grid), tuple(dots), tuple(pairwise(dots)))


def draw_forest(segments: Iterable[SegmentScore], url_of: Callable[[SegmentScore], str]) -> list[Row]:
    """Lay out the segments that have enough answers to show."""
    found = []
    for segment in segments:
        if segment.interval is None or segment.shrunk is None or segment.tally.nps is None:
            continue
        found.append(
            Row(
                segment=segment,
                low=place_of(segment.interval.low),
                high=place_of(segment.interval.high),
                at=place_of(segment.tally.nps),
                shrunk=place_of(segment.shrunk),
                url=url_of(segment),
            )
        )
    return found


def place_of(nps: float) -> str:
    """Where a score lies on a line from −100 to 100, in per cent of its length."""
    return _percent(2 + 96 * (nps + 100) / 200)


def _scale(waves: Sequence[Wave]) -> tuple[int, int]:
    lows = [wave.interval.low for wave in waves if wave.interval is not None]
    highs = [wave.interval.high for wave in waves if wave.interval is not None]
    bottom = max(-100, _STEP * math.floor(min(lows) / _STEP))
    return bottom, max(bottom + _STEP, min(100, _STEP * math.ceil(max(highs) / _STEP)))


def _percent(value: float) -> str:
    return f"{value:.2f}%"
