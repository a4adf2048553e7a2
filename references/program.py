"""Reads the program's current policy: the newest version's values laid over the shipped defaults, strictly."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from references.errors import DomainError
from references.models import PolicyVersion
from references.policy import ProgramPolicy

T = TypeVar("T")


def current_policy(using: str = "default") -> ProgramPolicy:
    """Give the newest policy of the database `using`; one query. Version 0 is the defaults, where nobody saved one."""
    newest = PolicyVersion.objects.using(using).order_by("-version").values_list("version", "values").first()
    return merge_policy(newest[1], version=newest[0]) if newest else ProgramPolicy()


def merge_policy(values: Mapping[str, Any], *, version: int = 0) -> ProgramPolicy:
    """Lay `values`, nested as the dataclasses are, over the defaults.

    Raises DomainError: unknown_setting for a key the program does not have, wrong_setting for a value of the wrong
    type or out of range; `field` is the dotted key ("caps.per_year").
    """
    if "version" in values:
        raise DomainError("unknown_setting", "The version is not a setting.", "version")
    policy = replace(_merge(ProgramPolicy(), values, ""), version=version)
    _check_ranges(policy)
    return policy


def _merge(default: T, values: Mapping[str, Any], prefix: str) -> T:
    known = {field.name for field in fields(default)}  # type: ignore[arg-type]
    changes: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if key not in known:
            raise DomainError("unknown_setting", f"There is no setting '{name}'.", name)
        changes[key] = _read(getattr(default, key), value, name)
    return replace(default, **changes)  # type: ignore[type-var]


def _read(default: Any, value: Any, name: str) -> Any:
    """One value in the type of its default; a table may override some of its entries and knows no others."""
    if is_dataclass(default) or isinstance(default, dict):
        if not isinstance(value, Mapping):
            raise _wrong(name, "a table of settings")
        if is_dataclass(default):
            return _merge(default, value, f"{name}.")
        for key in value:
            if key not in default:
                raise DomainError("unknown_setting", f"There is no setting '{name}.{key}'.", f"{name}.{key}")
        return default | {key: _read(default[key], each, f"{name}.{key}") for key, each in value.items()}
    if isinstance(default, tuple):
        if not isinstance(value, list | tuple):
            raise _wrong(name, "a list of numbers")
        return tuple(_read(default[0], each, name) for each in value)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise _wrong(name, "true or false")
        return value
    return _read_number(default, value, name)


def _read_number(default: float, value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(name, "a number")
    if not 0 <= value < 1e9:
        raise _wrong(name, "a number from 0 up")
    if not isinstance(default, int):
        return float(value)
    if value != int(value):
        raise _wrong(name, "a whole number")
    return int(value)


def _check_ranges(policy: ProgramPolicy) -> None:
    fatigue, ranking = policy.fatigue, policy.ranking
    if not 0 < fatigue.soft < fatigue.needs_approval < fatigue.stop < 1:
        raise _wrong("fatigue.stop", "above needs_approval, which is above soft, all between 0 and 1")
    for name in ("half_life", "scale_normal", "scale_sensitive", "scale_ambassador"):
        if getattr(fatigue, name) <= 0:
            raise _wrong(f"fatigue.{name}", "above 0")
    for name in ("spill", "thanks", "reward", "relief_limit"):
        if getattr(fatigue, name) > 1:
            raise _wrong(f"fatigue.{name}", "at most 1")
    if ranking.stale_half_life <= 0:
        raise _wrong("ranking.stale_half_life", "above 0")
    if not ranking.band_similarity or max(ranking.band_similarity) > 1:
        raise _wrong("ranking.band_similarity", "shares of at most 1")
    if not 0 <= ranking.acceptance_default <= 1:
        raise _wrong("ranking.acceptance_default", "at most 1")
    if not any(ranking.weights.values()):
        raise _wrong("ranking.weights", "above 0 for some facet")


def _wrong(name: str, wanted: str) -> DomainError:
    return DomainError("wrong_setting", f"'{name}' must be {wanted}.", name)
