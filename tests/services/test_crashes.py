"""Whatever is killed, every promised effect happens, and happens once."""

from collections.abc import Callable

import pytest

from tests.services.conftest import RABBITMQ, RabbitServer, RedisServer, Site, find_free_port, wait_until

BROKERS = ["embedded", *(pytest.param(name, marks=pytest.mark.services) for name in ("redis", "rabbitmq"))]


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest) -> str:
    """The URL of one broker after the other; Redis is one of the test's own."""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        server.start()
        return server.url
    return RABBITMQ if request.param == "rabbitmq" else "filesystem://localhost"


def is_counting(site: Site) -> bool:
    return site.ask("select done from delivery_job where done = 3") != []


def test_worker_killed_in_the_middle_leaves_nothing_undone(make_site: Callable[[str], Site], broker: str) -> None:
    site = make_site(broker)
    site.start_worker()
    site.run("promise", 1, 5)
    site.run("start-job")
    wait_until(lambda: is_counting(site))
    site.kill_worker()
    assert site.ask("select status from delivery_job") == [("running",)]
    site.run("promise", 6, 20)

    site.let_job_go_on()
    site.start_worker()
    wait_until(lambda: site.count_waiting() == 0)
    assert site.count_teams() == 20
    assert site.ask("select status, done, json_extract(report, '$.counted') from delivery_job") == [
        ("succeeded", 20, 20)
    ]
    assert site.ask("select attempts from delivery_outboxmessage where kind = 'job'") == [(2,)]
    assert site.ask("select distinct attempts from delivery_outboxmessage where kind <> 'job'") == [(1,)]


def test_broker_out_of_reach_delays_effects_until_the_next_sweep(make_site: Callable[[str], Site]) -> None:
    site = make_site(f"redis://127.0.0.1:{find_free_port()}/0")
    site.run("promise", 1, 3)
    assert (site.count_waiting(), site.count_teams()) == (3, 0)
    site.run("sweep")
    assert (site.count_waiting(), site.count_teams()) == (0, 3)


@pytest.mark.services
@pytest.mark.parametrize("name", ["redis_server", "rabbit_server"])
def test_broker_killed_and_emptied_loses_nothing(
    make_site: Callable[[str], Site], name: str, request: pytest.FixtureRequest
) -> None:
    """What was promised while the broker was away nobody was told of: the clock must find the new one by itself."""
    server: RedisServer | RabbitServer = request.getfixturevalue(name)

    def start() -> None:
        server.start()
        wait_until(server.answers, 60)

    start()
    site = make_site(server.url)
    site.run("promise", 1, 5)
    server.kill()
    site.run("promise", 6, 10)

    start()
    site.start_supervised_worker()
    wait_until(lambda: site.count_teams() == 10)
    server.kill()
    site.run("promise", 11, 15)
    start()
    wait_until(lambda: site.count_teams() == 15, 60)
    assert site.count_waiting() == 0
