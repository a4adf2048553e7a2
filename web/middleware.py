"""Gives the bare refusals of addresses that only take a form a page that says what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

METHOD_NOT_ALLOWED = 405


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
