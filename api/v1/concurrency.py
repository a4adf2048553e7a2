"""Versions of rows over HTTP: `ETag` names one, `If-Match` insists on it, `If-None-Match` asks for news only."""

import re
from typing import Protocol

from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from references.errors import DomainError

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag you have read; another version now is a 412."
)
IF_MATCH_REQUIRED = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag you have read, or `*` for any."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag you hold; answered 304 where it is current."
)
ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="Names this version.")
_TAG = re.compile(r'(W/)?"([^"]*)"')


class Versioned(Protocol):
    """A row whose version grows with every change."""

    pk: int

    @property
    def version(self) -> int:
        """Another number after every change."""


class PreconditionRequired(APIException):
    """The call changes a row, and must say which version it has seen."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"
    default_detail = "Send the ETag that you have read as If-Match, so that nobody's change is lost."


def etag_of(row: Versioned) -> str:
    """The entity tag of a row: its id and version."""
    return f'"{row.pk}-{row.version}"'


def expected_version(request: Request, row: Versioned, *, required: bool = False) -> int | None:
    """The version that the service must find, None where any will do; `row` was read for this call.

    Raises PreconditionRequired where If-Match is `required` and missing, DomainError(changed_meanwhile) where it names
    another version: the answer to that is 412.
    """
    given = request.headers.get("If-Match")
    if given is None:
        if required:
            raise PreconditionRequired
        return None
    if given.strip() == "*":
        return None
    strong = {f'"{tag}"' for weak, tag in _TAG.findall(given) if not weak}
    if etag_of(row) not in strong:
        raise DomainError("changed_meanwhile", "Somebody has changed this meanwhile. Look again, then decide.")
    return row.version


def is_known(request: Request, row: Versioned) -> bool:
    """Whether the caller holds this very version, and asked for news only."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or etag_of(row) in {f'"{tag}"' for _weak, tag in _TAG.findall(given)}
