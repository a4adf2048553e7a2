"""Makes new objects of a model several times faster than calling the model, which looks at every field anew."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def make(model: type[M], **values: Any) -> M:
    """Make an object with these values, by the names of columns (`customer_id`); other fields get their defaults.

    What a `save()` or a signal would do is not done: the objects are for `insert_objects`.
    """
    plain, fresh = _read_defaults(model)
    made = model.__new__(model)
    attributes = made.__dict__
    attributes["_state"] = ModelState()
    attributes.update(plain)
    for name, default in fresh:
        attributes[name] = default()
    attributes.update(values)
    return made


def join(each: models.Model, name: str, other: models.Model) -> None:
    """Let `each` know the object that its relation `name` leads to, so that it is not read."""
    each.__dict__[f"{name}_id"] = other.pk
    each._state.fields_cache[name] = other


@lru_cache(maxsize=64)
def _read_defaults(model: type[models.Model]) -> tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...]]:
    """The defaults that objects may share, and those that each needs one of its own of."""
    fields = model._meta.concrete_fields
    plain = {field.attname: field.get_default() for field in fields}
    fresh = tuple((field.attname, field.default) for field in fields if field.has_default() and callable(field.default))
    return plain, fresh
