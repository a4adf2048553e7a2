"""Leases: one holder at a time, alive as long as its worker, worthless once lost."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from delivery.leases import LeaseLostError, _held, hold_lease, lengthen, require_lease, take_lease
from delivery.models import OutboxMessage
from delivery.outbox import Handler, Payload, deliver, register_handler

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(db: None) -> OutboxMessage:
    return OutboxMessage.objects.create(kind="note", key="note:1")


def let_lease_run_out(message: OutboxMessage) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_lease_has_one_holder(message: OutboxMessage) -> None:
    lease = take_lease(message.pk)
    assert lease is not None
    assert lease.attempt == 1
    assert take_lease(message.pk) is None
    assert not OutboxMessage.objects.waiting().exists()


def test_lease_that_ran_out_goes_to_the_next_attempt(message: OutboxMessage) -> None:
    first = take_lease(message.pk)
    let_lease_run_out(message)
    second = take_lease(message.pk)
    assert first is not None
    assert second is not None
    assert second.attempt == 2
    assert not lengthen(first)
    assert lengthen(second)


def test_lease_lost_stops_the_work_and_leaves_the_message_to_the_new_holder(message: OutboxMessage) -> None:
    def work(payload: Payload) -> None:
        let_lease_run_out(message)
        assert take_lease(message.pk) is not None
        held = _held.get()
        assert held is not None
        assert not lengthen(held)
        require_lease()

    register_handler("note", Handler(work, long=True))
    assert not deliver(message.pk)
    message.refresh_from_db()
    assert (message.attempts, message.last_error, message.delivered_at) == (2, "", None)
    assert message.leased_until is not None


def test_lease_is_required_only_within_a_long_delivery(message: OutboxMessage) -> None:
    require_lease()
    lease = take_lease(message.pk)
    assert lease is not None
    with hold_lease(lease):
        require_lease()
        lease.lost.set()
        with pytest.raises(LeaseLostError):
            require_lease()
    require_lease()


@pytest.mark.django_db(transaction=True)
def test_lease_is_lengthened_while_the_work_goes_on(settings: Settings) -> None:
    settings.OUTBOX_LEASE_SECONDS = 1
    message = OutboxMessage.objects.create(kind="note", key="note:1")
    lease = take_lease(message.pk)
    assert lease is not None
    with hold_lease(lease):
        for _ in range(7):
            time.sleep(0.2)
            assert take_lease(message.pk) is None
    assert not lease.lost.is_set()
