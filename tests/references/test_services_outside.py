"""Use outside the system: logged by whoever saw it, counted, and withdrawn where it never was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from references.errors import DomainError
from references.fatigue import load
from references.ledger import read_touches
from references.models import Engagement
from references.permissions import UNDO_WITHIN
from references.policy import ProgramPolicy
from references.pool.writing import pool_write
from references.services.outside import log_outside_use, withdraw_touch
from tests.factories import make_contact, make_customer, make_engagement
from users.models import User

pytestmark = pytest.mark.django_db


def refusal_of(touch: Engagement, by: User, reason: str = "never was") -> str:
    with pytest.raises(DomainError) as refusal:
        withdraw_touch(engagement=touch, by=by, reason=reason)
    return refusal.value.code


def fatigue(touch: Engagement) -> float:
    touches = [each for _, each in read_touches([touch.contact.customer_id])]
    return load(touches, timezone.localdate(), ProgramPolicy().fatigue)


def make_old(touch: Engagement) -> None:
    with pool_write():
        Engagement.objects.filter(pk=touch.pk).update(recorded_at=timezone.now() - UNDO_WITHIN - timedelta(seconds=1))


def test_outside_use_is_logged_once_per_user_and_key(rep: User, outsider: User) -> None:
    contact, today = make_contact(), timezone.localdate()
    first = log_outside_use(contact=contact, activity="call", on=today, by=rep, note="Deal", source_key="k")
    again = log_outside_use(contact=contact, activity="call", on=today, by=rep, source_key="k")
    other = log_outside_use(contact=contact, activity="call", on=today, by=outsider, source_key="k")
    assert first == again != other
    assert (first.status, first.is_outside, first.note, first.changes.get().by) == ("completed", True, "Deal", rep)


def test_outside_use_of_a_day_to_come_is_refused(rep: User) -> None:
    with pytest.raises(DomainError) as refusal:
        log_outside_use(
            contact=make_contact(),
            activity="call",
            on=timezone.localdate() + timedelta(days=3),
            by=rep,
            source_key="k",
        )
    assert refusal.value.code == "date_ahead"


def test_whoever_logged_it_undoes_it_for_ten_minutes(outsider: User, rep: User) -> None:
    touch = log_outside_use(
        contact=make_contact(), activity="call", on=timezone.localdate(), by=outsider, source_key="k"
    )
    assert fatigue(touch) > 0
    assert refusal_of(touch, rep) == "not_allowed"
    withdraw_touch(engagement=touch, by=outsider, reason="the wrong person")
    assert (touch.status, fatigue(touch)) == ("released", 0)
    last = touch.changes.last()
    assert last is not None
    assert (last.status, last.by, last.reason) == ("released", outsider, "the wrong person")
    assert refusal_of(touch, outsider) == "move_not_allowed"


def test_later_it_is_withdrawn_by_those_who_keep_the_account(outsider: User, rep: User, manager: User) -> None:
    contact = make_contact(make_customer(account_owner=rep))
    for number, keeper in enumerate([rep, manager]):
        touch = log_outside_use(
            contact=contact, activity="call", on=timezone.localdate(), by=outsider, source_key=str(number)
        )
        make_old(touch)
        assert refusal_of(touch, outsider) == "not_allowed"
        assert withdraw_touch(engagement=touch, by=keeper, reason="never was").status == "released"


def test_withdrawal_needs_a_reason_and_a_touch_logged_by_hand(manager: User) -> None:
    contact = make_contact()
    assert refusal_of(make_engagement(contact, source="page:1"), manager, " ") == "reason_required"
    for number, status in enumerate(["completed", "planned"]):
        touch = make_engagement(contact, status=status, source=f"match:{number}")
        assert refusal_of(touch, manager) == "not_logged_by_hand"
    assert not Engagement.objects.filter(status="released").exists()


def test_disabled_user_withdraws_nothing(outsider: User) -> None:
    touch = log_outside_use(
        contact=make_contact(), activity="call", on=timezone.localdate(), by=outsider, source_key="k"
    )
    outsider.is_active = False
    assert refusal_of(touch, outsider) == "not_allowed"
