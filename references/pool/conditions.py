"""Fatigue and the rules of asking for everyone in a segment at once: the vector twins of `fatigue.py` and `caps.py`.

The scalar modules say what the rules mean; a property test holds the two together, row by row.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from references.activities import ACTIVITIES, BY_CODE, CODES
from references.availability import latest_ask
from references.caps import COUNTED, LIGHT_REST_DAYS, MISSED, YES
from references.days import day_number, to_date
from references.enums import ContactStatus
from references.fatigue import band
from references.policy import CapPolicy, FatiguePolicy, ProgramPolicy
from references.pool.features import (
    ENGAGEMENT_STATUSES,
    ESCALATION,
    NOT_REFERENCEABLE,
    OPTED_OUT,
    RED_HEALTH,
    RENEWAL_SENSITIVE,
    SENSITIVITIES,
    STATUSES,
)
from references.pool.segment import REWARDED, THANKED, WENT_BADLY, Ledger, Segment

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

RENEWAL_QUIET_DAYS = 30
_MOST_REMEMBERED = 64

_EFFORT = np.array([activity.effort for activity in ACTIVITIES])
_IS_LIGHT = np.array([activity.is_light for activity in ACTIVITIES])
_IS_LIVE = np.array([activity.live for activity in ACTIVITIES])


def _statuses(names: frozenset[str]) -> npt.NDArray[Any]:
    return np.array([status in names for status in ENGAGEMENT_STATUSES])


_COUNTED, _YES, _MISSED = _statuses(COUNTED), _statuses(YES), _statuses(MISSED)
_ASKED, _DECLINED, _RELEASED, _CANCELLED = (
    ENGAGEMENT_STATUSES.index(name) for name in ("asked", "declined", "released", "cancelled")
)


@dataclass(frozen=True, slots=True)
class Usage:
    """One person's use: fatigue Φ (0–1) with its band, the day last used, and how often in the past year."""

    phi: float
    band: str
    last_used: date | None
    used_past_year: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """By person's row: fatigue Φ, the day last used (0 never), and for each rule's code who breaks it."""

    phi: Floats
    last_used: npt.NDArray[Any]
    used_past_year: npt.NDArray[Any]
    broken: dict[str, Mask]

    def free(self) -> Mask:
        """Who breaks no rule."""
        broken: Mask = np.logical_or.reduce(list(self.broken.values()))
        return ~broken

    def usage(self, row: int, policy: FatiguePolicy) -> Usage:
        """The use of the person in this row."""
        phi = float(self.phi[row])
        return Usage(phi, band(phi, policy), to_date(int(self.last_used[row])), int(self.used_past_year[row]))


def conditions_of(segment: Segment, activity: str, on: date, *, now: datetime, policy: ProgramPolicy) -> Conditions:
    """Judge everyone in a segment for one activity on one day, as the ledger is known `now` (aware, UTC).

    Remembered until the day or the policy changes, or a hold expires.
    """
    key = (activity, on, now.date(), policy.version)
    moment = int(now.timestamp())
    known = segment.remembered.get(key)
    if known is not None and known[0] <= moment < known[1]:
        found: Conditions = known[2]
        return found
    found = _judge(segment, activity, on, now, policy)
    expiries = segment.ledger.expires[segment.ledger.expires > moment]
    if len(segment.remembered) >= _MOST_REMEMBERED:
        segment.remembered.clear()
    segment.remembered[key] = (moment, int(expiries.min()) if len(expiries) else np.inf, found)
    return found


def _judge(segment: Segment, activity: str, on: date, now: datetime, policy: ProgramPolicy) -> Conditions:
    ledger, rows = segment.ledger, len(segment.people_docs)
    overtaken = (ledger.expires > 0) & (ledger.expires <= int(now.timestamp()))
    day, today = day_number(on), day_number(now.date())
    phi = _fatigue(segment, day, ~overtaken, policy.fatigue)
    used = _COUNTED[ledger.status] & ~_IS_LIGHT[ledger.activity] & ~overtaken & (ledger.row >= 0)
    happened = used & (ledger.day <= today)
    last_used = np.zeros(rows, dtype=np.uint16)
    np.maximum.at(last_used, ledger.row[happened], ledger.day[happened])
    past_year = happened & (ledger.day.astype(np.int64) > today - policy.caps.year_days)
    broken = _standing(segment, activity, on)
    broken["fatigue"] = phi >= policy.fatigue.stop
    ask_day = day_number(latest_ask(activity, on, now))
    valid = (ledger.status != _RELEASED) & ~overtaken
    broken |= _caps(segment, activity, day, ask_day, valid, policy.caps)
    used_past_year = np.bincount(ledger.row[past_year], minlength=rows).astype(np.uint16)
    return Conditions(phi, last_used, used_past_year, broken)


def _fatigue(segment: Segment, day: int, counts: Mask, policy: FatiguePolicy) -> Floats:
    """Φ of every person on a day: own load, plus the share of the colleagues' loads that spills over."""
    ledger, rows = segment.ledger, len(segment.people_docs)
    weights = np.array([policy.status_weights[status] for status in ENGAGEMENT_STATUSES])
    relief = policy.thanks * ((ledger.feedback & THANKED) > 0) + policy.reward * ((ledger.feedback & REWARDED) > 0)
    load = _EFFORT[ledger.activity] * weights[ledger.status] * (1.0 - np.minimum(policy.relief_limit, relief))
    load *= np.where((ledger.feedback & WENT_BADLY) > 0, policy.badly_factor, 1.0) * counts
    age = np.maximum(0, day - ledger.day.astype(np.int64))
    load *= np.exp2(age / -policy.half_life)
    inside = ledger.row >= 0
    own = np.bincount(ledger.row[inside], weights=load[inside], minlength=rows)
    heavy = np.where(_IS_LIGHT[ledger.activity], 0.0, load)
    own_heavy = np.bincount(ledger.row[inside], weights=heavy[inside], minlength=rows)
    customer = np.bincount(ledger.place, weights=heavy, minlength=len(segment.customer_ids))
    colleagues = np.maximum(0.0, customer[segment.people_docs.places] - own_heavy)
    scales = np.array([policy.scale(name) for name in SENSITIVITIES])[segment.people.sensitivity]
    phi: Floats = -np.expm1(-np.log(2.0) * (own + policy.spill * colleagues) / scales)
    return phi


def _standing(segment: Segment, activity: str, on: date) -> dict[str, Mask]:
    """Rules that the ledger does not decide: status, consent, what was agreed, pauses, and the customer's state."""
    people, day = segment.people, day_number(on)
    flags = people.flags
    starts_until = segment.people_docs.consents.at(CODES.index(activity))
    holds = (starts_until[1][:, 0] <= day) & (day <= starts_until[1][:, 1])
    no_consent = np.ones(len(people.status), dtype=bool)
    no_consent[starts_until[0][holds]] = False
    closed = people.blackouts[(people.blackouts[:, 1] <= day) & (day <= people.blackouts[:, 2])]
    blacked_out = np.zeros(len(people.status), dtype=bool)
    blacked_out[closed[:, 0]] = True
    near_renewal = np.abs(people.renewal.astype(np.int64) - day) <= RENEWAL_QUIET_DAYS
    is_active = people.status == STATUSES.index(ContactStatus.ACTIVE)
    is_paused = people.status == STATUSES.index(ContactStatus.PAUSED)
    return {
        "not_active": ~is_active & ~is_paused,
        "opted_out": (flags & OPTED_OUT) > 0,
        "not_referenceable": (flags & NOT_REFERENCEABLE) > 0,
        "no_consent": no_consent,
        "not_agreed": (people.activities >> CODES.index(activity)) & 1 == 0,
        "paused": is_paused & ((people.paused_until == 0) | (people.paused_until > day)),
        "blackout": blacked_out,
        "escalation": (flags & ESCALATION) > 0,
        "red_health": (flags & RED_HEALTH) > 0,
        "renewal": ((flags & RENEWAL_SENSITIVE) > 0) & (people.renewal > 0) & near_renewal,
    }


def _caps(segment: Segment, activity: str, day: int, ask_day: int, valid: Mask, limits: CapPolicy) -> dict[str, Mask]:
    """Who has no room under each cap; `valid` leaves out released rows and overtaken holds."""
    ledger, rows = segment.ledger, len(segment.people_docs)
    mine = valid & (ledger.row >= 0)
    broken = _answers(ledger, rows, mine, CODES.index(activity), ask_day, limits)
    if BY_CODE[activity].is_light:
        same = mine & (ledger.activity == CODES.index(activity)) & (ledger.status != _CANCELLED)
        rest = LIGHT_REST_DAYS[activity]
        return broken | {"light_rest": _is_full(ledger.row[same], ledger.day[same], rows, day, rest, 1)}
    heavy = mine & ~_IS_LIGHT[ledger.activity]
    used = heavy & _COUNTED[ledger.status]
    own_limit = segment.people.own_limit
    quarterly = np.where(own_limit < 0, limits.per_quarter, np.minimum(own_limit, limits.per_quarter))

    def full(chosen: Mask, window: int, limit: int | npt.NDArray[Any]) -> Mask:
        return _is_full(ledger.row[chosen], ledger.day[chosen], rows, day, window, limit)

    broken["per_quarter"] = full(used, limits.quarter_days, quarterly)
    broken["per_year"] = full(used, limits.year_days, limits.per_year)
    if BY_CODE[activity].live:
        broken["rest"] = full(used & _IS_LIVE[ledger.activity], limits.rest_days, 1)
    if activity == "speaking":
        spoken = used & (ledger.activity == CODES.index(activity))
        broken["speaking"] = full(spoken, limits.speaking_days, limits.speaking)
    broken["asks_per_month"] = _is_full(
        ledger.row[heavy], ledger.asked[heavy], rows, ask_day, limits.month_days, limits.asks_per_month
    )
    outstanding = np.bincount(ledger.row[heavy & (ledger.status == _ASKED)], minlength=rows)
    broken["ask_outstanding"] = outstanding >= limits.outstanding_asks
    return broken | _customer_caps(segment, day, valid, limits)


def _customer_caps(segment: Segment, day: int, valid: Mask, limits: CapPolicy) -> dict[str, Mask]:
    ledger, size = segment.ledger, len(segment.customer_ids)
    used = valid & ~_IS_LIGHT[ledger.activity] & _COUNTED[ledger.status]
    rules = {
        "customer_per_quarter": (limits.quarter_days, limits.customer_per_quarter),
        "customer_per_year": (limits.year_days, limits.customer_per_year),
    }
    return {
        code: _is_full(ledger.place[used], ledger.day[used], size, day, window, limit)[segment.people_docs.places]
        for code, (window, limit) in rules.items()
    }


def _answers(ledger: Ledger, rows: int, mine: Mask, activity: int, ask_day: int, limits: CapPolicy) -> dict[str, Mask]:
    """The rest after a decline of the same activity, and the pause after misses in a row."""
    declined = mine & (ledger.activity == activity) & (ledger.status == _DECLINED)
    latest = np.full(rows, -(10**6), dtype=np.int64)
    np.maximum.at(latest, ledger.row[declined], ledger.answered[declined].astype(np.int64))
    answered = mine & ~_IS_LIGHT[ledger.activity] & (_MISSED[ledger.status] | _YES[ledger.status])
    row, when = ledger.row[answered].astype(np.int64), ledger.answered[answered].astype(np.int64)
    is_miss = _MISSED[ledger.status[answered]]
    order = np.lexsort((is_miss, when, row))
    row, when, is_miss = row[order], when[order], is_miss[order]
    places = np.arange(len(row))
    start, end, last_yes = (np.full(rows, value, dtype=np.int64) for value in (len(row), -1, -1))
    np.minimum.at(start, row, places)
    np.maximum.at(end, row, places)
    np.maximum.at(last_yes, row[~is_miss], places[~is_miss])
    run = np.where(end >= 0, end - np.maximum(last_yes, start - 1), 0)
    since = np.full(rows, -(10**6), dtype=np.int64)
    since[row] = when  # the last of each row stays
    in_pause = ask_day <= since + limits.misses_pause_days
    return {
        "declined_recently": ask_day <= latest + limits.decline_rest_days,
        "misses": (run >= limits.misses_in_a_row) & in_pause & (limits.misses_in_a_row > 0),
    }


def _is_full(
    groups: npt.NDArray[Any],
    days: npt.NDArray[Any],
    size: int,
    day: int,
    window: int,
    limit: int | npt.NDArray[Any],
) -> Mask:
    """By group, whether some closed window of `window` days that contains `day` holds `limit` of `days` or more.

    Without dates after `day` the window that ends on it is the fullest. Only groups with later ones, and enough of
    both, are looked at closely: a fullest window starts at a date, or at `day`.
    """
    days = days.astype(np.int64)
    near = (days >= day - window) & (days <= day + window)
    groups, days = groups[near].astype(np.int64), days[near]
    full: Mask = np.bincount(groups, minlength=size) >= limit
    looks_closer = np.zeros(size, dtype=bool)
    looks_closer[groups[days > day]] = True
    looks_closer &= full
    if not looks_closer.any():
        return full
    chosen = looks_closer[groups]
    groups, days = groups[chosen], days[chosen]
    stride = 1 << 20
    keys = np.sort(groups * stride + days)
    members = np.unique(groups)
    starts = np.concatenate([keys[keys % stride <= day], members * stride + day])
    counts = np.searchsorted(keys, starts + window, side="right") - np.searchsorted(keys, starts, side="left")
    most = np.zeros(size, dtype=np.int64)
    np.maximum.at(most, starts // stride, counts)
    full[members] = (most >= limit)[members]
    return full
