"""The health of the outbox, as monitoring asks for it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from delivery.models import OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "pool"])


def test_health_is_fine_with_both_databases(client: Client) -> None:
    response = client.get("/health/", {"format": "json"})
    assert response.status_code == 200
    assert set(response.json().values()) == {"OK"}
    assert len(response.json()) == 2


def test_health_of_the_worker_is_fine_while_messages_are_young(client: Client) -> None:
    OutboxMessage.objects.create(kind="note", key="1")
    assert client.get("/health/worker/").status_code == 200


def test_health_of_the_worker_fails_once_messages_are_overdue(client: Client) -> None:
    OutboxMessage.objects.create(kind="note", key="1", due=timezone.now() - timedelta(minutes=6))
    response = client.get("/health/worker/", {"format": "text"})
    assert response.status_code == 500
    assert "1 promised effects are overdue" in response.text
