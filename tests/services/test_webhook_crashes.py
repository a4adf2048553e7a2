"""A worker killed while it sends webhooks: each event arrives at least once, a repeat under the same id and words."""

import threading
from collections import defaultdict
from collections.abc import Callable

import pytest

from tests.delivery.receiving import receiving
from tests.services.conftest import Site, wait_until

pytestmark = pytest.mark.services  # needs nothing but Python, but half a minute
EVENTS = 8


def test_webhooks_arrive_whatever_becomes_of_the_worker(make_site: Callable[[str], Site]) -> None:
    site = make_site("filesystem://localhost")
    with receiving() as receiver:
        site.environment |= {
            "WEBHOOKS_ALLOW_PRIVATE": "1", "WEBHOOKS_ALLOW_HTTP": "1", "WEBHOOKS_PORTS": str(receiver.port),
        }  # fmt: skip
        site.run("subscribe", receiver.url)
        arrived, goes_on = threading.Event(), threading.Event()

        def rest_once() -> None:
            arrived.set()
            goes_on.wait(60)

        receiver.before_reply = rest_once
        site.start_worker()
        site.run("open-slots", 1, EVENTS // 2)
        assert arrived.wait(60)
        site.kill_worker()  # what it sent has come in, and it never heard so
        goes_on.set()
        site.run("open-slots", EVENTS // 2 + 1, EVENTS)

        site.start_worker()
        wait_until(lambda: site.count_waiting() == 0, 120, site.explain_waiting)

    told = defaultdict(set)
    for headers, body in receiver.got:
        told[headers["webhook-id"]].add(body)
    assert {key for [key] in site.ask("select message_id from delivery_webhookdelivery")} == set(told)
    assert len(told) == EVENTS
    assert all(len(bodies) == 1 for bodies in told.values())
    assert len(receiver.got) > EVENTS  # the one whose worker was killed before it heard the answer
    assert site.ask("select count(*) from delivery_webhookdelivery where delivered_at is null") == [(0,)]
