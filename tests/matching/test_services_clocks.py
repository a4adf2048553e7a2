"""Due times of open requests follow the policy; a clock that stands still is left alone."""

from datetime import timedelta

import pytest

from delivery.models import OutboxMessage
from matching.policy_preview import preview_policy
from matching.services.clocks import renew_clocks
from references.announcing import POLICY_CHANGED
from references.services.policies import save_policy
from tests.matching.factories import invite, make_banker, submit
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def test_saved_policy_moves_due_times_as_its_preview_said(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    request = submit(rep)
    values = {"service": {"request_hours": 48}}
    (told,) = preview_policy(values).requests
    before = request.due_at
    save_policy(values=values)
    assert OutboxMessage.objects.get(kind=POLICY_CHANGED).delivered_at is not None
    request.refresh_from_db()
    assert (told.due_before, told.due_after) == (before, request.due_at)
    assert before is not None
    assert request.due_at is not None
    assert request.due_at - before >= timedelta(days=3)


def test_clock_that_stands_still_stays_still(rep: User, manager: User) -> None:
    make_banker(owner=manager)
    request = invite(rep, manager).request
    request.refresh_from_db()
    assert renew_clocks() == 1
    version = request.version
    request.refresh_from_db()
    assert (request.due_at, request.version) == (None, version)
