"""Reads the program's current policy: the newest version's values laid over the shipped defaults, strictly."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

from references.errors import DomainError
from references.models import PolicyVersion
from references.policy import ProgramPolicy
from references.policy_ranges import check_ranges, put_in_order, wrong_setting

T = TypeVar("T")

MOST = 1e12
MOST_IN_A_LIST = 1_000
LONGEST_TEXT = 1_000


def current_policy(using: str = "default") -> ProgramPolicy:
    """Give the newest policy of the database `using`; one query. Version 0 is the defaults, where nobody saved one."""
    newest = PolicyVersion.objects.using(using).order_by("-version").values_list("version", "values").first()
    return merge_policy(newest[1], version=newest[0]) if newest else ProgramPolicy()


def merge_policy(values: Mapping[str, Any], *, version: int = 0) -> ProgramPolicy:
    """Lay `values`, nested as the dataclasses are, over the defaults; a list takes the place of the whole default.

    Raises DomainError: unknown_setting for a key the program does not have, wrong_setting for a value of the wrong
    type or out of range; `field` is the dotted key ("caps.per_year", "approvals.0.why").
    """
    if "version" in values:
        raise DomainError("unknown_setting", "The version is not a setting.", "version")
    policy = replace(_merge(ProgramPolicy(), values, ""), version=version)
    check_ranges(policy)
    return put_in_order(policy)


def _merge(default: T, values: Mapping[str, Any], prefix: str) -> T:
    changes = {}
    for name, field, value in _settings(type(default), values, prefix):
        changes[field.name] = _read(field.type, getattr(default, field.name), value, name)
    return replace(default, **changes)  # type: ignore[type-var]


def _make(kind: Any, value: Any, name: str) -> Any:
    """A dataclass of its own, as the entries of a list are."""
    if not isinstance(value, Mapping):
        raise wrong_setting(name, "a table of settings")
    given = {
        field.name: _read(field.type, None if field.default is MISSING else field.default, each, dotted)
        for dotted, field, each in _settings(kind, value, f"{name}.")
    }
    for field in fields(kind):
        if field.name not in given and field.default is MISSING:
            raise wrong_setting(f"{name}.{field.name}", "given")
    return kind(**given)


def _settings(kind: Any, values: Mapping[str, Any], prefix: str) -> list[tuple[str, Field[Any], Any]]:
    """(dotted key, field, value) of each value; refuses keys that the dataclass does not have."""
    known = {field.name: field for field in fields(kind)}
    for key in values:
        if key not in known:
            raise _unknown(f"{prefix}{key}")
    return [(f"{prefix}{key}", known[key], value) for key, value in values.items()]


def _read(kind: Any, default: Any, value: Any, name: str) -> Any:
    """One value of a field of type `kind`; a table may override some of the default's entries and knows no others."""
    if isinstance(kind, UnionType):  # a number or nothing
        return None if value is None else _read(get_args(kind)[0], default, value, name)
    if get_origin(kind) is tuple:
        return _read_list(get_args(kind)[0], value, name)
    if is_dataclass(kind) or get_origin(kind) is dict:
        if not isinstance(value, Mapping):
            raise wrong_setting(name, "a table of settings")
        return _merge(default, value, f"{name}.") if is_dataclass(kind) else _read_table(kind, default, value, name)
    if kind is bool:
        if not isinstance(value, bool):
            raise wrong_setting(name, "true or false")
        return value
    return _read_text(value, name) if kind is str else _read_number(kind, value, name)


def _read_table(kind: Any, default: dict[str, Any], value: Mapping[str, Any], name: str) -> dict[str, Any]:
    for key in value:
        if key not in default:
            raise _unknown(f"{name}.{key}")
    return default | {key: _read(get_args(kind)[1], default[key], each, f"{name}.{key}") for key, each in value.items()}


def _read_list(kind: Any, value: Any, name: str) -> tuple[Any, ...]:
    wanted = {str: "texts", int: "whole numbers", float: "numbers"}.get(kind, "tables")
    if not isinstance(value, list | tuple) or len(value) > MOST_IN_A_LIST:
        raise wrong_setting(name, f"a list of {wanted}")
    if is_dataclass(kind):
        return tuple(_make(kind, each, f"{name}.{place}") for place, each in enumerate(value))
    return tuple(_read(kind, None, each, name) for each in value)


def _read_text(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value:
        raise wrong_setting(name, "a text")
    return value


def _read_number(kind: type, value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_setting(name, "a number")
    if not 0 <= value < MOST:
        raise wrong_setting(name, "a number from 0 up")
    if kind is not int:
        return float(value)
    if value != int(value):
        raise wrong_setting(name, "a whole number")
    return int(value)


def _unknown(name: str) -> DomainError:
    return DomainError("unknown_setting", f"There is no setting '{name}'.", name)
