"""Delivering: once, again after a failure, and never forever."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from delivery.models import OutboxMessage
from delivery.outbox import Handler, Payload, PostponedError, RetryLaterError, deliver, register_handler, wait_after
from users.models import Team

pytestmark = pytest.mark.django_db


def promise(kind: str = "note", **fields: object) -> OutboxMessage:
    number = OutboxMessage.objects.count()
    return OutboxMessage.objects.create(kind=kind, key=f"{kind}:{number}", **fields)


def fail(payload: Payload) -> None:
    Team.objects.create(name="Half done")
    raise ValueError("Key (email)=(kim@example.test) is taken")


def make_due(message: OutboxMessage) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(due=timezone.now())


def test_message_is_delivered_once() -> None:
    seen: list[Payload] = []
    register_handler("note", Handler(seen.append))
    message = promise(payload={"a": 1})
    assert [deliver(message.pk), deliver(message.pk)] == [True, False]
    assert seen == [{"a": 1}]


def test_message_that_is_gone_is_not_delivered() -> None:
    assert not deliver(12345)


def test_failing_handler_leaves_nothing_half_done_and_is_postponed() -> None:
    register_handler("note", Handler(fail))
    message = promise()
    assert not deliver(message.pk)
    message.refresh_from_db()
    assert not Team.objects.exists()
    assert (message.attempts, message.delivered_at, message.gave_up_at) == (1, None, None)
    assert message.due > timezone.now() + timedelta(seconds=8)
    assert not deliver(message.pk)


def test_last_error_is_kept_without_contact_data() -> None:
    register_handler("note", Handler(fail))
    message = promise()
    deliver(message.pk)
    message.refresh_from_db()
    assert message.last_error == "ValueError: Key (email)=([address]) is taken"


@pytest.mark.parametrize("is_long", [False, True])
def test_failing_handler_gives_up_after_its_last_attempt(is_long: bool) -> None:
    given_up: list[Payload] = []
    register_handler("note", Handler(fail, long=is_long, max_attempts=3, give_up=given_up.append))
    message = promise(payload={"a": 1})
    for _ in range(5):
        make_due(message)
        deliver(message.pk)
        Team.objects.all().delete()
    message.refresh_from_db()
    assert message.attempts == 3
    assert message.gave_up_at is not None
    assert given_up == [{"a": 1}]


def test_failing_handler_that_recovers_delivers() -> None:
    register_handler("note", Handler(fail))
    message = promise()
    deliver(message.pk)
    register_handler("note", Handler(lambda payload: None))
    make_due(message)
    assert deliver(message.pk)
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (2, "")


def test_unknown_kind_is_postponed_with_its_reason() -> None:
    message = promise(kind="from-a-newer-version")
    assert not deliver(message.pk)
    message.refresh_from_db()
    assert message.last_error.startswith("UnknownKindError")
    assert message.attempts == 1


def test_long_handler_whose_worker_died_in_its_last_attempt_is_given_up() -> None:
    seen: list[Payload] = []
    given_up: list[Payload] = []
    register_handler("note", Handler(seen.append, long=True, max_attempts=2, give_up=given_up.append))
    message = promise(attempts=2, leased_until=timezone.now() - timedelta(seconds=1))
    assert not deliver(message.pk)
    message.refresh_from_db()
    assert message.gave_up_at is not None
    assert message.last_error.startswith("WorkerDiedError")
    assert (seen, given_up) == ([], [{}])


def test_waits_grow_to_six_hours() -> None:
    waits = [wait_after(attempts) for attempts in range(1, 40)]
    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_long", [False, True])
def test_two_workers_deliver_once_between_them(is_long: bool) -> None:
    register_handler("note", Handler(create_slowly, long=is_long))
    messages = [promise(payload={"name": f"Team {number}"}) for number in range(5)]
    barrier = threading.Barrier(2)
    outcomes: list[bool] = []

    def work() -> None:
        try:
            barrier.wait()
            outcomes.extend(deliver(message.pk) for message in messages)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == [False] * 5 + [True] * 5
    assert Team.objects.count() == 5
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {1}


def create_slowly(payload: Payload) -> None:
    Team.objects.create(name=payload["name"])
    time.sleep(0.02)


def test_long_handler_may_postpone_without_an_attempt() -> None:
    def postpone(payload: Payload) -> None:
        raise PostponedError(timedelta(minutes=10))

    register_handler("note", Handler(postpone, long=True, max_attempts=2))
    message = promise()
    for _ in range(3):
        make_due(message)
        assert not deliver(message.pk)
    message.refresh_from_db()
    assert (message.attempts, message.gave_up_at, message.leased_until) == (0, None, None)
    assert timedelta(minutes=9) < message.due - timezone.now() <= timedelta(minutes=10)


@pytest.mark.parametrize(("asked", "least", "most"), [(0, 9, 10), (600, 599, 600), (900_000, 21_599, 21_600)])
def test_handler_may_say_how_long_to_wait(asked: int, least: int, most: int) -> None:
    def refuse(payload: Payload) -> None:
        raise RetryLaterError("busy", timedelta(seconds=asked))

    register_handler("note", Handler(refuse, long=True))
    message = promise()
    deliver(message.pk)
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (1, "RetryLaterError: busy")
    assert timedelta(seconds=least) < message.due - timezone.now() <= timedelta(seconds=most)
