"""Columns worked out once and kept for the next search, as many as a number of bytes holds."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import numpy.typing as npt

Arrays = tuple[npt.NDArray[Any], ...]
MOST_BYTES = 16 * 2**20


class Recall:
    """Arrays by question, of which the least recently asked give way; safe for threads.

    What is kept must not be changed, nor depend on anything but its question and the snapshot it belongs to.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[Hashable, Arrays] = OrderedDict()
        self._bytes = 0
        self._most = most_bytes
        self._lock = threading.Lock()

    def get(self, question: Hashable, work_out: Callable[[], Arrays]) -> Arrays:
        """What was worked out for the question before, or is now."""
        with self._lock:
            kept = self._kept.get(question)
            if kept is not None:
                self._kept.move_to_end(question)
                return kept
        made = work_out()
        with self._lock:
            if question not in self._kept:
                self._kept[question] = made
                self._bytes += _size(made)
            while self._bytes > self._most and self._kept:
                self._bytes -= _size(self._kept.popitem(last=False)[1])
        return made


def _size(arrays: Arrays) -> int:
    return sum(each.nbytes for each in arrays)
