"""What every service shares in writing: validated saves, exact sets of tags, and the record of a changed state."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from references.enums import Actor, TagOrigin, TagStatus
from references.errors import DomainError
from references.models import StateChange, Tag
from users.models import User


def assign(row: models.Model, data: Mapping[str, Any], allowed: Collection[str]) -> None:
    """Set the fields in `data`; raises DomainError(unknown_field) for any that the service does not write."""
    for name, value in data.items():
        if name not in allowed:
            raise DomainError("unknown_field", f"'{name}' cannot be set here.", name)
        setattr(row, name, value)


def save_checked(row: models.Model, *, update_fields: Iterable[str] | None = None) -> None:
    """Validate and save a row; raises DomainError with the first fault's own code (unique, blank, max_length …)."""
    try:
        row.full_clean()
        with transaction.atomic():
            row.save(update_fields=None if update_fields is None else list(update_fields))
    except ValidationError as error:
        raise _translate(error) from error
    except IntegrityError as error:
        raise DomainError("conflict", "Someone saved the same at this moment. Please try again.") from error


def check_fields(row: models.Model) -> None:
    """Validate a row's fields, not yet its uniqueness; raises DomainError with the first fault's own code."""
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise _translate(error) from error


def _translate(error: ValidationError) -> DomainError:
    field, faults = next(iter(error.error_dict.items()))
    fault = faults[0]
    message = " ".join(fault.messages)
    return DomainError(fault.code or "invalid", message, None if field == NON_FIELD_ERRORS else field)


def follow_merges(tag: Tag) -> Tag:
    """Give the tag that this one stands for now; raises DomainError(tag_rejected) where a manager rejected it."""
    while tag.merged_into is not None:
        tag = tag.merged_into
    if tag.status == TagStatus.REJECTED:
        raise DomainError("tag_rejected", f"The tag '{tag.name}' has been rejected.", "tags")
    return tag


def set_tags(
    through: type[models.Model], owner: models.Model, tags: Iterable[Tag], *, verified_on: date | None = None
) -> None:
    """Let `owner` carry exactly `tags`; ones inferred from its words stay beside them, or become given ones.

    Where the through-row has a date of verification, new ones get `verified_on` or today, and those kept only where
    `verified_on` is given, since merely saving a form verifies nothing.
    """
    name = next(
        field.name for field in through._meta.fields if field.is_relation and field.related_model is type(owner)
    )
    columns = {field.name for field in through._meta.fields}
    is_dated = "verified_on" in columns
    wanted = {tag.pk: tag for tag in map(follow_merges, tags)}
    rows = through._default_manager.filter(**{name: owner})
    if "origin" in columns:
        rows.filter(tag__in=wanted, origin=TagOrigin.INFERRED).update(origin=TagOrigin.GIVEN, confidence=100)
        rows = rows.filter(origin=TagOrigin.GIVEN)
    rows.exclude(tag__in=wanted).delete()
    if is_dated and verified_on is not None:
        rows.update(verified_on=verified_on)
    held = set(rows.values_list("tag_id", flat=True))
    dated = {"verified_on": verified_on or timezone.localdate()} if is_dated else {}
    through._default_manager.bulk_create(
        through(**{name: owner}, tag=tag, **dated) for pk, tag in wanted.items() if pk not in held
    )


def record_change(
    *, subject: models.Model, before: str, after: str, by: User | None, why: str = "", actor: str = ""
) -> StateChange:
    """Keep who moved `subject` from one state to another, when and why; `subject` is noted as "contact:17".

    `actor` (see `enums.Actor`) is told from `by` unless given: a promoter has no user.
    """
    return StateChange.objects.create(
        subject=name_subject(subject),
        from_status=before,
        to_status=after,
        by=by,
        actor=actor or (Actor.SYSTEM if by is None else Actor.USER),
        why=why[:300],
    )


def name_subject(row: models.Model) -> str:
    """How a row is named in StateChange.subject: its model and its key."""
    return f"{row._meta.model_name}:{row.pk}"
