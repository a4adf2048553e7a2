"""What undoing a decision about a word needs: the rows as they were before, and how they are written back."""

from typing import Any

from django.db import models
from django.db.models import ManyToOneRel

from references.enums import TagStatus
from references.errors import DomainError
from references.lifecycles import TAG_UNDONE
from references.models import SortedTerm, Tag, TagContainment, TagLanguage, TagSynonym
from references.pool.writing import pool_write
from references.services.inference import promise_inference
from references.services.saving import record_change
from references.services.tag_merging import CARRIERS
from references.services.tags import fold_synonym, touch_carriers
from users.models import User

_KEPT = ("verified_on", "origin", "confidence")


def require_plain(tag: Tag) -> None:
    """Raise DomainError(not_plain) for a tag that more hangs on than rows and synonyms; such is merged by itself."""
    edges = TagContainment.objects.filter(tag=tag) | TagContainment.objects.filter(container=tag)
    spoken = TagLanguage.objects.filter(region=tag) | TagLanguage.objects.filter(language=tag)
    if tag.children.exists() or edges.exists() or spoken.exists() or _is_pointed_at(tag):
        raise DomainError("not_plain", f"More hangs on '{tag.name}' than rows; merge it on its own page.", "tag")


def take_record(tag: Tag, target: Tag | None) -> dict[str, Any]:
    """The rows that carry a tag, those of them that carry `target` as well, and its synonyms, as JSON."""
    rows: dict[str, list[dict[str, Any]]] = {}
    both: dict[str, list[dict[str, Any]]] = {}
    for model, owner in CARRIERS:
        carried = [_values(row, owner) for row in model._default_manager.filter(tag=tag).order_by("pk")]
        rows[model.__name__] = carried
        if target is not None and carried:
            shared = model._default_manager.filter(tag=target, **{f"{owner}__in": [row["owner"] for row in carried]})
            both[model.__name__] = [_values(row, owner) for row in shared.order_by("pk")]
    return {
        "status": tag.status,
        "rows": rows,
        "both": both,
        "synonyms": list(tag.synonyms.values_list("text", flat=True)),
        "known": list(target.synonyms.values_list("text", flat=True)) if target is not None else [],
    }


def undo_term(term: SortedTerm, by: User | None) -> None:
    """Make the word proposed again, with the rows it had. What has been taken from a row since stays taken.

    Raises DomainError: tag_gone, changed_meanwhile.
    """
    with pool_write() as touched:
        tag = Tag.objects.select_for_update(no_key=True).filter(pk=term.tag_id or 0).first()
        if tag is None:
            raise DomainError("tag_gone", "The word is gone.", "tag")
        if tag.status != term.record["became"] or tag.merged_into_id != (
            term.target_id if tag.status == TagStatus.MERGED else None
        ):
            raise DomainError("changed_meanwhile", "Somebody has decided about the word again since.", "tag")
        if "given" in term.record:
            touch_carriers(touched, tag)
            _take_off(tag, term.record["given"])
            SortedTerm.objects.filter(pk=term.pk).update(is_undone=True)
            return
        TAG_UNDONE.require_move(tag.status, TagStatus.PROPOSED)
        if tag.merged_into is not None:
            _give_back(tag, tag.merged_into, term.record)
            touch_carriers(touched, tag.merged_into)
        before = tag.status
        tag.status, tag.merged_into = TagStatus(term.record["status"]), None
        if term.record.get("placed"):
            tag.parent = None
        tag.save(update_fields=["status", "merged_into", "parent"])
        record_change(subject=tag, before=before, after=tag.status, by=by, why="bulk decision undone")
        touch_carriers(touched, tag)
        promise_inference(None)
        if term.record.get("made"):
            _unmake(tag)
        SortedTerm.objects.filter(pk=term.pk).update(is_undone=True)


def _take_off(tag: Tag, given: dict[str, list[int]]) -> None:
    """Take a tag that the vocabulary knew before from the rows that the decision gave it to."""
    for model, _owner in CARRIERS:
        model._default_manager.filter(pk__in=given.get(model.__name__, ()), tag=tag).delete()


def _give_back(tag: Tag, target: Tag, record: dict[str, Any]) -> None:
    for model, owner in CARRIERS:
        rows = model._default_manager
        for was in record["rows"][model.__name__]:
            moved = rows.filter(pk=was["pk"], tag=target).update(tag=tag)
            still = rows.filter(tag=target, **{f"{owner}_id": was["owner"]}).exists()
            if not moved and still:  # it carried both, and merging left one row
                kept = {name: was[name] for name in _KEPT if name in was}
                rows.bulk_create([model(tag=tag, **{f"{owner}_id": was["owner"]}, **kept)])
        for was in record["both"].get(model.__name__, ()):
            kept = {name: was[name] for name in _KEPT if name in was}
            if kept:
                rows.filter(pk=was["pk"], tag=target).update(**kept)
    TagSynonym.objects.filter(tag=target, text__in=record["synonyms"]).exclude(text__in=record["known"]).delete()
    if tag.name not in record["known"]:
        target.synonyms.filter(text=tag.name).delete()
    TagSynonym.objects.bulk_create(
        [TagSynonym(tag=tag, text=text, folded=fold_synonym(text)) for text in record["synonyms"]],
        ignore_conflicts=True,
    )


def _unmake(tag: Tag) -> None:
    """Take away a tag that the decision had made of a title or an industry: it is but a word of rows again."""
    for model, _owner in CARRIERS:
        model._default_manager.filter(tag=tag).delete()
    tag.synonyms.all().delete()
    tag.delete()


def _values(row: Any, owner: str) -> dict[str, Any]:
    values: dict[str, Any] = {"pk": row.pk, "owner": getattr(row, f"{owner}_id")}
    for name in _KEPT:
        if hasattr(row, name):
            value = getattr(row, name)
            values[name] = value.isoformat() if name == "verified_on" else value
    return values


def _is_pointed_at(tag: Tag) -> bool:
    relations: list[Any] = [
        each for each in Tag._meta.get_fields(include_hidden=True) if isinstance(each, ManyToOneRel)
    ]
    through = {model for model, _owner in CARRIERS}
    return any(
        _rows(relation).filter(**{relation.field.name: tag}).exists()
        for relation in relations
        if relation.hidden and relation.related_model not in through
    )


def _rows(relation: Any) -> models.Manager[Any]:
    manager: models.Manager[Any] = relation.related_model._default_manager
    return manager
