"""A line to a server that can be broken: what stands between the portal and its Redis, mail server or scanner.

    with proxy.before("127.0.0.1", 6379) as line:
        portal = portal_processes("web", REDIS_URL=f"redis://127.0.0.1:{line.port}/0")
        line.becomes(Way.BLACK_HOLED)

A line that was open when the hole opened stays dead when it closes, as one does whose firewall has forgotten it: only
who has a time-out of its own finds out.
"""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import urlsplit

SLOW_SECONDS = 1.0
CHUNK = 65536
_RESET = struct.pack("ii", 1, 0)


class Way(StrEnum):
    PASSES = "passes"
    REFUSED = "refused"
    BLACK_HOLED = "black-holed"
    SLOW = "slow"


class Proxy:
    """Listens on `port` for its whole life; `came` counts who has called."""

    def __init__(self, host: str, port: int) -> None:
        self.behind = (host, port)
        self.way = Way.PASSES
        self.came = 0
        self._lock = threading.Lock()
        self._lines: set[_Line] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self._serve(self._door)

    def becomes(self, way: Way) -> None:
        """From now on; what is open is cut off, or goes dead, or becomes slow."""
        with self._lock:
            before, self.way = self.way, way
            lines = list(self._lines)
        if way is Way.REFUSED and before is not way:
            _close(self._door)
        for line in lines:
            line.feels(way)
        if before is Way.REFUSED and way is not before:
            self._door = socket.create_server(("127.0.0.1", self.port))
            self._serve(self._door)

    def instead(self, url: str) -> str:
        """This address, by way of here."""
        parts = urlsplit(url)
        return parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{self.port}")).geturl()

    def close(self) -> None:
        self.becomes(Way.REFUSED)

    def _serve(self, door: socket.socket) -> None:
        threading.Thread(target=self._answer, args=(door,), daemon=True).start()

    def _answer(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            self.came += 1
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        line = _Line(near, self)
        with self._lock:
            self._lines.add(line)
            way = self.way
        try:
            line.feels(way)
            line.carry(self.behind)
        finally:
            line.cut()
            with self._lock:
                self._lines.discard(line)


class _Line:
    """One connection, and the one behind it."""

    def __init__(self, near: socket.socket, proxy: Proxy) -> None:
        self.near, self.proxy = near, proxy
        self.far: socket.socket | None = None
        self.is_dead = False

    def feels(self, way: Way) -> None:
        if way is Way.REFUSED:
            self.cut()
        self.is_dead = self.is_dead or way is Way.BLACK_HOLED

    def cut(self) -> None:
        """Reset, so that whoever waits at either end hears of it at once."""
        for end in (self.near, self.far):
            if end is not None:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                _close(end)

    def carry(self, behind: tuple[str, int]) -> None:
        """Both ways, until one end hangs up. What falls into a hole is read and forgotten."""
        if not self.is_dead:
            try:
                self.far = socket.create_connection(behind, timeout=5)
            except OSError:
                return
            self.far.settimeout(None)
            threading.Thread(target=self._pump, args=(self.far, self.near), daemon=True).start()
        self._pump(self.near, self.far)

    def _pump(self, source: socket.socket, sink: socket.socket | None) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if self.proxy.way is Way.SLOW:
                    time.sleep(SLOW_SECONDS)
                if not self.is_dead and sink is not None:
                    sink.sendall(data)
        if not self.is_dead or source is self.near:
            self.cut()


def _close(end: socket.socket) -> None:
    """For good, and for a thread that waits in it as well."""
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextlib.contextmanager
def before(host: str, port: int) -> Iterator[Proxy]:
    """Between here and that server, passing everything until told otherwise."""
    proxy = Proxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
