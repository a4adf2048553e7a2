"""The figures of requests: what each counts, for whom, and what it leaves out."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching.figures import (
    read_period,
    read_pipeline,
    read_tired,
    read_unmet,
    read_work,
)
from matching.models import Match, ProofUse, Request, UnmetDemand
from matching.querysets import OVER, STEPS
from matching.showing import load_matches, next_step_of, show_matches
from references.policy import ProgramPolicy
from references.program import current_policy
from tests.factories import make_contact, make_engagement
from tests.matching.factories import make_banker, make_request, submit
from users.models import User

pytestmark = pytest.mark.django_db
_numbers = count(1)


def make_row(owner: User, status: str = "open", **fields: Any) -> Request:
    """A request as it stands, without its way."""
    given = {"deal": "Deal", "submitted_at": timezone.now() - timedelta(days=10), "creation_key": f"t:{next(_numbers)}"}
    return Request.objects.create(owner=owner, status=status, **{**given, **fields})


def make_match(
    request: Request, status: str = "invited", *, hours: dict[str, float] | None = None, slot: int = 1
) -> Match:
    """A match of a request, moments of which lie so many hours after its submission."""
    moments: dict[str, datetime] = {}
    for name, after in (hours or {}).items():
        assert request.submitted_at is not None
        moments[name] = request.submitted_at + timedelta(hours=after)
    if status == "scheduled":
        moments.setdefault("scheduled_at", timezone.now())
    made = moments.pop("created_at", None)
    match = Match.objects.create(
        request=request, slot=slot, contact=make_contact(), activity="call", on=timezone.localdate(), status=status,
        **moments,
    )  # fmt: skip
    if made:
        Match.objects.filter(pk=match.pk).update(created_at=made)
    return match


def test_work_counts_what_waits_and_what_is_late(manager: User, rep: User) -> None:
    now = timezone.now()
    make_banker(owner=manager)
    submit(rep)  # waits for the account owner
    make_row(rep, due_at=now - timedelta(hours=1))
    make_row(rep, due_at=now + timedelta(hours=71))
    make_row(rep, due_at=now + timedelta(days=30))
    make_row(rep, "fulfilled", due_at=now)
    make_row(rep, needs_manager="Choose by hand")
    make_row(rep, "cancelled", needs_manager="Choose by hand")
    work = read_work(manager, now)
    assert (work.waiting, work.overdue, work.needs_manager) == (1, 1, 1)
    ahead = Request.objects.filter(status="open", due_at__lte=now + timedelta(hours=72)).count()
    assert work.due_soon == ahead >= 2


def test_work_is_of_what_the_viewer_sees(manager: User, rep: User, outsider: User) -> None:
    make_row(rep, due_at=timezone.now())
    assert read_work(outsider, timezone.now()).due_soon == 0
    assert read_work(rep, timezone.now()).due_soon == 1


def test_unmet_counts_each_deal_once(manager: User, rep: User) -> None:
    today = timezone.localdate()
    first = make_row(rep, "unmet", deal_value=Decimal(400_000), currency="USD")
    second = make_row(rep, "unmet", deal_value=Decimal("90000.75"), currency="EUR")
    for request in (first, first, second, make_row(rep)):
        UnmetDemand.objects.create(request=request, activity="call")
    UnmetDemand.objects.filter(request=second).update(met_at=timezone.now())
    old = UnmetDemand.objects.create(request=make_row(rep, deal_value=Decimal(7), currency="USD"), activity="call")
    UnmetDemand.objects.filter(pk=old.pk).update(noted_at=timezone.now() - timedelta(days=40))
    unmet = read_unmet(manager, today - timedelta(days=5))
    assert (unmet.noted, unmet.standing, unmet.values) == (4, 3, {"EUR": 90_000, "USD": 400_000})


def test_fill_counts_slots_of_settled_requests_alone(manager: User, rep: User) -> None:
    make_match(make_row(rep, "fulfilled", quantity=2), "completed")
    both = make_row(rep, "closed", quantity=2)
    make_match(both, "completed", slot=1)
    make_match(both, "scheduled", slot=2)
    make_match(both, "declined", slot=2)
    make_row(rep, "unmet", quantity=3)
    make_row(rep, "expired")
    make_match(make_row(rep, quantity=4), "accepted")
    make_row(rep, "cancelled", quantity=5)
    make_row(rep, "draft", submitted_at=None)
    make_row(rep, "unmet", submitted_at=timezone.now() - timedelta(days=31))
    period = read_period(manager, 30, timezone.now())
    assert (period.fill.part, period.fill.whole, period.fill.value) == (3, 8, 0.375)
    assert (period.open_slots, period.cancelled_slots, period.submitted) == (4, 5, 6)


def test_times_are_hours_to_the_first_of_each(manager: User, rep: User) -> None:
    for number in range(1, 6):
        request = make_row(rep, "fulfilled")
        hours = {"created_at": 0.5 * number, "invited_at": 2 * number, "answered_at": 4 * number}
        make_match(request, "declined", hours={**hours, "invited_at": number})
        make_match(request, "completed", hours={**hours, "completed_at": 100 * number})
    period = read_period(manager, 90, timezone.now())
    found = [period.to_proposal, period.to_ask, period.to_yes, period.to_done]
    assert [middle.n for middle in found] == [5] * 4
    assert [middle.hours for middle in found] == pytest.approx([1.5, 3, 12, 300])


def test_times_of_four_are_too_few_to_say(manager: User, rep: User) -> None:
    for _ in range(4):
        make_match(make_row(rep), "accepted", hours={"answered_at": 5})
    period = read_period(manager, 30, timezone.now())
    assert (period.to_yes.hours, period.to_yes.n, period.to_done.n) == (None, 4, 0)


def test_calls_saved_are_the_deals_that_proof_was_enough_for(manager: User, rep: User, outsider: User) -> None:
    for key, enough in (("a", True), ("b", True), ("c", False)):
        ProofUse.objects.create(user=rep, deal_id="D-1" if enough else "", was_enough=enough, creation_key=key)
    assert read_period(manager, 30, timezone.now()).calls_saved == 1
    assert read_period(outsider, 30, timezone.now()).calls_saved == 0


LIVE_STEPS = {
    "proposed": "proposing", "owner_review": "owner_review", "manager_review": "manager_review",
    "approved": "proposing", "invited": "customer", "accepted": "schedule", "scheduled": "meeting",
    "declined": "proposing",
}  # fmt: skip


@pytest.mark.parametrize(("status", "step"), LIVE_STEPS.items())
def test_step_of_an_open_request_is_the_next_one_shown(status: str, step: str, manager: User, rep: User) -> None:
    request = make_row(rep)
    match = make_match(request, status)
    if status.endswith("_review"):
        match.approvals.create(step=status.removesuffix("_review"), due_at=timezone.now())
    assert Request.objects.with_step().get().step == step  # type: ignore[attr-defined]
    shown = show_matches(manager, load_matches(Match.objects.all()), current_policy())
    assert next_step_of(request, shown).code == step


@pytest.mark.parametrize(
    ("status", "needs", "step"),
    [
        ("draft", "", "draft"),
        ("open", "", "proposing"),
        ("open", "Choose", "needs_manager"),
        ("unmet", "", "unmet"),
        ("unmet", "Choose", "needs_manager"),
        ("fulfilled", "", "outcome"),
        *((status, "Choose", "over") for status in OVER),
    ],
)
def test_step_without_matches_is_the_next_one_shown(status: str, needs: str, step: str, rep: User) -> None:
    request = make_row(rep, status, needs_manager=needs)
    assert Request.objects.with_step().get().step == step  # type: ignore[attr-defined]
    assert next_step_of(request, []).code == step


def test_pipeline_counts_every_request_once(manager: User, rep: User) -> None:
    now = timezone.now()
    make_match(make_row(rep), "invited")
    make_request(rep)
    make_row(rep, "unmet")
    make_row(rep, "closed", ended_at=now)
    make_row(rep, "closed", ended_at=now - timedelta(days=100))
    make_row(rep, "expired", ended_at=now)
    pipeline = read_pipeline(manager, now - timedelta(days=90))
    assert [stage.code for stage in pipeline.standing] == list(STEPS)
    assert {stage.code: stage.count for stage in pipeline.standing if stage.count} == {
        "customer": 1, "draft": 1, "unmet": 1,
    }  # fmt: skip
    assert {stage.code: stage.count for stage in pipeline.ended} == {"closed": 1, "cancelled": 0, "expired": 1}


def test_tired_people_are_those_whom_the_pool_shows(manager: User) -> None:
    make_contact()
    tired = make_contact()
    for days in range(1, 9):
        make_engagement(tired, "call", on=timezone.localdate() - timedelta(days=days))
    counts = read_tired(manager)
    assert counts == {"fresh": 1, "soft": 0, "approval": 0, "stop": 1}
    assert ProgramPolicy().fatigue.stop < 1


def test_figures_take_as_many_queries_for_many_rows_as_for_few(manager: User, rep: User) -> None:
    now = timezone.now()

    def read() -> int:
        read_tired(manager)  # the index is fresh again
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read_work(manager, now)
            read_unmet(manager, timezone.localdate())
            read_period(manager, 90, now)
            read_pipeline(manager, now)
        return len(queries)

    make_match(make_row(rep))
    few = read()
    for _ in range(4):
        UnmetDemand.objects.create(request=make_row(rep), activity="call")
        make_match(make_row(rep), "accepted")
    assert read() == few == 9
