"""Writing the ledger: once per source, every status with its change."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.utils import timezone

from references.enums import EngagementStatus
from references.errors import DomainError
from references.lifecycles import ENGAGEMENT
from references.models import Engagement, NoteKind, PoolNote
from references.services.ledger import change_engagement_status, log_engagement, record_aftermath
from tests.factories import make_contact, make_engagement
from users.models import User

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def test_log_engagement_writes_its_first_change(manager: User) -> None:
    contact = make_contact()
    row = log_engagement(
        contact=contact, activity="call", status="asked", on=DAY, source="s:1", by=manager, reason="deal"
    )
    change = row.changes.get()
    assert (change.status, change.at, change.by, change.reason) == ("asked", row.recorded_at, manager, "deal")
    assert PoolNote.objects.filter(kind=NoteKind.CUSTOMER, object_id=contact.customer_id).exists()


def test_log_engagement_twice_is_one_row() -> None:
    contact = make_contact()
    first = log_engagement(contact=contact, activity="call", status="asked", on=DAY, source="s:1")
    again = log_engagement(contact=contact, activity="call", status="completed", on=DAY, source="s:1")
    assert first == again
    assert Engagement.objects.get().status == "asked"
    with pytest.raises(DomainError) as refusal:
        log_engagement(contact=make_contact(), activity="call", status="asked", on=DAY, source="s:1")
    assert refusal.value.code == "source_taken"


def test_log_engagement_refuses() -> None:
    good = {"contact": make_contact(), "activity": "call", "status": "asked", "on": DAY, "source": "s:1"}
    for change, code in (
        ({"source": ""}, "source_required"),
        ({"activity": "juggling"}, "unknown_activity"),
        ({"status": "done"}, "unknown_status"),
        ({"status": "held"}, "hold_needs_end"),
    ):
        with pytest.raises(DomainError) as refusal:
            log_engagement(**{**good, **change})  # type: ignore[arg-type]
        assert refusal.value.code == code
    assert not Engagement.objects.exists()


@pytest.mark.parametrize("before, after", list(product(EngagementStatus.values, repeat=2)))
def test_change_engagement_status_follows_its_table(before: str, after: str) -> None:
    row = make_engagement(make_contact(), status=before, source="page:1")
    until = timezone.now() + timedelta(hours=1) if after == "held" else None
    if not ENGAGEMENT.may_move(before, after):
        with pytest.raises(DomainError) as refusal:
            change_engagement_status(engagement=row, to=after, hold_expires_at=until)
        assert refusal.value.code == "move_not_allowed"
        return
    change_engagement_status(engagement=row, to=after, hold_expires_at=until)
    assert row.status == after
    assert [change.status for change in row.changes.all()] == [before, after]


@pytest.mark.parametrize("before", ["completed", "declined", "cancelled", "no_answer"])
def test_what_is_over_is_released_only_where_it_was_logged_by_hand(before: str) -> None:
    row = make_engagement(make_contact(), status=before, source="match:1")
    with pytest.raises(DomainError) as refusal:
        change_engagement_status(engagement=row, to="released")
    assert refusal.value.code == "not_logged_by_hand"
    row.refresh_from_db()
    assert row.status == before


def test_change_engagement_status_to_held_needs_an_end() -> None:
    row = make_engagement(make_contact(), status="asked")
    with pytest.raises(DomainError) as refusal:
        change_engagement_status(engagement=row, to="held")
    assert refusal.value.code == "hold_needs_end"
    row.refresh_from_db()
    assert row.status == "asked"


def test_change_engagement_status_takes_real_date_and_effort() -> None:
    row = make_engagement(make_contact(), status="planned", on=DAY)
    later = DAY + timedelta(days=2)
    change_engagement_status(engagement=row, to="completed", on=later, effort_hours=Decimal("1.5"))
    assert (row.on, row.effort_hours) == (later, Decimal("1.50"))


def test_record_aftermath_changes_only_what_is_given() -> None:
    row = make_engagement(make_contact())
    record_aftermath(engagement=row, was_thanked=True)
    record_aftermath(engagement=row, went_badly=True)
    row.refresh_from_db()
    assert (row.was_thanked, row.went_badly, row.was_rewarded) == (True, True, False)


@pytest.mark.parametrize(
    "status,ahead,code",
    [("completed", 5, "date_ahead"), ("planned", -5, "date_over"), ("held", -5, "date_over")],
)
def test_what_cannot_be_true_is_refused(status: str, ahead: int, code: str) -> None:
    contact, today = make_contact(), timezone.localdate()
    ends = timezone.now() + timedelta(days=1) if status == "held" else None
    with pytest.raises(DomainError) as refused:
        log_engagement(
            contact=contact,
            activity="call",
            status=status,
            on=today + timedelta(days=ahead),
            source="test:impossible",
            hold_expires_at=ends,
        )
    assert (refused.value.code, refused.value.field) == (code, "on")
    assert not Engagement.objects.exists()
