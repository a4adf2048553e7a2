"""A receiver of webhooks on this machine: keeps what it was sent, and answers as the test says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Receiver:
    """What came in, as (headers by lower-case name, body), and the replies to come; the last one stays."""

    port: int = 0
    replies: list[Reply] = field(default_factory=lambda: [(200, {}, b"ok")])
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    before_reply: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        """The webhook ids, in the order in which they came."""
        return [headers["webhook-id"] for headers, _body in self.got]

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """From now on answer so."""
        self.replies = [(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver on a port of its own."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            receiver.before_reply()
            status, headers, content = receiver.replies[0]
            if len(receiver.replies) > 1:
                receiver.replies.pop(0)
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                return  # nobody listens any more

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
