"""Shows times in the zone of whoever is logged in."""

import zoneinfo
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


@cache
def known_zones() -> frozenset[str]:
    """The names of all time zones; read once, since finding them walks the disk."""
    return frozenset(zoneinfo.available_timezones())


class TimeZoneMiddleware:
    """Activates the user's time zone for the request; an unknown zone falls back to the server's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = getattr(request.user, "time_zone", "")
        if name in known_zones():
            with timezone.override(zoneinfo.ZoneInfo(name)):
                return self.get_response(request)
        return self.get_response(request)
