"""What a contest refuses, and what it takes for lost and doubled."""

from dataclasses import replace
from typing import Any

import pytest

from references.contention.contest import Outcome, _compare, run_contest
from references.contention.salesperson import Told
from tests.factories import make_contact, make_engagement

pytestmark = pytest.mark.django_db


def compare(*told: Told) -> tuple[int, int]:
    outcome = Outcome("", 1, 1, 1, 1, locks=True)
    _compare(outcome, list(told))
    return outcome.lost, outcome.doubled


def test_contest_needs_a_database_of_its_own() -> None:
    make_contact()
    with pytest.raises(RuntimeError, match="empty"):
        run_contest(people=1, salespeople=1, rounds=1, locks=True)


def test_successes_are_lost_that_the_ledger_does_not_hold_as_told() -> None:
    row = make_engagement(make_contact(), "call", "held", source="contest:1")
    assert compare(Told(rows={"contest:1": (row.pk, "held")})) == (0, 0)
    assert compare(Told(rows={"contest:1": (row.pk, "planned")})) == (1, 0)
    assert compare(Told(rows={"contest:1": (row.pk, "held"), "contest:2": (row.pk + 1, "held")})) == (1, 0)


def test_holds_are_doubled_that_two_were_told_or_nobody() -> None:
    row = make_engagement(make_contact(), "call", "held", source="contest:1")
    assert compare(Told(rows={"contest:1": (row.pk, "held")}, repeats_differ=1)) == (0, 1)
    assert compare(Told()) == (0, 1)


def test_outcome_is_as_it_should_be_only_where_something_was_tried_and_nothing_broke() -> None:
    assert not Outcome("", 1, 1, 1, 1, locks=True).is_as_it_should_be
    outcome = Outcome("", 1, 1, 1, 1, locks=True, attempts=1)
    assert outcome.is_as_it_should_be
    faults: list[dict[str, Any]] = [
        {"errors": {"database is locked": 1}},
        {"lost": 1},
        {"doubled": 1},
        {"caps_broken": {"rest": 1}},
    ]
    for fault in faults:
        assert not replace(outcome, **fault).is_as_it_should_be


def test_control_is_as_it_should_be_only_where_caps_break() -> None:
    control = Outcome("", 1, 1, 1, 1, locks=False, attempts=1)
    assert not control.is_as_it_should_be
    assert replace(control, caps_broken={"rest": 1}).is_as_it_should_be
