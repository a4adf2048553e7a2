"""Logs API calls in by key."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.settings import knox_settings
from rest_framework import exceptions

from users.models import ApiKey

_TOUCH_EVERY = timedelta(minutes=1)


class ApiKeyAuthentication(TokenAuthentication):  # type: ignore[misc]
    """Reads `Authorization: Bearer rp_…`, refuses expired keys, and notes when a key was last used."""

    model = ApiKey

    def authenticate_credentials(self, token: bytes) -> tuple[Any, ApiKey]:
        """Give (user, key); raises AuthenticationFailed for unknown, expired or disabled ones."""
        user, key = super().authenticate_credentials(token)
        now = timezone.now()
        if key.last_used is None or now - key.last_used > _TOUCH_EVERY:
            ApiKey.objects.filter(pk=key.pk).update(last_used=now)
        return user, key

    def authenticate_header(self, request: Any) -> str:
        return str(knox_settings.AUTH_HEADER_PREFIX)


def require_scope(request: Any, scope: str) -> None:
    """Raise PermissionDenied where the call came by a key that lacks `scope`; sessions carry the user's own rights."""
    if isinstance(request.auth, ApiKey) and scope not in request.auth.scopes:
        raise exceptions.PermissionDenied(f"This API key lacks the scope '{scope}'.")
