"""Watches the memory of a running site, minute by minute, and reads its log for what went wrong."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from benchmarks.load.memory import measure_parts

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Sample:
    """MiB by part of the site, so many seconds after the start."""

    seconds: float
    parts: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.parts.values())


@contextmanager
def watch_memory(root: int, every: float = MINUTE) -> Iterator[list[Sample]]:
    """Take a sample now, after each `every` seconds, and at the end; the list given grows meanwhile."""
    began, stop = monotonic(), threading.Event()
    samples: list[Sample] = []

    def take() -> None:
        samples.append(Sample(monotonic() - began, measure_parts(root)))

    def watch() -> None:
        while not stop.wait(every):
            take()

    take()
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield samples
    finally:
        stop.set()
        watcher.join()
        take()


def find_troubles(log: str) -> list[str]:
    """What ended each traceback of a log, and every line that tells of a warning, an error or a death."""
    troubles, in_traceback = [], False
    for line in log.splitlines():
        if line.startswith("Traceback"):
            in_traceback = True
        elif in_traceback and line and not line.startswith((" ", "\t")):
            troubles.append(line)
            in_traceback = False
        elif any(
            word in line for word in ("[ERROR", "[CRITICAL", "ERROR ", "CRITICAL ", "WORKER TIMEOUT", "process ended")
        ):
            troubles.append(line)
    return troubles
