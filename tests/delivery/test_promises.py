"""A promise stands and falls with its transaction."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from delivery.models import OutboxMessage
from delivery.outbox import Handler, Payload, register_handler
from delivery.promises import enqueue
from users.models import Team


@pytest.fixture
def delivered() -> list[Payload]:
    """Payloads that the handler of kind "note" was given."""
    seen: list[Payload] = []
    register_handler("note", Handler(seen.append))
    return seen


@pytest.mark.django_db(transaction=True)
def test_promise_is_delivered_once_its_transaction_commits(delivered: list[Payload]) -> None:
    with transaction.atomic():
        Team.objects.create(name="North")
        enqueue(kind="note", key="note:1", payload={"team": "North"})
        assert delivered == []
    assert delivered == [{"team": "North"}]
    assert OutboxMessage.objects.get().delivered_at is not None


@pytest.mark.django_db(transaction=True)
def test_promise_falls_with_its_transaction(delivered: list[Payload]) -> None:
    with transaction.atomic():
        enqueue(kind="note", key="note:1")
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()
    assert delivered == []


@pytest.mark.django_db(transaction=True)
def test_promise_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="belongs in the transaction"):
        enqueue(kind="note", key="note:1")


@pytest.mark.django_db(transaction=True)
def test_promise_by_the_same_key_is_one_promise(delivered: list[Payload]) -> None:
    for attempt in (1, 2):
        with transaction.atomic():
            enqueue(kind="note", key="note:1", payload={"attempt": attempt})
    assert delivered == [{"attempt": 1}]


@pytest.mark.django_db(transaction=True)
def test_promise_for_later_waits(delivered: list[Payload]) -> None:
    with transaction.atomic():
        message = enqueue(kind="note", key="note:1", due=timezone.now() + timedelta(hours=1))
    assert delivered == []
    assert message not in OutboxMessage.objects.waiting()
    assert message in OutboxMessage.objects.waiting(timezone.now() + timedelta(hours=2))
