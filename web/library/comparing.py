"""Wordings beside each other: what was taken out and put in from one version to the next, word by word."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from references.models import ContentVersion

_TOKEN = re.compile(r"\s+|\S+")
MOST_TOKENS = 6_000
LEAST_ALIKE = 0.7
"""Spaces are alike in any two texts, so half is little."""


@dataclass(frozen=True, slots=True)
class Bit:
    """Some words: "same", "gone" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One version with what changed since the one before, part by part; nothing for the first."""

    version: ContentVersion
    changes: list[tuple[str, list[Bit]]]
    is_first: bool


def tell_versions(versions: Iterable[ContentVersion], hide: Callable[[str], str]) -> list[Wording]:
    """The versions, newest first as they come, each beside the one before it."""
    rows = list(versions)
    shown = []
    for newer, older in zip_longest(rows, rows[1:]):
        changes = [] if older is None else _changes(older.values, newer.values, hide)
        shown.append(Wording(newer, changes, older is None))
    return shown


def compare(old: str, new: str) -> list[Bit]:
    """The words of both texts in order, the same ones told once; of two that differ much, one below the other."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if len(before) + len(after) > MOST_TOKENS or matcher.ratio() < LEAST_ALIKE:
        separator = "\n" if old and new else ""
        return [Bit(kind, text) for kind, text in (("gone", old), ("same", separator), ("new", new)) if text]
    bits: list[Bit] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            bits.append(Bit("same", "".join(before[i:j])))
            continue
        bits += [
            Bit(kind, text) for kind, text in (("gone", "".join(before[i:j])), ("new", "".join(after[k:m]))) if text
        ]
    return bits


def _changes(old: Mapping[str, str], new: Mapping[str, str], hide: Callable[[str], str]) -> list[tuple[str, list[Bit]]]:
    parts = [part for part in new if old.get(part, "") != new[part]]
    return [(part, compare(hide(old.get(part, "")), hide(new[part]))) for part in parts]
