"""Django's admin of the outbox: read, and tried again."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery.models import OutboxMessage
from users.models import User


@pytest.fixture
def browser(db: None) -> Client:
    client = Client()
    administrator = User.objects.create_superuser("ada@example.test", "correct horse")
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_message_that_was_given_up_is_tried_again(browser: Client) -> None:
    now = timezone.now()
    given_up = OutboxMessage.objects.create(kind="x", key="a", attempts=12, gave_up_at=now)
    delivered = OutboxMessage.objects.create(kind="x", key="b", attempts=1, delivered_at=now)
    data = {"action": "try_again", "_selected_action": [given_up.pk, delivered.pk]}
    browser.post(reverse("admin:delivery_outboxmessage_changelist"), data)
    given_up.refresh_from_db()
    delivered.refresh_from_db()
    assert (given_up.gave_up_at, given_up.attempts) == (None, 0)
    assert delivered.attempts == 1


def test_message_is_not_edited(browser: Client) -> None:
    message = OutboxMessage.objects.create(kind="x", key="a")
    page = browser.get(reverse("admin:delivery_outboxmessage_change", args=[message.pk]))
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
