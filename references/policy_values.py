"""A policy as values to keep and to compare: what differs from the shipped defaults, and from another policy."""

from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

from references.policy import ProgramPolicy


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting that two policies have differently: its dotted key and both values as JSON has them."""

    key: str
    before: Any
    after: Any


def settings_of(policy: ProgramPolicy) -> dict[str, Any]:
    """Every setting, nested as the dataclasses are, as JSON has it; the version is none."""
    return {field.name: _plain(getattr(policy, field.name)) for field in fields(policy) if field.name != "version"}


def differing_values(policy: ProgramPolicy) -> dict[str, Any]:
    """What differs from the shipped defaults, nested: what a version keeps. A list differs as a whole."""
    return _differing(settings_of(policy), settings_of(ProgramPolicy()))


def diff_policies(before: ProgramPolicy, after: ProgramPolicy) -> tuple[Difference, ...]:
    """Every setting that two policies have differently, in the order of the dataclasses."""
    old, new = flat_settings(before), flat_settings(after)
    return tuple(Difference(key, old[key], value) for key, value in new.items() if value != old[key])


def flat_settings(policy: ProgramPolicy) -> dict[str, Any]:
    """Every setting by its dotted key ("ranking.weights.product"), as JSON has it."""
    return dict(_flatten(settings_of(policy), ""))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(each) for key, each in asdict(value).items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, dict) else value


def _differing(values: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            inner = _differing(value, defaults[key])
            found |= {key: inner} if inner else {}
        elif value != defaults[key]:
            found[key] = value
    return found


def _flatten(values: dict[str, Any], prefix: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in values.items():
        name = f"{prefix}{key}"
        found += _flatten(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return found
