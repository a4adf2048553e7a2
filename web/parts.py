"""Whether a request wants a whole page or, sent by htmx, only a part of one."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def htmx_details(request: HttpRequest) -> HtmxDetails:
    """What htmx says of its request; false where the browser itself asks."""
    return cast(HtmxDetails, request.htmx)  # type: ignore[attr-defined]


def wants_part(request: HttpRequest, target: str = "") -> bool:
    """True where htmx asks, for the element with the id `target` if given; a page restored from history is whole."""
    details = htmx_details(request)
    if not details or details.history_restore_request:
        return False
    return details.target == target if target else not details.boosted


def vary_by_part(response: HttpResponse) -> HttpResponse:
    """Tell caches that whole pages and parts share an address."""
    patch_vary_headers(response, ["HX-Request", "HX-Target", "HX-Boosted"])
    return response
