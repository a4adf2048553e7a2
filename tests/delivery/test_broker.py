"""The embedded broker: messages go in and come out whole."""

from pathlib import Path

import pytest
from kombu import Connection

from delivery.broker import Transport


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    (tmp_path / "messages").mkdir()
    (tmp_path / "control").mkdir()
    messages = str(tmp_path / "messages")
    options = {"data_folder_in": messages, "data_folder_out": messages, "control_folder": str(tmp_path / "control")}
    return Connection("filesystem://localhost", transport=Transport, transport_options=options)


def test_message_comes_out_as_it_went_in(connection: Connection, tmp_path: Path) -> None:
    with connection, connection.SimpleQueue("whole") as queue:
        queue.put({"text": "Grüße"})
        message = queue.get(timeout=5)
        assert message.payload == {"text": "Grüße"}
        message.ack()
    assert list((tmp_path / "messages").iterdir()) == []


def test_message_that_is_still_being_written_is_not_read(connection: Connection, tmp_path: Path) -> None:
    with connection, connection.SimpleQueue("partial") as queue:
        (tmp_path / "messages" / "1_x.partial.msg.part").write_text("{half a mess")
        with pytest.raises(queue.Empty):
            queue.get(block=False)


def test_message_to_a_folder_that_is_gone_is_a_channel_error(connection: Connection, tmp_path: Path) -> None:
    with connection, connection.SimpleQueue("gone") as queue:
        (tmp_path / "messages").rmdir()
        with pytest.raises(connection.channel_errors):
            queue.put({"text": "lost"})
        (tmp_path / "messages").mkdir()
