"""Files on disk, outside the web root, under generated names. What they are called and whose they are is in rows.

A file is written before its row and removed after it: what a crash leaves behind has no row, is reached by nobody, and
is swept a day later.
"""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

#: No upload takes this long: a file without a row that is older has been left behind. Seconds.
LEFT_BEHIND = 24 * 60 * 60


def keep(key: UUID, content: bytes) -> None:
    """Whole and on the disk, or not there: written to another name, flushed, then renamed. Only the portal may read."""
    place = _place(key)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = place.with_suffix(".part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(place)
        _flush_names(place.parent)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def opened(key: UUID) -> BinaryIO:
    """The file for reading. OSError where it cannot be read."""
    return _place(key).open("rb")


def remove(key: UUID) -> None:
    """Take it off the disk. One that cannot be removed now has no row any more: the sweep tries again."""
    with suppress(OSError):
        _place(key).unlink()


def remove_afterwards(keys: list[UUID]) -> None:
    """Once, and only if, the transaction that deletes their rows has committed."""
    for key in keys:
        transaction.on_commit(partial(remove, key))


def old_names(now: float) -> list[Path]:
    """Whatever has lain here for longer than any upload takes. `now` in seconds since 1970."""
    if not settings.ATTACHMENT_DIR.is_dir():
        return []
    found = []
    for path in settings.ATTACHMENT_DIR.iterdir():
        with suppress(OSError):
            if path.is_file() and path.stat().st_mtime < now - LEFT_BEHIND:
                found.append(path)
    return found


def _place(key: UUID) -> Path:
    directory: Path = settings.ATTACHMENT_DIR
    return directory / key.hex


def _flush_names(directory: Path) -> None:
    number = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
