"""Logs API calls in by key, and checks the scopes a key carries."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import knox_settings
from rest_framework import exceptions

from users.models import ApiKey, User

_TOUCH_EVERY = timedelta(minutes=1)


class ApiKeyAuthentication(TokenAuthentication):  # type: ignore[misc]
    """Reads `Authorization: Bearer rp_…`, refuses expired keys, and notes when a key was last used."""

    model = ApiKey

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiKey]:
        """Give (user, key); raises AuthenticationFailed for unknown and expired keys, and for disabled users.

        Unlike knox's own, this finds a key by its hash in one query and keeps expired ones, which are evidence.
        """
        try:
            digest = hash_token(token.decode("ascii"))
        except UnicodeDecodeError as error:
            raise exceptions.AuthenticationFailed("Invalid API key.") from error
        key = ApiKey.objects.select_related("user").filter(digest=digest).first()
        if key is None:
            raise exceptions.AuthenticationFailed("Invalid API key.")
        now = timezone.now()
        if key.expiry is not None and key.expiry <= now:
            raise exceptions.AuthenticationFailed("This API key has expired.")
        if not key.user.is_active:
            raise exceptions.AuthenticationFailed("The user of this API key is disabled.")
        if key.last_used is None or now - key.last_used > _TOUCH_EVERY:
            _note_use(key, now)
        return key.user, key

    def authenticate_header(self, request: Any) -> str:
        return str(knox_settings.AUTH_HEADER_PREFIX)


def _note_use(key: ApiKey, now: datetime) -> None:
    """Note when a key was last used, unless that had to wait for another writer: a later call notes it then.

    SQLite has one writer at a time, and a search must not stand behind an import.
    """
    try:
        with getattr(connection, "impatient", nullcontext)():
            ApiKey.objects.filter(pk=key.pk).update(last_used=now)
    except OperationalError:
        if connection.vendor != "sqlite":
            raise


def has_scope(request: Any, scope: str) -> bool:
    """Tell whether the call may use `scope`: a key must carry it, a session carries all its user's own rights."""
    return not isinstance(request.auth, ApiKey) or scope in request.auth.scopes


def require_scope(request: Any, scope: str) -> None:
    """Raise PermissionDenied where the call came by a key that lacks `scope`."""
    if not has_scope(request, scope):
        raise exceptions.PermissionDenied(f"This API key lacks the scope '{scope}'.")
