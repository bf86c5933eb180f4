"""A client of clamd: one file over INSTREAM, one answer (clamd(8), “z” commands). It waits, but never for long.

clamd's own StreamMaxLength has to be at least settings.ATTACHMENT_BYTES; 25 MB is its default.
"""

import socket
import struct
import time
from typing import BinaryIO

from django.conf import settings

from referrals.vocabulary import ScanState

CONNECT_SECONDS, SCAN_SECONDS = 5.0, 30.0
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """Nobody answered: refused, cut off, or not in time. The next file would fare no better."""


class ScannerSlow(ScannerAway):
    """It was there and has not said in the time allowed."""


class NoVerdict(Exception):
    """It answered, and said neither “clean” nor “found”."""


def is_set_up() -> bool:
    return bool(settings.CLAMAV)


def scan(file: BinaryIO, *, seconds: float = SCAN_SECONDS) -> ScanState:
    """CLEAN or SUSPECT within so many seconds; otherwise ScannerAway or NoVerdict."""
    until = time.monotonic() + seconds
    try:
        with _connected(min(CONNECT_SECONDS, seconds)) as line:
            _send(line, file, until)
            answer = _answer(line, until)
    except TimeoutError as slow:
        raise ScannerSlow from slow
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error
    if answer == b"stream: OK":
        return ScanState.CLEAN
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
        return ScanState.SUSPECT
    raise NoVerdict


def _connected(seconds: float) -> socket.socket:
    """`host:port`, or the path of a socket on this machine."""
    host, _, port = settings.CLAMAV.rpartition(":")
    if not settings.CLAMAV.startswith("/"):
        return socket.create_connection((host, int(port)), timeout=seconds)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(seconds)
    try:
        line.connect(settings.CLAMAV)
    except OSError:
        line.close()
        raise
    return line


def _send(line: socket.socket, file: BinaryIO, until: float) -> None:
    line.settimeout(_left(until))
    line.sendall(b"zINSTREAM\0")
    while chunk := file.read(CHUNK):
        line.settimeout(_left(until))
        line.sendall(struct.pack("!L", len(chunk)) + chunk)
    line.sendall(struct.pack("!L", 0))


def _answer(line: socket.socket, until: float) -> bytes:
    said = b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER:
        line.settimeout(_left(until))
        part = line.recv(LONGEST_ANSWER)
        if not part:
            break
        said += part
    return said.split(b"\0")[0].strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
