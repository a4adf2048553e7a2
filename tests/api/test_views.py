"""Keys and sessions at the door, and what every answer carries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from api.v1.throttling import CallThrottle
from tests.api.conftest import client_of, codes, key_of
from users.enums import Scope
from users.models import ApiKey, User
from users.services import create_api_key

SEARCH = "/api/v1/matches/search/"


def test_key_works_until_it_expires(rep: User) -> None:
    client = key_of(rep, "pool:read")
    assert client.get("/api/v1/tags/").status_code == 200
    ApiKey.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    response = client.get("/api/v1/tags/")
    assert response.status_code == 401
    assert codes(response) == [("authentication_failed", None)]


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer a b", "Bearer \xff", "Bearer rp_nothing"])
def test_header_that_is_no_key_is_refused(header: str, rep: User) -> None:
    response = APIClient().get("/api/v1/tags/", HTTP_AUTHORIZATION=header)
    assert response.status_code == 401


def test_session_may_post_only_with_its_csrf_token(rep: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(rep)
    response = client.post(SEARCH, {"text": "a bank"}, format="json")
    assert response.status_code == 403
    assert codes(response) == [("permission_denied", None)]
    client.cookies["csrftoken"] = "a" * 32
    assert client.post(SEARCH, {"text": "a bank"}, format="json", HTTP_X_CSRFTOKEN="a" * 32).status_code == 200


def test_key_needs_no_csrf_token(rep: User) -> None:
    client = key_of(rep)
    client.handler.enforce_csrf_checks = True
    assert client.post(SEARCH, {"text": "a bank"}, format="json").status_code == 200


@pytest.fixture
def three_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CallThrottle, "rate", "3/minute", raising=False)


@pytest.mark.django_db(transaction=True)
def test_site_refuses_calls_over_its_rate_and_says_when_to_come_back(
    three_calls: None, live_server: LiveServer, rep: User
) -> None:
    _, secret = create_api_key(user=rep, name="live", scopes=[Scope.POOL_READ])
    headers = {"Authorization": f"Bearer {secret}"}
    answers = [requests.get(f"{live_server.url}/api/v1/tags/", headers=headers, timeout=30) for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    for left, answer in zip((2, 1, 0, 0), answers, strict=True):
        told = {name: int(answer.headers[f"RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset")}
        assert (told["Limit"], told["Remaining"]) == (3, left)
        assert 0 < told["Reset"] <= 60
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].json()["errors"][0]["code"] == "throttled"


def test_answers_say_how_many_calls_are_left(three_calls: None, rep: User, outsider: User) -> None:
    client = client_of(rep)
    left = [client.get("/api/v1/tags/")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = client.get("/api/v1/tags/")
    assert refused.status_code == 429
    assert codes(refused) == [("throttled", None)]
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Limit"] == "3"
    assert refused["RateLimit-Remaining"] == "0"
    assert client_of(outsider).get("/api/v1/tags/").status_code == 200


def test_limit_is_the_users_whatever_key_they_use(three_calls: None, rep: User) -> None:
    assert [key_of(rep).get("/api/v1/tags/").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_answers_are_kept_by_nobody(get: Callable[..., Any], rep: User) -> None:
    assert client_of(rep).get("/api/v1/tags/")["Cache-Control"] == "private, no-store"
