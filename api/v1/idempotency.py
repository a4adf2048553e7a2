"""The header `Idempotency-Key`: a POST repeated under it gets the first answer."""

import json
from abc import ABC, abstractmethod
from typing import Any, cast

from django.http import Http404
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
    An answer with contact data must not be given by such an endpoint, since answers are kept for 30 days; one that
    tells of people is not kept: see `RetoldCreates`.
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
        if not isinstance(exc, AnswerKnown):
            return super().handle_exception(exc)
        known = cast(dict[str, Any], exc.row.answer)
        try:
            answer = self.answer_again(known["body"], cast(int, exc.row.status), known["headers"])
        except (APIException, Http404) as error:
            return super().handle_exception(error)
        answer[REPLAYED] = "true"
        return answer

    def keep(self, body: Any) -> Any:
        """What of a first answer is kept for repeats."""
        return body

    def answer_again(self, kept: Any, status: int, headers: dict[str, str]) -> Response:
        """Answer a repeat by what was kept."""
        return Response(kept, status, headers=headers)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self._claimed is not None:
            self._settle(self._claimed, answer)
        return answer

    def _settle(self, claimed: IdempotencyKey, response: Response) -> None:
        """Keep a success for repeats; let go of anything else."""
        if not is_success(response.status_code):
            release(claimed)
            return
        body = None if response.data is None else json.loads(JSONRenderer().render(response.data))
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        store_answer(claimed, status=response.status_code, answer={"body": self.keep(body), "headers": headers})


class RetoldCreates(IdempotentCreates, ABC):
    """One whose answers tell of people: of a row its id alone is kept, and a repeat is told the row as it stands.

    So nothing outlives an erasure, and nobody reads again what they may not see any more.
    """

    @abstractmethod
    def retell(self, pk: int, status: int) -> Response:
        """Answer with the row of the first answer as the caller may see it now; raises NotFound where they may not."""

    def keep(self, body: Any) -> Any:
        return {"id": body["id"]} if _is_row(body) else body

    def answer_again(self, kept: Any, status: int, headers: dict[str, str]) -> Response:
        return self.retell(kept["id"], status) if _is_row(kept) else super().answer_again(kept, status, headers)


def _is_row(body: Any) -> bool:
    return isinstance(body, dict) and "id" in body
