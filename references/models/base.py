"""The base of every row the pool index reads: it can only be written inside `pool_write()`."""

from typing import Any, ClassVar, Self

from django.db import models

from references.pool.gate import require_pool_write
from references.querysets import PoolQuerySet


class PoolModel(models.Model):
    """A row that the pool index reads."""

    objects: ClassVar[models.Manager[Self]] = PoolQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        require_pool_write()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        require_pool_write()
        return super().delete(*args, **kwargs)
