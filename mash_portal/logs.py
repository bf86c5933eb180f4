"""What is logged of an error: its kind and the places it passed. Never its message, which may quote a person."""

import logging
import traceback
from types import TracebackType
from typing import Any

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Formatter(logging.Formatter):
    """Database errors quote the row (“Key (family_name)=(…) already exists”), so exceptions are shown by kind only."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - logging's own name
        kind, _error, places = ei
        lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(places)]
        return "\n".join([*lines, f"  {kind.__name__ if kind else 'unknown'}"])

    def format(self, record: logging.LogRecord) -> str:
        """Text that somebody else made of an exception, with its message, is dropped and made again."""
        record.exc_text = None
        return super().format(record)


class ByKind(logging.Filter):
    """For Celery's report of a failed task, whose arguments hold the exception and its traceback as text."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, dict) and record.exc_info and record.exc_info[0]:
            told: dict[str, Any] = {"exc": record.exc_info[0].__name__, "traceback": ""}
            record.args = {name: told.get(name, value) for name, value in record.args.items()}
        return True
