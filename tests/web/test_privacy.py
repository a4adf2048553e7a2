"""Managers export and erase one person: asked first, on record, and closed to everybody else."""

import json

import pytest
from django.urls import reverse

from references.models import Contact, Disclosure, StateChange
from tests.web.conftest import LogIn
from users.models import User


def test_export_is_a_file_and_a_recorded_look(promoter: Contact, manager: User, log_in: LogIn) -> None:
    address = reverse("web:contact-export", args=[promoter.pk])
    page = log_in(manager).get(address).content.decode()
    assert promoter.email not in page
    response = log_in(manager).post(address, {"why": "They asked by letter"})
    assert response["Content-Disposition"].startswith("attachment")
    assert json.loads(response.content)["person"]["email"] == promoter.email
    assert [(row.user, row.why) for row in Disclosure.objects.all()] == [(manager, "They asked by letter")]


def test_export_needs_a_reason(promoter: Contact, manager: User, log_in: LogIn) -> None:
    response = log_in(manager).post(reverse("web:contact-export", args=[promoter.pk]), {"why": " "})
    assert response.status_code == 422
    assert not Disclosure.objects.exists()


def test_erasing_asks_first(promoter: Contact, manager: User, log_in: LogIn) -> None:
    address = reverse("web:contact-erase", args=[promoter.pk])
    client = log_in(manager)
    assert "Nothing of it can be undone." in client.get(address).content.decode()
    assert client.post(address, {"why": "They asked"}).status_code == 422
    response = client.post(address, {"why": "They asked", "is_sure": "on"}, follow=True)
    html = response.content.decode()
    assert "Erased person" in html
    assert "Nora" not in html
    assert StateChange.objects.get(to_status="erased").by == manager
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("name", ["contact-export", "contact-erase"])
def test_nobody_else_exports_or_erases(promoter: Contact, rep: User, marketer: User, log_in: LogIn, name: str) -> None:
    address = reverse(f"web:{name}", args=[promoter.pk])
    for user in (rep, marketer):
        client = log_in(user)
        assert client.get(address).status_code == 403
        assert client.post(address, {"why": "x", "is_sure": "on"}).status_code == 403
        assert address not in client.get(reverse("web:profile", args=[promoter.pk])).content.decode()
    promoter.refresh_from_db()
    assert promoter.name == "Nora Lindqvist"
