"""Scores somebody gave: the history keeps them all, the present class follows the last, a fall pauses."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from references.enums import ContactStatus, Loyalty
from references.models import LoyaltyRecord
from references.services.contacts import save_contact
from references.services.loyalty import has_fallen, note_score, pause_after_fall
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "after", "fell"),
    [
        (None, 0, False),
        (9, 8, True),
        (10, 9, False),
        (8, 7, False),
        (7, 6, True),
        (6, 3, True),
        (6, 4, False),
        (3, 9, False),
    ],
)  # fmt: skip
def test_fall_is_out_of_the_class_or_by_three(before: int | None, after: int, fell: bool) -> None:
    assert has_fallen(before, after) is fell


def test_last_answer_decides_and_history_keeps_both() -> None:
    person = make_contact(nps_score=None, loyalty=Loyalty.UNKNOWN)
    assert note_score(contact=person, score=9, on=date(2026, 5, 1), comment="Good.", source="b")
    assert not note_score(contact=person, score=3, on=date(2025, 5, 1), comment="Bad.", source="a")
    person.refresh_from_db()
    assert (person.nps_score, person.loyalty, person.nps_comment) == (9, Loyalty.PROMOTER, "Good.")
    assert [row.score for row in LoyaltyRecord.objects.order_by("on")] == [3, 9]


def test_same_source_says_what_it_says_now() -> None:
    person = make_contact()
    for score in (9, 6):
        note_score(contact=person, score=score, on=date(2026, 5, 1), comment="", source="a")
    assert LoyaltyRecord.objects.get().score == 6
    person.refresh_from_db()
    assert person.loyalty == Loyalty.DETRACTOR


def test_score_typed_in_is_kept_once() -> None:
    person = make_contact()
    for _time in range(2):
        save_contact(contact=person, customer=person.customer, data={"nps_score": 4, "nps_on": date(2026, 5, 1)})
    record = LoyaltyRecord.objects.get()
    assert (record.score, record.loyalty, record.on) == (4, Loyalty.DETRACTOR, date(2026, 5, 1))


def test_only_the_active_are_paused() -> None:
    until = timezone.localdate() + timedelta(days=90)
    known = make_contact(status=ContactStatus.KNOWN)
    assert not pause_after_fall(contact=known, until=until, why="fell")
    active = make_contact()
    assert pause_after_fall(contact=active, until=until, why="fell")
    active.refresh_from_db()
    assert (active.status, active.paused_until) == (ContactStatus.PAUSED, until)
