"""Tells tags from phrases in a cell of solutions, and opens up labelled lists such as "tools: Maven, Python"."""

import re
from functools import lru_cache

from references.importing.cells import distinct

_LABELLED = re.compile(r"^([^\W\d_][\w /&-]{0,30}?)\s*:\s*(?!//)(\S.*)$", re.DOTALL)
_LIST_LABELS = re.compile(
    r"^(tools?|stack|tech(nology|nologies)?( stack)?|stateful|platforms?|languages?|frameworks?|use cases?|uses|using|"
    r"products?|solutions?|topics?|tags?|services?|components?|integrations?)$",
    re.IGNORECASE,
)
_OUTSIDE_BRACKETS = re.compile(r",\s*(?![^()]*\))|\s+or\s+")
_FILLER = re.compile(r"^(\.{2,}|…)?\s*(and|plus|etc)\b\.?\s*", re.IGNORECASE)
_MORE = re.compile(r"^((many|some|possibly|several)\s+)*more\b", re.IGNORECASE)
_MAX_CHARS = 60
_MAX_WORDS = 6
_REMEMBERED = 200  # characters of a cell; longer ones are seldom told twice


def split_solutions(values: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort the values of a cell into (tags, phrases).

    A value of "label: a, b, c" gives its parts, without the label. What is longer than 60 characters or six words,
    holds a web address, or reads "Name: what it is" is a phrase.
    """
    return _sort_known(values) if sum(map(len, values)) <= _REMEMBERED else _sort(values)


def _sort(values: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parts = [part for value in values for part in _open_list(value)]
    tags = distinct(part for part in parts if not is_phrase(part))
    return tags, distinct(part for part in parts if is_phrase(part))


_sort_known = lru_cache(maxsize=8_192)(_sort)


def is_phrase(value: str) -> bool:
    """Whether a value is text rather than the name of a solution."""
    return len(value) > _MAX_CHARS or len(value.split()) > _MAX_WORDS or ": " in value or "://" in value


def _open_list(value: str) -> list[str]:
    match = _LABELLED.match(value)
    if not match:
        return [value]
    label, rest = match.groups()
    parts = [_trim(part) for part in _OUTSIDE_BRACKETS.split(rest)]
    is_list = _LIST_LABELS.match(label) or (len(parts) > 2 and all(len(part.split()) <= 4 for part in parts))
    return [part for part in parts if part and not _MORE.match(part)] if is_list else [value]


def _trim(part: str) -> str:
    return _FILLER.sub("", part.strip()).rstrip(" .:…*")
