"""Many at once: one decision wins, nothing is done twice, nobody waits in a circle, and no cap breaks."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from matching.enums import LIVE
from matching.models import Match, Request, UnmetDemand
from matching.services.answering import accept_match, decline_match
from matching.services.approving import approve_match, reject_match
from matching.services.filling import fill_request
from matching.services.proposing import expire_hold
from matching.services.requests import cancel_request, submit_request
from matching.services.states import lock_request
from references.errors import DomainError
from references.models import Contact, Engagement
from references.personal_words import is_erased
from references.pool.writing import pool_write
from references.services.erasing import erase_contact
from references.services.holds import Ask, HoldRefusedError, lock_person, take_hold
from references.services.ledger import log_engagement
from references.services.nominations import move_nomination
from tests.factories import make_contact, make_customer, make_nomination
from tests.matching.factories import banking, make_banker, make_request, submit, the_match
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = frozenset(
    {"not_waiting", "changed_meanwhile", "hold_refused", "slot_taken", "request_not_open", "move_not_allowed"}
)


@pytest.fixture
def _needs_postgresql(db: None) -> None:
    if connections["default"].vendor != "postgresql":
        pytest.skip("needs DATABASE_URL to name PostgreSQL: SQLite has one writer at a time")


def do_at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Start each call in a thread of its own at the same moment; gives what each gave, or raised."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            start.wait()
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def codes_of(results: list[Any]) -> list[str]:
    """The codes of refusals, "done" for the rest; anything else that was raised is raised here."""
    codes = []
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, DomainError):
            raise result
        codes.append(result.code if isinstance(result, DomainError) else "done")
    return codes


def plan_far_ahead(contact: Contact, by: User, source: str) -> Engagement:
    on = timezone.localdate() + timedelta(days=30)
    return log_engagement(contact=contact, activity="call", status="planned", on=on, source=source, by=by)


def test_two_managers_decide_on_one_match_and_one_of_them_wins(rep: User, manager: User) -> None:
    for _ in range(3):
        make_banker(owner=manager)
        match = the_match(submit(rep))
        version = match.version
        found = do_at_once(
            partial(approve_match, match=match, by=manager, expected_version=version),
            partial(reject_match, match=match, by=manager, reason="no", expected_version=version),
            partial(approve_match, match=match, by=manager),
        )
        codes = codes_of(found)
        assert codes.count("done") == 1
        assert set(codes) <= {"done", "changed_meanwhile", "not_waiting"}
        match.refresh_from_db()
        [approval] = match.approvals.all()
        outcome = {"approved": ("invited", "asked"), "rejected": ("rejected", "released")}
        assert match.engagement is not None
        assert (match.status, match.engagement.status) == outcome[approval.status]


def test_several_who_fill_one_request_leave_one_match_in_each_slot(rep: User, manager: User) -> None:
    for _ in range(4):
        make_banker(owner=manager)
    request = submit_request(request=make_request(rep, quantity=3), by=rep)
    found = do_at_once(*[partial(fill_request, request=request)] * 4)
    assert set(codes_of(found)) == {"done"}
    assert sorted(request.matches.values_list("slot", flat=True)) == [1, 2, 3]
    assert len(set(request.matches.values_list("contact", flat=True))) == 3
    assert Engagement.objects.filter(status="held").count() == 3
    assert not UnmetDemand.objects.exists()


def test_request_cancelled_while_it_is_filled_holds_nobody_and_lacks_nothing(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    request = submit_request(request=make_request(rep), by=rep)
    codes_of(do_at_once(partial(fill_request, request=request), partial(cancel_request, request=request, by=rep)))
    fill_request(request=request)
    request.refresh_from_db()
    assert request.status == "cancelled"
    assert not request.matches.live().exists()
    assert not Engagement.objects.filter(status="held").exists()
    assert not UnmetDemand.objects.exists()


def test_last_place_of_a_customer_is_taken_once(rep: User) -> None:
    customer = make_customer(tags=[banking()])
    people = [make_contact(customer, consents=["call"]) for _ in range(6)]
    ask = Ask("call", timezone.localdate() + timedelta(days=10))
    until = timezone.now() + timedelta(hours=1)
    takes = [partial(take_hold, contact=each, ask=ask, source=f"t:{each.pk}", expires_at=until) for each in people]
    assert sorted(codes_of(do_at_once(*takes))) == ["done"] * 3 + ["hold_refused"] * 3
    assert Engagement.objects.filter(status="held").count() == 3


def test_one_source_at_once_is_one_hold() -> None:
    contact = make_contact(consents=["call"])
    ask = Ask("call", timezone.localdate() + timedelta(days=10))
    until = timezone.now() + timedelta(hours=1)
    found = do_at_once(*[partial(take_hold, contact=contact, ask=ask, source="t", expires_at=until)] * 4)
    assert codes_of(found) == ["done"] * 4
    assert {row.pk for row, _ in found} == {Engagement.objects.get().pk}


def test_person_held_for_two_days_is_asked_for_one_at_a_time(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    today = timezone.localdate()
    requests = [submit(rep, needed_by=today + timedelta(days=days)) for days in (5, 60)]
    first, second = (the_match(request) for request in requests)
    assert (first.contact, first.status) == (second.contact, second.status)
    found = do_at_once(*[partial(approve_match, match=match, by=manager) for match in (first, second)])
    assert sorted(codes_of(found)) == ["done", "hold_refused"]
    [refusal] = [each for each in found if isinstance(each, HoldRefusedError)]
    assert set(refusal.broken) == {"ask_outstanding"}
    assert Engagement.objects.filter(status="asked").count() == 1


@pytest.mark.services
@pytest.mark.usefixtures("_needs_postgresql")
def test_hold_that_runs_out_during_an_approval_stays_with_the_match(rep: User, manager: User) -> None:
    """The approval looks at the hold, then time runs out: neither the sweeper nor another taker gets in between."""
    contact = make_banker(owner=manager)
    match = the_match(submit(rep))
    ends = timezone.now() + timedelta(seconds=1)
    with pool_write():
        Engagement.objects.filter(source=f"match:{match.pk}").update(hold_expires_at=ends)
    approved = threading.Event()

    def approve_slowly() -> None:
        with pool_write():
            approve_match(match=match, by=manager)
            approved.set()
            time.sleep(1.5)

    def take_after_the_end() -> Any:
        approved.wait()
        time.sleep(1.2)
        return take_hold(contact=contact, ask=Ask("call", match.on), source="t", expires_at=ends + timedelta(days=1))

    def expire_after_the_end() -> bool:
        approved.wait()
        time.sleep(1.2)
        return expire_hold(match=match)

    done, taken, expired = do_at_once(approve_slowly, take_after_the_end, expire_after_the_end)
    assert (done, expired) == (None, False)
    assert isinstance(taken, HoldRefusedError)
    match.refresh_from_db()
    assert match.engagement is not None
    assert (match.status, match.engagement.status) == ("invited", "asked")


@pytest.mark.services
@pytest.mark.usefixtures("_needs_postgresql")
def test_whoever_logs_a_touch_does_not_wait_for_a_held_person_in_a_circle(manager: User) -> None:
    """The writer of a row that points to a locked person holds the pool's counter, for which the locker waits."""
    contact, locked = make_contact(consents=["call"]), threading.Event()

    def hold_slowly() -> None:
        with pool_write() as touched:
            lock_person(contact.pk)
            locked.set()
            time.sleep(0.7)
            touched.add(contact.customer_id)

    def log_meanwhile() -> None:
        locked.wait()
        plan_far_ahead(contact, manager, "page:1")

    assert codes_of(do_at_once(hold_slowly, log_meanwhile)) == ["done", "done"]


@pytest.mark.services
@pytest.mark.usefixtures("_needs_postgresql")
def test_locked_request_keeps_its_owner_free(rep: User, manager: User) -> None:
    contact, request, locked = make_contact(), make_request(rep), threading.Event()

    def decide_slowly() -> None:
        with pool_write() as touched:
            lock_request(request.pk)
            locked.set()
            time.sleep(0.7)
            touched.add(contact.customer_id)

    def log_meanwhile() -> None:
        locked.wait()
        plan_far_ahead(contact, rep, "page:1")
        User.objects.filter(pk=rep.pk).update(last_login=timezone.now())

    assert codes_of(do_at_once(decide_slowly, log_meanwhile)) == ["done", "done"]


@pytest.mark.services
@pytest.mark.usefixtures("_needs_postgresql")
@pytest.mark.parametrize("is_known", [True, False])
def test_person_erased_while_they_are_approved_does_not_wait_in_a_circle(is_known: bool, manager: User) -> None:
    contact, locked = make_contact(name="Jo New", status="known"), threading.Event()
    about = contact if is_known else None
    row = make_nomination(about, customer=contact.customer, by=manager, person_name="" if is_known else "Jo New")

    def erase_slowly() -> None:
        with pool_write():
            lock_person(contact.pk)
            locked.set()
            time.sleep(0.7)
            erase_contact(contact=contact)

    def approve_meanwhile() -> None:
        locked.wait()
        move_nomination(nomination=row, to="approved", by=manager)

    codes = codes_of(do_at_once(erase_slowly, approve_meanwhile))
    assert codes == ["done", "has_opted_out" if is_known else "erased"]
    assert is_erased(Contact.objects.get(pk=contact.pk))


@pytest.mark.services
@pytest.mark.usefixtures("_needs_postgresql")
def test_crowd_on_the_same_people_has_no_deadlock_and_loses_nothing(rep: User, manager: User) -> None:
    for _ in range(3):
        customer = make_customer(tags=[banking()], account_owner=manager)
        for _ in range(2):
            make_contact(customer, consents=["call", "group_call"], email=f"{customer.pk}@customer.test")
    found: list[Any] = do_at_once(*[partial(work, rep, manager, random.Random(seed)) for seed in range(8)])
    outcomes: Counter[str] = Counter()
    for each in found:
        if isinstance(each, Exception):
            raise each
        outcomes += each
    assert outcomes["accepted"] + outcomes["asked"] + outcomes["cancelled"]
    for match in Match.objects.select_related("engagement"):
        assert match.engagement is not None
        assert match.engagement.status in LEDGER[match.status], (match.status, match.engagement.status)
    live = Match.objects.filter(status__in=LIVE).values_list("request", "slot")
    assert len(live) == len(set(live))
    booked = Counter(Engagement.objects.filter(status__in=["held", "planned"]).values_list("contact", flat=True))
    assert max(booked.values(), default=0) <= 1  # 30 days of rest between two calls


LEDGER = {
    "owner_review": {"held"},
    "manager_review": {"held"},
    "invited": {"asked"},
    "accepted": {"planned"},
    "declined": {"declined"},
    "rejected": {"released"},
    "withdrawn": {"released", "cancelled"},
}


def work(rep: User, manager: User, dice: random.Random) -> Counter[str]:
    """Send requests, and decide on, answer or call off whatever match of anybody's comes by."""
    done: Counter[str] = Counter()
    for number in range(4):
        request = submit_request(request=make_request(rep, deal=f"Deal {number}"), by=rep)
        fill_request(request=request)
        live = list(Match.objects.live())  # others go on meanwhile
        for match in dice.sample(live, k=min(3, len(live))):
            try:
                done[move_on(match, manager, dice)] += 1
            except DomainError as error:
                if error.code not in AT_ONCE:
                    raise
                done[error.code] += 1
    return done


def move_on(match: Match, manager: User, dice: random.Random) -> str:
    if dice.random() < 0.2:
        cancel_request(request=Request.objects.get(pk=match.request_id), by=manager)
        return "cancelled"
    if match.status == "invited" and dice.random() < 0.3:
        return decline_match(match=match, reason="no_time").status
    if match.status == "invited":
        return accept_match(match=match).status
    if dice.random() < 0.2:
        return reject_match(match=match, by=manager, reason="no").status
    approve_match(match=match, by=manager)
    return "asked"
