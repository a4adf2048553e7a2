"""The rules over rows say of each person what the vector rules say of everyone, whatever stands in the database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from references.activities import CODES
from references.caps import CAP_WINDOWS
from references.circumstances import read_circumstances
from references.enums import Channel, ContactStatus, EngagementStatus, Health, Sensitivity
from references.fatigue import Touch
from references.models import Contact, Customer
from references.pool.conditions import conditions_of
from references.pool.index import current_snapshot
from references.program import current_policy
from references.rules import ABOUT_ASKING, NEVER_OVERRIDDEN, broken_rules, fatigue_on, leave_out
from tests.factories import make_blackout, make_consent, make_contact, make_customer, make_engagement

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
TODAY = NOW.date()
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking would write rows for minutes


def days(first: int, last: int) -> st.SearchStrategy[date]:
    return st.integers(first, last).map(lambda each: TODAY + timedelta(days=each))


def moments(status: str, on: date, draw: st.DrawFn) -> dict[str, Any]:
    """When a touch was recorded, answered and, if it is a hold, runs out."""
    recorded = min(NOW, datetime(on.year, on.month, on.day, 8, tzinfo=UTC)) - timedelta(days=draw(st.integers(0, 20)))
    answered = min(NOW, recorded + timedelta(days=draw(st.integers(0, 3))))
    changes = [(recorded, "asked"), (answered, status)] if draw(st.booleans()) else [(recorded, status)]
    is_held = status == EngagementStatus.HELD
    ends = NOW + timedelta(hours=draw(st.sampled_from([-50, -1, 1, 50]))) if is_held else None
    return {"recorded_at": recorded, "changes": changes, "hold_expires_at": ends}


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    return make_customer(
        is_referenceable=draw(st.sampled_from([True, True, True, False])),
        has_open_escalation=draw(st.sampled_from([False, False, False, True])),
        health=draw(st.sampled_from(Health.values)),
        is_renewal_sensitive=draw(st.booleans()),
        renewal_date=draw(st.none() | days(-40, 160)),
    )


def add_person(customer: Customer, draw: st.DrawFn) -> Contact:
    contact = make_contact(
        customer,
        status=draw(st.sampled_from([*ContactStatus.values, *[ContactStatus.ACTIVE] * 4])),
        has_opted_out=draw(st.sampled_from([False, False, False, True])),
        paused_until=draw(st.none() | days(-10, 120)),
        max_per_quarter=draw(st.none() | st.integers(0, 3)),
        activities=sorted(draw(st.sets(st.sampled_from(CODES), min_size=9))),
        sensitivity=draw(st.sampled_from(Sensitivity.values)),
    )
    for starts in draw(st.lists(days(-20, 120), max_size=1)):
        make_blackout(contact, starts, starts + timedelta(days=draw(st.integers(0, 30))))
    for activity in draw(st.lists(st.sampled_from(CODES), max_size=8)):
        status = draw(st.sampled_from(EngagementStatus.values))
        on = draw(days(-400, 120))
        felt: dict[str, Any] = {name: draw(st.booleans()) for name in ("went_badly", "was_thanked", "was_rewarded")}
        make_engagement(contact, activity, status, on, **moments(status, on, draw), **felt)
    return contact


def add_consents(customer: Customer, people: list[Contact], activity: str, draw: st.DrawFn) -> None:
    """Consents of the customer and of its people: past, present, to come, revoked, and some for other things."""
    everybody: list[Contact | Customer] = [customer, customer, *people, *people]
    for whose in draw(st.lists(st.sampled_from(everybody), max_size=6)):
        starts = draw(days(-400, 100))
        make_consent(
            whose,
            draw(st.sampled_from([activity, activity, activity, "quote"])),
            channel=draw(st.sampled_from(Channel.values)),
            valid_from=starts,
            valid_until=draw(st.none() | st.just(starts + timedelta(days=draw(st.integers(0, 500))))),
            revoked_at=draw(st.sampled_from([None, None, NOW - timedelta(days=1)])),
        )


def codes_of_index(contact: Contact, activity: str, on: date) -> tuple[set[str], float] | None:
    """The codes, and the fatigue, that the index has for one person; None where they are not in it."""
    snapshot = current_snapshot()
    for view in snapshot.views:
        ids = view.segment.people_docs.ids
        for row in (ids == contact.pk).nonzero()[0].tolist():
            if view.people.is_live[row]:
                found = conditions_of(view.segment, activity, on, now=NOW, policy=snapshot.policy)
                return {code for code, mask in found.broken.items() if mask[row]}, float(found.phi[row])
    return None


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
@given(data=st.data())
def test_rules_of_rows_equal_those_of_the_index(data: st.DataObject) -> None:
    draw: st.DrawFn = data.draw  # type: ignore[assignment]
    activity, on = draw(st.sampled_from(CODES)), draw(days(0, 120))
    customer = draw(customers())
    people = [add_person(customer, draw) for _ in range(draw(st.integers(1, 3)))]
    add_consents(customer, people, activity, draw)
    policy = current_policy()
    for contact in Contact.objects.filter(customer=customer).select_related("customer"):
        circumstances = read_circumstances([contact], activity)[contact.pk]
        broken = set(broken_rules(contact, circumstances, activity, on, now=NOW, policy=policy))
        in_index = codes_of_index(contact, activity, on)
        if in_index is None:  # nobody proposes them, and nobody may hold them
            assert contact.status not in {ContactStatus.ACTIVE, ContactStatus.PAUSED}
            assert "not_active" in broken
            continue
        found, phi = in_index
        assert fatigue_on(contact, circumstances, on, now=NOW, policy=policy) == pytest.approx(phi, abs=1e-9)
        if abs(phi - policy.fatigue.stop) < 1e-9:
            broken, found = broken - {"fatigue"}, found - {"fatigue"}
        assert broken == found


def test_rows_being_rechecked_are_left_out() -> None:
    contact = make_contact(consents=["call"])
    make_engagement(contact, "call", "planned", TODAY, source="match:1")
    make_engagement(contact, "call", "planned", TODAY + timedelta(days=60), source="match:2")
    circumstances = read_circumstances([contact], "call")[contact.pk]
    left = leave_out(circumstances, {"match:1"})
    assert [touch.source for touch in left.own] == ["match:2"]
    on, policy = TODAY + timedelta(days=5), current_policy()
    assert set(broken_rules(contact, circumstances, "call", on, now=NOW, policy=policy)) == {"rest", "per_quarter"}
    assert broken_rules(contact, left, "call", on, now=NOW, policy=policy) == {}
    assert all(isinstance(touch, Touch) for touch in left.own)


def test_caps_come_with_their_breach_and_other_rules_without() -> None:
    contact = make_contact(consents=["call"], has_opted_out=True)
    make_engagement(contact, "call", "planned", TODAY)
    circumstances = read_circumstances([contact], "call")[contact.pk]
    broken = broken_rules(contact, circumstances, "call", TODAY, now=NOW, policy=current_policy())
    assert broken["opted_out"] is None
    assert broken["rest"] is not None
    assert broken["rest"].until == TODAY + timedelta(days=31)


def test_caps_may_be_overridden_and_promises_may_not() -> None:
    assert not NEVER_OVERRIDDEN & (CAP_WINDOWS | ABOUT_ASKING)
    assert {"opted_out", "no_consent", "blackout"} <= NEVER_OVERRIDDEN
