"""The referrers' own ledger, outside the portal: what they sent, and what they were told.

An append-only file. Each line is on the disk before whoever writes it goes on: before a form leaves, and before anybody
acts on the answer. What stands in it as acknowledged is what the portal must still know in the end, whatever happened.
"""

import os
import threading
from pathlib import Path

SENDING, TOLD, BROKE = "sending", "told", "broke"


class Acknowledged:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._lock = threading.Lock()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def sending(self, name: str) -> None:
        self._write(SENDING, name)

    def told(self, name: str, reference: str) -> None:
        """The portal has acknowledged the form of this name, under this reference."""
        self._write(TOLD, name, reference)
        with self._lock:
            self.count += 1

    def broke(self, what: str) -> None:
        self._write(BROKE, what)

    def references(self) -> dict[str, str]:
        """What was acknowledged, by the name of the form, as the file says."""
        found: dict[str, str] = {}
        for _, name, reference in self._lines(TOLD):
            if found.setdefault(name, reference) != reference:
                raise AssertionError(f"{name} was acknowledged as {found[name]} and as {reference}")
        return found

    def faults(self) -> list[str]:
        return [what for _, what in self._lines(BROKE)]

    def close(self) -> None:
        os.close(self._file)

    def _lines(self, kind: str) -> list[list[str]]:
        lines = [line.split("\t") for line in self.path.read_text().splitlines()]
        return [line for line in lines if line[0] == kind]

    def _write(self, *words: str) -> None:
        os.write(self._file, ("\t".join(words) + "\n").encode())
        os.fsync(self._file)
