"""A site in processes of its own, on a database and a broker of its own, that a test may kill."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

from refprogram.serve import Part, keep_running, stop_all
from tests.schema import copy_schema

ROOT = Path(__file__).resolve().parents[2]
RABBITMQ = os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
RABBITMQ_SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # the one in PATH gives up root's rights, and its folders
_OPTIONS = "worker --beat --concurrency 2 --loglevel error --without-gossip --without-mingle"
_WEB = "gunicorn tests.services.site:web --worker-class gthread --workers 1 --threads 4 --log-level error"
_WORKER = [sys.executable, "-m", "celery", "--quiet", "--app", "tests.services.site:app", *_OPTIONS.split()]


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(is_so: Callable[[], bool], seconds: float = 40, explain: Callable[[], str] = str) -> None:
    """Wait for something that other processes bring about; fails after `seconds`, with what `explain` tells."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited too long: {explain()}"
        time.sleep(0.1)


class Site:
    """Commands and workers of tests.services.site with one folder, and the SQL to see what they did."""

    def __init__(self, folder: Path, broker: str, schemas: Path) -> None:
        self.folder = folder
        self.queue = f"test-{uuid.uuid4().hex[:12]}"
        self.database = folder / "site.sqlite3"
        self.worker: subprocess.Popen[bytes] | None = None
        self.web: subprocess.Popen[bytes] | None = None
        self.web_port = find_free_port()
        self.parts: list[Part] = []
        self.stop = threading.Event()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))},
            "VAR_DIR": str(folder / "var"),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "CELERY_BROKER_URL": broker,
            "OUTBOX_LEASE_SECONDS": "3",
            "EMAIL_URL": "filemail:///mails",
            "EMAIL_BACKEND": "tests.services.mailing.RestingMailbox",
            "HTTPS_ONLY": "0",
            "TEST_QUEUE": self.queue,
        }
        copy_schema(self.database, folder=schemas)

    def run(self, command: str, *arguments: object) -> None:
        """Run one command of the site to its end."""
        line = [sys.executable, "-m", "tests.services.site", command, *map(str, arguments)]
        subprocess.run(line, cwd=ROOT, env=self.environment, check=True, timeout=60)

    def start_worker(self) -> None:
        """Start a worker with its clock, at the head of a process group of its own."""
        with (self.folder / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                _WORKER, cwd=ROOT, env=self.environment, start_new_session=True, stdout=log, stderr=log
            )

    def start_web(self) -> None:
        """Start the web server, at the head of a process group of its own; it answers a little later."""
        command = [sys.executable, "-m", *_WEB.split(), "--bind", f"127.0.0.1:{self.web_port}"]
        with (self.folder / "web.log").open("ab") as log:
            self.web = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=log, stderr=log
            )

    def start_supervised_worker(self) -> None:
        """Start a worker as refprogram.serve does, which starts it again whenever it ends."""
        log = self.folder / "worker.log"
        self.parts = [Part("worker", ["sh", "-c", f'exec "$@" >> "{log}" 2>&1', "sh", *_WORKER])]
        self.supervisor = threading.Thread(target=keep_running, args=(self.parts, self.stop, self.environment))
        self.supervisor.start()

    def kill_supervised_worker(self) -> None:
        """End the supervised worker and its children at once; whoever watches over it starts another."""
        process = self.parts[0].process
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End whatever of this site still runs."""
        self.kill_worker()
        self.kill_web()
        if self.parts:
            self.stop.set()
            self.supervisor.join()
            stop_all(self.parts)

    def kill_worker(self) -> None:
        """End the worker and its children at once, as a power cut would."""
        if self.worker is not None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.worker = None

    def kill_web(self) -> None:
        """End the web server and its children at once."""
        if self.web is not None:
            os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()
            self.web = None

    def read_mails(self) -> list[Message]:
        """Every mail that was sent whole, as often as it was sent."""
        text = "".join(each.read_text(encoding="utf-8") for each in (self.folder / "var" / "mails").glob("*.log"))
        return [message_from_string(each.strip("\n")) for each in text.split("-" * 79 + "\n")[:-1]]

    def let_job_go_on(self) -> None:
        """End the rest that the job of tests.services.site takes at 3."""
        (self.folder / "var" / "go").touch()

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Read the database directly, not through the code under test."""
        connection = sqlite3.connect(self.database, timeout=20)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def count_waiting(self) -> int:
        [[number]] = self.ask("select count(*) from delivery_outboxmessage where delivered_at is null")
        assert isinstance(number, int)
        return number

    def explain_waiting(self) -> str:
        """Which promises wait, how often they were tried and what went wrong, and the end of the worker's log."""
        columns = "kind, attempts, due, leased_until, last_error, datetime('now')"
        rows = self.ask(f"select {columns} from delivery_outboxmessage where delivered_at is null")
        log = (self.folder / "worker.log").read_text(errors="replace")[-6000:]
        return "\n".join([*map(str, rows), log])

    def count_teams(self) -> int:
        [[number]] = self.ask("select count(*) from users_team")
        assert isinstance(number, int)
        return number


@pytest.fixture
def make_site(tmp_path: Path, schema_folder: Path) -> Iterator[Callable[[str], Site]]:
    """Make sites by broker URL; their workers and queues go when the test ends."""
    sites: list[Site] = []

    def make(broker: str) -> Site:
        sites.append(Site(tmp_path, broker, schema_folder))
        return sites[-1]

    yield make
    for site in sites:
        site.end()
        if site.environment["CELERY_BROKER_URL"] == RABBITMQ:
            site.run("drop-queue")


class RedisServer:
    """A Redis of the test's own that can be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, find_free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        wait_until(self.answers)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    server = RedisServer(tmp_path)
    yield server
    server.kill()


class RabbitServer:
    """A RabbitMQ of the test's own that can be killed and started again on the same port, with nothing left in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.starts = folder, find_free_port(), 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        self.starts += 1
        own = self.folder / f"rabbit-{self.starts}"
        own.mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(own),
            "RABBITMQ_NODENAME": f"test-{self.port}-{self.starts}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(find_free_port()),
            "RABBITMQ_MNESIA_BASE": str(own / "data"),
            "RABBITMQ_LOG_BASE": str(own / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(own / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(own / "none"),
        }
        with (own / "out").open("wb") as out:
            self.process = subprocess.Popen(
                [RABBITMQ_SERVER], env=environment, start_new_session=True, stdout=out, stderr=out
            )

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def rabbit_server(tmp_path: Path) -> Iterator[RabbitServer]:
    if not Path(RABBITMQ_SERVER).exists():
        pytest.skip(f"{RABBITMQ_SERVER} is not installed")
    server = RabbitServer(tmp_path)
    yield server
    server.kill()
