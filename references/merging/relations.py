"""What a merge does with every relation that points to a merged row; floors above register their own.

A relation that nobody decided on stops every merge: forgetting one would lose rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

from references.merging.journal import Journal


class Conflict(StrEnum):
    """What becomes of a row that cannot move, since the row that stays has one of its own."""

    BLOCK = "block"  # nothing is merged until somebody has settled it
    DROP = "drop"  # the one that is there says the same
    FOLD = "fold"  # what hangs on it moves to the one that is there
    CLEAR = "clear"  # it moves no further and points nowhere


@dataclass(frozen=True, slots=True)
class Relation:
    """How the rows of one foreign key are merged.

    `sums` and `ands` are the columns of a folded row that are added up, or hold only where both say so. `outranks` says
    of (the one that goes, the one there) whether the former stays instead. A `is_guard` protects the person: none that
    came later may be lost by an undo.
    """

    conflict: Conflict = Conflict.BLOCK
    sums: tuple[str, ...] = ()
    ands: tuple[str, ...] = ()
    outranks: Callable[[Any, Any], bool] | None = None
    is_guard: bool = False


Rewrite = Callable[[str, int, int, Journal], None]
_relations: dict[tuple[str, str], Relation] = {}
_rewrites: list[Rewrite] = []


class UndecidedRelationError(RuntimeError):
    """A relation points to a merged row, and nobody decided what a merge does with it."""


def register_relation(model: str, field: str, relation: Relation | None = None) -> None:
    """Let a merge move the rows of `model` ("app.Model") by their foreign key `field`."""
    _relations[model, field] = relation or Relation()


def register_rewrite(rewrite: Rewrite) -> None:
    """Let `rewrite(kind, gone, kept, journal)` change what names a merged row otherwise than by a foreign key."""
    if rewrite not in _rewrites:
        _rewrites.append(rewrite)


def rewrites() -> tuple[Rewrite, ...]:
    """All that is registered."""
    return tuple(_rewrites)


def pointing_to(model: type[models.Model]) -> Iterator[tuple[type[models.Model], "models.ForeignKey[Any, Any]"]]:
    """Every foreign key in any app that points to a model."""
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is model:
                yield other, field


def relation_of(field: "models.ForeignKey[Any, Any]") -> Relation:
    """What was decided of a foreign key; raises UndecidedRelationError."""
    key = (field.model._meta.label, field.name)
    if key not in _relations:
        raise UndecidedRelationError(f"Nobody decided what a merge does with {key[0]}.{key[1]}")
    return _relations[key]
