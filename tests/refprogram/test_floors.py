"""The floors hold where imports do not show: in foreign keys, app labels and stray names."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Field, Model

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [["users"], ["delivery"], ["references"], ["advocacy"], ["surveys", "matching"], ["api", "web"]]
OURS = [app for floor in FLOORS for app in floor]
HEIGHT = {app: height for height, floor in enumerate(FLOORS) for app in floor}
RELATIONS = [
    (model, field)
    for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label in HEIGHT
    for field in model._meta.get_fields()
    if isinstance(field, Field) and field.is_relation
]


def may_refer(source: str, target: str) -> bool:
    """Tell whether a model of app `source` may hold a key to one of app `target`: its own, or a lower floor's."""
    return source == target or target not in HEIGHT or HEIGHT[target] < HEIGHT[source]


def test_floors_name_every_app_of_ours() -> None:
    found = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert found == set(OURS)


@pytest.mark.parametrize(("model", "field"), RELATIONS, ids=lambda part: getattr(part, "__name__", None) or part.name)
def test_floors_hold_for_every_relation_between_models(model: type[Model], field: "Field[Any, Any]") -> None:
    target = field.related_model
    assert isinstance(target, type)
    assert may_refer(model._meta.app_label, target._meta.app_label), f"{field} points up to {target._meta.label}"


def test_floors_refuse_a_key_that_points_up_or_sideways() -> None:
    assert may_refer("matching", "users")
    assert may_refer("references", "auth")
    assert not may_refer("users", "delivery")
    assert not may_refer("api", "web")


def test_no_module_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "core", "misc", "signals"}
    strays = [path for app in [*OURS, "refprogram"] for path in (ROOT / app).rglob("*.py") if path.stem in vague]
    assert strays == []


def test_every_module_opens_with_what_it_owns() -> None:
    silent = [
        path.relative_to(ROOT)
        for app in [*OURS, "refprogram"]
        for path in (ROOT / app).rglob("*.py")
        if path.name != "__init__.py" and "migrations" not in path.parts and not path.read_text().startswith('"""')
    ]
    assert silent == []
