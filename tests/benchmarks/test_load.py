"""The load test: how it reads pages, judges answers and counts memory; and one tiny run of all of it."""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchmarks.load import memory
from benchmarks.load.calling import CALLS_OF_A_VISIT, Browser, Caller, Timed
from benchmarks.load.command import Outcome, tell_calls, tell_errors, tell_memory
from benchmarks.load.driving import Driven, count_rate
from benchmarks.load.mix import SHARES, swap_tag
from benchmarks.load.options import choose_server, read_options
from benchmarks.load.pages import read_form
from benchmarks.load.watching import Sample, find_troubles, watch_memory
from benchmarks.report import Report

ROOT = Path(__file__).resolve().parents[2]
PAGE = """
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="one"><button>Dark</button></form>
<form method="post"><input name="csrfmiddlewaretoken" value="two"><input name="domain" value="a.example">
<input type="checkbox" name="is_named" checked><input type="checkbox" name="is_new"><textarea name="notes">
R&amp;D</textarea><select name="tags" multiple><option value="1" selected>A<option value="2">B</option>
<option value="3" selected>C</select><button name="save">Save</button></form>
"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[tuple[int, str]] = []

    def do_GET(self) -> None:
        self.seen.append((self.client_address[1], self.headers.get("Cookie", "")))
        if self.path == "/hang-up/":
            self.close_connection = True
            return
        body = b"told"
        self.send_response(500 if self.path == "/broken/" else 200)
        self.send_header("Set-Cookie", "sessionid=abc; Path=/; HttpOnly")
        self.send_header("Set-Cookie", 'messages=""; Max-Age=0')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        pass


@pytest.fixture
def caller() -> Iterator[Caller]:
    """A client of a server of its own; `_Handler.seen` begins empty."""
    _Handler.seen = []
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        made = Caller(running.server_port)
        yield made
        made.close()
        running.shutdown()
        thread.join()


def test_read_form_takes_the_form_that_has_the_field() -> None:
    fields, choices = read_form(PAGE, "domain")
    assert fields == [
        ("csrfmiddlewaretoken", "two"), ("domain", "a.example"), ("is_named", "on"), ("notes", "R&D"), ("tags", "1"),
        ("tags", "3"),
    ]  # fmt: skip
    assert choices == {"tags": ["1", "2", "3"]}
    with pytest.raises(LookupError):
        read_form(PAGE, "username")


def test_swap_tag_changes_one_tag_and_nothing_else() -> None:
    fields, choices = read_form(PAGE, "domain")
    swapped = swap_tag(fields, choices["tags"], random.Random(1))
    assert [value for name, value in swapped if name == "tags"] == ["3", "2"]
    assert [each for each in swapped if each[0] != "tags"] == fields[:4]


def test_shares_add_up_to_a_hundred() -> None:
    assert sum(SHARES.values()) == 100


def test_call_unexpected_status_is_a_fault(caller: Caller) -> None:
    assert caller.call("page", "GET", "/").text == "told"
    caller.call("page", "GET", "/broken/")
    assert [each.fault for each in caller.timed] == ["", "GET /broken/: 500 told"]


def test_call_without_an_answer_is_a_fault_and_the_next_one_is_sent(caller: Caller) -> None:
    assert caller.call("page", "GET", "/hang-up/").status == 0
    assert caller.call("page", "GET", "/").status == 200
    assert "RemoteDisconnected" in caller.timed[0].fault
    assert not caller.timed[1].fault


def test_calls_of_a_visit_share_a_connection_and_its_cookies(caller: Caller) -> None:
    browser = Browser()
    for _ in range(CALLS_OF_A_VISIT + 1):
        caller.call("page", "GET", "/", browser=browser)
    ports = [port for port, _ in _Handler.seen]
    assert len(set(ports[:-1])) == 1
    assert ports[-1] != ports[0]
    assert [cookies for _, cookies in _Handler.seen][:2] == ["", "sessionid=abc"]


def test_list_tree_finds_children_of_children() -> None:
    assert memory.list_tree(10, {10: 1, 11: 10, 12: 11, 13: 1, 14: 12}) == [10, 11, 12, 14]


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("python\0-m\0gunicorn\0refprogram.wsgi:application", "web"),
        ("[celeryd: celery@host:MainProcess]", "worker"),
        ("python\0-m\0refprogram.serve", "runner"),
    ],
)
def test_name_part(command: str, part: str) -> None:
    assert memory.name_part(command) == part


def test_read_pss() -> None:
    assert (
        memory.read_pss("00400000-7ff0 ---p 0 00:00 0 [rollup]\nRss:  4000 kB\nPss:  1234 kB\nPss_Anon: 10 kB\n")
        == 1234
    )


@pytest.mark.skipif(not memory.is_available(), reason="told on Linux only")
def test_watch_memory_takes_samples_from_start_to_end() -> None:
    with watch_memory(os.getpid(), every=0.05) as samples:
        threading.Event().wait(0.2)
    assert len(samples) >= 3
    assert all(each.total > 10 for each in samples)


def test_find_troubles_tells_the_error_of_each_traceback() -> None:
    log = 'fine\nTraceback (most recent call last):\n  File "x"\n    y\nValueError: no\n[2030-01-01] [ERROR] oh\nfine\n'
    assert find_troubles(log) == ["ValueError: no", "[2030-01-01] [ERROR] oh"]


def make_outcome(faults: list[str], *, made: int = 2, found: int = 2) -> Outcome:
    timed = [Timed("page", 0.1, fault) for fault in faults]
    driven = Driven(timed, 2.0, {"requests": made}, [])
    return Outcome([driven], [], {"requests": found}, [], waiting=0, given_up=0)


@pytest.mark.parametrize(
    ("outcome", "errors"),
    [
        (make_outcome(["", ""]), 0),
        (make_outcome(["", "500"]), 1),
        (make_outcome([""], made=3), 1),
        (make_outcome([""], found=4), 2),
    ],
)
def test_errors_and_lost_or_doubled_writes_are_counted(outcome: Outcome, errors: int) -> None:
    report = Report("test")
    report.begin("errors")
    assert tell_errors(report, outcome) == errors


def test_calls_and_memory_are_told() -> None:
    report = Report("test")
    report.begin("load")
    driven = make_outcome(["", "500"]).driven
    tell_calls(report, driven)
    tell_memory(report, [Sample(60.0 * minute, {"web": 100.0 + minute, "worker": 50.0}) for minute in range(4)])
    rows = {what: (figure, remark) for what, figure, remark in report.rows["load"]}
    assert count_rate(driven) == 1.0
    assert rows["page"] == ("100.0 ms median, 100.0 ms p95", "2 calls, 1 errors")
    assert rows["memory: growth after the first minute"] == ("+2 MiB", "+1.0 a minute")


def test_options_and_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_options(["--minutes", "0.5"]).minutes == 0.5
    with pytest.raises(SystemExit):
        read_options(["--minutes", "0"])
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/real.sqlite3")
    assert choose_server() == ""
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@127.0.0.1/real")
    assert choose_server() == "postgres://somebody@127.0.0.1/real"


@pytest.mark.services
def test_tiny_run_answers_without_errors(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))}
    command = ["-m", "benchmarks.load", "--minutes", "0.1", "--people", "300", "--workers", "2"]
    done = subprocess.run(
        [sys.executable, *command, "--results", str(tmp_path / "load.md")],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    written = (tmp_path / "load.md").read_text(encoding="utf-8")
    assert "| error answers | 0 |" in written
    assert "| API: open a request |" in written
