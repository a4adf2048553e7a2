"""The journal of a merge: every change in order as plain JSON, and taking all of them back."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone

from references.errors import DomainError

Entry = dict[str, Any]
_AT_ONCE = 500


class Journal:
    """Changes rows and writes down how to change them back."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def set(self, rows: Iterable[models.Model], field: str, before: Any, after: Any) -> int:
        """Give one column (an attname) of rows that all hold `before` another value; gives how many rows."""
        rows = list(rows)
        if not rows or before == after:
            return 0
        model = type(rows[0])
        pks = [freeze(row.pk) for row in rows]
        _update(model, pks, field, after)
        entry = {"do": "set", "model": model._meta.label, "pks": pks, "field": field}
        self.entries.append(entry | {"before": freeze(before), "after": freeze(after)})
        return len(rows)

    def add(self, row: models.Model, field: str, amount: int) -> None:
        """Add to a number."""
        type(row)._default_manager.filter(pk=row.pk).update(**{field: models.F(field) + amount})
        self.entries.append({"do": "add", "model": row._meta.label, "pk": row.pk, "field": field, "amount": amount})

    def delete(self, row: models.Model) -> None:
        """Delete a row to which nothing points any more."""
        values = {field.attname: freeze(getattr(row, field.attname)) for field in row._meta.concrete_fields}
        self.entries.append({"do": "delete", "model": row._meta.label, "row": values})
        row.delete()

    def created(self, row: models.Model) -> None:
        """Note a row that was made."""
        self.entries.append({"do": "create", "model": row._meta.label, "pk": row.pk})

    def guard(self, row: models.Model, fields: Iterable[str]) -> None:
        """Note values that must be the same still when the merge is taken back."""
        values = {name: freeze(getattr(row, name)) for name in fields}
        self.entries.append({"do": "guard", "model": row._meta.label, "pk": row.pk, "values": values})

    def guard_rows(self, model: type[models.Model], field: str, owner: int) -> None:
        """Note which rows point to `owner`; a later one stands against taking the merge back."""
        pks = list(model._default_manager.filter(**{field: owner}).values_list("pk", flat=True))
        self.entries.append({"do": "rows", "model": model._meta.label, "field": field, "owner": owner, "pks": pks})


def take_back(entries: list[Entry]) -> None:
    """Undo all of a journal, last change first, inside one transaction; raises DomainError(changed_since)."""
    undo = {
        "set": _unset,
        "add": _subtract,
        "delete": _restore,
        "create": _remove,
        "guard": _check,
        "rows": _check_rows,
    }
    for entry in reversed(entries):
        undo[entry["do"]](apps.get_model(entry["model"]), entry)


def freeze(value: Any) -> Any:
    """A value of a column as JSON holds it, nothing lost."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _unset(model: type[models.Model], entry: Entry) -> None:
    field = _column(model, entry["field"])
    before, after = _thaw(field, entry["before"]), _thaw(field, entry["after"])
    pks = entry["pks"]
    for start in range(0, len(pks), _AT_ONCE):
        part = pks[start : start + _AT_ONCE]
        held = list(model._default_manager.filter(pk__in=part).values_list(entry["field"], flat=True))
        if len(held) != len(part) or any(value != after for value in held):
            raise _changed(model, f"its '{entry['field']}' is another by now, or the row is gone")
    _update(model, pks, entry["field"], before)


def _subtract(model: type[models.Model], entry: Entry) -> None:
    rows = model._default_manager.filter(pk=entry["pk"])
    held = rows.values_list(entry["field"], flat=True).first()
    if held is None or held < entry["amount"] > 0:
        raise _changed(model, "part of what was added up has been used since")
    rows.update(**{entry["field"]: models.F(entry["field"]) - entry["amount"]})


def _restore(model: type[models.Model], entry: Entry) -> None:
    if model._default_manager.filter(pk=entry["row"][model._meta.pk.attname]).exists():
        raise _changed(model, "the row is there again")
    values = {name: _thaw(_column(model, name), value) for name, value in entry["row"].items()}
    model._default_manager.bulk_create([model(**values)])
    stamps = [field.attname for field in model._meta.concrete_fields if _is_stamp(field)]
    rows = model._default_manager.filter(pk=values[model._meta.pk.attname])
    if stamps:
        rows.update(**{name: values[name] for name in stamps})


def _remove(model: type[models.Model], entry: Entry) -> None:
    model._default_manager.filter(pk=entry["pk"]).delete()


def _check(model: type[models.Model], entry: Entry) -> None:
    row = model._default_manager.filter(pk=entry["pk"]).first()
    if row is None:
        raise _changed(model, "the row that stayed is gone")
    for name, value in entry["values"].items():
        if freeze(getattr(row, name)) != value:
            raise _changed(model, f"its '{name}' was changed since")


def _check_rows(model: type[models.Model], entry: Entry) -> None:
    later = model._default_manager.filter(**{entry["field"]: entry["owner"]}).exclude(pk__in=entry["pks"])
    if later.exists():
        raise _changed(model, "one was added since")


def _update(model: type[models.Model], pks: list[Any], field: str, value: Any) -> None:
    changes = {field: value}
    if any(each.attname == "updated_at" for each in model._meta.concrete_fields):
        changes["updated_at"] = timezone.now()
    for start in range(0, len(pks), _AT_ONCE):
        model._default_manager.filter(pk__in=pks[start : start + _AT_ONCE]).update(**changes)


def _column(model: type[models.Model], attname: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if field.attname == attname)


def _thaw(field: "models.Field[Any, Any]", value: Any) -> Any:
    return value if value is None or isinstance(field, models.JSONField) else field.to_python(value)


def _is_stamp(field: "models.Field[Any, Any]") -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _changed(model: type[models.Model], what: str) -> DomainError:
    return DomainError("changed_since", f"It cannot be undone any more: {model._meta.verbose_name}, {what}.")
