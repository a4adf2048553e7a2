"""The first administrator, and keys."""

from datetime import timedelta

import pytest
from django.utils import timezone

from users.enums import Role, Scope
from users.models import ApiKey, User
from users.services import (
    AlreadySetUpError,
    ApiKeyError,
    create_api_key,
    create_first_administrator,
    revoke_api_key,
    rotate_api_key,
)

SCOPES = [Scope.POOL_READ]


@pytest.mark.django_db
def test_first_administrator_is_made_once() -> None:
    admin = create_first_administrator(email="admin@example.test", password="correct horse battery", name="Ada")
    assert admin.role == Role.ADMIN
    assert admin.is_manager
    assert admin.check_password("correct horse battery")
    with pytest.raises(AlreadySetUpError):
        create_first_administrator(email="other@example.test", password="correct horse battery")


def test_key_is_kept_only_as_a_hash(rep: User) -> None:
    key, secret = create_api_key(user=rep, name=" CRM ", scopes=["pool:read", "content:read", "pool:read"])
    kept = ApiKey.objects.get()
    assert secret.startswith("rp_")
    assert len(secret) > 40
    assert secret not in {str(value) for value in vars(kept).values()}
    assert kept.token_key != secret
    assert key.name == "CRM"
    assert kept.scopes == ["content:read", "pool:read"]
    assert kept.expiry is None


def test_key_ends_when_it_was_told_to(rep: User) -> None:
    until = timezone.now() + timedelta(days=30)
    key, _ = create_api_key(user=rep, name="CRM", scopes=SCOPES, expires=until)
    key.refresh_from_db()
    assert key.expiry == until


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scopes": ["pool:write"]}, "Unknown scope 'pool:write'"),
        ({"scopes": []}, "at least one"),
        ({"name": "  "}, "Name the key"),
        ({"expires": timezone.now() - timedelta(days=1)}, "expired already"),
    ],
)
def test_key_that_makes_no_sense_is_not_made(change: dict[str, object], message: str, rep: User) -> None:
    given: dict[str, object] = {"user": rep, "name": "CRM", "scopes": SCOPES, **change}
    with pytest.raises(ApiKeyError, match=message):
        create_api_key(**given)  # type: ignore[arg-type]
    assert not ApiKey.objects.exists()


def test_disabled_user_gets_no_key(rep: User) -> None:
    rep.is_active = False
    with pytest.raises(ApiKeyError, match="disabled"):
        create_api_key(user=rep, name="CRM", scopes=SCOPES)


def test_revoked_key_ends_now_and_stays_ended(rep: User) -> None:
    key, _ = create_api_key(user=rep, name="CRM", scopes=SCOPES)
    revoke_api_key(key=key)
    ended = ApiKey.objects.get().expiry
    assert ended is not None
    assert ended <= timezone.now()
    revoke_api_key(key=key)
    assert ApiKey.objects.get().expiry == ended == key.expiry


def test_replaced_key_ends_when_told_and_names_its_successor(rep: User) -> None:
    old, _ = create_api_key(user=rep, name="CRM", scopes=SCOPES, expires=timezone.now() + timedelta(days=100))
    new, secret = rotate_api_key(key=old, keep=timedelta(hours=24))
    old.refresh_from_db()
    assert secret.startswith("rp_")
    assert (new.name, new.scopes, new.user, old.replaced_by) == ("CRM", old.scopes, rep, new)
    assert old.expiry is not None
    assert new.expiry is not None
    assert timedelta(hours=23) < old.expiry - timezone.now() <= timedelta(hours=24)
    assert timedelta(days=99) < new.expiry - timezone.now() <= timedelta(days=100)


def test_replaced_key_never_lives_longer_than_it_would_have(rep: User) -> None:
    until = timezone.now() + timedelta(hours=1)
    old, _ = create_api_key(user=rep, name="CRM", scopes=SCOPES, expires=until)
    rotate_api_key(key=old, keep=timedelta(days=7))
    old.refresh_from_db()
    assert old.expiry == until


def test_key_that_has_ended_or_was_replaced_is_not_replaced(rep: User) -> None:
    ended, _ = create_api_key(user=rep, name="CRM", scopes=SCOPES)
    revoke_api_key(key=ended)
    replaced, _ = create_api_key(user=rep, name="CRM", scopes=SCOPES)
    rotate_api_key(key=replaced, keep=timedelta(hours=1))
    for key in (ended, replaced):
        with pytest.raises(ApiKeyError):
            rotate_api_key(key=key, keep=timedelta(hours=1))
    fresh, _ = create_api_key(user=rep, name="CRM", scopes=SCOPES)
    for keep in (timedelta(days=31), timedelta(seconds=-1)):
        with pytest.raises(ApiKeyError, match="at most 30 days"):
            rotate_api_key(key=fresh, keep=keep)
