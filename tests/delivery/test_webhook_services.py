"""Webhooks are made, changed, paused and replayed by whoever may; nonsense is refused with its field."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.models import OutboxMessage, WebhookDelivery, WebhookSubscription
from delivery.tasks import forget_webhook_deliveries
from delivery.webhook_services import (
    WebhookError,
    change_webhook,
    delete_webhook,
    events_for,
    pause_webhook,
    replay,
    replay_failed,
    resume_webhook,
    rotate_secret,
    send_test,
)
from delivery.webhook_signing import secret_of
from delivery.webhooks import emit
from tests.delivery.hooking import CLOSED_EVENT, OPEN_EVENT, deliver_all, make_webhook, register_things
from users.enums import Role
from users.models import User

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture(autouse=True)
def _things() -> None:
    register_things()


def refusal(make: Any, **fields: Any) -> tuple[str, str | None]:
    with pytest.raises(WebhookError) as caught:
        make(**fields)
    assert caught.value.message
    return caught.value.code, caught.value.field


def happen(**data: Any) -> int:
    return emit(OPEN_EVENT, subject="thing:1", data={"id": 1, **data})


def test_webhook_is_kept_as_given(marketer: User) -> None:
    row = make_webhook(marketer, name=" Website ", filters={"tags": ["b", "a", "b", " "], "kind": []})
    row.refresh_from_db()
    assert (row.name, row.url, row.events, row.filters) == (
        "Website", "https://hooks.example/in", [OPEN_EVENT], {"tags": ["a", "b"]},
    )  # fmt: skip
    assert secret_of(row).startswith("whsec_")
    assert secret_of(row) != secret_of(make_webhook(marketer))


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"name": " "}, "name_required", "name"),
        ({"url": "http://hooks.example/"}, "url_refused", "url"),
        ({"url": "https://10.0.0.1/"}, "url_refused", "url"),
        ({"url": "https://hooks.example/" + "x" * 500}, "url_refused", "url"),
        ({"events": []}, "unknown_event", "events"),
        ({"events": ["thing.lost"]}, "unknown_event", "events"),
        ({"events": [CLOSED_EVENT]}, "unknown_event", "events"),
        ({"filters": {"color": ["red"]}}, "unknown_fact", "filters"),
        ({"filters": {"channel": ["web"]}}, "filter_never_fits", "filters"),
        ({"filters": {"tags": ["x" * 121]}}, "invalid_filter", "filters"),
        ({"filters": {"tags": [str(n) for n in range(51)]}}, "invalid_filter", "filters"),
    ],
)
def test_nonsense_is_refused_beside_its_field(marketer: User, fields: dict[str, Any], code: str, field: str) -> None:
    assert refusal(lambda **given: make_webhook(marketer, **given), **fields) == (code, field)
    kept = make_webhook(marketer)
    assert refusal(change_webhook, subscription=kept, **fields) == (code, field)


def test_salesperson_keeps_none(rep: User) -> None:
    assert refusal(lambda: make_webhook(rep)) == ("not_allowed", None)
    assert events_for(rep) == []


def test_events_of_managers_are_for_managers(marketer: User, manager: User) -> None:
    assert CLOSED_EVENT not in {event.name for event in events_for(marketer)}
    row = make_webhook(manager, events=[CLOSED_EVENT])
    assert emit(CLOSED_EVENT, subject="thing:1", data={"id": 1}) == 1
    User.objects.filter(pk=manager.pk).update(role=Role.MARKETER)
    assert emit(CLOSED_EVENT, subject="thing:1", data={"id": 1}) == 0
    assert WebhookDelivery.objects.filter(subscription=row).count() == 1


def test_filters_let_through_what_fits_every_fact(marketer: User) -> None:
    make_webhook(marketer, filters={"tags": ["banking", "energy"], "language": ["de"]})
    assert happen(tags=["banking", "ledger"], language="de") == 1
    assert happen(tags=["retail"], language="de") == 0
    assert happen(tags=["banking"], language="en") == 0
    assert happen(language="de") == 0


def test_nobody_hears_of_an_event_that_nobody_registered() -> None:
    with pytest.raises(KeyError):
        emit("thing.unheard", subject="thing:1", data={})


def test_paused_webhook_hears_of_nothing_until_it_is_resumed(marketer: User) -> None:
    row = pause_webhook(subscription=make_webhook(marketer))
    assert happen() == 0
    assert refusal(send_test, subscription=row) == ("not_active", None)
    WebhookSubscription.objects.update(stopped_why="gone", failing_since=NOW(), quiet_until=NOW())
    row = resume_webhook(subscription=row)
    assert (row.stopped_why, row.failing_since, row.quiet_until) == ("", None, None)
    assert happen() == 1


def test_rotation_changes_the_secret_and_names_the_end_of_the_old(marketer: User) -> None:
    row = make_webhook(marketer)
    before = secret_of(row)
    after = rotate_secret(subscription=row)
    row.refresh_from_db()
    assert (secret_of(row), secret_of(row, 1)) == (after, before)
    assert row.old_secret_until is not None
    assert timedelta(hours=23) < row.old_secret_until - NOW() <= timedelta(hours=24)


def test_replay_keeps_the_id_and_promises_anew(marketer: User) -> None:
    make_webhook(marketer)
    happen()
    row = WebhookDelivery.objects.get()
    OutboxMessage.objects.update(delivered_at=NOW())
    WebhookDelivery.objects.update(delivered_at=NOW())
    again = replay(delivery=row)
    assert (again.message_id, again.state) == (row.message_id, "pending")
    assert OutboxMessage.objects.open().count() == 1
    assert OutboxMessage.objects.count() == 2


def test_replay_of_what_waits_hastens_it(marketer: User) -> None:
    make_webhook(marketer)
    happen()
    OutboxMessage.objects.update(due=NOW() + timedelta(hours=5))
    replay(delivery=WebhookDelivery.objects.get())
    [message] = OutboxMessage.objects.all()
    assert message.due <= NOW()


def test_everything_failed_since_a_moment_is_replayed(marketer: User) -> None:
    row = make_webhook(marketer)
    for _number in range(4):
        happen()
    old, failed, done, _waiting = WebhookDelivery.objects.order_by("pk")
    WebhookDelivery.objects.filter(pk=old.pk).update(gave_up_at=NOW(), happened_at=NOW() - timedelta(days=9))
    WebhookDelivery.objects.filter(pk=failed.pk).update(gave_up_at=NOW())
    WebhookDelivery.objects.filter(pk=done.pk).update(delivered_at=NOW())
    assert replay_failed(subscription=row, since=NOW() - timedelta(days=1)) == 1
    assert [each.pk for each in WebhookDelivery.objects.filter(replays=1)] == [failed.pk]


def test_deleted_webhook_takes_what_waits_along(marketer: User) -> None:
    row = make_webhook(marketer)
    happen()
    delete_webhook(subscription=row)
    assert deliver_all() == [True]
    assert not WebhookDelivery.objects.exists()


def test_marketer_sees_their_own_and_a_manager_all(marketer: User, manager: User) -> None:
    mine, theirs = make_webhook(marketer), make_webhook(manager)
    assert list(WebhookSubscription.objects.visible_to(marketer)) == [mine]
    assert set(WebhookSubscription.objects.visible_to(manager)) == {mine, theirs}


def test_old_deliveries_are_forgotten_unless_they_wait(marketer: User) -> None:
    make_webhook(marketer)
    for _number in range(3):
        happen()
    old, _young, waiting = WebhookDelivery.objects.order_by("pk")
    WebhookDelivery.objects.exclude(pk=waiting.pk).update(delivered_at=NOW())
    WebhookDelivery.objects.filter(pk__in=[old.pk, waiting.pk]).update(happened_at=NOW() - timedelta(days=91))
    for _again in range(2):
        forget_webhook_deliveries()
        assert WebhookDelivery.objects.count() == 2
    assert not WebhookDelivery.objects.filter(pk=old.pk).exists()
