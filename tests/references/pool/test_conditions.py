"""The vector rules say of everyone what the scalar rules say of each: row by row, for ledgers of any shape."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.activities import CODES
from references.availability import Circumstances, latest_ask, next_free_date
from references.caps import OwnLimits, answered_on, asked_on, check_caps
from references.days import OPEN_END, day_number
from references.enums import ContactStatus
from references.fatigue import Touch, score, total_load
from references.policy import ProgramPolicy
from references.pool.conditions import conditions_of
from references.pool.features import (
    ACTIVITY_INDEX,
    ENGAGEMENT_STATUSES,
    LOYALTIES,
    SENSITIVITIES,
    STATUSES,
    ConsentFeature,
    CustomerFeature,
    EventFeature,
    PersonFeature,
)
from references.pool.segment import Segment, build_segment

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
POLICY = ProgramPolicy()
PEOPLE = (1, 2, 3)


@st.composite
def touches(draw: st.DrawFn) -> Touch:
    status = draw(st.sampled_from(ENGAGEMENT_STATUSES))
    on = NOW.date() + timedelta(days=draw(st.integers(-400, 120)))
    recorded = min(NOW, datetime(on.year, on.month, on.day, 8, tzinfo=UTC)) - timedelta(days=draw(st.integers(0, 20)))
    changes = [(recorded, "asked"), (min(NOW, recorded + timedelta(days=draw(st.integers(0, 3)))), status)]
    expires = NOW + timedelta(hours=draw(st.integers(-50, 50))) if status == "held" else None
    return Touch(
        contact_id=draw(st.sampled_from(PEOPLE)),
        activity=draw(st.sampled_from(CODES)),
        status=status,
        on=on,
        recorded_at=recorded,
        source="",
        expires_at=expires,
        went_badly=draw(st.booleans()),
        thanked=draw(st.booleans()),
        rewarded=draw(st.booleans()),
        changes=tuple(changes) if draw(st.booleans()) else (),
    )


@st.composite
def own_limits(draw: st.DrawFn) -> OwnLimits:
    return OwnLimits(draw(st.none() | st.integers(0, 3)), frozenset(draw(st.sets(st.sampled_from(CODES), min_size=9))))


def segment_of(ledger: list[Touch], limits: OwnLimits, sensitivity: str) -> Segment:
    """Three colleagues at one customer, all active, with everything consented to, and an older customer before."""
    agreed = limits.activities if limits.activities is not None else frozenset(CODES)
    people = [
        PersonFeature(
            id=each,
            status=STATUSES.index(ContactStatus.ACTIVE),
            seniority=-1,
            sensitivity=SENSITIVITIES.index(sensitivity),
            activities=sum(1 << ACTIVITY_INDEX[code] for code in agreed),
            flags=0,
            paused_until=0,
            max_per_quarter=-1 if limits.max_per_quarter is None else limits.max_per_quarter,
            loyalty=LOYALTIES.index("promoter"),
            title_words=[],
            consents=[ConsentFeature(place, 1, OPEN_END) for place in range(len(CODES))],
        )
        for each in PEOPLE
    ]
    events = [
        EventFeature(
            contact=touch.contact_id,
            activity=ACTIVITY_INDEX[touch.activity],
            status=ENGAGEMENT_STATUSES.index(touch.status),
            day=day_number(touch.on),
            asked=day_number(asked_on(touch, UTC)),
            answered=day_number(answered_on(touch, UTC)),
            expires=int(touch.expires_at.timestamp()) if touch.expires_at else 0,
            went_badly=touch.went_badly,
            thanked=touch.thanked,
            rewarded=touch.rewarded,
        )
        for touch in ledger
    ]
    customer = CustomerFeature(7, -1, 0, 0, 0, [], people=people, events=events)
    return build_segment(iter([[CustomerFeature(5, -1, 0, 0, 0, []), customer]]))


def each_person(ledger: list[Touch]) -> Iterator[tuple[int, list[Touch], list[Touch]]]:
    for row, person in enumerate(PEOPLE):
        yield row, [t for t in ledger if t.contact_id == person], [t for t in ledger if t.contact_id != person]


@settings(max_examples=150, deadline=None)
@given(
    ledger=st.lists(touches(), max_size=14),
    activity=st.sampled_from(CODES),
    ahead=st.integers(0, 120),
    limits=own_limits(),
    sensitivity=st.sampled_from(SENSITIVITIES),
)
def test_conditions_equal_the_scalar_rules(
    ledger: list[Touch], activity: str, ahead: int, limits: OwnLimits, sensitivity: str
) -> None:
    on = NOW.date() + timedelta(days=ahead)
    found = conditions_of(segment_of(ledger, limits, sensitivity), activity, on, now=NOW, policy=POLICY)

    for row, own, colleagues in each_person(ledger):
        total = total_load(own, colleagues, on, POLICY.fatigue, known_at=NOW)
        assert found.phi[row] == pytest.approx(score(total, sensitivity, POLICY.fatigue), abs=1e-9)
        asked = latest_ask(activity, on, NOW)
        breaches = check_caps(own, own + colleagues, activity, on, NOW, POLICY.caps, limits, asked_on=asked)
        broken = {code for code, mask in found.broken.items() if mask[row]} - {"fatigue"}
        assert broken == {breach.code for breach in breaches}


@settings(max_examples=60, deadline=None)
@given(ledger=st.lists(touches(), max_size=10), activity=st.sampled_from(CODES), ahead=st.integers(0, 90))
def test_free_means_free_on_the_very_day(ledger: list[Touch], activity: str, ahead: int) -> None:
    """Whoever breaks no rule has the day asked about as the next free date, and nobody else has."""
    on = NOW.date() + timedelta(days=60 + ahead)
    found = conditions_of(segment_of(ledger, OwnLimits(), "normal"), activity, on, now=NOW, policy=POLICY)
    free = found.free()

    for row, own, colleagues in each_person(ledger):
        theirs = Circumstances(own=tuple(own), colleagues=tuple(colleagues), consents=((date(2000, 1, 1), None),))
        if abs(found.phi[row] - POLICY.fatigue.stop) < 1e-9:
            continue
        assert (next_free_date(theirs, activity, from_=on, now=NOW, policy=POLICY) == on) == free[row]


def test_conditions_remembered_are_those_of_the_question() -> None:
    segment = segment_of([], OwnLimits(), "normal")
    first = conditions_of(segment, "call", date(2026, 7, 1), now=NOW, policy=POLICY)
    assert conditions_of(segment, "call", date(2026, 7, 1), now=NOW, policy=POLICY) is first
    assert conditions_of(segment, "quote", date(2026, 7, 1), now=NOW, policy=POLICY) is not first
    assert np.array_equal(first.last_used, [0, 0, 0])
