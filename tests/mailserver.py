"""A mail server on this machine that answers each command as it is told, and keeps what it has taken."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """`says` is the answer to a command, such as {"RCPT": "550 No such user"}; "drop" hangs up in its place.

    END is the end of a message: with "drop", the line breaks after the message was taken.
    """

    port: int = 0
    says: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)


class Handler(socketserver.StreamRequestHandler):
    told: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            command = line.split(" ")[0].upper()
            answer = self.told.says.get(command, "354 go on" if command == "DATA" else "250 fine")
            if answer == "drop":
                return
            self._say("221 bye" if command == "QUIT" else answer)
            if command == "DATA" and answer.startswith("354") and not self._take():
                return

    def _take(self) -> bool:
        """False where the line is to break now."""
        lines: list[str] = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        answer = self.told.says.get("END", "250 taken")
        if answer.startswith(("250", "drop")):
            self.told.taken.append("\n".join(lines))
        if answer != "drop":
            self._say(answer)
        return answer != "drop"

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def running() -> Iterator[MailServer]:
    told = MailServer()
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Own", (Handler,), {"told": told}))
    server.daemon_threads = True
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
