"""Moves all that points to a row to another, by looking through every relation of every app."""

from collections import Counter
from typing import Any

from django.db import models
from django.db.models import Q

from references.errors import DomainError
from references.merging.journal import Journal
from references.merging.relations import Conflict, Relation, pointing_to, relation_of


def move_all(gone: models.Model, kept: models.Model, journal: Journal, moved: Counter[str]) -> None:
    """Let everything that points to `gone` point to `kept`; counts in `moved`, by model.

    Raises DomainError(merge_blocked) where both have something that there may be once, UndecidedRelationError.
    """
    for model, field in pointing_to(type(gone)):
        relation = relation_of(field)
        if relation.is_guard:
            _move_rows(model, field, relation, gone, kept, journal, moved)
            journal.guard_rows(model, field.attname, kept.pk)
        else:
            _move_rows(model, field, relation, gone, kept, journal, moved)


def _move_rows(
    model: type[models.Model],
    field: "models.ForeignKey[Any, Any]",
    relation: Relation,
    gone: models.Model,
    kept: models.Model,
    journal: Journal,
    moved: Counter[str],
) -> None:
    free = []
    for row in model._default_manager.filter(**{field.attname: gone.pk}).order_by("pk"):
        twin = find_twin(row, field, kept)
        if twin is None:
            free.append(row)
        else:
            _settle(row, twin, field, relation, journal, moved)
    moved[model._meta.label] += journal.set(free, field.attname, gone.pk, kept.pk)


def find_twin(row: models.Model, field: "models.ForeignKey[Any, Any]", kept: models.Model) -> models.Model | None:
    """The row that stands in the way of this one pointing to `kept`, by any constraint of the table."""
    rows = type(row)._default_manager
    if field.unique:
        return rows.filter(**{field.attname: kept.pk}).first()
    for constraint in row._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or field.name not in constraint.fields:
            continue
        condition = constraint.condition or Q()
        if not rows.filter(condition, pk=row.pk).exists():
            continue
        names = [name for name in constraint.fields if name != field.name]
        same = {name: getattr(row, row._meta.get_field(name).attname) for name in names}  # type: ignore[union-attr]
        if None in same.values():
            continue
        twin = rows.filter(condition, **same, **{field.attname: kept.pk}).first()
        if twin is not None:
            return twin
    return None


def _settle(
    row: models.Model,
    twin: models.Model,
    field: "models.ForeignKey[Any, Any]",
    relation: Relation,
    journal: Journal,
    moved: Counter[str],
) -> None:
    """One of two rows of which there may be only one."""
    if relation.conflict == Conflict.BLOCK:
        noun = row._meta.verbose_name
        message = f"Both have the same {noun} ('{row}' and '{twin}'). End or change one of them first."
        raise DomainError("merge_blocked", message)
    if relation.conflict == Conflict.CLEAR:
        journal.set([row], field.attname, getattr(row, field.attname), None)
        return
    stays_instead = relation.outranks is not None and relation.outranks(row, twin)
    if stays_instead:
        row, twin = twin, row
    if relation.conflict == Conflict.FOLD:
        move_all(row, twin, journal, moved)
        for name in relation.sums:
            journal.add(twin, name, getattr(row, name))
        for name in relation.ands:
            journal.set([twin], name, getattr(twin, name), getattr(twin, name) and getattr(row, name))
    owners = getattr(row, field.attname), getattr(twin, field.attname)
    journal.delete(row)
    if stays_instead:
        journal.set([twin], field.attname, owners[1], owners[0])
