"""The loyalty of one person on their profile: their scores as steps, and the play by which they are won back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from advocacy.models import RecoveryPlay
from advocacy.querysets import OPEN_PLAYS
from references.enums import Loyalty
from references.models import LoyaltyRecord
from users.models import User

MOST_SHOWN = 24
HEIGHT, TOP = 120, 12
BADGES = {Loyalty.PROMOTER: "fresh", Loyalty.PASSIVE: "soft", Loyalty.DETRACTOR: "approval"}


@dataclass(frozen=True, slots=True)
class Step:
    """One score; `x` across in per cent, `y` down in pixels."""

    on: date | None
    score: int
    loyalty: str
    label: str
    badge: str
    x: str
    y: float


@dataclass(frozen=True, slots=True)
class LoyaltyPanel:
    """Scores by day, the earliest first; `moves` are neighbors; `play` the open one, or the latest."""

    steps: tuple[Step, ...]
    moves: tuple[tuple[Step, Step], ...]
    bands: tuple[tuple[str, float, float], ...]
    play: RecoveryPlay | None
    is_open: bool
    height: int = HEIGHT


def read_loyalty(user: User, contact_id: int) -> LoyaltyPanel:
    """Read the scores of a person whom the viewer may see, and their play as far as they may; two queries."""
    records = LoyaltyRecord.objects.filter(contact=contact_id, score__isnull=False).order_by("-on", "-pk")
    steps = _lay_out(list(records[:MOST_SHOWN])[::-1])
    plays = RecoveryPlay.objects.visible_to(user).filter(contact=contact_id).select_related("owner")
    found = sorted(plays.order_by("-pk")[:MOST_SHOWN], key=lambda play: play.status not in OPEN_PLAYS)
    play = found[0] if found else None
    return LoyaltyPanel(
        steps=steps,
        moves=tuple(pairwise(steps)),
        bands=_BANDS,
        play=play,
        is_open=play is not None and play.status in OPEN_PLAYS,
    )


def _lay_out(records: Sequence[LoyaltyRecord]) -> tuple[Step, ...]:
    """Place scores by their day, those without one at even steps before."""
    days = [record.on for record in records if record.on is not None]
    first, span = (days[0], max(1, (days[-1] - days[0]).days)) if days else (None, 1)
    found = []
    for place, record in enumerate(records):
        share = place / max(1, len(records) - 1)
        if record.on is not None and first is not None and len(days) == len(records) and len(records) > 1:
            share = (record.on - first).days / span
        loyalty = Loyalty(record.loyalty)
        found.append(
            Step(
                on=record.on,
                score=record.score or 0,
                loyalty=loyalty.value,
                label=str(loyalty.label),
                badge=BADGES.get(loyalty, "quiet"),
                x=f"{4 + 92 * share:.2f}%" if len(records) > 1 else "50%",
                y=_y(record.score or 0),
            )
        )
    return tuple(found)


def _y(score: float) -> float:
    return round(TOP + (HEIGHT - 2 * TOP) * (10 - score) / 10, 1)


_BANDS = (
    ("promoter", TOP, _y(8.5) - TOP),
    ("passive", _y(8.5), _y(6.5) - _y(8.5)),
    ("detractor", _y(6.5), HEIGHT - _y(6.5)),
)
