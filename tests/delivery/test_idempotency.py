"""Idempotency keys: one call under one key is done once, whatever is repeated, and however two meet."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from delivery.idempotency import IdempotencyError, claim, forget_old_keys, release, store_answer
from delivery.models import IdempotencyKey
from delivery.tasks import forget_idempotency_keys
from users.models import User

pytestmark = pytest.mark.django_db


def ask(user: User, body: bytes = b"{}", *, key: str = "k", endpoint: str = "POST /requests/") -> IdempotencyKey:
    return claim(user=user, key=key, endpoint=endpoint, body=body)


def refusal_of(user: User, body: bytes = b"{}", *, endpoint: str = "POST /requests/") -> str:
    with pytest.raises(IdempotencyError) as refused:
        ask(user, body, endpoint=endpoint)
    return refused.value.code


def test_first_call_is_to_be_done_and_its_repeat_gets_the_answer(rep: User) -> None:
    first = ask(rep)
    assert first.status is None
    assert store_answer(first, status=201, answer={"id": 1})
    again = ask(rep)
    assert (again.status, again.answer) == (201, {"id": 1})


def test_key_means_something_else_to_everybody(rep: User, outsider: User) -> None:
    store_answer(ask(rep), status=201, answer={})
    assert ask(outsider).status is None


@pytest.mark.parametrize("is_answered", [False, True])
def test_key_stands_for_one_call(is_answered: bool, rep: User) -> None:
    first = ask(rep, b'{"a": 1}')
    if is_answered:
        store_answer(first, status=201, answer={})
    assert refusal_of(rep, b'{"a": 2}') == "idempotency_mismatch"
    assert refusal_of(rep, b'{"a": 1}', endpoint="POST /nominations/") == "idempotency_mismatch"


def test_repeat_waits_while_the_first_is_being_done(rep: User) -> None:
    ask(rep)
    assert refusal_of(rep) == "idempotency_in_progress"


def test_call_whose_process_died_may_be_made_again_and_the_late_one_loses(rep: User) -> None:
    ask(rep)
    IdempotencyKey.objects.update(claimed_at=timezone.now() - timedelta(seconds=61))
    late, taken_over = IdempotencyKey.objects.get(), ask(rep)
    assert taken_over.status is None
    assert not store_answer(late, status=201, answer={"id": 1})
    release(late)
    assert store_answer(taken_over, status=201, answer={"id": 2})
    assert ask(rep).answer == {"id": 2}


def test_call_that_was_refused_may_be_made_again_with_another_body(rep: User) -> None:
    release(ask(rep, b'{"a": 1}'))
    assert ask(rep, b'{"a": 2}').status is None


def test_answer_that_was_given_is_not_released(rep: User) -> None:
    first = ask(rep)
    store_answer(first, status=201, answer={})
    release(first)
    assert ask(rep).status == 201


def test_long_address_fits(rep: User) -> None:
    endpoint = "POST /" + "x" * 400
    store_answer(ask(rep, endpoint=endpoint), status=201, answer={})
    assert ask(rep, endpoint=endpoint).status == 201


def test_keys_are_forgotten_after_thirty_days(rep: User) -> None:
    ask(rep, key="new")
    old = ask(rep, key="old")
    IdempotencyKey.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    forget_idempotency_keys.delay()
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]
    assert forget_old_keys() == 0


@pytest.mark.django_db(transaction=True)
def test_of_calls_at_the_same_moment_one_is_done(rep: User) -> None:
    barrier = threading.Barrier(4)
    outcomes: list[str] = []

    def work() -> None:
        try:
            barrier.wait()
            ask(rep)
            outcomes.append("done")
        except IdempotencyError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == ["done"] + ["idempotency_in_progress"] * 3
