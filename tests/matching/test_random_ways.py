"""Requests driven at random, by everybody who has a say and by time, stay in step with the ledger and their records."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from delivery.models import OutboxMessage
from matching import kinds
from matching.enums import IN_REVIEW, LIVE, SAID_YES
from matching.handlers import HANDLERS
from matching.lifecycle import MATCH, REQUEST
from matching.models import Approval, Match, Request, UnmetDemand
from matching.services.answering import accept_match, cancel_by_customer, decline_match
from matching.services.approving import STEP_OF, approve_match, reject_match, swap_match
from matching.services.closing import report_outcome
from matching.services.filling import fill_request
from matching.services.meeting import complete_match, note_no_show, schedule_match
from matching.services.proposing import empty_slots
from matching.services.requests import cancel_request, reopen_request, submit_request
from references.contention.audit import count_broken
from references.errors import DomainError
from references.lifecycles import Lifecycle
from references.models import Contact, ContactGrant, Engagement, StateChange
from references.pool.index import forget_snapshot
from references.pool.writing import pool_write
from references.program import current_policy
from references.services.saving import name_subject
from tests.factories import make_contact, make_customer
from tests.matching.factories import banking, make_request
from users.models import User

pytestmark = pytest.mark.django_db

REFUSALS = frozenset(
    {
        "hold_refused", "not_in_pool", "slot_taken", "asked_already", "not_accepted", "move_not_allowed", "date_over",
        "request_not_open", "reported_already", "not_waiting",
    }
)  # fmt: skip
LEDGER = {
    "owner_review": {"held", "released"},  # released once the hold has run out
    "manager_review": {"held", "released"},
    "invited": {"asked"},
    "accepted": {"planned"},
    "scheduled": {"planned"},
    "completed": {"completed"},
    "rejected": {"released"},
    "declined": {"declined"},
    "no_answer": {"no_answer"},
    "withdrawn": {"released", "cancelled"},
    "cancelled": {"released", "cancelled"},
    "no_show": {"no_answer", "cancelled"},
}
NUMBERS = st.integers(0, 999)


class Ways(RuleBasedStateMachine):
    """One program of six promoters at two customers; every example begins afresh and leaves nothing behind."""

    rep: User
    manager: User

    def __init__(self) -> None:
        super().__init__()
        forget_snapshot()
        self.atomic = transaction.atomic()
        # so that durable transactions open within it, as in any test
        self.atomic._from_testcase = True  # type: ignore[attr-defined]
        self.atomic.__enter__()
        self.versions: dict[str, tuple[int, str]] = {}
        for owner in (self.manager, None):
            customer = make_customer(tags=[banking()], account_owner=owner)
            for _ in range(3):
                make_contact(customer, consents=["call"], email=f"{customer.pk}@customer.test")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        forget_snapshot()

    # What people do

    @rule(quantity=st.integers(1, 2), ahead=st.sampled_from([None, 1, 12, 70]))
    def send(self, quantity: int, ahead: int | None) -> None:
        needed_by = None if ahead is None else timezone.localdate() + timedelta(days=ahead)
        request = make_request(self.rep, quantity=quantity, needed_by=needed_by)
        fill_request(request=submit_request(request=request, by=self.rep))

    @precondition(lambda self: Match.objects.in_review().exists())
    @rule(number=NUMBERS)
    def approve(self, number: int) -> None:
        match = pick(Match.objects.in_review(), number)
        self.try_to(lambda: approve_match(match=match, by=self.manager, reason="fits"))

    @precondition(lambda self: Match.objects.in_review().exists())
    @rule(number=NUMBERS)
    def reject(self, number: int) -> None:
        reject_match(match=pick(Match.objects.in_review(), number), by=self.manager, reason="not now")

    @precondition(lambda self: Match.objects.live().exists())
    @rule(number=NUMBERS, whom=NUMBERS)
    def swap(self, number: int, whom: int) -> None:
        match, contact = pick(Match.objects.live(), number), pick(Contact.objects.all(), whom)
        self.try_to(lambda: swap_match(match=match, by=self.manager, contact_id=contact.pk))

    @precondition(lambda self: Match.objects.invited().exists())
    @rule(number=NUMBERS)
    def accept(self, number: int) -> None:
        accept_match(match=pick(Match.objects.invited(), number))

    @precondition(lambda self: Match.objects.invited().exists())
    @rule(number=NUMBERS)
    def decline(self, number: int) -> None:
        decline_match(match=pick(Match.objects.invited(), number), reason="no_time")

    @precondition(lambda self: Match.objects.filter(status__in=SAID_YES).exists())
    @rule(number=NUMBERS, hours=st.sampled_from([1, 24 * 12, 24 * 45]))
    def schedule(self, number: int, hours: int) -> None:
        match = pick(Match.objects.filter(status__in=SAID_YES), number)
        at = timezone.now() + timedelta(hours=hours)
        self.try_to(lambda: schedule_match(match=match, at=at, by=self.rep))

    @precondition(lambda self: on_its_day().exists())
    @rule(number=NUMBERS)
    def complete(self, number: int) -> None:
        """On the very day: one that took place on another may well fill a window, since the ledger says what was."""
        match = pick(on_its_day(), number)
        complete_match(match=match, on=match.on, by=self.rep)

    @precondition(lambda self: Match.objects.filter(status="scheduled").exists())
    @rule(number=NUMBERS, side=st.sampled_from(["requester", "promoter"]))
    def miss_the_meeting(self, number: int, side: str) -> None:
        note_no_show(match=pick(Match.objects.filter(status="scheduled"), number), side=side, by=self.rep)

    @precondition(lambda self: Match.objects.live().exists())
    @rule(number=NUMBERS)
    def take_back(self, number: int) -> None:
        self.try_to(lambda: cancel_by_customer(match=pick(Match.objects.live(), number), by=self.manager))

    @precondition(lambda self: Request.objects.exists())
    @rule(number=NUMBERS)
    def call_off(self, number: int) -> None:
        self.try_to(lambda: cancel_request(request=pick(Request.objects.all(), number), by=self.rep))

    @precondition(lambda self: Request.objects.exists())
    @rule(number=NUMBERS, result=st.sampled_from(["won", "lost"]))
    def end_the_deal(self, number: int, result: str) -> None:
        self.try_to(lambda: report_outcome(request=pick(Request.objects.all(), number), result=result, by=self.rep))

    @precondition(lambda self: Request.objects.filter(status="unmet").exists())
    @rule(number=NUMBERS)
    def try_again(self, number: int) -> None:
        reopen_request(request=pick(Request.objects.filter(status="unmet"), number), by=self.rep)

    # What time and the worker do

    @precondition(lambda self: waiting(kinds.FILL).exists())
    @rule(number=NUMBERS)
    def fill(self, number: int) -> None:
        message = pick(waiting(kinds.FILL), number)
        deliver(message)
        deliver(message)  # as after a crash before it was marked
        OutboxMessage.objects.filter(pk=message.pk).update(delivered_at=timezone.now())

    @precondition(lambda self: Match.objects.invited().exists())
    @rule(number=NUMBERS)
    def keep_silent(self, number: int) -> None:
        match = pick(Match.objects.invited(), number)
        promise = OutboxMessage.objects.get(key=f"{kinds.SILENCE}:{match.pk}")
        deliver(promise)  # not due yet: nothing happens
        assert Match.objects.get(pk=match.pk).status == "invited"
        Match.objects.filter(pk=match.pk).update(answer_due_at=timezone.now() - timedelta(seconds=1))
        deliver(promise)
        assert Match.objects.get(pk=match.pk).status == "no_answer"

    @precondition(lambda self: Engagement.objects.filter(status="held").exists())
    @rule(number=NUMBERS, is_swept=st.booleans())
    def run_out(self, number: int, is_swept: bool) -> None:
        row = pick(Engagement.objects.filter(status="held"), number)
        with pool_write() as touched:
            Engagement.objects.filter(pk=row.pk).update(hold_expires_at=timezone.now() - timedelta(seconds=1))
            touched.add(row.contact.customer_id)
        if is_swept:
            deliver(OutboxMessage.objects.get(key=f"{kinds.HOLD_EXPIRE}:{row.pk}"))
            assert Engagement.objects.get(pk=row.pk).status == "released"

    @precondition(lambda self: Approval.objects.pending().exists())
    @rule(number=NUMBERS)
    def be_late(self, number: int) -> None:
        approval = pick(Approval.objects.pending(), number)
        Approval.objects.filter(pk=approval.pk).update(due_at=timezone.now() - timedelta(seconds=1))
        deliver(OutboxMessage.objects.get(key=f"{kinds.ESCALATE}:{approval.pk}"))

    @precondition(lambda self: Request.objects.exclude(needed_by=None).exists())
    @rule(number=NUMBERS)
    def pass_the_day(self, number: int) -> None:
        request = pick(Request.objects.exclude(needed_by=None), number)
        day = request.needed_by
        Request.objects.filter(pk=request.pk).update(needed_by=timezone.localdate() - timedelta(days=1))
        deliver(OutboxMessage.objects.get(key=f"{kinds.EXPIRE}:{request.pk}:{day}"))
        Request.objects.filter(pk=request.pk).update(needed_by=day)

    # What always holds

    @invariant()
    def ledger_agrees(self) -> None:
        for match in Match.objects.select_related("engagement"):
            assert match.engagement is not None
            assert match.engagement.status in LEDGER[match.status], (match.status, match.engagement.status)
            assert (match.engagement.on, match.engagement.contact_id) == (match.on, match.contact_id)
        assert (
            Engagement.objects.filter(status__in=["held", "asked", "planned"]).count() <= Match.objects.live().count()
        )

    @invariant()
    def caps_hold(self) -> None:
        assert count_broken(current_policy().caps, timezone.now()) == {}

    @invariant()
    def slots_are_filled_once(self) -> None:
        taken = list(Match.objects.filter(status__in=[*LIVE, "completed"]).values_list("request", "slot"))
        assert len(taken) == len(set(taken))

    @invariant()
    def versions_grow(self) -> None:
        rows: list[Request | Match] = [*Request.objects.all(), *Match.objects.all()]
        for row in rows:
            version, status = self.versions.get(name_subject(row), (0, ""))
            assert row.version >= version
            assert row.version > version or row.status == status
            self.versions[name_subject(row)] = (row.version, row.status)

    @invariant()
    def changes_are_a_chain_along_the_table(self) -> None:
        rows: list[tuple[Request | Match, Lifecycle]] = [(row, REQUEST) for row in Request.objects.all()]
        rows += [(row, MATCH) for row in Match.objects.all()]
        for row, table in rows:
            status = ""
            for change in StateChange.objects.filter(subject=name_subject(row)).order_by("id"):
                assert change.from_status == status
                assert change.to_status in table.initial if status == "" else table.may_move(status, change.to_status)
                status = change.to_status
            assert status == row.status

    @invariant()
    def clock_runs_while_we_are_awaited(self) -> None:
        for request in Request.objects.prefetch_related("matches"):
            statuses = [match.status for match in request.matches.all()]
            yes = sum(status in SAID_YES for status in statuses)
            runs = request.status == "open" and "invited" not in statuses and yes < request.quantity
            assert (request.due_at is not None) == runs, (request.status, statuses, request.due_at)
            assert (request.ended_at is not None) == (request.status in {"fulfilled", "closed", "cancelled", "expired"})

    @invariant()
    def somebody_sees_to_every_empty_slot(self) -> None:
        for request in Request.objects.open():
            is_promised = waiting(kinds.FILL).filter(payload__request=request.pk).exists()
            is_known = UnmetDemand.objects.filter(request=request).unmet().exists() or request.needs_manager
            assert not empty_slots(request) or is_promised or is_known or is_asked_enough(request)
        for request in Request.objects.exclude(status__in=["open", "fulfilled"]):
            assert not request.matches.live().exists()

    @invariant()
    def approvals_wait_only_where_a_match_does(self) -> None:
        pending = set(Approval.objects.filter(status="pending").values_list("match__status", flat=True))
        assert pending <= set(IN_REVIEW)
        for match in Match.objects.in_review():
            assert match.approvals.get(step=STEP_OF[match.status]).status == "pending"  # type: ignore[index]

    @invariant()
    def contact_data_is_open_after_a_yes_only(self) -> None:
        open_to = set(ContactGrant.objects.in_force().values_list("source", flat=True))
        assert open_to == {f"match:{match.pk}" for match in Match.objects.filter(status__in=SAID_YES)}

    def try_to(self, act: Callable[[], object]) -> None:
        """Do what may be refused: then nothing has changed."""
        before = self.all_versions()
        try:
            act()
        except DomainError as error:
            if error.code not in REFUSALS:
                raise
            assert self.all_versions() == before

    def all_versions(self) -> list[Any]:
        rows = [list(model.objects.values_list("pk", "version", "status")) for model in (Request, Match)]
        return [*rows, list(Engagement.objects.values_list("pk", "status", "on"))]


def pick(rows: Any, number: int) -> Any:
    ordered = list(rows.order_by("pk"))
    return ordered[number % len(ordered)]


def waiting(kind: str) -> Any:
    return OutboxMessage.objects.filter(kind=kind, delivered_at=None)


def deliver(message: OutboxMessage) -> None:
    HANDLERS[message.kind](message.payload)


def on_its_day() -> Any:
    return Match.objects.filter(status__in=["accepted", "scheduled"], on__lte=timezone.localdate())


def is_asked_enough(request: Request) -> bool:
    """Whether a manager was called, who has since decided otherwise for this request."""
    limit = current_policy().service.people_per_slot
    asked = request.matches.filter(invited_at__isnull=False)
    return any(asked.filter(slot=slot).count() >= limit for slot in empty_slots(request))


def test_requests_go_any_way_and_stay_in_step(rep: User, manager: User) -> None:
    class Here(Ways):
        pass

    Here.rep, Here.manager = rep, manager
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=5,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
