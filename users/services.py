"""Writes to users: the first administrator, and keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from users.enums import Role, Scope
from users.middleware import known_zones
from users.models import ApiKey, User

MOST_KEPT = timedelta(days=30)


class AlreadySetUpError(Exception):
    """Someone has made the first administrator before."""


class SettingsError(ValueError):
    """A setting of one's own that cannot be; `field` names it."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class ApiKeyError(ValueError):
    """A key was asked for that may not be made; the message says why."""


@transaction.atomic
def create_first_administrator(*, email: str, password: str, name: str = "") -> User:
    """Make the administrator of a fresh installation; raises AlreadySetUpError once any user exists."""
    if connection.vendor == "postgresql":  # two first visitors at once; SQLite lets one write at a time anyway
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {User._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    if User.objects.exists():
        raise AlreadySetUpError
    return User.objects.create_superuser(email, password, name=name, role=Role.ADMIN)


@transaction.atomic
def save_settings(*, user: User, name: str, time_zone: str, deputy: User | None) -> User:
    """Change what users set for themselves: how they are called, their time zone, and who decides when they do not.

    Raises SettingsError for an unknown time zone, oneself as deputy, or a deputy whose login is closed.
    """
    if time_zone not in known_zones():
        raise SettingsError(f"There is no time zone '{time_zone}'.", "time_zone")
    if deputy is not None and deputy.pk == user.pk:
        raise SettingsError("Choose somebody else as your deputy.", "deputy")
    if deputy is not None and not deputy.is_active:
        raise SettingsError("Your deputy cannot log in any more.", "deputy")
    user.name, user.time_zone, user.deputy = name.strip(), time_zone, deputy
    user.save(update_fields=["name", "time_zone", "deputy"])
    return user


@transaction.atomic
def create_api_key(
    *, user: User, name: str, scopes: Iterable[str], expires: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key for `user`; the second value is the secret, shown this once and kept only as a hash.

    Raises ApiKeyError for an unknown scope, no scope, no name, a disabled user or an expiry that has passed.
    """
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in Scope.values]
    if unknown:
        raise ApiKeyError(f"Unknown scope '{unknown[0]}'. Scopes are: {', '.join(Scope.values)}.")
    if not wanted:
        raise ApiKeyError("A key without a scope could do nothing. Name at least one.")
    if not name.strip():
        raise ApiKeyError("Name the key after what will use it.")
    if not user.is_active:
        raise ApiKeyError("This user is disabled.")
    if expires is not None and expires <= timezone.now():
        raise ApiKeyError("The key would have expired already.")
    key, secret = ApiKey.objects.create(user=user, name=name.strip(), scopes=wanted)
    if expires is not None:
        key.expiry = expires
        key.save(update_fields=["expiry"])
    return key, secret


@transaction.atomic
def rotate_api_key(*, key: ApiKey, keep: timedelta) -> tuple[ApiKey, str]:
    """Put another key in place of one, which works for `keep` longer; the second value is the secret, shown this once.

    The new key has the name, the scopes and, from now, the lifetime of the old. Raises ApiKeyError where the old one
    does not work any more, was replaced before, or would be kept for longer than MOST_KEPT.
    """
    now = timezone.now()
    old = ApiKey.objects.select_for_update(of=("self",)).select_related("user").get(pk=key.pk)
    if old.expiry is not None and old.expiry <= now:
        raise ApiKeyError("This key has ended. Make a new one.")
    if old.replaced_by_id is not None:
        raise ApiKeyError("This key was replaced before.")
    if not timedelta(0) <= keep <= MOST_KEPT:
        raise ApiKeyError(f"A replaced key works for at most {MOST_KEPT.days} days longer.")
    expires = None if old.expiry is None else now + (old.expiry - old.created)
    new, secret = create_api_key(user=old.user, name=old.name, scopes=old.scopes, expires=expires)
    end = now + keep
    old.replaced_by, old.expiry = new, end if old.expiry is None else min(end, old.expiry)
    old.save(update_fields=["replaced_by", "expiry"])
    return new, secret


@transaction.atomic
def revoke_api_key(*, key: ApiKey) -> None:
    """End a key now: calls that carry it are refused from the next one on. Revoking twice changes nothing."""
    now = timezone.now()
    locked = ApiKey.objects.select_for_update().get(pk=key.pk)
    if locked.expiry is None or locked.expiry > now:
        locked.expiry = now
        locked.save(update_fields=["expiry"])
    key.expiry = locked.expiry
