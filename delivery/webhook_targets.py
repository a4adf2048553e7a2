"""Where webhooks may go: public addresses, checked at the very moment of connecting and on the very socket in use.

A name is resolved once for each connection, and the connection goes to the address that was checked: so a name that
answers differently a moment later leads nowhere else. WEBHOOKS_ALLOW_PRIVATE is for trials and intranets.
"""

import ipaddress
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[tuple[socket.AddressFamily, Any]]]

# Tunnels nobody needs any more, each of which carries another address inside, and what is_global lets through.
_NEVER = tuple(
    map(
        ipaddress.ip_network,
        ("192.88.99.0/24", "2002::/16", "2001::/32", "fec0::/10", "::/96", "64:ff9b:1::/48"),
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class TargetError(Exception):
    """An address to which no webhook may go; the message says why, to whoever entered it."""


def check_url(url: str) -> SplitResult:
    """Take an address apart; raises TargetError where its form alone shows that no webhook may go there.

    Names are not resolved here: that is done when a connection is made.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _default_port(parts.scheme)
    except ValueError as error:
        raise TargetError(_("This is not an address.")) from error
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOKS_ALLOW_HTTP):
        raise TargetError(_("The address must begin with https://."))
    if not host or any(character.isspace() or ord(character) < 32 for character in url):
        raise TargetError(_("This is not an address."))
    if "@" in parts.netloc:
        raise TargetError(_("Leave user and password out of the address: the signature proves who calls."))
    _check_port(port)
    literal = _read_literal(host)
    if literal is not None:
        _check_address(literal)
    return parts


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, and so does the one that it carries inside."""
    if any(address.version == each.version and address in each for each in _NEVER):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_loopback or address.is_unspecified
    )


def resolve(host: str, port: int) -> list[tuple[socket.AddressFamily, Any]]:
    """Every address of a host as (family, socket address); raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _type, _protocol, _name, address in found]


def connect(host: str, port: int, timeout: float | None, find: Resolve | None = None) -> socket.socket:
    """Connect to an address that was checked; raises TargetError where one of the host's must not be called.

    Raises OSError where none of them answers.
    """
    _check_port(port)
    found = (find or resolve)(host, port)
    for _family, address in found:
        _check_address(_read_address(address[0]))
    problem: OSError = OSError("The host has no address")
    for family, address in found:
        try:
            return _open(family, address, timeout)
        except OSError as error:
            problem = error
    raise problem


def _open(family: socket.AddressFamily, address: Any, timeout: float | None) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.settimeout(timeout)
        opened.connect(address)
        _check_address(_read_address(opened.getpeername()[0]))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        opened.close()
        raise
    return opened


def _check_address(address: Address) -> None:
    if not (settings.WEBHOOKS_ALLOW_PRIVATE or is_public(address)):
        raise TargetError(_("This address is not on the public internet."))


def _check_port(port: int) -> None:
    if port not in settings.WEBHOOKS_PORTS:
        ports = ", ".join(map(str, sorted(settings.WEBHOOKS_PORTS)))
        raise TargetError(_("This port is not allowed; allowed are %(ports)s.") % {"ports": ports})


def _default_port(scheme: str) -> int:
    return 80 if scheme == "http" else 443


def _read_address(text: str) -> Address:
    return ipaddress.ip_address(text.partition("%")[0])


def _read_literal(host: str) -> Address | None:
    """The address that a host is itself, however it is written: 127.1, 2130706433 and 0x7f000001 are one."""
    try:
        return _read_address(host)
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except (OSError, ValueError):
            return None


class Deadline:
    """Cuts the connections of one call off when its time is up, however slowly the other side trickles."""

    def __init__(self, seconds: float) -> None:
        self._twins: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self.has_passed = False

    def watch(self, opened: socket.socket) -> None:
        """Cut this connection off too; TLS takes the socket over, its twin stays ours."""
        self._twins.append(opened.dup())

    def start(self) -> None:
        """Let the time run."""
        self._timer.start()

    def end(self) -> None:
        """Stop the clock, and let go of what it watched."""
        self._timer.cancel()
        for twin in self._twins:
            twin.close()

    def _cut(self) -> None:
        self.has_passed = True
        for twin in self._twins:
            try:
                twin.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side has closed it already


_deadline: ContextVar[Deadline | None] = ContextVar("webhook_deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[Deadline]:
    """Give guarded connections made in this block so many seconds, all in all."""
    deadline = Deadline(seconds)
    token = _deadline.set(deadline)
    deadline.start()
    try:
        yield deadline
    finally:
        _deadline.reset(token)
        deadline.end()


class _Guarded(HTTPConnection):
    """Connects by `connect` alone."""

    def _new_conn(self) -> socket.socket:
        timeout = self.timeout if isinstance(self.timeout, int | float) else None
        opened = connect(self._dns_host, self.port or self.default_port, timeout)
        deadline = _deadline.get()
        if deadline is not None:
            deadline.watch(opened)
        sys.audit("http.client.connect", self, self.host, self.port)
        return opened


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same below TLS, whose certificate is checked against the name in the address."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTls


class GuardedAdapter(HTTPAdapter):
    """What a requests session calls through; it knows no proxies."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
