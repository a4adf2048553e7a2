"""What every endpoint shares: log-in, scope, rate limit with its headers, and who is asking."""

from typing import Any, ClassVar, cast

from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from api.v1.permissions import HasScope
from api.v1.throttling import CallThrottle
from users.models import User

PAGING_PARAMETERS = ("page", "page_size")


class ScopedView(APIView):
    """An endpoint that a key may use only with `scope`; calls that write need `write_scope` where one is named."""

    scope: ClassVar[str]
    write_scope: ClassVar[str] = ""
    own_parameters: ClassVar[tuple[str, ...]] = ()
    permission_classes = [IsAuthenticated, HasScope]
    throttle_classes = [CallThrottle]
    _throttles: list[BaseThrottle] | None = None

    @property
    def user(self) -> User:
        """Whoever asks, by key or by session."""
        return cast(User, self.request.user)

    @classmethod
    def scope_for(cls, method: str) -> str:
        """The scope that a key needs for this method."""
        return cls.write_scope if cls.write_scope and method not in SAFE_METHODS else cls.scope

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._refuse_unknown_parameters(request)

    def _refuse_unknown_parameters(self, request: Request) -> None:
        """Raise ValidationError for a parameter that no filter reads: a misspelt one must not widen an answer."""
        filterset = getattr(self, "filterset_class", None)
        if filterset is None:
            return
        known = {*filterset.base_filters, *PAGING_PARAMETERS, *self.own_parameters}
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            hint = f"There is no such parameter; known are {', '.join(sorted(known))}."
            raise ValidationError(dict.fromkeys(unknown, hint), code="unknown_parameter")

    def get_throttles(self) -> list[BaseThrottle]:
        if self._throttles is None:
            self._throttles = super().get_throttles()
        return self._throttles

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        for throttle in self.get_throttles():
            if isinstance(throttle, CallThrottle):
                for name, value in throttle.headers().items():
                    answer[name] = value
        answer["Cache-Control"] = "private, no-store"
        return answer
