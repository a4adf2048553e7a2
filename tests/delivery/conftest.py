"""Handlers, runners, letters and events that live as long as one test."""

from collections.abc import Iterator

import pytest

from delivery import jobs, mails, outbox, webhooks


@pytest.fixture(autouse=True)
def _registries() -> Iterator[None]:
    registries: list[dict[str, object]] = [outbox._handlers, jobs._runners, mails._kinds, webhooks._events]  # type: ignore[list-item]
    before = [dict(each) for each in registries]
    yield
    for registry, entries in zip(registries, before, strict=True):
        registry.clear()
        registry.update(entries)
