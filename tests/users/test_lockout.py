"""A failed login counts under one account and one address, however they are written."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.test import RequestFactory
from pytest_django import Settings

from users.lockout import read_client_address, read_username
from users.models import User


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"username": " Rep@Example.TEST ", "password": "x"}, "rep@example.test"),
        ({"email": "rep@example.test"}, "rep@example.test"),
        ({"username": ""}, None),
        ({"password": "x"}, None),
    ],
)
def test_username_is_folded(given: dict[str, str], expected: str | None) -> None:
    assert read_username(None, given) == expected


def test_username_comes_from_the_form_without_credentials(rf: RequestFactory) -> None:
    assert read_username(rf.post("/", {"username": "Rep@example.test"})) == "rep@example.test"


@pytest.mark.parametrize(
    ("is_behind_proxy", "forwarded", "expected"),
    [
        (False, "203.0.113.7", "127.0.0.1"),
        (True, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (True, "2001:DB8::1", "2001:db8::1"),
        (True, "anything at all", "127.0.0.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_client_address_is_the_one_our_proxy_wrote(
    is_behind_proxy: bool, forwarded: str, expected: str, rf: RequestFactory, settings: Settings
) -> None:
    settings.BEHIND_PROXY = is_behind_proxy
    assert read_client_address(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded)) == expected


@pytest.mark.django_db
def test_lockout_is_not_escaped_by_writing_the_address_otherwise(
    rep: User, rf: RequestFactory, settings: Settings
) -> None:
    settings.AXES_ENABLED = True
    for number in range(settings.AXES_FAILURE_LIMIT):
        email = "rep@example.test" if number % 2 else "Rep@Example.test"
        authenticate(rf.post("/"), username=email, password="a guess")
    assert AccessAttempt.objects.get().username == "rep@example.test"
    assert authenticate(rf.post("/"), username="REP@example.test", password="correct horse") is None
    elsewhere = rf.post("/", REMOTE_ADDR="203.0.113.9")
    assert authenticate(elsewhere, username="rep@example.test", password="correct horse") == rep
