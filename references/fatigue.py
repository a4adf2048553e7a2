"""How tired a person is of being asked: load and score as pure functions of the engagement ledger.

`F(t) = Σ w·m·(1 − r)·2^(−max(0, t − t_e)/h)`, `F* = F + spill·Σ F(colleagues)`, `Φ = 1 − 2^(−F*/R)`, with w the
activity's effort, m the weight of its status, r the relief for thanks and rewards, h the half-life and R the scale of
the person.

The checked examples all hold under the plain reading of that formula: t is the day of the last event named (the peak of
a row of completed calls is the day of the newest, itself counted in full); an ask weighs as the activity asked for, so
a declined call is 1·.35; relief comes off the engagement that earned it and off nothing else.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from references.activities import BY_CODE
from references.policy import FatiguePolicy

Band = Literal["fresh", "soft", "approval", "stop"]

ALMOST_ONE = math.nextafter(1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Touch:
    """One row of the ledger as pure code sees it.

    `on` is the day it happened or is planned for; `recorded_at` (aware) when the row was made; `expires_at` ends a
    hold. `changes` is the status history, ascending, each status valid from its moment on; the last one equals
    `status`.
    """

    contact_id: int
    activity: str
    status: str
    on: date
    recorded_at: datetime
    source: str
    expires_at: datetime | None = None
    went_badly: bool = False
    thanked: bool = False
    rewarded: bool = False
    changes: tuple[tuple[datetime, str], ...] = ()

    @property
    def is_light(self) -> bool:
        """True where the activity weighs on the person only: outside spill, caps, outstanding asks and silence."""
        return BY_CODE[self.activity].is_light

    def status_at(self, moment: datetime) -> str | None:
        """The status known at `moment`; None where the row was not yet recorded.

        A recorded row whose history starts later was asked until then, as every engagement is at first.
        """
        if self.recorded_at > moment:
            return None
        if not self.changes:
            return self.status
        known: str = "asked"
        for changed_at, status in self.changes:
            if changed_at > moment:
                break
            known = status
        return known

    def is_expired(self, moment: datetime) -> bool:
        """True for a hold whose time is up at `moment`, whether or not anybody has swept it."""
        return self.status == "held" and self.expires_at is not None and self.expires_at <= moment


class CurvePoint(NamedTuple):
    """Fatigue Φ on one day; projected where the day lies ahead of now."""

    on: date
    phi: float
    is_projected: bool


def weigh(
    touches: Iterable[Touch], policy: FatiguePolicy, *, clock: datetime, known_at: datetime | None = None
) -> list[tuple[int, float]]:
    """Each touch as (day ordinal of t_e, w·m·(1 − r)), touches that weigh nothing left out.

    A hold that `clock` has overtaken weighs nothing. With `known_at`, only rows recorded by then, with their status as
    of then; feedback, thanks and rewards carry no date of their own and count from the row's last change of status on.
    """
    pairs: list[tuple[int, float]] = []
    for touch in touches:
        status: str | None = touch.status
        is_latest = True
        if known_at is not None:
            status = touch.status_at(known_at)
            is_latest = not touch.changes or touch.changes[-1][0] <= known_at
        if status is None or (status == "held" and touch.expires_at is not None and touch.expires_at <= clock):
            continue
        weight = BY_CODE[touch.activity].effort * policy.status_weights[status]
        if is_latest:
            weight *= _aftermath(touch, policy)
        if weight:
            pairs.append((touch.on.toordinal(), weight))
    return pairs


def _aftermath(touch: Touch, policy: FatiguePolicy) -> float:
    """What feedback, thanks and rewards multiply an engagement's weight by: badly_factor · (1 − r)."""
    relief = policy.thanks * touch.thanked + policy.reward * touch.rewarded
    return (policy.badly_factor if touch.went_badly else 1.0) * (1.0 - min(policy.relief_limit, relief))


def decay(pairs: Iterable[tuple[int, float]], day: int, policy: FatiguePolicy) -> float:
    """Σ weight · 2^(−max(0, day − t_e)/h) over the pairs of `weigh`, `day` an ordinal; the exact sum, rounded once."""
    rate = -1.0 / policy.half_life
    return math.fsum(weight * 2.0 ** ((day - when) * rate) if when < day else weight for when, weight in pairs)


def load(touches: Iterable[Touch], on: date, policy: FatiguePolicy, *, known_at: datetime | None = None) -> float:
    """F on day `on`, in units of effort (a completed call today is 1).

    With `known_at` the ledger is read as it was known then, and a hold expired by then counts nothing. Without it every
    row counts as it stands, and a hold counts nothing once it has expired before the day `on` begins (UTC). So whoever
    asks about a future day passes `known_at=now`: a hold that is live now weighs on the days to come.
    """
    clock = known_at or datetime.combine(on, time.min, tzinfo=UTC)
    return decay(weigh(touches, policy, clock=clock, known_at=known_at), on.toordinal(), policy)


def spill(colleagues: Iterable[Touch], on: date, policy: FatiguePolicy, *, known_at: datetime | None = None) -> float:
    """Σ F of the customer's other contacts, light activities left out, before `policy.spill` is taken of it."""
    return load((touch for touch in colleagues if not touch.is_light), on, policy, known_at=known_at)


def total_load(
    own: Iterable[Touch],
    colleagues: Iterable[Touch],
    on: date,
    policy: FatiguePolicy,
    *,
    known_at: datetime | None = None,
) -> float:
    """F* = F + policy.spill · Σ F of the colleagues, the customer's other contacts (never the person's own touches)."""
    return load(own, on, policy, known_at=known_at) + policy.spill * spill(colleagues, on, policy, known_at=known_at)


def score(total: float, sensitivity: str, policy: FatiguePolicy) -> float:
    """Φ = 1 − 2^(−F*/R), in [0, 1)."""
    return min(ALMOST_ONE, -math.expm1(-math.log(2.0) * total / policy.scale(sensitivity)))


def limit_load(phi: float, sensitivity: str, policy: FatiguePolicy) -> float:
    """The load F* at which the score is `phi`: −R·log2(1 − Φ). ValueError unless 0 ≤ phi < 1."""
    if not 0.0 <= phi < 1.0:
        raise ValueError(f"A fatigue score lies in [0, 1), not at {phi}")
    return -policy.scale(sensitivity) * math.log1p(-phi) / math.log(2.0)


def band(phi: float, policy: FatiguePolicy) -> Band:
    """The band of a score; each begins at its threshold, so Φ = policy.stop is a stop."""
    if phi < policy.soft:
        return "fresh"
    if phi < policy.needs_approval:
        return "soft"
    return "approval" if phi < policy.stop else "stop"


def days_until(total: float, limit: float, policy: FatiguePolicy) -> float:
    """Days until a load of past events decays to `limit`: h·log2(F*/F_limit); 0 if it is there, inf if limit ≤ 0."""
    if total <= limit:
        return 0.0
    return policy.half_life * math.log2(total / limit) if limit > 0.0 else math.inf


def curve(
    own: Sequence[Touch],
    colleagues: Sequence[Touch],
    sensitivity: str,
    policy: FatiguePolicy,
    *,
    start: date,
    end: date,
    now: datetime,
    step_days: int,
) -> list[CurvePoint]:
    """Φ every `step_days` days from `start` to `end` (included where a step falls on it).

    A past day shows what was known when it ended, in the time zone of `now` (aware), whatever was backdated since.
    Today and the days ahead show the ledger as known now; those ahead are projected. ValueError if step_days < 1.
    """
    if step_days < 1:
        raise ValueError(f"A curve needs steps of at least a day, not {step_days}")
    today = now.date()
    points: list[CurvePoint] = []
    for offset in range(0, (end - start).days + 1, step_days):
        on = start + timedelta(days=offset)
        known_at = now if on >= today else datetime.combine(on, time.max, tzinfo=now.tzinfo)
        total = total_load(own, colleagues, on, policy, known_at=known_at)
        points.append(CurvePoint(on, score(total, sensitivity, policy), on > today))
    return points
