"""What every page behind a signed link keeps to: nothing cached, indexed or passed on, rates, and forms of our own.

There is no session: the link is the right. Only forms bring a cookie, against forged ones.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any, Concatenate, ParamSpec, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt

from users.lockout import read_client_address
from web.portal.closed import show_closed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

MINUTE = 60
PER_ADDRESS = 120
PER_LINK = 60
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class LinkFormMiddleware(CsrfViewMiddleware):
    """The check of forms for pages that send no referrer: browsers then name the origin "null".

    Who comes so is known by cookie and field alone, as over plain HTTP; another site has neither.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        return request.META["HTTP_ORIGIN"] == "null" or super()._origin_verified(request)  # type: ignore[misc, no-any-return]

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return show_closed(request, "form_too_old", status=403)


_check_form = cast(
    "Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]",
    decorator_from_middleware(LinkFormMiddleware),
)


def behind_link(view: View[P]) -> View[P]:
    """Guard a view of the portal: its rate by caller and by link, its form's origin, and its headers."""
    return _guard(view, _check_form(view))


def behind_link_for_machines(view: View[P]) -> View[P]:
    """Guard a view that mail programs post to, which have no form of ours: all but the form's origin is checked."""
    return _guard(view, view)


def _guard(view: View[P], checked: Callable[..., HttpResponse]) -> View[P]:
    @csrf_exempt  # from the site's own check, which `_check_form` stands in for
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = _answer(checked, request, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return cast("View[P]", guarded)


def _answer(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    caller = read_client_address(request) or ""
    is_often = is_too_often(f"address {caller}", PER_ADDRESS, MINUTE)
    if "token" in kwargs:
        is_often |= is_too_often(f"link {kwargs['token']}", PER_LINK, MINUTE)
    if not is_often:
        return view(request, *args, **kwargs)
    response = show_closed(request, "too_often", status=429)
    response["Retry-After"] = str(MINUTE)
    return response


def is_too_often(what: str, most: int, seconds: int) -> bool:
    """Count one more of `what`, and tell whether there were more than `most` in this span of seconds.

    Counted in the cache: with the default one, by each web process for itself.
    """
    span = int(time() // seconds)
    key = hashlib.sha256(f"portal {span} {seconds} {what}".encode()).hexdigest()
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # thrown out of the cache a moment ago
        return False
