"""Merges one tag into another: everything that carried it carries the other, and the merged row stays as history."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import ManyToOneRel

from references.enums import TagOrigin, TagStatus
from references.errors import DomainError
from references.lifecycles import TAG
from references.models import (
    CaseStudyTag,
    Consent,
    ContactTag,
    CustomerTag,
    SlotTag,
    Tag,
    TagContainment,
    TagLanguage,
    TagSynonym,
    TestimonialTag,
)
from references.pool.writing import pool_write
from references.services.inference import promise_inference
from references.services.saving import record_change
from references.services.tags import fold_synonym, lies_within, require_not_within, touch_carriers
from users.models import User

CARRIERS: tuple[tuple[type[models.Model], str], ...] = (
    (CustomerTag, "customer"),
    (ContactTag, "contact"),
    (CaseStudyTag, "case_study"),
    (TestimonialTag, "testimonial"),
    (SlotTag, "slot"),
)


def merge_tag(*, source: Tag, target: Tag, by: User | None = None, why: str = "") -> Tag:
    """Let `target` take over all that `source` was: rows, children, containment, languages, its name as a synonym.

    A row that carried both keeps the newer date of verification, and is given where either was. Gives the target.
    Raises DomainError: merge_with_itself, wrong_facet, tag_gone (a merged or rejected target), move_not_allowed (a
    merged source), target_below, cycle.
    """
    with pool_write() as touched:
        locked = Tag.objects.select_for_update(no_key=True).filter(facet=source.facet).order_by("pk")
        rows = {row.pk: row for row in locked}
        old, new = rows[source.pk], rows.get(target.pk, target)
        _check(old, new)
        touch_carriers(touched, old)
        touch_carriers(touched, new)
        promise_inference(None)
        for model, owner in CARRIERS:
            _move_carried(model, owner, old, new)
        touched.add_all(Consent.objects.filter(region=old).values_list("customer", flat=True))
        _move_pointers(old, new)
        _move_family(old, new)
        _move_synonyms(old, new)
        before, old.status, old.merged_into = old.status, TagStatus.MERGED, new
        old.save(update_fields=["status", "merged_into"])
        record_change(subject=old, before=before, after=old.status, by=by, why=why or f"merged into {new.name}")
    source.refresh_from_db()
    target.refresh_from_db()
    return target


def _check(old: Tag, new: Tag) -> None:
    if old.pk == new.pk:
        raise DomainError("merge_with_itself", "A tag cannot be merged with itself.", "target")
    if old.facet != new.facet:
        raise DomainError("wrong_facet", f"'{new.name}' belongs to another facet.", "target")
    if new.status not in {TagStatus.ACCEPTED, TagStatus.PROPOSED}:
        raise DomainError("tag_gone", f"'{new.name}' is {new.status}.", "target")
    TAG.require_move(old.status, TagStatus.MERGED)


def _move_carried(model: type[models.Model], owner: str, old: Tag, new: Tag) -> None:
    rows = model._default_manager
    carried = {getattr(row, f"{owner}_id"): row for row in rows.filter(tag=new)}
    is_dated = any(field.name == "verified_on" for field in model._meta.fields)
    for row in rows.filter(tag=old, **{f"{owner}__in": carried}):
        both = carried[getattr(row, f"{owner}_id")]
        if is_dated and _verified(row) > _verified(both):
            rows.filter(pk=both.pk).update(verified_on=_verified(row))
        if getattr(row, "origin", "") == TagOrigin.GIVEN:
            rows.filter(pk=both.pk).update(origin=TagOrigin.GIVEN, confidence=100)
        row.delete()
    rows.filter(tag=old).update(tag=new)


def _verified(row: Any) -> date:
    verified_on: date = row.verified_on
    return verified_on


def _move_pointers(old: Tag, new: Tag) -> None:
    """Whatever names one tag, on this floor or one above: the region of a consent or slot, the product of a survey."""
    for relation in Tag._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.hidden:
            rows = relation.related_model._default_manager
            rows.filter(**{relation.field.name: old}).update(**{relation.field.name: new})


def _move_family(old: Tag, new: Tag) -> None:
    """Children, containment and languages; what would point a tag at itself goes."""
    if _lies_below(new, old):
        if new.parent_id != old.pk:
            raise DomainError(
                "target_below", f"'{new.name}' lies further below '{old.name}'; move it up first.", "target"
            )
        new.parent_id = old.parent_id
        new.save(update_fields=["parent"])
    Tag.objects.filter(parent=old).exclude(pk=new.pk).update(parent=new)
    _move_edges(TagContainment, "tag", "container", old, new)
    _move_edges(TagContainment, "container", "tag", old, new)
    for edge in TagContainment.objects.filter(tag=new).select_related("container"):
        if lies_within(edge.container, new):
            edge.delete()
    if new.parent is not None:
        require_not_within(new.parent, new)
    _move_edges(TagLanguage, "region", "language", old, new)
    _move_edges(TagLanguage, "language", "region", old, new)


def _lies_below(tag: Tag, top: Tag) -> bool:
    parents: dict[int, int | None] = dict(Tag.objects.filter(facet=tag.facet).values_list("pk", "parent"))
    above = parents.get(tag.pk)
    while above is not None and above != top.pk:
        above = parents.get(above)
    return above is not None


def _move_edges(model: type[models.Model], end: str, other: str, old: Tag, new: Tag) -> None:
    rows = model._default_manager.filter(**{end: old})
    there = model._default_manager.filter(**{end: new}).values(f"{other}_id")
    rows.filter(**{f"{other}__in": [new.pk]}).delete()
    rows.filter(**{f"{other}__in": list(there.values_list(f"{other}_id", flat=True))}).delete()
    rows.update(**{end: new})


def _move_synonyms(old: Tag, new: Tag) -> None:
    held = set(new.synonyms.values_list("text", flat=True))
    known = {fold_synonym(text) for text in held} | {fold_synonym(new.name)}
    old.synonyms.filter(text__in=held).delete()
    old.synonyms.update(tag=new)
    if fold_synonym(old.name) not in known:
        TagSynonym.objects.bulk_create(
            [TagSynonym(tag=new, text=old.name, folded=fold_synonym(old.name))], ignore_conflicts=True
        )
