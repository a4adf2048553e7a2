"""The pool's revision: one counter row, and a note of what changed under each number."""

import uuid

from django.db import models
from django.db.models import Q


class PoolRevision(models.Model):
    """The only row: the number of the last committed write, and the epoch that a restore or flush renews."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.PositiveBigIntegerField(default=0)
    epoch = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="pool_revision_single_row")]

    def __str__(self) -> str:
        return f"{self.epoch}:{self.value}"


class NoteKind(models.TextChoices):
    CUSTOMER = "customer"
    VOCABULARY = "vocabulary"
    POLICY = "policy"
    EVERYTHING = "everything"


class PoolNote(models.Model):
    """One thing that changed under a number; `object_id` is the customer's, 0 for kinds without an object."""

    number = models.PositiveBigIntegerField(db_index=True)
    kind = models.CharField(max_length=12, choices=NoteKind.choices)
    object_id = models.BigIntegerField(default=0)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.object_id}"
