"""Says under which account and address a failed login counts, so that neither can be dressed up differently."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def read_username(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str | None:
    """Give the e-mail address that was tried, folded, since addresses compare without case; None without one."""
    given = credentials if credentials else (request.POST if request is not None else {})
    name = given.get("username") or given.get("email")
    return str(name).strip().casefold() if name else None


def read_client_address(request: HttpRequest) -> str | None:
    """Give the caller's address; behind our proxy, the last one in X-Forwarded-For, the one that proxy wrote."""
    direct: str | None = request.META.get("REMOTE_ADDR") or None
    if not settings.BEHIND_PROXY:
        return direct
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(forwarded))
    except ValueError:
        return direct
