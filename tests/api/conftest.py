"""Clients of the API: by session and by key; the rate limit starts afresh for every test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from users.enums import Scope
from users.models import User
from users.services import create_api_key

EVERYTHING = tuple(Scope.values)


@pytest.fixture(autouse=True)
def _no_calls_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def client_of(user: User) -> APIClient:
    """A client logged in as `user` by session."""
    client = APIClient()
    client.force_login(user)
    return client


def key_of(user: User, *scopes: str) -> APIClient:
    """A client that carries a key of `user` with these scopes; all of them where none is named."""
    _, secret = create_api_key(user=user, name="test", scopes=scopes or EVERYTHING)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def get(marketer: User) -> Callable[..., Any]:
    """GET below /api/v1/ as the marketer, or as `user`; gives the answer's data, which must be a success."""

    def call(path: str, user: User | None = None, **query: Any) -> Any:
        response = client_of(user or marketer).get(f"/api/v1/{path}", query)
        assert response.status_code == 200, response.content
        return response.json()

    return call


def ids(answer: dict[str, Any]) -> list[int]:
    """The ids on a page."""
    return [row["id"] for row in answer["results"]]


def codes(response: Any) -> list[tuple[str, str | None]]:
    """Code and field of each error."""
    return [(error["code"], error["attr"]) for error in response.json()["errors"]]
