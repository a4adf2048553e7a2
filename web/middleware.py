"""Gives refusals that are not a page's own a page that says what to do."""

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

METHOD_NOT_ALLOWED = 405
SERVICE_UNAVAILABLE = 503
RETRY_AFTER = 30
"""Seconds."""
logger = logging.getLogger(__name__)


class NotAllowedPageMiddleware:
    """Fills an empty answer 405 to a browser, as after reloading or typing the address of a button, with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_bare = response.status_code == METHOD_NOT_ALLOWED and not response.streaming and not response.content
        if is_bare and "text/html" in request.headers.get("Accept", ""):
            response.content = render_to_string("405.html", request=request).encode()
            response["Content-Type"] = "text/html; charset=utf-8"
            response["Content-Length"] = str(len(response.content))
        return response


class BusyPageMiddleware:
    """Answers 503 where the database is out of reach, or another one wrote for longer than could be waited for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError):
            return None
        logger.error("The database did not answer at %s", request.path, exc_info=exception)
        page = render_to_string("503.html")
        return HttpResponse(page, status=SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY_AFTER)})
