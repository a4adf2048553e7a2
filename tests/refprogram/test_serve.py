"""The runner of the site: starts, restarts, gives up, stops, and refuses what cannot work."""

import os
import socket
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings

from refprogram.serve import (
    CannotServeError,
    Part,
    empty_embedded_broker,
    keep_running,
    lock_var_dir,
    plan_parts,
    require_free_port,
    stop_all,
)

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def start_thread(parts: list[Part], stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=keep_running, args=(parts, stop, os.environ))
    thread.start()
    return thread


def wait_for_pid(part: Part, *, other_than: int = 0) -> int:
    for _ in range(100):
        process = part.process
        if process is not None and process.pid != other_than:
            return process.pid
        time.sleep(0.05)
    pytest.fail("the part was not started")


def test_part_that_is_killed_is_started_again(stop: threading.Event, capfd: pytest.CaptureFixture[str]) -> None:
    part = Part("sleeper", SLEEP)
    thread = start_thread([part], stop)
    first = wait_for_pid(part)
    os.kill(first, 9)
    second = wait_for_pid(part, other_than=first)
    stop.set()
    thread.join()
    stop_all([part])
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    assert "The sleeper process ended with code -9." in capfd.readouterr().err


def test_vital_part_that_never_stays_up_ends_the_site(
    stop: threading.Event, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refprogram.serve._LONGEST_PAUSE", 0.0)
    part = Part("broken", [sys.executable, "-c", "raise SystemExit(3)"], vital=True)
    assert keep_running([part], stop, os.environ) == 3
    assert "does not stay up" in capfd.readouterr().err


def test_part_that_does_not_end_in_time_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refprogram.serve._GRACE", 0.2)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    part = Part("deaf", [sys.executable, "-c", deaf])
    part.start(os.environ)
    time.sleep(0.3)
    stop_all([part])
    assert part.process is not None
    assert part.process.returncode in {-9, -15}


def test_parts_are_the_web_server_and_the_worker_with_its_clock() -> None:
    web, worker = plan_parts("127.0.0.1", 8123, web_workers=3, threads=5, task_workers=4)
    assert " ".join(web.command[1:]).endswith("--workers=3 --threads=5")
    assert "--bind 127.0.0.1:8123" in " ".join(web.command)
    assert "--beat" in worker.command


def test_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotServeError, match=f"127.0.0.1:{port} is not free"):
            require_free_port("127.0.0.1", port)
    require_free_port("127.0.0.1", port)


def test_folder_is_served_once(tmp_path: Path) -> None:
    with lock_var_dir(tmp_path), pytest.raises(CannotServeError, match="running already"):
        lock_var_dir(tmp_path)
    lock_var_dir(tmp_path).close()


def test_embedded_broker_starts_empty() -> None:
    stale = settings.BROKER_DIR / "messages" / "1_old.celery.msg"
    stale.write_text("{}")
    empty_embedded_broker()
    assert not stale.exists()
    assert sorted(folder.name for folder in settings.BROKER_DIR.iterdir()) == ["control", "messages"]
