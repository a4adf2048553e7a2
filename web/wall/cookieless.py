"""Keeps cookies out of the public pages: none is read, none is set, no session is opened."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PATHS = ("/wall/", "/embed/", "/embed.js")


class CookielessMiddleware:
    """Drops what cookies a browser sends to the public pages, before anything could read them.

    So whoever looks is nobody, and one answer is right for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PATHS):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        if response.get("Vary") == "Cookie":
            del response["Vary"]
        return response
