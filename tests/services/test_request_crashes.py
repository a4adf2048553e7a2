"""Whatever is killed while requests come in and go their way, each is there once, with one match, one hold, its mails.

Web server, worker and broker are killed at moments that a seed draws; the client repeats each call under its
`Idempotency-Key` until it is answered.
"""

import json
import os
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from delivery.mails import message_id
from tests.services.conftest import RabbitServer, RedisServer, Site, wait_until

REQUESTS = 6
PEOPLE = 20
PATIENCE = 90


class EmbeddedBroker:
    """The broker that is a folder: killed, everything in it is gone."""

    url = "filesystem://localhost"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "var" / "broker" / "messages"

    def start(self) -> None:
        """Nothing runs."""

    def answers(self) -> bool:
        return True

    def kill(self) -> None:
        for message in self.folder.glob("*"):
            message.unlink(missing_ok=True)


Broker = EmbeddedBroker | RedisServer | RabbitServer
SERVERS = {"redis": "redis_server", "rabbitmq": "rabbit_server"}

pytestmark = pytest.mark.services  # with the embedded broker it needs nothing but Python, but half a minute


@pytest.fixture(params=["embedded", *SERVERS])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Broker:
    if request.param == "embedded":
        return EmbeddedBroker(tmp_path)
    server: Broker = request.getfixturevalue(SERVERS[request.param])
    return server


class Client(threading.Thread):
    """Sends requests one after the other, each under a key of its own, again and again until it is answered."""

    def __init__(self, site: Site, count: int) -> None:
        super().__init__()
        self.address = f"http://127.0.0.1:{site.web_port}/api/v1/requests/"
        self.secret = (site.folder / "var" / "key").read_text()
        self.count, self.answers, self.tries = count, list[dict[str, Any]](), 0
        self.refused: list[str] = []

    def run(self) -> None:
        deadline = time.monotonic() + PATIENCE
        for number in range(self.count):
            while (answer := self._post(number)) is None:
                if time.monotonic() > deadline or self.refused:
                    return
                time.sleep(0.2)
            self.answers.append(answer)

    def wait_for_next(self) -> None:
        """Wait until one more is answered, or the last."""
        answered = len(self.answers)
        wait_until(lambda: len(self.answers) > answered or not self.is_alive(), PATIENCE)

    def _post(self, number: int) -> dict[str, Any] | None:
        """The answer; None where nobody answered, or the first call under this key may still be at work."""
        self.tries += 1
        body = {"deal": f"Deal {number}", "brief": "A bank wants a reference call.", "deal_id": f"D-{number}"}
        headers = {
            "Authorization": f"Bearer {self.secret}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"k{number}",
        }
        call = urllib.request.Request(self.address, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(call, timeout=20) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            if error.code < 500 and "idempotency_in_progress" not in text:
                self.refused.append(f"{error.code} {text}")
        except (OSError, ValueError):  # killed before, or in the middle of, the answer
            pass
        return None


def start(site: Site, broker: Broker) -> None:
    broker.start()
    site.start_supervised_worker()  # as every site does: Celery's worker ends itself, at times, when Redis goes away
    site.start_web()
    wait_until(broker.answers, 60)


def _leave_to_its_watcher() -> None:
    """Nothing to start: whoever watches over the worker does."""


def kill_and_start(site: Site, broker: Broker, victim: str, pause: float) -> None:
    kill, begin = {
        "worker": (site.kill_supervised_worker, _leave_to_its_watcher),
        "web": (site.kill_web, site.start_web),
        "broker": (broker.kill, broker.start),
    }[victim]
    kill()
    time.sleep(pause)
    begin()


def count_due(site: Site) -> int:
    """Promises that are due and not kept; one whose attempt failed is put off, and still due."""
    due = "delivered_at is null and (attempts > 0 or due <= datetime('now', '+2 seconds'))"
    [[number]] = site.ask(f"select count(*) from delivery_outboxmessage where {due}")
    assert isinstance(number, int)
    return number


@pytest.fixture
def seed() -> int:
    """Printed with a failure; CRASH_SEED draws the same moments again."""
    given = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(10**6)))
    print(f"CRASH_SEED={given}")
    return given


def test_requests_survive_whatever_is_killed(make_site: Callable[[str], Site], broker: Broker, seed: int) -> None:
    dice = random.Random(seed)
    site = make_site(broker.url)
    site.run("seed-pool", PEOPLE)
    start(site, broker)
    client = Client(site, REQUESTS)
    client.start()
    victims = ["web", "worker", "broker"]
    dice.shuffle(victims)
    for victim in ["web", *victims]:
        client.wait_for_next()
        time.sleep(dice.uniform(0, 0.5))
        kill_and_start(site, broker, victim, dice.uniform(0, 0.3))
    client.join()
    assert (client.refused, len(client.answers)) == ([], REQUESTS)
    wait_until(lambda: count_due(site) == 0, PATIENCE, site.explain_waiting)

    approving = threading.Thread(target=site.run, args=["approve"])
    approving.start()
    wait_until(lambda: bool(sent_and_not_marked(site)), PATIENCE)
    kill_and_start(site, broker, "worker", 0)
    approving.join()
    wait_until(lambda: count_due(site) == 0, PATIENCE, site.explain_waiting)
    site.run("answer")
    time.sleep(dice.uniform(0, 1.5))
    kill_and_start(site, broker, dice.choice(["worker", "broker"]), 0)
    wait_until(lambda: count_due(site) == 0, PATIENCE, site.explain_waiting)
    look_at_requests(site, client)
    look_at_promises(site)
    look_at_mails(site)


def look_at_requests(site: Site, client: Client) -> None:
    """Each call made one request; each request has one match for its place, and each match one row in the ledger."""
    assert len({answer["id"] for answer in client.answers}) == REQUESTS
    assert site.ask("select count(*), count(distinct creation_key) from matching_request") == [(REQUESTS, REQUESTS)]
    assert site.ask("select distinct status from matching_request") == [("open",)]
    live = "('owner_review', 'manager_review', 'approved', 'invited', 'accepted', 'scheduled')"
    standing = site.ask(f"select request_id, count(*) from matching_match where status in {live} group by request_id")
    assert [count for _request, count in standing] == [1] * REQUESTS
    ledger = site.ask(
        "select m.status, e.status, count(*) from matching_match m join references_engagement e"
        " on e.id = m.engagement_id and e.source = 'match:' || m.id group by 1, 2"
    )
    pairs = {("owner_review", "held"), ("accepted", "planned"), ("declined", "declined")}
    assert {(match, row) for match, row, _count in ledger} == pairs
    [[matches, rows]] = site.ask(
        "select (select count(*) from matching_match), (select count(*) from references_engagement)"
    )
    assert sum(int(str(count)) for _match, _row, count in ledger) == matches == rows


def look_at_promises(site: Site) -> None:
    """Every filling was promised and kept, nothing was given up, and each state was recorded once."""
    assert site.ask("select kind, key from delivery_outboxmessage where gave_up_at is not null") == []
    fills = "select count(distinct json_extract(payload, '$.request')) from delivery_outboxmessage"
    assert site.ask(f"{fills} where kind = 'request.fill' and delivered_at is not null") == [(REQUESTS,)]
    twice = "select subject, to_status from references_statechange group by 1, 2 having count(*) > 1"
    assert site.ask(twice) == []


def promised_letters(site: Site) -> set[str]:
    """The Message-IDs, without their host, of the letters that are marked as delivered."""
    keys = "select json_extract(payload, '$.key') from delivery_outboxmessage where kind = 'mail'"
    return {message_id(str(key)).split("@")[0] for [key] in site.ask(f"{keys} and delivered_at is not null")}


def sent_letters(site: Site) -> list[tuple[str, str, str]]:
    """(Message-ID, to whom, subject) of every letter, as often as it was sent."""
    mails = site.read_mails()
    return [(str(mail["Message-ID"]).split("@")[0], str(mail["To"]), str(mail["Subject"])) for mail in mails]


def sent_and_not_marked(site: Site) -> set[str]:
    marked = promised_letters(site)  # first, since what is sent meanwhile may be marked meanwhile
    return {name for name, _to, _subject in sent_letters(site)} - marked


def look_at_mails(site: Site) -> None:
    """Every promised letter was sent; again, after a crash, only under the same Message-ID and to the same person."""
    sent, expected = sent_letters(site), promised_letters(site)
    assert {name for name, _to, _subject in sent} == expected
    assert len(set(sent)) == len(expected)
    assert len(sent) > len(expected)  # the one whose worker was killed before it could say so
