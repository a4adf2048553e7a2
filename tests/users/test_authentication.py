"""Keys log in, expire, and carry scopes."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.test import APIRequestFactory

from users.authentication import ApiKeyAuthentication, has_scope, require_scope
from users.enums import Scope
from users.models import ApiKey, User
from users.services import create_api_key


def authenticate(secret: str, prefix: str = "Bearer") -> tuple[User, ApiKey] | None:
    request = APIRequestFactory().get("/", HTTP_AUTHORIZATION=f"{prefix} {secret}")
    found: tuple[User, ApiKey] | None = ApiKeyAuthentication().authenticate(request)
    return found


@pytest.fixture
def secret(rep: User) -> str:
    return create_api_key(user=rep, name="CRM", scopes=[Scope.POOL_READ])[1]


def test_key_logs_its_user_in_with_one_query(secret: str, rep: User) -> None:
    authenticate(secret)
    with CaptureQueriesContext(connection) as queries:
        found = authenticate(secret)
    assert found is not None
    user, key = found
    assert user == rep
    assert key.name == "CRM"
    assert len(queries) == 1


def test_use_of_a_key_is_noted_at_most_once_a_minute(secret: str) -> None:
    authenticate(secret)
    first = ApiKey.objects.get().last_used
    assert first is not None
    authenticate(secret)
    assert ApiKey.objects.get().last_used == first
    ApiKey.objects.update(last_used=first - timedelta(minutes=2))
    authenticate(secret)
    assert ApiKey.objects.get().last_used >= first


def test_key_of_sqlite_logs_in_while_somebody_else_writes(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(QuerySet, "update", refuse)
    if connection.vendor == "sqlite":
        assert authenticate(secret) is not None
        assert ApiKey.objects.get().last_used is None
    else:
        with pytest.raises(OperationalError):
            authenticate(secret)


@pytest.mark.parametrize("change", ["", "x", "é", "rp_" + "0" * 64, "a b"])
def test_unknown_key_is_refused(change: str, secret: str) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(secret + change if change == "x" else change)


def test_other_schemes_are_left_to_others(secret: str) -> None:
    assert authenticate(secret, "Basic") is None


def test_expired_key_is_refused_and_kept(secret: str) -> None:
    ApiKey.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    with pytest.raises(AuthenticationFailed, match="expired"):
        authenticate(secret)
    assert ApiKey.objects.count() == 1


def test_key_of_a_disabled_user_is_refused(secret: str, rep: User) -> None:
    User.objects.filter(pk=rep.pk).update(is_active=False)
    with pytest.raises(AuthenticationFailed, match="disabled"):
        authenticate(secret)


class Call:
    """A request as scopes see it."""

    def __init__(self, auth: object) -> None:
        self.auth = auth


def test_scope_is_required_of_keys_and_not_of_sessions(rep: User) -> None:
    key, _ = create_api_key(user=rep, name="CRM", scopes=[Scope.POOL_READ])
    require_scope(Call(key), Scope.POOL_READ)
    require_scope(Call(None), Scope.CONTACTS_READ)
    assert not has_scope(Call(key), Scope.CONTACTS_READ)
    with pytest.raises(PermissionDenied, match="contacts:read"):
        require_scope(Call(key), Scope.CONTACTS_READ)
