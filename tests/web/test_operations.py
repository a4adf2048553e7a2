"""The operations page: numbers that lead to their rows, and rows that can be sent again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery.jobs import start_job
from delivery.models import OutboxMessage
from tests.web.conftest import LogIn, read_page
from users.models import User

ADDRESS = "/setup/operations/"
NOW = timezone.now


@pytest.fixture
def client(manager: User, log_in: LogIn) -> Client:
    return log_in(manager)


@pytest.fixture
def messages(db: None) -> dict[str, OutboxMessage]:
    """One effect in each state."""
    states: dict[str, dict[str, Any]] = {
        "scheduled": {"kind": "expiry", "due": NOW() + timedelta(days=2)},
        "late": {"due": NOW() - timedelta(minutes=6)},
        "retrying": {"attempts": 3, "due": NOW() + timedelta(hours=1), "last_error": "ValueError: [address]"},
        "running": {"leased_until": NOW() + timedelta(minutes=1), "due": NOW() - timedelta(hours=1)},
        "dead": {"attempts": 12, "gave_up_at": NOW()},
        "done": {"attempts": 1, "delivered_at": NOW() - timedelta(hours=1)},
        "done-long-ago": {"attempts": 1, "delivered_at": NOW() - timedelta(days=2)},
    }
    return {
        name: OutboxMessage.objects.create(**{"kind": "mail", "key": f"mail:{name}", **fields})
        for name, fields in states.items()
    }


def shown(client: Client, query: str = "") -> list[str]:
    """The keys listed, in order."""
    return [row[0].key.removeprefix("mail:") for row in client.get(ADDRESS + query).context["rows"]]


def said(client: Client, address: str) -> str:
    response = client.post(address, follow=True)
    assert response.status_code == 200
    return " ".join(str(each) for each in response.context["messages"])


def test_every_number_leads_to_its_rows(client: Client, messages: dict[str, OutboxMessage]) -> None:
    numbers = {name: (count, url) for _label, count, name, url in client.get(ADDRESS).context["numbers"]}
    rows = {name: set(shown(client, url.removeprefix(ADDRESS))) for name, (_count, url) in numbers.items()}
    assert rows == {
        "waiting": {"scheduled", "late", "retrying", "running"},
        "overdue": {"late"},
        "given-up": {"dead"},
        "lately": {"done"},
    }
    assert {name: count for name, (count, _url) in numbers.items()} == {name: len(keys) for name, keys in rows.items()}


def test_list_is_filtered_by_kind_and_key_and_sorted(client: Client, messages: dict[str, OutboxMessage]) -> None:
    assert shown(client, "?kind=expiry") == ["scheduled"]
    assert shown(client, "?q=LATE") == ["late"]
    assert shown(client, "?state=waiting&sort=due") == ["running", "late", "retrying", "scheduled"]
    assert shown(client, "?state=waiting&sort=-due") == ["scheduled", "retrying", "late", "running"]
    assert shown(client, "?sort=created")[0] == "scheduled"
    assert shown(client, "?sort=nonsense&state=nonsense")[0] == "done-long-ago"
    assert shown(client, "?kind=%00") == shown(client)


def test_list_is_paged(client: Client) -> None:
    OutboxMessage.objects.bulk_create(OutboxMessage(kind="mail", key=f"mail:{n}") for n in range(51))
    assert len(shown(client)) == 50
    assert shown(client, "?page=2") == ["0"]


def test_page_says_whether_workers_keep_up(client: Client) -> None:
    assert "workers keep up" in read_page(client.get(ADDRESS).content.decode()).text
    OutboxMessage.objects.create(kind="mail", key="mail:late", due=NOW() - timedelta(minutes=6))
    assert "Does a worker run?" in read_page(client.get(ADDRESS).content.decode()).text


def test_page_names_running_jobs(client: Client) -> None:
    start_job(kind="sleep", title="Import of customers", parameters={})
    assert "Import of customers" in client.get(ADDRESS).content.decode()


def test_what_was_given_up_is_tried_again(client: Client, messages: dict[str, OutboxMessage]) -> None:
    address = reverse("web:operations-send", args=[messages["dead"].pk])
    assert said(client, address) == "1 effect will be tried again."
    assert "dead" in shown(client, "?state=waiting")


def test_all_that_was_given_up_is_tried_again_at_once(client: Client, messages: dict[str, OutboxMessage]) -> None:
    OutboxMessage.objects.create(kind="mail", key="mail:dead-too", gave_up_at=NOW())
    address = reverse("web:operations-try-again")
    assert said(client, address) == "2 effects will be tried again."
    assert shown(client, "?state=given-up") == []
    assert said(client, address) == "Nothing was given up."


def test_waiting_mail_is_sent_now_but_no_effect_before_its_time(
    client: Client, messages: dict[str, OutboxMessage]
) -> None:
    assert said(client, reverse("web:operations-send", args=[messages["retrying"].pk])) == "A worker takes it up now."
    messages["retrying"].refresh_from_db()
    assert messages["retrying"].due <= NOW()
    assert "ahead of its time" in said(client, reverse("web:operations-send", args=[messages["scheduled"].pk]))
    messages["scheduled"].refresh_from_db()
    assert messages["scheduled"].due > NOW()


def test_delivered_mail_is_sent_once_more_after_asking(client: Client, messages: dict[str, OutboxMessage]) -> None:
    address = reverse("web:operations-resend", args=[messages["done"].pk])
    assert "mail:done" in client.get(address).content.decode()
    assert OutboxMessage.objects.count() == len(messages)
    assert said(client, address) == "The mail is on its way once more."
    assert said(client, address) == "It is on its way once more already."
    assert OutboxMessage.objects.count() == len(messages) + 1


@pytest.mark.parametrize("name", ["dead", "late"])
def test_mail_that_was_not_delivered_is_not_sent_once_more(
    name: str, client: Client, messages: dict[str, OutboxMessage]
) -> None:
    assert client.get(reverse("web:operations-resend", args=[messages[name].pk])).status_code == 404
