"""Sending: signed, once or more under one id, tried again as asked, and stopped where it is hopeless."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from delivery.models import OutboxMessage, WebhookDelivery, WebhookSubscription
from delivery.outbox import deliver
from delivery.resending import try_again
from delivery.webhook_sending import LETTER_STOPPED, MAX_ATTEMPTS, read_wait
from delivery.webhook_services import pause_webhook, rotate_secret, send_test
from delivery.webhook_signing import secret_of
from delivery.webhooks import EventType, emit, register_event
from tests.delivery.hooking import OPEN_EVENT, deliver_all, make_webhook, register_things
from tests.delivery.receiving import Receiver, receiving
from users.enums import Role
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    settings.WEBHOOKS_ALLOW_PRIVATE = settings.WEBHOOKS_ALLOW_HTTP = True
    with receiving() as found:
        settings.WEBHOOKS_PORTS = [443, found.port]
        yield found


@pytest.fixture
def webhook(receiver: Receiver, marketer: User) -> WebhookSubscription:
    register_things()
    return make_webhook(marketer, receiver.url)


def happen(number: int = 1) -> WebhookDelivery:
    with transaction.atomic():
        emit(OPEN_EVENT, subject=f"thing:{number}", data={"id": number, "word": "für"})
    return WebhookDelivery.objects.latest("pk")


def message() -> OutboxMessage:
    return OutboxMessage.objects.filter(kind="webhook").latest("pk")


def test_webhook_says_what_happened_and_proves_who_says_it(webhook: WebhookSubscription, receiver: Receiver) -> None:
    delivery = happen()
    assert deliver_all() == [True]
    [(headers, body)] = receiver.got
    told = Webhook(secret_of(webhook)).verify(body, headers)
    assert told == {"type": OPEN_EVENT, "timestamp": delivery.happened_at.isoformat(), "data": {"id": 1, "word": "für"}}
    assert headers["webhook-id"] == delivery.message_id
    assert headers["content-type"] == "application/json"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.answered, delivery.attempts, delivery.error) == ("delivered", 200, 1, "")


def test_both_secrets_sign_for_a_day_after_a_rotation(webhook: WebhookSubscription, receiver: Receiver) -> None:
    old = secret_of(webhook)
    new = rotate_secret(subscription=webhook)
    assert new != old
    happen()
    WebhookSubscription.objects.update(old_secret_until=timezone.now() + timedelta(minutes=1))
    deliver_all()
    headers, body = receiver.got[-1]
    assert Webhook(old).verify(body, headers) == Webhook(new).verify(body, headers)

    WebhookSubscription.objects.update(old_secret_until=timezone.now())
    happen()
    deliver_all()
    headers, body = receiver.got[-1]
    assert Webhook(new).verify(body, headers)
    assert len(headers["webhook-signature"].split(" ")) == 1


def test_failed_attempt_is_told_and_made_again_under_the_same_id(
    webhook: WebhookSubscription, receiver: Receiver
) -> None:
    receiver.replies = [(500, {}, b"no \x00database for kim@example.test"), (204, {}, b"")]
    delivery = happen()
    assert deliver_all() == [False]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.answered, delivery.error) == ("pending", 500, "no database for [address]")
    assert message().due > timezone.now() + timedelta(seconds=8)
    assert WebhookSubscription.objects.get().failing_since is not None

    assert deliver_all() == [True]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.answered, delivery.attempts, delivery.error) == ("delivered", 204, 2, "")
    assert receiver.ids == [delivery.message_id] * 2
    assert receiver.got[0][1] == receiver.got[1][1]
    assert WebhookSubscription.objects.get().failing_since is None


def test_receiver_that_asks_to_wait_is_left_in_peace(webhook: WebhookSubscription, receiver: Receiver) -> None:
    receiver.answer(429, Retry_After="600")
    happen(1)
    happen(2)
    assert deliver_all() == [False, False]
    assert len(receiver.got) == 1  # the second was not even tried
    first, second = OutboxMessage.objects.order_by("pk")
    assert (first.attempts, second.attempts) == (1, 0)
    for each in (first, second):
        assert timedelta(seconds=590) < each.due - timezone.now() <= timedelta(seconds=600)

    receiver.answer(200)
    WebhookSubscription.objects.update(quiet_until=timezone.now())
    assert deliver_all() == [True, True]
    assert WebhookSubscription.objects.get().quiet_until is None


def test_receiver_that_does_not_answer_holds_up_nobody(webhook: WebhookSubscription, receiver: Receiver) -> None:
    WebhookSubscription.objects.update(url="http://127.0.0.1:443/")
    happen(1)
    happen(2)
    assert deliver_all() == [False, False]
    first, second = WebhookDelivery.objects.order_by("pk")
    assert (first.attempts, first.answered, second.attempts) == (1, None, 0)
    assert "could not be reached" in first.error


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("", 0), ("120", 120), (" 7 ", 7), ("-5", 0), ("1e9", 0), ("9" * 30, 3600), ("soon", 0), ("٣", 0),
        ("Fri, 01 Jan 2027 00:02:00 GMT", 120), ("Fri, 01 Jan 2021 00:00:00 GMT", 0),
        ("Fri, 01 Jan 2027 23:00:00 GMT", 3600),
    ],
)  # fmt: skip
def test_retry_after_is_honored_within_limits(given: str, seconds: int) -> None:
    assert read_wait(given, datetime(2027, 1, 1, tzinfo=UTC)) == timedelta(seconds=seconds)


def test_receiver_that_says_gone_is_stopped_and_its_owner_told(
    webhook: WebhookSubscription, receiver: Receiver, mailoutbox: list[object]
) -> None:
    receiver.answer(410)
    delivery = happen()
    deliver_all()
    row = WebhookSubscription.objects.get()
    delivery.refresh_from_db()
    assert (row.is_active, row.stopped_why, delivery.state) == (False, "It answered 410: gone.", "failed")
    assert emit(OPEN_EVENT, subject="thing:2", data={"id": 2}) == 0
    assert OutboxMessage.objects.filter(payload__letter=LETTER_STOPPED).count() == 1
    assert deliver_all() == [True]
    assert [each.to for each in mailoutbox] == [[row.owner.email]]  # type: ignore[attr-defined]
    assert len(receiver.got) == 1


def test_receiver_that_took_nothing_for_days_is_stopped(webhook: WebhookSubscription, receiver: Receiver) -> None:
    receiver.answer(503)
    happen()
    WebhookSubscription.objects.update(failing_since=timezone.now() - timedelta(days=4))
    deliver_all()
    assert WebhookSubscription.objects.get().is_active
    WebhookSubscription.objects.update(failing_since=timezone.now() - timedelta(days=6))
    deliver_all()
    row = WebhookSubscription.objects.get()
    assert (row.is_active, row.stopped_why) == (False, "It took nothing for 5 days.")


def test_last_attempt_gives_up_and_can_be_tried_again(webhook: WebhookSubscription, receiver: Receiver) -> None:
    receiver.answer(500)
    delivery = happen()
    OutboxMessage.objects.update(attempts=MAX_ATTEMPTS - 1)
    deliver_all()
    delivery.refresh_from_db()
    assert (delivery.state, message().is_given_up) == ("failed", True)

    receiver.answer(200)
    assert try_again(OutboxMessage.objects.all()) == 1
    assert deliver_all() == [True]
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    assert receiver.ids == [delivery.message_id] * 2


@pytest.mark.parametrize("change", ["paused", "closed", "demoted"])
def test_what_must_not_be_told_any_more_is_not_sent(
    webhook: WebhookSubscription, receiver: Receiver, marketer: User, change: str
) -> None:
    delivery = happen()
    if change == "paused":
        pause_webhook(subscription=webhook)
    elif change == "closed":
        User.objects.update(is_active=False)
    else:
        User.objects.update(role=Role.SALES)
    deliver_all()
    delivery.refresh_from_db()
    assert (delivery.state, receiver.got) == ("failed", [])
    assert delivery.error


def test_body_that_is_not_kept_is_built_when_it_is_sent(
    webhook: WebhookSubscription, receiver: Receiver, marketer: User
) -> None:
    people = {7: "Jo Vrabec"}

    def build(data: object) -> dict[str, str] | None:
        return {"name": people[7]} if 7 in people else None

    register_event(EventType("lead.met", "A lead", {"id": 7}, build))
    make_webhook(marketer, receiver.url, events=["lead.met"])
    emit("lead.met", subject="lead:7", data={"id": 7})
    deliver_all()
    assert json.loads(receiver.got[-1][1])["data"] == {"name": "Jo Vrabec"}
    assert WebhookDelivery.objects.get().data == {"id": 7}

    emit("lead.met", subject="lead:7", data={"id": 7})
    people.clear()
    deliver_all()
    assert len(receiver.got) == 1
    assert WebhookDelivery.objects.latest("pk").state == "failed"


def test_delivery_that_is_gone_or_done_is_not_sent(webhook: WebhookSubscription, receiver: Receiver) -> None:
    delivery = happen()
    WebhookDelivery.objects.update(delivered_at=timezone.now())
    assert deliver(message().pk)
    happen()
    WebhookDelivery.objects.exclude(pk=delivery.pk).delete()
    assert deliver(message().pk)
    assert receiver.got == []


def test_trial_is_sent_whatever_is_subscribed_to(webhook: WebhookSubscription, receiver: Receiver) -> None:
    send_test(subscription=webhook)
    assert deliver_all() == [True]
    assert json.loads(receiver.got[0][1])["type"] == "webhook.test"
