"""Draws the fatigue curve: where its points, thresholds and months lie on an SVG, and the table that says the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from references.fatigue import CurvePoint
from references.ledger import LedgerLine
from references.profiles import Curve
from web.templatetags.pages import activity_label, day, label

WIDTH, HEIGHT = 720.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 24.0, 8.0, 24.0, 32.0
HIGHEST = 0.8
TABLE_STEP = 14


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled line of the drawing at one coordinate."""

    at: float
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A touch on the curve, with what a pointer over it tells."""

    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The curve in SVG coordinates, and its values in words for those who read rather than see."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    past: str
    ahead: str
    area: str
    now_x: float
    now_y: float
    limits: tuple[Line, ...]
    months: tuple[Line, ...]
    dots: tuple[Dot, ...]
    rows: tuple[tuple[date, str, bool], ...]
    highest: float


def draw_curve(curve: Curve, ledger: Sequence[LedgerLine]) -> Drawing:
    """Lay the curve out; the scale ends at .8, or just above the highest point."""
    highest = max(HIGHEST, *(point.phi * 1.05 for point in curve.points))
    first, last = curve.points[0].on, curve.points[-1].on
    right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x(on: date) -> float:
        return round(LEFT + (right - LEFT) * (on - first).days / max(1, (last - first).days), 1)

    def y(phi: float) -> float:
        return round(floor - (floor - TOP) * phi / highest, 1)

    def path(points: Sequence[CurvePoint]) -> str:
        return " ".join(f"{x(point.on)},{y(point.phi)}" for point in points)

    past = [point for point in curve.points if not point.is_projected]
    ahead = [past[-1], *(point for point in curve.points if point.is_projected)]
    by_day = {point.on.toordinal(): point for point in curve.points}
    return Drawing(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=right,
        top=TOP,
        bottom=floor,
        past=path(past),
        ahead=path(ahead),
        area=f"{LEFT},{floor} {path(past)} {x(past[-1].on)},{floor}",
        now_x=x(past[-1].on),
        now_y=y(past[-1].phi),
        limits=(
            Line(y(curve.soft), _("Soft"), "soft"),
            Line(y(curve.needs_approval), _("Approval"), "approval"),
            Line(y(curve.stop), _("Stop"), "stop"),
        ),
        months=tuple(Line(x(on), formats.date_format(on, "M")) for on in _month_starts(first, last)),
        dots=tuple(_dot(line, by_day, x, y) for line in ledger if first <= line.on <= last),
        rows=tuple((p.on, f"{p.phi:.2f}", p.is_projected) for p in curve.points if _is_row(p, curve.today)),
        highest=highest,
    )


def _is_row(point: CurvePoint, today: date) -> bool:
    return (point.on - today).days % TABLE_STEP == 0


def _dot(
    line: LedgerLine, by_day: Mapping[int, CurvePoint], x: Callable[[date], float], y: Callable[[float], float]
) -> Dot:
    near = by_day.get(line.on.toordinal()) or by_day.get(line.on.toordinal() + 1)
    title = f"{day(line.on)}: {activity_label(line.activity)}, {label(line.status, 'engagement')}"
    return Dot(x(line.on), y(near.phi if near else 0.0), title)


def _month_starts(first: date, last: date) -> list[date]:
    """The first days of every second month between two days."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in months if number % 2 == 0]
