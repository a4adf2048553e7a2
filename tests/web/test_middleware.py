"""An address that only takes a form says so on a page, to browsers alone; a busy database is told as such."""

import logging

import pytest
from django.db import OperationalError
from django.test import Client

from tests.matching.factories import make_request
from tests.web.conftest import LogIn
from users.models import User


def test_address_of_a_button_is_a_page_that_says_so(rep: User, log_in: LogIn) -> None:
    address = f"/requests/{make_request(rep).pk}/comment/"
    client: Client = log_in(rep)
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 405
    assert "Nothing was done" in response.content.decode()
    assert client.get(address).content == b""


def test_busy_database_is_told_on_a_page_that_needs_none(
    rep: User, log_in: LogIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object) -> None:
        raise OperationalError("database is locked")

    client: Client = log_in(rep)
    monkeypatch.setattr("web.find.views.FindState.from_query", fail)
    with caplog.at_level(logging.ERROR):
        response = client.get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "The database is busy" in response.content.decode()
    assert "database is locked" in caplog.text
