"""Holds: every rule refuses under its own code, what may be overridden is, and only what stands counts."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from references.caps import CAP_WINDOWS
from references.errors import DomainError
from references.models import Contact, Engagement, EngagementChange
from references.pool.writing import pool_write
from references.rules import NEVER_OVERRIDDEN
from references.services.holds import (
    Ask,
    HoldRefusedError,
    is_standing,
    release_expired_hold,
    require_no_open_ask,
    require_room,
    take_hold,
)
from references.services.ledger import change_engagement_status
from tests.factories import make_blackout, make_consent, make_contact, make_customer, make_engagement, make_policy
from users.models import User

pytestmark = pytest.mark.django_db
AHEAD = 20


def day(ahead: int = AHEAD) -> date:
    return timezone.localdate() + timedelta(days=ahead)


def hold(
    contact: Contact, source: str = "match:1", *, activity: str = "call", on: date | None = None, **given: Any
) -> Engagement:
    given = {"expires_at": timezone.now() + timedelta(hours=72), **given}
    return take_hold(contact=contact, ask=Ask(activity, on or day()), source=source, **given)[0]


def person(**fields: Any) -> Contact:
    """Somebody whom no rule stands against."""
    of_customer = {each.removeprefix("customer_"): fields.pop(each) for each in list(fields) if "customer_" in each}
    return make_contact(make_customer(**of_customer), **{"consents": ["call"], **fields})


def with_ledger(*touches: tuple[str, str, int], **given: Any) -> Callable[[], Contact]:
    def make() -> Contact:
        contact = person()
        for activity, status, ahead in touches:
            make_engagement(contact, activity, status, day(ahead), **given)
        return contact

    return make


def with_colleagues(*ahead: int) -> Callable[[], Contact]:
    def make() -> Contact:
        contact = person()
        for each in ahead:
            make_engagement(make_contact(contact.customer), "call", "planned", day(each))
        return contact

    return make


def with_blackout() -> Contact:
    contact = person()
    make_blackout(contact, day(), day())
    return contact


def with_speech() -> Contact:
    contact = person(consents=["call", "speaking"])
    make_engagement(contact, "speaking", "planned", day(AHEAD + 170))
    return contact


def with_a_bad_visit() -> Contact:
    contact = person(sensitivity="sensitive")
    make_engagement(contact, "site_visit", "completed", day(AHEAD - 31), went_badly=True)
    return contact


CASES: dict[str, Callable[[], Contact]] = {
    "opted_out": lambda: person(has_opted_out=True),
    "no_consent": lambda: person(consents=["quote"]),
    "not_agreed": lambda: person(activities=["quote"]),
    "not_active": lambda: person(status="nominated"),
    "paused": lambda: person(status="paused"),
    "blackout": with_blackout,
    "not_referenceable": lambda: person(customer_is_referenceable=False),
    "escalation": lambda: person(customer_has_open_escalation=True),
    "red_health": lambda: person(customer_health="red"),
    "renewal": lambda: person(customer_is_renewal_sensitive=True, customer_renewal_date=day(AHEAD + 30)),
    "rest": with_ledger(("call", "planned", AHEAD - 30)),
    "per_quarter": with_ledger(("review", "planned", AHEAD), ("review", "planned", AHEAD + 80)),
    "per_year": with_ledger(*[("review", "completed", -300 + 50 * each) for each in range(6)]),
    "customer_per_quarter": with_colleagues(AHEAD, AHEAD + 10, AHEAD + 80),
    "customer_per_year": with_colleagues(*range(-300, 0, 30)),
    "asks_per_month": with_ledger(("review", "cancelled", AHEAD), ("review", "cancelled", AHEAD)),
    "ask_outstanding": with_ledger(("review", "asked", AHEAD + 100)),
    "declined_recently": with_ledger(("call", "declined", AHEAD)),
    "misses": with_ledger(("review", "no_answer", AHEAD), ("referral", "declined", AHEAD)),
    "fatigue": with_a_bad_visit,
    "speaking": with_speech,
    "light_rest": lambda: person(),
}


def try_to_hold(code: str, **given: Any) -> Engagement:
    activity = {"speaking": "speaking", "light_rest": "quote"}.get(code, "call")
    contact = CASES[code]()
    if code == "light_rest":
        make_consent(contact, "quote")
        make_engagement(contact, "quote", "completed", day(AHEAD - 30))
    return hold(contact, activity=activity, **given)


def test_person_against_whom_nothing_stands_is_held(manager: User) -> None:
    row = hold(person(), by=manager, reason="Harbor Bank")
    assert (row.status, row.on, row.source) == ("held", day(), "match:1")
    [change] = EngagementChange.objects.filter(engagement=row)
    assert (change.status, change.by, change.reason) == ("held", manager, "Harbor Bank")


@pytest.mark.parametrize("code", CASES)
def test_rule_refuses_a_hold_under_its_code(code: str) -> None:
    before = set(Engagement.objects.values_list("pk", flat=True))
    with pytest.raises(HoldRefusedError) as refusal:
        try_to_hold(code)
    assert refusal.value.code == "hold_refused"
    assert code in refusal.value.broken
    assert code in str(refusal.value)
    assert not Engagement.objects.exclude(pk__in=before).filter(source="match:1").exists()


@pytest.mark.parametrize("code", CASES)
def test_rule_is_overridden_only_where_it_may_be(code: str) -> None:
    everything = {*CASES, "conflict"}
    if code in NEVER_OVERRIDDEN:
        with pytest.raises(HoldRefusedError) as refusal:
            try_to_hold(code, overridden=everything)
        assert set(refusal.value.broken) == {code}
    else:
        assert try_to_hold(code, overridden=everything).status == "held"


def test_rules_that_were_not_named_still_refuse() -> None:
    contact = person(customer_health="red", customer_has_open_escalation=True)
    with pytest.raises(HoldRefusedError) as refusal:
        hold(contact, overridden=["red_health"])
    assert set(refusal.value.broken) == {"escalation"}


def test_rules_are_those_of_the_newest_policy() -> None:
    contact = person()
    make_engagement(contact, "call", "planned", day(AHEAD - 10))
    make_policy({"caps": {"rest_days": 9}})
    assert hold(contact).status == "held"


@pytest.mark.parametrize("is_swept", [False, True])
def test_hold_that_ran_out_counts_nothing_swept_or_not(is_swept: bool) -> None:
    contact = person()
    over = hold(contact)
    with pool_write():
        Engagement.objects.filter(pk=over.pk).update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    if is_swept:
        assert release_expired_hold(engagement=over)
    assert hold(contact, "match:2").status == "held"
    with pytest.raises(HoldRefusedError):
        hold(contact, "match:3")


def test_same_source_again_is_the_same_hold() -> None:
    contact = person()
    first = hold(contact)
    assert hold(contact).pk == first.pk
    assert Engagement.objects.count() == 1
    assert EngagementChange.objects.count() == 1
    change_engagement_status(engagement=first, to="planned")
    assert (hold(contact).pk, hold(contact).status) == (first.pk, "planned")
    with pytest.raises(DomainError) as refusal:
        hold(person())
    assert refusal.value.code == "source_taken"


def test_sources_to_be_ignored_leave_room() -> None:
    contact = person()
    hold(contact)
    ask = Ask("call", day(AHEAD + 5), frozenset({"match:1"}))
    row, verdict = take_hold(contact=contact, ask=ask, source="match:2", expires_at=timezone.now() + timedelta(hours=1))
    assert (row.status, dict(verdict.broken)) == ("held", {})


def test_verdict_tells_fatigue_and_its_band() -> None:
    contact = person()
    make_engagement(contact, "site_visit", "completed", day(-40))
    _row, verdict = take_hold(contact=contact, ask=Ask("call", day(1)), source="m", expires_at=timezone.now())
    assert 0.3 < verdict.phi < 0.5
    assert verdict.band == "soft"


def recount(contact: Contact, *, on: date | None = None, own: str = "match:1", **given: Any) -> None:
    with pool_write():
        require_room(contact=contact, ask=Ask("call", on or day(), frozenset({own})), **given)


@pytest.mark.parametrize("code", sorted(CASES.keys() - {"speaking", "light_rest"}))
def test_yes_is_stopped_by_caps_and_by_what_is_gone_for_good(code: str) -> None:
    """Rules about being asked lie behind whoever has answered; the caps count again, their own row left out."""
    contact = CASES[code]()
    make_engagement(contact, "call", "held", day(), source="match:1")
    if code in CAP_WINDOWS | {"opted_out", "no_consent", "not_active", "not_referenceable"}:
        with pytest.raises(HoldRefusedError) as refusal:
            recount(contact)
        assert set(refusal.value.broken) == {code}
    else:
        recount(contact)


def test_room_is_judged_on_the_new_day() -> None:
    contact = person()
    make_engagement(contact, "call", "planned", day(), source="match:1")
    make_engagement(contact, "call", "planned", day(AHEAD + 60), source="match:2")
    recount(contact, on=day(AHEAD + 29))
    with pytest.raises(HoldRefusedError) as refusal:
        recount(contact, on=day(AHEAD + 30))
    assert set(refusal.value.broken) == {"rest"}
    recount(contact, on=day(AHEAD + 30), overridden=["rest"])


def test_nobody_is_asked_for_two_things_at_once() -> None:
    contact = person()
    make_engagement(contact, "call", "held", day(), source="match:1")
    make_engagement(contact, "review", "asked", day(AHEAD + 100), source="match:2")
    ask = Ask("call", day(), frozenset({"match:1"}))
    with pool_write():
        with pytest.raises(HoldRefusedError) as refusal:
            require_no_open_ask(contact=contact, ask=ask)
        assert set(refusal.value.broken) == {"ask_outstanding"}
        require_no_open_ask(contact=contact, ask=ask, overridden=["ask_outstanding"])
        require_no_open_ask(contact=contact, ask=Ask("review", day(), frozenset({"match:2"})))


def test_expired_hold_is_released_once_with_a_reason() -> None:
    row = hold(person(), expires_at=timezone.now() - timedelta(seconds=1))
    assert not is_standing(row, timezone.now())
    assert release_expired_hold(engagement=row)
    row.refresh_from_db()
    assert row.status == "released"
    assert EngagementChange.objects.filter(engagement=row, status="released").get().reason == "The hold expired."
    assert not release_expired_hold(engagement=row)


@pytest.mark.parametrize("to", ["asked", "planned", "cancelled"])
def test_hold_that_was_used_meanwhile_is_not_released(to: str) -> None:
    row = hold(person(), expires_at=timezone.now() - timedelta(seconds=1))
    change_engagement_status(engagement=row, to=to)
    assert not release_expired_hold(engagement=row)
    row.refresh_from_db()
    assert row.status == to


def test_hold_with_time_left_is_not_released() -> None:
    row = hold(person())
    assert is_standing(row, timezone.now())
    assert not release_expired_hold(engagement=row)
    assert not is_standing(None, timezone.now())
