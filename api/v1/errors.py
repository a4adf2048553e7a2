"""Turns refusals into answers, once for every endpoint: `{"type", "errors": [{"code", "detail", "attr"}]}`.

Some say more beside the errors: why somebody cannot be held, or which request is there already.
"""

from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import Error, ErrorResponse
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from api.v1.refusals import RefusalSerializer
from references.errors import DomainError

FORBIDDEN_CODES = frozenset({"not_disclosed", "not_allowed"})
CONFLICT_CODES = frozenset(
    {
        "already_asked", "asked_already", "changed_meanwhile", "conflict", "enough_asked", "hold_refused",
        "move_not_allowed", "no_empty_slot", "no_seats_left", "nobody_held", "not_accepted", "not_active",
        "not_scheduled", "not_waiting", "play_over", "reported_already", "request_not_open", "request_over",
        "slot_not_open", "slot_over", "slot_taken", "task_over", "unique",
    }
)  # fmt: skip


class Refusal(APIException):
    """A DomainError on its way out; keeps the field at fault, and what the answer says beside the errors."""

    def __init__(self, error: DomainError, **more: Any) -> None:
        super().__init__(detail=error.message, code=error.code)
        self.status_code = status_of(error)
        self.field = error.field
        self.more = more


class DatabaseBusy(APIException):
    """The database is out of reach, or another one wrote for longer than could be waited for."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "database_busy"
    wait = 30
    """Seconds; becomes the header Retry-After."""

    def __init__(self) -> None:
        super().__init__(_("The database is busy or out of reach; nothing was changed. Please try again in a minute."))


def status_of(error: DomainError) -> int:
    """403 where this user may not, 409 where the present state stands against it, 422 where the input is no good."""
    if error.code in FORBIDDEN_CODES:
        return status.HTTP_403_FORBIDDEN
    if error.code in CONFLICT_CODES or error.code.startswith("duplicate_"):
        return status.HTTP_409_CONFLICT
    return status.HTTP_422_UNPROCESSABLE_ENTITY


class ApiExceptionHandler(ExceptionHandler):
    """The one translation of errors; set by DRF_STANDARDIZED_ERRORS."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, OperationalError):
            return DatabaseBusy()
        if not isinstance(exc, DomainError):
            return super().convert_known_exceptions(exc)
        refusal, request = Refusal(exc), self.context.get("request")
        if exc.code == "changed_meanwhile" and request is not None and "If-Match" in request.headers:
            refusal.status_code = status.HTTP_412_PRECONDITION_FAILED
        return refusal


class ApiExceptionFormatter(ExceptionFormatter):
    """Names the field of a refused input."""

    def get_errors(self) -> list[Error]:
        errors: list[Error] = super().get_errors()
        if isinstance(self.exc, Refusal):
            for error in errors:
                error.attr = self.exc.field
        return errors

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        body: dict[str, Any] = super().format_error_response(error_response)
        return body | (self.exc.more if isinstance(self.exc, Refusal) else {})


class ErrorSerializer(serializers.Serializer[Any]):
    """One thing that is wrong: a stable code, a sentence, and the input at fault where there is one."""

    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class ErrorResponseSerializer(serializers.Serializer[Any]):
    """What every refused call answers with."""

    type = serializers.ChoiceField(choices=["validation_error", "client_error", "server_error"])
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]
    refusals = RefusalSerializer(
        many=True, required=False, help_text="With `hold_refused`: every rule that stands against the person."
    )
    request = serializers.IntegerField(
        required=False, help_text="With `duplicate_request`: the request that is there already."
    )


def refused_with(*statuses: int) -> dict[int, OpenApiResponse]:
    """The refusals of an operation for its documentation, beside those that every operation may answer with."""
    return {each: OpenApiResponse(ErrorResponseSerializer) for each in statuses}


class NotFoundView(APIView):
    """Answers addresses below the API that lead nowhere."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound
