"""The sweeper: what no task is on its way for is delivered all the same, short work first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage
from delivery.outbox import Handler, Payload, register_handler
from delivery.tasks import deliver_message, sweep_outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivered() -> list[int]:
    """Numbers of delivered messages, in order."""
    seen: list[int] = []

    def note(payload: Payload) -> None:
        seen.append(payload["number"])

    register_handler("short", Handler(note))
    register_handler("long", Handler(note, long=True))
    return seen


def promise(number: int, *, kind: str = "short", **fields: object) -> OutboxMessage:
    return OutboxMessage.objects.create(kind=kind, key=str(number), payload={"number": number}, **fields)


def test_sweep_delivers_what_waits_and_nothing_else(delivered: list[int]) -> None:
    now = timezone.now()
    promise(1)
    promise(2, due=now + timedelta(hours=1))
    promise(3, delivered_at=now)
    promise(4, gave_up_at=now)
    promise(5, kind="long", leased_until=now + timedelta(minutes=1))
    promise(6, kind="long", leased_until=now - timedelta(minutes=1))
    sweep_outbox()
    assert delivered == [1, 6]


def test_sweep_leaves_long_work_to_the_end(delivered: list[int]) -> None:
    promise(1, kind="long")
    promise(2)
    promise(3)
    sweep_outbox()
    assert delivered == [2, 3, 1]


def test_sweep_goes_on_after_a_failure(delivered: list[int]) -> None:
    promise(1, kind="unknown")
    promise(2)
    sweep_outbox()
    assert delivered == [2]


def test_deliver_message_of_a_delivered_one_does_nothing(delivered: list[int]) -> None:
    message = promise(1)
    deliver_message(message.pk)
    deliver_message(message.pk)
    assert delivered == [1]
