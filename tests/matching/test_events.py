"""Managers' webhooks hear what becomes of requests and matches, and never whose they are."""

import json

import pytest

from delivery.models import WebhookDelivery
from delivery.webhook_services import create_webhook
from matching.enums import RequestStatus
from matching.events import EVENTS
from matching.services.answering import decline_match
from matching.services.meeting import complete_match
from matching.services.states import lock_request, move_request
from references.pool.writing import pool_write
from tests.matching.factories import accept, invite, make_banker, schedule, submit
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _webhook(manager: User) -> None:
    names = [event.name for event in EVENTS]
    create_webhook(owner=manager, name="CRM", url="https://crm.example/in", events=names)


def heard() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("event", flat=True))


def test_way_to_a_yes_is_told(rep: User, manager: User) -> None:
    make_banker("Ada Voss")
    match = accept(rep, manager, deal="Secret deal", deal_id="OPP-1", prospects=["Prospect Ltd"])
    assert heard() == ["request.opened", "match.accepted"]
    opened, accepted = WebhookDelivery.objects.order_by("pk")
    assert opened.data == {
        "id": match.request_id, "status": "open", "activity": "call", "quantity": 1, "deal_id": "OPP-1",
    }  # fmt: skip
    assert (accepted.subject, accepted.data["request"], accepted.data["status"]) == (
        f"match:{match.pk}", match.request_id, "accepted",
    )  # fmt: skip
    told = json.dumps([opened.data, accepted.data])
    for word in ("Ada", "Voss", "Secret", "Prospect", match.contact.customer.name):
        assert word not in told


def test_no_is_told(rep: User, manager: User) -> None:
    make_banker("Ada Voss")
    decline_match(match=invite(rep, manager), reason="no_time")
    assert heard()[:2] == ["request.opened", "match.declined"]


def test_reference_that_took_place_is_told_and_so_is_the_end(rep: User, manager: User) -> None:
    make_banker("Ada Voss")
    match = schedule(rep, manager)
    complete_match(match=match, by=manager)
    assert heard() == ["request.opened", "match.accepted", "match.completed", "request.fulfilled"]


def test_unmet_and_cancelled_requests_are_told(rep: User) -> None:
    request = submit(rep, brief="Nobody has this.", activity="speaking")
    assert heard() == ["request.opened", "request.unmet"]
    with pool_write():
        move_request(lock_request(request.pk), RequestStatus.CANCELLED, by=rep)
    assert heard()[-1] == "request.closed"
    assert WebhookDelivery.objects.latest("pk").data["status"] == "cancelled"


def test_examples_show_what_is_told(rep: User, manager: User) -> None:
    make_banker("Ada Voss")
    accept(rep, manager)
    examples = {event.name: event.example for event in EVENTS}
    for delivery in WebhookDelivery.objects.all():
        assert set(delivery.data) == set(examples[delivery.event])


def test_marketer_cannot_subscribe(marketer: User) -> None:
    assert all(event.for_managers for event in EVENTS)
