"""Remembers what the short cells of a file came to, since most say the same over and over."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")
_SHORT = 100  # characters; a longer text is seldom told twice, and would fill the memory
_KEPT = 16_384


def remembered(read: Callable[[str], T]) -> Callable[[str], T]:
    """Let a pure function of one text keep its answers for short texts; errors are not kept."""
    known = lru_cache(maxsize=_KEPT)(read)

    @wraps(read)
    def recall(text: str) -> T:
        return known(text) if len(text) <= _SHORT else read(text)

    return recall
