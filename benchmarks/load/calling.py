"""One client of a web server: one call at a time, timed and judged, over connections that are kept alive a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from time import perf_counter

PATIENCE = 60.0
CALLS_OF_A_VISIT = 20
"""A connection is kept for so many calls. The process of the server that takes it answers them all, so that a few that
stayed for ever could all fall to one process."""
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Timed:
    """One call: of what kind, how many seconds it took, and what was wrong with it ("" where nothing was)."""

    kind: str
    seconds: float
    fault: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered; `status` is 0 where nothing came."""

    status: int
    text: str
    headers: Mapping[str, str]


class Browser:
    """The cookies of one person who visits the site."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def headers(self) -> dict[str, str]:
        """What a browser sends along."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Accept": "text/html", **({"Cookie": cookies} if cookies else {})}

    def take(self, headers: list[tuple[str, str]]) -> None:
        """Keep the cookies that an answer sets, and drop those that it empties."""
        for name, value in headers:
            if name.lower() == "set-cookie":
                key, _, content = value.partition(";")[0].partition("=")
                self.cookies[key] = content
                if content in {"", '""'}:
                    del self.cookies[key]


class Caller:
    """Sends calls to one port and keeps how each fared."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.timed: list[Timed] = []

    def call(
        self,
        kind: str,
        method: str,
        path: str,
        *,
        body: str | None = None,
        headers: Mapping[str, str] = {},
        browser: Browser | None = None,
        expects: int = 200,
    ) -> Reply:
        """Send one call and read its answer to the end; anything but the status expected is noted as a fault."""
        if len(self.timed) % CALLS_OF_A_VISIT == 0:
            self.connection.close()  # the next request opens another
        sent = {**headers, **(browser.headers() if browser else {})}
        began = perf_counter()
        try:
            self.connection.request(method, path, None if body is None else body.encode(), sent)
            response = self.connection.getresponse()
            reply = Reply(response.status, response.read().decode(errors="replace"), dict(response.getheaders()))
        except (OSError, HTTPException) as error:
            self.connection.close()
            self.timed.append(Timed(kind, perf_counter() - began, f"{method} {path}: {error!r}"))
            return Reply(0, "", {})
        fault = "" if reply.status == expects else f"{method} {path}: {reply.status} {reply.text[:_SHOWN]}"
        self.timed.append(Timed(kind, perf_counter() - began, fault))
        if browser:
            browser.take(response.getheaders())
        return reply

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def note_fault(self, kind: str, fault: str) -> None:
        """Note what was wrong with an answer that came as it should."""
        self.timed.append(Timed(kind, 0.0, fault))
