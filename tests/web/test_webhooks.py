"""Webhooks on pages: kept by managers and marketers, their log read and replayed, their secret shown on demand."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery.models import OutboxMessage, WebhookDelivery, WebhookSubscription
from delivery.webhook_letters import sample
from delivery.webhook_services import create_webhook
from delivery.webhook_signing import secret_of
from delivery.webhooks import emit
from tests.conftest import make_user
from tests.web.conftest import LogIn, read_page
from users.enums import Role
from users.models import User

URL = "https://hooks.example/in"
LIST = "/setup/webhooks/"
NOW = timezone.now


@pytest.fixture
def client(marketer: User, log_in: LogIn) -> Client:
    return log_in(marketer)


@pytest.fixture
def webhook(marketer: User) -> WebhookSubscription:
    return make(marketer)


def make(owner: User, name: str = "Website", **fields: Any) -> WebhookSubscription:
    return create_webhook(owner=owner, **{"name": name, "url": URL, "events": ["content.published"], **fields})


def page_of(row: WebhookSubscription) -> str:
    return reverse("web:webhook", args=[row.pk])


def happen(**data: Any) -> WebhookDelivery:
    emit("content.published", subject="testimonial:17", data={"id": 17, "tags": ["banking"], **data})
    return WebhookDelivery.objects.latest("pk")


def said(client: Client, address: str, **data: str) -> str:
    response = client.post(address, data, follow=True)
    assert response.status_code == 200
    return " ".join(str(each) for each in response.context["messages"])


def test_webhook_is_added_with_its_filters_and_leads_to_its_page(client: Client, marketer: User) -> None:
    data = {
        "name": "Newsroom",
        "url": URL,
        "events": ["content.published", "slot.held"],
        "only_tags": "banking, energy",
    }
    response = client.post(f"{LIST}add/", data)
    row = WebhookSubscription.objects.get()
    assert response["Location"] == page_of(row)
    assert (row.name, row.owner, row.events, row.filters) == (
        "Newsroom", marketer, ["content.published", "slot.held"], {"tags": ["banking", "energy"]},
    )  # fmt: skip
    assert secret_of(row) not in client.get(page_of(row)).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://hooks.example/"}, "must begin with https://"),
        ({"url": "https://127.0.0.1/"}, "not on the public internet"),
        ({"events": []}, "This field is required"),
        ({"events": ["request.opened"]}, "Select a valid choice"),
        ({"events": ["slot.held"], "only_noun": "testimonial"}, "would hear of none"),
    ],
)
def test_what_is_refused_is_said_on_the_form(client: Client, changes: dict[str, Any], words: str) -> None:
    data = {"name": "Newsroom", "url": URL, "events": ["content.published"], **changes}
    response = client.post(f"{LIST}add/", data)
    assert response.status_code == 422
    assert words in read_page(response.content.decode()).text
    assert not WebhookSubscription.objects.exists()


def test_form_offers_a_manager_more_events(client: Client, manager: User, log_in: LogIn) -> None:
    assert "request.opened" not in client.get(f"{LIST}add/").content.decode()
    assert "request.opened" in log_in(manager).get(f"{LIST}add/").content.decode()


def test_manager_who_edits_a_marketers_webhook_gets_the_marketers_events(
    webhook: WebhookSubscription, manager: User, log_in: LogIn
) -> None:
    client, address = log_in(manager), reverse("web:webhook-edit", args=[webhook.pk])
    page = client.get(address).content.decode()
    assert "request.opened" not in page
    assert client.post(address, {"name": "Site", "url": URL, "events": ["slot.held"]}).status_code == 302
    webhook.refresh_from_db()
    assert (webhook.name, webhook.events, webhook.owner.role) == ("Site", ["slot.held"], Role.MARKETER)


def test_another_marketers_webhook_is_not_found(webhook: WebhookSubscription, log_in: LogIn) -> None:
    other = log_in(make_user(Role.MARKETER, "other@example.test"))
    delivery = happen()
    for name in ("webhook", "webhook-edit", "webhook-delete"):
        assert other.get(reverse(f"web:{name}", args=[webhook.pk])).status_code == 404
    assert other.post(page_of(webhook), {"act": "secret"}).status_code == 404
    assert other.post(reverse("web:webhook-replay", args=[webhook.pk, delivery.pk])).status_code == 404
    assert "Website" not in other.get(LIST).content.decode()


def test_secret_is_shown_when_asked_for_and_replaced(client: Client, webhook: WebhookSubscription) -> None:
    before = secret_of(webhook)
    assert before not in client.get(page_of(webhook)).content.decode()
    shown = client.post(page_of(webhook), {"act": "secret"})
    assert before in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    replaced = client.post(page_of(webhook), {"act": "rotate"}).content.decode()
    webhook.refresh_from_db()
    assert secret_of(webhook) in replaced
    assert before not in replaced
    assert "signs too until" in replaced


def test_list_says_how_each_stands_and_how_the_week_went(client: Client, marketer: User) -> None:
    make(marketer, "Fine")
    rows: dict[str, dict[str, Any]] = {
        "Failing": {"failing_since": NOW()},
        "Stopped": {"is_active": False, "stopped_why": "It answered 410: gone."},
    }
    for name, fields in {**rows, "Paused": {"is_active": False}}.items():
        WebhookSubscription.objects.filter(pk=make(marketer, name).pk).update(**fields)
    happen()
    WebhookDelivery.objects.filter(subscription__name="Fine").update(delivered_at=NOW())
    happen()
    WebhookDelivery.objects.filter(subscription__name="Failing").update(gave_up_at=NOW())

    def shown(**query: str) -> list[str]:
        return [row.name for row, *_rest in client.get(LIST, query).context["lines"]]

    assert shown() == ["Failing", "Fine", "Paused", "Stopped"]
    assert shown(ordering="-name")[0] == "Stopped"
    for standing in ("failing", "paused", "stopped"):
        assert shown(standing=standing) == [standing.title()]
    assert shown(standing="active") == ["Failing", "Fine"]
    assert shown(search="fin") == ["Fine"]
    text = read_page(client.get(LIST).content.decode()).text
    assert "1 delivered, 1 waiting" in text
    assert "0 delivered, 2 failed" in text


def test_log_shows_what_was_sent_and_what_was_answered(client: Client, webhook: WebhookSubscription) -> None:
    delivery = happen()
    WebhookDelivery.objects.update(attempts=2, answered=500, error="no database")
    due = NOW() + timedelta(hours=3)
    OutboxMessage.objects.update(due=due)
    text = read_page(client.get(page_of(webhook)).content.decode()).text
    for words in (
        "content.published",
        "testimonial:17",
        "no database",
        "500",
        delivery.message_id,
        '"banking"',
        "next try",
    ):
        assert words in text, words


def test_log_is_narrowed_by_state_and_event(client: Client, webhook: WebhookSubscription) -> None:
    waiting, failed, done = happen(), happen(), happen()
    WebhookDelivery.objects.filter(pk=failed.pk).update(gave_up_at=NOW())
    WebhookDelivery.objects.filter(pk=done.pk).update(delivered_at=NOW())

    def shown(**query: str) -> list[int]:
        return [each.pk for each, *_rest in client.get(page_of(webhook), query).context["lines"]]

    assert shown() == [done.pk, failed.pk, waiting.pk]
    assert shown(state="failed") == [failed.pk]
    assert shown(state="pending") == [waiting.pk]
    assert shown(event="slot.held") == []


def test_body_that_tells_of_a_person_is_not_shown(client: Client, marketer: User) -> None:
    row = make(marketer, events=["lead.created"])
    emit("lead.created", subject="lead:9", data={"id": 9})
    assert "put together when it is sent" in client.get(page_of(row)).content.decode()


def test_one_event_and_all_that_failed_are_sent_again(client: Client, webhook: WebhookSubscription) -> None:
    first, second = happen(), happen()
    OutboxMessage.objects.update(delivered_at=NOW())
    WebhookDelivery.objects.update(gave_up_at=NOW())
    said(client, reverse("web:webhook-replay", args=[webhook.pk, first.pk]))
    first.refresh_from_db()
    assert (first.state, first.replays) == ("pending", 1)
    assert "1 event is sent again" in said(client, page_of(webhook), act="replay-failed", days="1")
    second.refresh_from_db()
    assert second.state == "pending"


def test_webhook_is_tried_paused_and_resumed(client: Client, webhook: WebhookSubscription) -> None:
    assert "on its way" in said(client, page_of(webhook), act="test")
    assert WebhookDelivery.objects.get().event == "webhook.test"
    said(client, page_of(webhook), act="pause")
    assert WebhookSubscription.objects.get().standing == "paused"
    assert "resume it first" in said(client, page_of(webhook), act="test")
    said(client, page_of(webhook), act="resume")
    assert WebhookSubscription.objects.get().standing == "active"


def test_webhook_is_deleted_after_asking(client: Client, webhook: WebhookSubscription) -> None:
    happen()
    address = reverse("web:webhook-delete", args=[webhook.pk])
    assert "1 event that waits is not sent" in client.get(address).content.decode()
    assert "is deleted" in said(client, address)
    assert not WebhookSubscription.objects.exists()


def test_letter_of_a_stopped_webhook_leads_to_its_page() -> None:
    assert sample().actions[0].url.endswith(reverse("web:webhooks"))
