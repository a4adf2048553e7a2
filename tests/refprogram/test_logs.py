"""Log lines: readable or JSON, and never with contact data."""

import json
import logging
import sys

import pytest

from refprogram.logs import RedactingFormatter


def make_record() -> logging.LogRecord:
    try:
        raise ValueError("Key (email)=(kim@example.test) exists")
    except ValueError:
        return logging.LogRecord(
            "delivery", logging.ERROR, __file__, 1, "mail to %s failed", ("kim@example.test",), sys.exc_info()
        )


@pytest.mark.parametrize("as_json", [False, True])
def test_log_line_carries_the_traceback_but_no_address(as_json: bool) -> None:
    line = RedactingFormatter(as_json=as_json).format(make_record())
    assert "mail to [address] failed" in line
    assert "Traceback" in line
    assert "ValueError: Key (email)=([address]) exists" in line
    assert "kim@" not in line


def test_log_line_as_json_is_one_object() -> None:
    line = json.loads(RedactingFormatter(as_json=True).format(make_record()))
    assert (line["level"], line["logger"], line["event"]) == ("error", "delivery", "mail to [address] failed")
