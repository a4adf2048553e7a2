"""Runs the whole site on one machine: web server, worker and clock, until Ctrl-C (`python -m refprogram.serve`).

Each part is a process group of its own. One that dies is started again, a little later each time; if a vital one, the
web server, dies at once, again and again, everything stops with its exit code.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings

_GRACE = 20.0
_QUICK_DEATH = 10.0
_LONGEST_PAUSE = 30.0
_GIVE_UP_AFTER = 5


class CannotServeError(Exception):
    """The site cannot be started here; the message says why and what to do."""


@dataclass
class Part:
    """One process of the site: how it is started, and how it has fared."""

    name: str
    command: list[str]
    vital: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    next_start: float = field(default=0.0)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start the process at the head of its own group."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, env=dict(environment), start_new_session=True)  # noqa: S603

    def stop(self, patience: float) -> None:
        """Wait for a process that was asked to end; the whole group is killed once `patience` seconds have passed."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, patience))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def note_death(self, process: subprocess.Popen[bytes], now: float) -> None:
        """Clear away what is left of the group, and plan the next start: later and later after short lives."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        self.quick_deaths = self.quick_deaths + 1 if now - self.started < _QUICK_DEATH else 0
        self.process = None
        self.next_start = now + min(2.0**self.quick_deaths - 1, _LONGEST_PAUSE)


def plan_parts(host: str, port: int, *, web_workers: int, threads: int, task_workers: int) -> list[Part]:
    """Give the web server, and the worker with its clock."""
    web = f"-m gunicorn refprogram.wsgi:application --worker-class gthread --bind {host}:{port} --log-level warning"
    web += " --limit-request-line 0"  # a brief travels in the address
    tasks = "-m celery --app refprogram --quiet worker --beat --loglevel warning --without-gossip --without-mingle"
    return [
        Part("web", [sys.executable, *web.split(), f"--workers={web_workers}", f"--threads={threads}"], vital=True),
        Part("worker", [sys.executable, *tasks.split(), f"--concurrency={task_workers}"]),
    ]


def require_free_port(host: str, port: int) -> None:
    """Raise CannotServeError where something listens on the address already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServeError(f"{host}:{port} is not free ({error.strerror}). Try: make run PORT=8001") from error


def lock_var_dir(folder: Path) -> IO[str]:
    """Give the lock that keeps a second site off the same folder; raises CannotServeError where it is taken."""
    handle = (folder / "serve.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise CannotServeError(f"The site is running already with {folder}.") from error
    return handle


def empty_embedded_broker() -> None:
    """Drop what an earlier run left in the broker's folder: whatever still waits is in the outbox."""
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        for folder in settings.BROKER_DIR.iterdir():
            shutil.rmtree(folder)
            folder.mkdir()


def keep_running(parts: list[Part], stop: threading.Event, environment: Mapping[str, str]) -> int:
    """Start every part and restart those that die, until `stop`; gives 0, or the exit code of a hopeless vital one."""
    while not stop.wait(0.2):
        now = time.monotonic()
        for part in parts:
            if part.process is None and now >= part.next_start:
                part.start(environment)
            elif part.process is not None and (code := part.process.poll()) is not None:
                part.note_death(part.process, now)
                print(f"The {part.name} process ended with code {code}.", file=sys.stderr, flush=True)
                if part.vital and part.quick_deaths >= _GIVE_UP_AFTER:
                    print(f"The {part.name} process does not stay up; stopping.", file=sys.stderr, flush=True)
                    return code or 1
    return 0


def stop_all(parts: list[Part]) -> None:
    """Ask the head of every group to end, and force what has not ended after the grace time."""
    for part in parts:
        if part.process is not None and part.process.poll() is None:
            part.process.terminate()
    deadline = time.monotonic() + _GRACE
    for part in parts:
        part.stop(deadline - time.monotonic())


def main() -> int:
    """Serve until a signal; HOST, PORT, WEB_WORKERS, WEB_THREADS and TASK_WORKERS come from the environment."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    parts = plan_parts(
        host,
        port,
        web_workers=int(os.environ.get("WEB_WORKERS", "2")),
        threads=int(os.environ.get("WEB_THREADS", "4")),
        task_workers=int(os.environ.get("TASK_WORKERS", "2")),
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    try:
        lock = lock_var_dir(settings.VAR_DIR)
        require_free_port(host, port)
    except CannotServeError as error:
        print(error, file=sys.stderr)
        return 1
    with lock:
        empty_embedded_broker()
        print(f"\nRefProgram is at http://{host}:{port}/  (Ctrl-C stops it)\n", flush=True)
        try:
            return keep_running(parts, stop, os.environ)
        finally:
            stop_all(parts)


if __name__ == "__main__":
    sys.exit(main())
