"""Handlers and runners that live as long as one test."""

from collections.abc import Iterator

import pytest

from delivery import jobs, outbox


@pytest.fixture(autouse=True)
def _registries() -> Iterator[None]:
    handlers, runners = dict(outbox._handlers), dict(jobs._runners)
    yield
    outbox._handlers.clear()
    outbox._handlers.update(handlers)
    jobs._runners.clear()
    jobs._runners.update(runners)
