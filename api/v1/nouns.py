"""What the nouns of surveys and advocacy share: rows told as pages tell them, bodies read strictly, answers retold."""

from functools import cached_property
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.v1.idempotency import RetoldCreates
from api.v1.tables import TableViewSet
from references.errors import DomainError
from references.policy import ProgramPolicy
from references.program import current_policy


class NounViewSet(RetoldCreates, TableViewSet):
    """Rows of one noun, by page or whole; a subclass names its rows, and the verbs that write them."""

    noun: ClassVar[str]

    @cached_property
    def policy(self) -> ProgramPolicy:
        """The policy, read once for a call."""
        return current_policy()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "policy": self.policy}

    def read(self, body: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """What the call sends, checked for its shape."""
        given = body(data=self.request.data, partial=partial, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def tell(self, pk: int, status: int = 200) -> Response:
        """Answer with a row as whoever asks sees it now; raises NotFound where they do not."""
        row = get_object_or_404(self.get_queryset(), pk=pk)
        headers = {}
        if status == 201:
            headers["Location"] = reverse(f"api:v1:{self.noun}-detail", kwargs={"pk": pk}, request=self.request)
        return Response(self.show([row])[0], status=status, headers=headers)

    def retell(self, pk: int, status: int) -> Response:
        return self.tell(pk, status)


def require(is_allowed: bool, message: str) -> None:
    """Raise DomainError(not_allowed), a 403, unless it is allowed."""
    if not is_allowed:
        raise DomainError("not_allowed", message)
