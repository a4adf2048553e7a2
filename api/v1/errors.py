"""Turns refusals into answers, once for every endpoint: `{"type", "errors": [{"code", "detail", "attr"}]}`."""

from typing import Any

from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import Error
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from references.errors import DomainError

FORBIDDEN_CODES = frozenset({"not_disclosed", "not_allowed"})
CONFLICT_CODES = frozenset({"conflict", "changed_meanwhile", "move_not_allowed", "unique"})


class Refusal(APIException):
    """A DomainError on its way out; keeps the field at fault."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(detail=error.message, code=error.code)
        self.status_code = status_of(error)
        self.field = error.field


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
        return Refusal(exc) if isinstance(exc, DomainError) else super().convert_known_exceptions(exc)


class ApiExceptionFormatter(ExceptionFormatter):
    """Names the field of a refused input."""

    def get_errors(self) -> list[Error]:
        errors: list[Error] = super().get_errors()
        if isinstance(self.exc, Refusal):
            for error in errors:
                error.attr = self.exc.field
        return errors


class ErrorSerializer(serializers.Serializer[Any]):
    """One thing that is wrong: a stable code, a sentence, and the input at fault where there is one."""

    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class ErrorResponseSerializer(serializers.Serializer[Any]):
    """What every refused call answers with."""

    type = serializers.ChoiceField(choices=["validation_error", "client_error", "server_error"])
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]


class NotFoundView(APIView):
    """Answers addresses below the API that lead nowhere."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound
