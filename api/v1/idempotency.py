"""The header `Idempotency-Key`: a POST repeated under it gets the first answer."""

import json
from typing import Any, cast

from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY, is_success

from api.v1.views import ScopedView
from delivery.idempotency import IdempotencyError, claim, release, store_answer
from delivery.models import IdempotencyKey

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
LONGEST = 200
KEPT_HEADERS = ("Location", "ETag")
_STATUSES = {"idempotency_in_progress": HTTP_409_CONFLICT, "idempotency_mismatch": HTTP_422_UNPROCESSABLE_ENTITY}


class KeyRefused(APIException):
    """An IdempotencyError on its way out."""

    def __init__(self, error: IdempotencyError) -> None:
        super().__init__(detail=error.message, code=error.code)
        self.status_code = _STATUSES[error.code]


class AnswerKnown(Exception):  # noqa: N818 - not an error: it carries the first answer past the handler
    """The call was answered before."""

    def __init__(self, row: IdempotencyKey) -> None:
        super().__init__(row.status)
        self.row = row


class IdempotentCreates(ScopedView):
    """An endpoint whose POSTs may carry `Idempotency-Key`; stands before the viewset among the bases.

    The call is claimed once it is let in; if it succeeds, every repeat gets its answer.
    An answer with contact data must not be given by such an endpoint, since answers are kept for 30 days.
    """

    takes_idempotency_key = True
    _claimed: IdempotencyKey | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER)
        if request.method != "POST" or key is None:
            return
        if not 0 < len(key) <= LONGEST:
            raise ValidationError({HEADER: f"A key has 1 to {LONGEST} characters."}, code="invalid")
        try:
            row = claim(user=self.user, key=key, endpoint=f"POST {request.path}", body=request.body)
        except IdempotencyError as error:
            raise KeyRefused(error) from error
        if row.status is not None:
            raise AnswerKnown(row)
        self._claimed = row

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, AnswerKnown):
            known = cast(dict[str, Any], exc.row.answer)
            return Response(known["body"], exc.row.status, headers={**known["headers"], REPLAYED: "true"})
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self._claimed is not None:
            _settle(self._claimed, answer)
        return answer


def _settle(claimed: IdempotencyKey, response: Response) -> None:
    """Keep a success for repeats; let go of anything else."""
    if not is_success(response.status_code):
        release(claimed)
        return
    body = None if response.data is None else json.loads(JSONRenderer().render(response.data))
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    store_answer(claimed, status=response.status_code, answer={"body": body, "headers": headers})
