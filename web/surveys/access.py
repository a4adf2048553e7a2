"""Who may open the pages that run surveys."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from surveys.querysets import runs_surveys
from web.access import View, viewer

P = ParamSpec("P")


def runners_only(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> View[P]:
    """Let managers and marketers through; others get 403, the anonymous are sent to the login page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not runs_surveys(viewer(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast("View[P]", login_required(guarded))
