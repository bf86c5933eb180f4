"""A case management system on this machine: a real HTTP server that behaves as it is told, and remembers what came."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a secret of the suite, long enough to be one of production"


@dataclass
class Came:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def delivery(self) -> str:
        return self.headers["X-Portal-Delivery"]

    def is_from_the_portal(self, now: float | None = None) -> bool:
        """As docs/export.md tells whoever receives it, written out a second time."""
        timestamp = self.headers["X-Portal-Timestamp"]
        own = hmac.new(SECRET.encode(), timestamp.encode() + b"." + self.body, hashlib.sha256).hexdigest()
        is_fresh = abs((now or time.time()) - int(timestamp)) <= 300
        return is_fresh and hmac.compare_digest(f"v1={own}", self.headers["X-Portal-Signature"])


@dataclass
class CaseSystem:
    """`behave` answers each request in turn, the last for ever: a status, "drop", "slow" or "redirect"."""

    url: str = ""
    behave: list[int | str] = field(default_factory=lambda: [200])
    came: list[Came] = field(default_factory=list)
    slow_seconds: float = 3.0

    def next_answer(self) -> int | str:
        return self.behave.pop(0) if len(self.behave) > 1 else self.behave[0]


def _handler(system: CaseSystem) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            system.came.append(Came(self.path, dict(self.headers.items()), body))
            answer = system.next_answer()
            if answer == "slow":
                time.sleep(system.slow_seconds)
            if answer in ("drop", "slow"):
                self.close_connection = True
                return
            self.send_response(302 if answer == "redirect" else int(answer))
            if answer == "redirect":
                self.send_header("Location", f"{system.url}elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the class above calls it
            """Say nothing."""

    return Handler


@contextmanager
def running() -> Iterator[CaseSystem]:
    system = CaseSystem()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(system))
    server.daemon_threads = True
    system.url = f"http://127.0.0.1:{server.server_address[1]}/contacts/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
