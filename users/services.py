"""Writes to users: the first administrator, and keys."""

from datetime import datetime

from django.db import transaction

from users.enums import Role
from users.models import ApiKey, User


class AlreadySetUpError(Exception):
    """Someone has made the first administrator before."""


@transaction.atomic
def create_first_administrator(*, email: str, password: str, name: str = "") -> User:
    """Make the administrator of a fresh installation; raises AlreadySetUpError once any user exists."""
    if User.objects.select_for_update().exists():
        raise AlreadySetUpError
    return User.objects.create_superuser(email, password, name=name, role=Role.ADMIN)


def create_api_key(*, user: User, name: str, scopes: list[str], expires: datetime | None = None) -> tuple[ApiKey, str]:
    """Make a key for `user`; the second value is the secret, shown this once and kept only as a hash."""
    key, secret = ApiKey.objects.create(user=user, name=name, scopes=sorted(scopes))
    if expires is not None:
        key.expiry = expires
        key.save(update_fields=["expiry"])
    return key, secret
