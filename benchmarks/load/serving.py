"""Starts the site as an operator does, and the bare one behind the same web server; stops both."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings

from refprogram.serve import plan_parts

PATIENCE = 120.0
_GRACE = 30.0
_OURS = ("PYTEST", "DJANGO_SETTINGS_MODULE")


class NotServedError(Exception):
    """A server did not come up; the message holds the end of its log."""


def find_free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serve_site(port: int, log: Path) -> Iterator[int]:
    """Run web server, worker and clock by `python -m refprogram.serve`; gives the process id of the runner."""
    command = [sys.executable, "-m", "refprogram.serve"]
    with _serve(command, {"PORT": str(port)}, port, "/health/", log) as pid:
        yield pid


@contextmanager
def serve_bare(port: int, log: Path) -> Iterator[int]:
    """Run the bare site with the command line of the site's own web server."""
    workers, threads = int(os.environ.get("WEB_WORKERS", "2")), int(os.environ.get("WEB_THREADS", "4"))
    web = plan_parts("127.0.0.1", port, web_workers=workers, threads=threads, task_workers=1)[0]
    bare = ["benchmarks.load.bare:application" if ":application" in each else each for each in web.command]
    with _serve(bare, {}, port, "/ok/", log) as pid:
        yield pid


@contextmanager
def _serve(command: Sequence[str], more: Mapping[str, str], port: int, ready: str, log: Path) -> Iterator[int]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    with log.open("wb") as told:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**environment, **more},
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, port, ready, log)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = monotonic() + PATIENCE
    while not _answers(port, path):
        if process.poll() is not None or monotonic() > deadline:
            raise NotServedError(log.read_text(errors="replace")[-4000:])
        sleep(0.2)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
