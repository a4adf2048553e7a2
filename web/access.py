"""Who may open a page: whoever logs in, or only those who run the program."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from users.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def viewer(request: HttpRequest) -> User:
    """The user of a page that requires one."""
    return cast(User, request.user)


def managers_only(view: View[P]) -> View[P]:
    """Let managers and administrators through; others get 403, the anonymous are sent to the login page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not viewer(request).is_manager:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast(View[P], login_required(guarded))
