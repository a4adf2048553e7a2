"""What the endpoints that create share: the key under which a row is made once, and fields that name another row."""

import hashlib
import uuid
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from api.v1.idempotency import HEADER


def creation_key(request: Request) -> str:
    """The key of what this call creates: the same for the same user and `Idempotency-Key`, else one of its own."""
    given = request.headers.get(HEADER)
    unique = hashlib.sha256(given.encode()).hexdigest() if given else uuid.uuid4().hex
    return f"api:{request.user.pk}:{unique}"


class VisibleField(serializers.PrimaryKeyRelatedField[Any]):
    """The id of a row that whoever asks may see; another one does not exist."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pk_field=serializers.IntegerField(), **options)  # a whole number, of whatever size

    def get_queryset(self) -> QuerySet[Any]:
        declared: Any = super().get_queryset()
        rows: QuerySet[Any] = declared.model._default_manager.visible_to(self.context["request"].user)
        return rows
