"""What an archive is made of: one part per model, those that others stand on first; and what stays out, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.migrations.recorder import MigrationRecorder

FORMAT = 1
MANIFEST = "manifest.json"
APPS = ("users", "delivery", "references", "advocacy", "surveys", "matching")
LEFT_OUT: Mapping[str, str] = {
    "users.ApiKey": "Keys are the secrets of those who carry them: make new ones.",
    "users.User_groups": "Roles alone decide who may do what.",
    "users.User_user_permissions": "Roles alone decide who may do what.",
    "delivery.OutboxMessage": "What was promised is delivered by the program that promised it.",
    "delivery.IdempotencyKey": "Answers to calls belong to the program that gave them.",
    "delivery.Job": "Jobs, their reports and their files end with the program that ran them.",
    "references.PoolRevision": "The index counts anew.",
    "references.PoolNote": "The index counts anew.",
}
FIELDS_LEFT_OUT: Mapping[str, frozenset[str]] = {"users.User": frozenset({"password"})}
"""No password travels: whoever logs in gets a new one."""


class ArchiveRefusedError(Exception):
    """An archive cannot be used; the message says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Part:
    """One model, as lines of JSON in a file of the archive."""

    model: type[models.Model]

    @property
    def label(self) -> str:
        """Its model: "references.Customer"."""
        return self.model._meta.label

    @property
    def name(self) -> str:
        """Its file."""
        return f"rows/{self.label}.jsonl"

    @property
    def fields(self) -> "list[models.Field[Any, Any]]":
        """The columns that travel."""
        left_out = FIELDS_LEFT_OUT.get(self.label, frozenset())
        return [field for field in self.model._meta.concrete_fields if field.name not in left_out]


def list_parts() -> list[Part]:
    """Every part, in an order in which each stands only on earlier ones (or on itself)."""
    waiting = [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not model._meta.proxy and model._meta.label not in LEFT_OUT
    ]
    kept = set(waiting)
    ordered: list[type[models.Model]] = []
    while waiting:
        ready = [model for model in waiting if not (_stands_on(model) & kept - {model}) - set(ordered)]
        if not ready:
            raise RuntimeError(f"Models stand on each other in a circle: {[each.__name__ for each in waiting]}")
        ordered += ready
        waiting = [model for model in waiting if model not in ready]
    return [Part(model) for model in ordered]


def _stands_on(model: type[models.Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def dependents(parts: list[Part]) -> list[type[models.Model]]:
    """Models that no archive holds and that point to rows of one: emptied with them, or never filled."""
    kept = {part.model for part in parts}
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model not in kept and not model._meta.proxy and model._meta.managed and _stands_on(model) & kept
    ]


def read_migrations() -> dict[str, str]:
    """The last migration applied of each app."""
    applied = MigrationRecorder.Migration.objects.filter(app__in=APPS).order_by("name")
    return dict(applied.values_list("app", "name"))
