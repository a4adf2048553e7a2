"""No webhook reaches an address that is not public, however it is written and whatever a name answers."""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from delivery.webhook_sending import post
from delivery.webhook_targets import TargetError, check_url, connect, is_public
from tests.delivery.receiving import Receiver, receiving

PUBLIC_ADDRESS = "1.1.1.1"


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    """One on this machine, whose port is allowed."""
    with receiving() as found:
        settings.WEBHOOKS_PORTS = [443, found.port]
        settings.WEBHOOKS_ALLOW_HTTP = True
        yield found


def answering(*answers: list[str]) -> Any:
    """A resolver that gives one answer after the other; its `calls` counts."""

    def find(host: str, port: int) -> list[tuple[socket.AddressFamily, Any]]:
        found = answers[min(find.calls, len(answers) - 1)]  # type: ignore[attr-defined]
        find.calls += 1  # type: ignore[attr-defined]
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, (each, port)) for each in found]

    find.calls = 0  # type: ignore[attr-defined]
    return find


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.4.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.88.99.1",
        "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:1::1",
    ],
)  # fmt: skip
def test_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(TargetError):
        connect("hooks.example", 443, 1, answering([address]))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_public_address_is_allowed(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/", "ftp://hooks.example/", "hooks.example", "https://", "https:///x",
        "https://user:secret@hooks.example/", "https://user@hooks.example/", "https://hooks.example:22/",
        "https://hooks.example:99999/", "https://hooks example/", "https://hooks.example/\r\nX: y",
        "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/",
        "https://017700000001/", "https://[::1]/", "https://[fe80::1%25eth0]/", "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)  # fmt: skip
def test_address_whose_form_gives_it_away_is_refused(url: str) -> None:
    with pytest.raises(TargetError):
        check_url(url)


def test_address_of_a_name_is_taken_without_asking_for_it() -> None:
    assert check_url("https://hooks.no-such-host.example:8443/in?x=1").hostname == "hooks.no-such-host.example"


def test_name_with_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(TargetError):
        connect("hooks.example", 443, 1, answering([PUBLIC_ADDRESS, "10.0.0.1"]))


def test_name_that_answers_differently_a_moment_later_leads_nowhere_else(receiver: Receiver) -> None:
    find = answering([PUBLIC_ADDRESS], ["127.0.0.1"])
    with pytest.raises((OSError, TimeoutError)):
        connect("hooks.example", receiver.port, 0.3, find).close()
    assert find.calls == 1
    assert receiver.got == []


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "127.1"])
def test_call_that_would_reach_this_machine_is_not_made(receiver: Receiver, host: str) -> None:
    answer = post(f"http://{host}:{receiver.port}/", "{}", {"webhook-id": "msg_1"})
    assert (answer.status, receiver.got) == (None, [])
    assert "not on the public internet" in answer.error


def test_redirect_to_this_machine_is_not_followed(receiver: Receiver, settings: LazySettings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    with receiving() as inner:
        receiver.answer(302, Location=inner.url)
        answer = post(receiver.url, "{}", {"webhook-id": "msg_1"})
        assert inner.got == []
    assert answer.status == 302
    assert "not followed" in answer.error


def test_port_that_is_not_listed_is_not_called(receiver: Receiver, settings: LazySettings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    settings.WEBHOOKS_PORTS = [443]
    assert post(receiver.url, "{}", {"webhook-id": "msg_1"}).status is None
    assert receiver.got == []


def test_proxy_from_the_environment_is_not_asked(
    receiver: Receiver, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    with receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert post(receiver.url, "{}", {"webhook-id": "msg_1"}).is_success
        assert proxy.got == []


def test_certificate_is_verified(settings: LazySettings) -> None:
    """Whoever does not speak TLS, or not with a certificate for the name, hears nothing."""
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    with receiving() as plain:
        settings.WEBHOOKS_PORTS = [plain.port]
        answer = post(f"https://127.0.0.1:{plain.port}/", "{}", {})
    assert (answer.status, plain.got) == (None, [])
    assert "certificate" in answer.error


def test_slow_trickle_is_cut_off(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, the whole never does."""
    monkeypatch.setattr("delivery.webhook_sending.ALL_SECONDS", 0.5)
    settings.WEBHOOKS_ALLOW_PRIVATE = settings.WEBHOOKS_ALLOW_HTTP = True
    listener = socket.create_server(("127.0.0.1", 0))
    settings.WEBHOOKS_PORTS = [listener.getsockname()[1]]
    stop = threading.Event()

    def trickle() -> None:
        opened, _address = listener.accept()
        with opened:
            try:
                while not stop.wait(0.05):
                    opened.sendall(b"H")
            except OSError:
                return

    thread = threading.Thread(target=trickle)
    thread.start()
    answer = post(f"http://127.0.0.1:{settings.WEBHOOKS_PORTS[0]}/", "{}", {})
    stop.set()
    thread.join()
    listener.close()
    assert answer.status is None
    assert "longer than" in answer.error
