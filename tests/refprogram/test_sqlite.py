"""Writers of SQLite begin in the order in which they came, and none waits longer than the timeout."""

import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from refprogram.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db  # else no database may be opened


def open_database(folder: Path, *, timeout: float = 5.0, mode: str = "IMMEDIATE") -> DatabaseWrapper:
    options = {"transaction_mode": mode, "timeout": timeout}
    given = connections["default"].settings_dict | {"NAME": folder / "queue.sqlite3", "OPTIONS": options}
    return DatabaseWrapper(given, alias="queue")


def write(folder: Path, line: str, lines: list[str], *, seconds: float = 0.0, timeout: float = 5.0) -> None:
    """Write for so many seconds, on a connection that belongs to the thread, as all do."""
    database = open_database(folder, timeout=timeout)
    try:
        database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        lines.append(line)
        time.sleep(seconds)
        database.commit()
    finally:
        database.close()


def test_writers_begin_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    lines: list[str] = []
    threads = []
    for number in range(8):
        given = {"seconds": 1.0 if number == 0 else 0.01}
        threads.append(threading.Thread(target=write, args=(tmp_path, str(number), lines), kwargs=given))
        threads[-1].start()
        time.sleep(0.08)  # all come while the first writes, each after the other
    for thread in threads:
        thread.join()
    assert lines == list("01234567")


def test_writers_wait_no_longer_than_the_timeout_however_many_are_before_them(tmp_path: Path) -> None:
    first = open_database(tmp_path)
    first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    waited: list[float] = []

    def give_up() -> None:
        began = time.monotonic()
        with pytest.raises(OperationalError, match="locked"):
            write(tmp_path, "never", [], timeout=0.5)
        waited.append(time.monotonic() - began)

    threads = [threading.Thread(target=give_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first.close()
    assert len(waited) == 4
    assert max(waited) < 1.5  # one after the other they would take two seconds


def test_readers_do_not_queue(tmp_path: Path) -> None:
    writer, reader = open_database(tmp_path), open_database(tmp_path, mode="DEFERRED")
    writer.cursor().execute("PRAGMA journal_mode=WAL")
    writer.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    reader.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert reader.cursor().execute("SELECT 1").fetchall() == [(1,)]
    reader.close()
    writer.close()


def keep(folder: Path, line: str, lines: list[str]) -> None:
    """Write one statement outside a transaction."""
    database = open_database(folder)
    try:
        database.cursor().execute("INSERT INTO line VALUES (%s)", [line])
        lines.append(line)
    finally:
        database.close()


def test_single_statements_queue_with_transactions(tmp_path: Path) -> None:
    first = open_database(tmp_path)
    first.cursor().execute("CREATE TABLE line (text)")
    first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    lines: list[str] = []
    threads = []
    for number in range(8):
        one = write if number % 2 else keep
        threads.append(threading.Thread(target=one, args=(tmp_path, str(number), lines)))
        threads[-1].start()
        time.sleep(0.08)  # all come while the first writes, each after the other
    first.commit()
    for thread in threads:
        thread.join()
    assert lines == list("01234567")
    first.close()


def test_statements_of_a_transaction_do_not_queue_again(tmp_path: Path) -> None:
    database = open_database(tmp_path, timeout=0.3)
    database.cursor().execute("CREATE TABLE line (text)")
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    waiting = threading.Thread(target=keep, args=(tmp_path, "later", []))
    waiting.start()
    time.sleep(0.1)
    database.cursor().execute("INSERT INTO line VALUES ('now')")
    database.commit()
    waiting.join()
    assert database.cursor().execute("SELECT text FROM line").fetchall() == [("now",), ("later",)]
    database.close()


def test_who_is_impatient_neither_waits_for_a_writer_nor_for_the_queue(tmp_path: Path) -> None:
    writer, other = open_database(tmp_path), open_database(tmp_path)
    other.cursor().execute("CREATE TABLE line (text)")
    writer.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"), other.impatient():
        other.cursor().execute("INSERT INTO line VALUES ('never')")
    waiting = threading.Thread(target=keep, args=(tmp_path, "queued", []))
    waiting.start()
    time.sleep(0.1)
    with pytest.raises(OperationalError, match="locked"), other.impatient():
        other.cursor().execute("INSERT INTO line VALUES ('never')")
    assert time.monotonic() - began < 2.0
    writer.commit()
    waiting.join()
    other.cursor().execute("INSERT INTO line VALUES ('patient')")
    assert other.cursor().execute("SELECT text FROM line").fetchall() == [("queued",), ("patient",)]
    assert other.cursor().execute("PRAGMA busy_timeout").fetchone() == (5000,)
    writer.close()
    other.close()
