"""Trying an unmet request again, now and on a promised day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxMessage
from matching.kinds import RETRY
from matching.models import UnmetDemand
from matching.services.requests import cancel_request
from matching.services.retrying import keep_promised_retry, promise_retry, retry_demand
from references.errors import DomainError
from references.models import StateChange
from tests.matching.factories import make_banker, submit
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def demand(rep: User, manager: User) -> UnmetDemand:
    """What the salesperson's request for a banker lacked while there was none."""
    return UnmetDemand.objects.get(request=submit(rep))


def test_retry_puts_forward_whom_the_pool_has_now(demand: UnmetDemand, manager: User) -> None:
    banker = make_banker()
    assert [match.contact_id for match in retry_demand(demand=demand, by=manager)] == [banker.pk]
    demand.refresh_from_db()
    demand.request.refresh_from_db()
    assert demand.met_at is not None
    assert (demand.request.status, demand.task.status) == ("open", "done")


@pytest.mark.django_db(transaction=True)
def test_retry_tells_whom_a_quicker_worker_put_forward(demand: UnmetDemand, manager: User) -> None:
    banker = make_banker()  # with real commits, the test's broker delivers the promised filling at once
    assert [match.contact_id for match in retry_demand(demand=demand, by=manager)] == [banker.pk]


def test_retry_that_finds_nobody_leaves_one_demand(demand: UnmetDemand, manager: User) -> None:
    assert retry_demand(demand=demand, by=manager) == []
    demand.request.refresh_from_db()
    assert demand.request.status == "unmet"
    assert UnmetDemand.objects.count() == 1


def test_retry_of_what_is_over_is_refused(demand: UnmetDemand, manager: User) -> None:
    cancel_request(request=demand.request, by=manager)
    with pytest.raises(DomainError) as refused:
        retry_demand(demand=demand, by=manager)
    assert refused.value.code == "request_over"


def test_promised_retry_happens_as_the_day_opens(demand: UnmetDemand, manager: User) -> None:
    on = timezone.localdate() + timedelta(days=12)
    message = promise_retry(demand=demand, on=on, by=manager)
    assert promise_retry(demand=demand, on=on, by=manager).pk == message.pk
    assert (message.kind, timezone.localdate(message.due), message.due.hour) == (RETRY, on, 9)
    told = StateChange.objects.filter(subject=f"recruitingtask:{demand.task.pk}", by=manager)
    assert told.count() == 1
    make_banker()
    OutboxMessage.objects.filter(pk=message.pk).update(due=timezone.now())
    assert outbox.deliver(message.pk)
    demand.refresh_from_db()
    assert demand.met_at is not None


def test_promised_retry_of_what_was_met_or_ended_does_nothing(demand: UnmetDemand, manager: User) -> None:
    cancel_request(request=demand.request, by=manager)
    assert not keep_promised_retry(demand=UnmetDemand.objects.get(pk=demand.pk))
    UnmetDemand.objects.update(met_at=timezone.now())
    assert not keep_promised_retry(demand=UnmetDemand.objects.get(pk=demand.pk))


@pytest.mark.parametrize(
    ("days", "met", "code"), [(0, False, "date_over"), (-1, False, "date_over"), (5, True, "met_already")]
)
def test_promise_of_no_use_is_refused(days: int, met: bool, code: str, demand: UnmetDemand, manager: User) -> None:
    if met:
        UnmetDemand.objects.update(met_at=timezone.now())
    with pytest.raises(DomainError) as refused:
        promise_retry(demand=demand, on=timezone.localdate() + timedelta(days=days), by=manager)
    assert refused.value.code == code
    assert not OutboxMessage.objects.filter(kind=RETRY).exists()
