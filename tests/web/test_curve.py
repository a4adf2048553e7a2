"""Where the fatigue curve lies on its drawing."""

from datetime import date, timedelta

from references.fatigue import CurvePoint
from references.ledger import LedgerLine
from references.profiles import Curve
from web.pool.curve import HEIGHT, WIDTH, Drawing, draw_curve

TODAY = date(2026, 6, 1)


def make_curve(*phis: float, step: int = 14) -> Curve:
    """A curve whose middle point is today."""
    middle = len(phis) // 2
    points = [CurvePoint(TODAY + timedelta(days=step * (n - middle)), phi, n > middle) for n, phi in enumerate(phis)]
    return Curve(tuple(points), TODAY, 0.3, 0.5, 0.65)


def heights(path: str) -> list[float]:
    return [float(pair.split(",")[1]) for pair in path.split()]


def draw(*phis: float, ledger: tuple[LedgerLine, ...] = ()) -> Drawing:
    return draw_curve(make_curve(*phis), ledger)


def test_more_fatigue_lies_higher() -> None:
    low, high = heights(draw(0.1, 0.2, 0.3).past)
    assert low > high


def test_the_future_starts_where_the_past_ends() -> None:
    drawing = draw(0.1, 0.4, 0.3)
    assert drawing.past.split()[-1] == drawing.ahead.split()[0] == f"{drawing.now_x},{drawing.now_y}"


def test_thresholds_stand_in_order_inside_the_drawing() -> None:
    soft, approval, stop = (line.at for line in draw(0.0, 0.0, 0.0).limits)
    assert HEIGHT > soft > approval > stop > 0


def test_a_peak_beyond_the_scale_stretches_it() -> None:
    drawing = draw(0.1, 0.95, 0.9)
    assert min(heights(drawing.past)) >= drawing.top
    assert drawing.highest > 0.95


def test_the_table_says_every_second_week() -> None:
    assert draw(0.1, 0.2, 0.15).rows == (
        (TODAY - timedelta(days=14), "0.10", False),
        (TODAY, "0.20", False),
        (TODAY + timedelta(days=14), "0.15", True),
    )


def test_touches_are_dots_with_their_story() -> None:
    line = LedgerLine(1, "call", "completed", TODAY, False, False, False, "")
    old = LedgerLine(2, "call", "completed", TODAY - timedelta(days=900), False, False, False, "")
    (dot,) = draw(0.1, 0.2, 0.15, ledger=(line, old)).dots
    assert "Reference call, completed" in dot.title
    assert 0 < dot.x < WIDTH


def test_months_are_named_along_the_axis() -> None:
    points = tuple(CurvePoint(date(2025, 6, 1) + timedelta(days=n), 0.0, n > 364) for n in range(480))
    months = draw_curve(Curve(points, TODAY, 0.3, 0.5, 0.65), ()).months
    assert [line.at for line in months] == sorted(line.at for line in months)
    assert 6 <= len(months) <= 9
