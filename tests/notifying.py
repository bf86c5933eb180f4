"""GOV.UK Notify on this machine: a real HTTP server that takes messages and says later what became of them."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

SERVICE, SECRET = "8b1a7e3c-0f54-4a3e-9a51-3f6c0e6f7a10", "5d2c9f61-7b0e-4f0b-8d7e-2a9c4b6e1f33"
KEY = f"suite-{SERVICE}-{SECRET}"
SLOW_SECONDS = 0.5
EMAIL_TEMPLATE, TEXT_TEMPLATE = "template-of-e-mails", "template-of-texts"


@dataclass
class Notify:
    """`behave` answers each message in turn, the last for ever. `fates` is by recipient.

    An answer is a status; "drop", for a line that breaks; "lost", for one that breaks after the message was taken; or
    "slow".
    """

    url: str = ""
    behave: list[int | str] = field(default_factory=lambda: [201])
    came: list[dict[str, Any]] = field(default_factory=list)
    fates: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    @property
    def settings(self) -> dict[str, str]:
        return {
            "NOTIFY_API_KEY": KEY,
            "NOTIFY_EMAIL_TEMPLATE": EMAIL_TEMPLATE,
            "NOTIFY_TEXT_TEMPLATE": TEXT_TEMPLATE,
            "NOTIFY_URL": self.url,
        }

    @property
    def texts(self) -> list[dict[str, Any]]:
        return [one for one in self.came if "phone_number" in one]

    def next_answer(self) -> int | str:
        return self.behave.pop(0) if len(self.behave) > 1 else self.behave[0]

    def taken(self, message: dict[str, Any]) -> dict[str, Any]:
        number = str(uuid.uuid4())
        self.came.append({**message, "id": number})
        return {"id": number, "reference": message.get("reference")}

    def status_of(self, number: str) -> dict[str, str] | None:
        self.asked += 1
        for one in self.came:
            if one["id"] == number:
                to = one.get("email_address") or one.get("phone_number", "")
                return {"id": number, "status": self.fates.get(to, "sending")}
        return None


class Handler(BaseHTTPRequestHandler):
    notify: Notify

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_known():
            return self._answer(403, {"errors": [{"error": "AuthError", "message": "Invalid token"}]})
        answer = self.notify.next_answer()
        if answer == "slow":
            time.sleep(SLOW_SECONDS)
        if answer == "lost":
            self.notify.taken(message)
        if answer in ("drop", "lost", "slow"):
            self.close_connection = True
            return None
        if answer != 201:
            return self._answer(int(answer), {"errors": [{"error": "Error", "message": "words of a server"}]})
        return self._answer(201, self.notify.taken(message))

    def do_GET(self) -> None:
        found = self.notify.status_of(self.path.rsplit("/", 1)[1])
        self._answer(200 if found else 404, found or {"errors": []})

    def _is_known(self) -> bool:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        claims: dict[str, Any] = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        return bool(claims["iss"] == SERVICE)

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the class above calls it
        """Say nothing."""


@contextmanager
def running() -> Iterator[Notify]:
    notify = Notify()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"notify": notify}))
    server.daemon_threads = True
    notify.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield notify
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
