"""Webhooks through the API: made once under a key, changed, tried, read and replayed; secrets told where they must."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from delivery.models import WebhookDelivery, WebhookSubscription
from delivery.webhook_services import create_webhook
from delivery.webhook_signing import secret_of
from delivery.webhooks import emit
from tests.api.conftest import client_of, codes, key_of
from users.enums import Role, Scope
from users.models import User

LIST = "/api/v1/webhooks/"
BODY: dict[str, Any] = {"name": "Website", "url": "https://hooks.example/in", "events": ["content.published"]}


@pytest.fixture
def client(marketer: User) -> APIClient:
    return key_of(marketer, Scope.CONTENT_WRITE)


@pytest.fixture
def webhook(marketer: User) -> WebhookSubscription:
    return create_webhook(owner=marketer, **BODY)


def happen() -> WebhookDelivery:
    emit("content.published", subject="testimonial:17", data={"id": 17, "tags": ["banking"]})
    return WebhookDelivery.objects.latest("pk")


def test_webhook_is_made_once_under_a_key_and_its_secret_told(client: APIClient) -> None:
    given = {**BODY, "filters": {"tags": ["banking"]}}
    first = client.post(LIST, given, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = client.post(LIST, given, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    row = WebhookSubscription.objects.get()
    assert (first.status_code, again.status_code, again["Idempotent-Replay"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert first.json()["secret"] == secret_of(row)
    assert (first.json()["filters"], first.json()["standing"]) == ({"tags": ["banking"]}, "active")
    for path in (LIST, f"{LIST}{row.pk}/"):
        assert secret_of(row) not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"url": "https://10.0.0.1/"}, 422, "url_refused", "url"),
        ({"events": ["request.opened"]}, 422, "unknown_event", "events"),
        ({"filters": {"color": ["red"]}}, 422, "unknown_fact", "filters"),
        ({"secret": "mine"}, 400, "unknown_field", "secret"),
        ({"events": "content.published"}, 400, "not_a_list", "events"),
    ],
)
def test_nonsense_is_refused_with_its_field(
    client: APIClient, changes: dict[str, Any], status: int, code: str, field: str
) -> None:
    response = client.post(LIST, {**BODY, **changes}, format="json")
    assert (response.status_code, codes(response)) == (status, [(code, field)])


def test_salesperson_keeps_none(rep: User) -> None:
    response = client_of(rep).post(LIST, BODY, format="json")
    assert (response.status_code, codes(response)) == (403, [("not_allowed", None)])


def test_whoever_lost_the_role_reaches_no_webhook_any_more(
    client: APIClient, webhook: WebhookSubscription, marketer: User
) -> None:
    User.objects.filter(pk=marketer.pk).update(role=Role.SALES)
    assert client.get(LIST).json()["results"] == []
    assert client.post(f"{LIST}{webhook.pk}/rotate-secret/").status_code == 404
    assert client.patch(f"{LIST}{webhook.pk}/", {"url": "https://b.example/"}, format="json").status_code == 404
    assert client.get(f"{LIST}{webhook.pk}/deliveries/").status_code == 404


def test_webhook_is_changed_paused_resumed_and_deleted(client: APIClient, webhook: WebhookSubscription) -> None:
    path = f"{LIST}{webhook.pk}/"
    assert client.patch(path, {"name": "Newsroom"}, format="json").json()["name"] == "Newsroom"
    assert client.post(f"{path}pause/").json()["standing"] == "paused"
    refused = client.post(f"{path}test/")
    assert (refused.status_code, codes(refused)) == (409, [("not_active", None)])
    assert client.post(f"{path}resume/").json()["standing"] == "active"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_secret_is_replaced(client: APIClient, webhook: WebhookSubscription) -> None:
    before = secret_of(webhook)
    answer = client.post(f"{LIST}{webhook.pk}/rotate-secret/").json()
    webhook.refresh_from_db()
    assert answer["secret"] == secret_of(webhook) != before
    assert answer["old_secret_until"]


def test_log_is_read_by_state_and_replayed(client: APIClient, webhook: WebhookSubscription) -> None:
    path = f"{LIST}{webhook.pk}/"
    waiting, failed, other = happen(), happen(), happen()
    WebhookDelivery.objects.filter(pk__in=[failed.pk, other.pk]).update(gave_up_at=timezone.now())
    assert [row["id"] for row in client.get(f"{path}deliveries/").json()["results"]] == [
        other.pk,
        failed.pk,
        waiting.pk,
    ]
    found = client.get(f"{path}deliveries/", {"state": "failed"}).json()["results"]
    assert [row["id"] for row in found] == [other.pk, failed.pk]
    assert client.get(f"{path}deliveries/", {"stat": "failed"}).status_code == 400
    again = client.post(f"{path}deliveries/{failed.pk}/replay/")
    assert (again.status_code, again.json()["state"], again.json()["message_id"]) == (202, "pending", failed.message_id)
    answer = client.post(f"{path}replay-failed/", {"since": "2020-01-01T00:00:00Z"}, format="json")
    assert (answer.status_code, answer.json()) == (202, {"replayed": 1})


def test_test_event_is_sent_once_under_a_key(client: APIClient, webhook: WebhookSubscription) -> None:
    path = f"{LIST}{webhook.pk}/test/"
    first, again = (client.post(path, HTTP_IDEMPOTENCY_KEY="k2") for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert WebhookDelivery.objects.count() == 1


def test_others_see_their_own_and_managers_all(webhook: WebhookSubscription, manager: User, rep: User) -> None:
    delivery = happen()
    assert client_of(manager).get(f"{LIST}{webhook.pk}/").status_code == 200
    other = client_of(rep)
    assert other.get(LIST).json()["results"] == []
    for path in ("", "deliveries/"):
        assert other.get(f"{LIST}{webhook.pk}/{path}").status_code == 404
    assert other.post(f"{LIST}{webhook.pk}/deliveries/{delivery.pk}/replay/").status_code == 404
    assert other.post(f"{LIST}{webhook.pk}/rotate-secret/").status_code == 404
