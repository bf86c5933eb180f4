"""Logs name the kind of an error and where it was, and never what anybody typed."""

import io
import logging
import sys

from mash_portal.logs import ByKind, Formatter


def logged(name: str, message: str, arguments: tuple[object, ...]) -> str:
    """What the console's handler writes of an error that quotes a child."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Formatter("{levelname} {name} {message}", style="{"))
    handler.addFilter(ByKind())
    try:
        int("Featherstone")
    except ValueError:
        caught = sys.exc_info()
    else:
        raise AssertionError
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, caught)
    handler.handle(record)
    return written.getvalue()


def test_an_error_is_logged_by_kind_and_place() -> None:
    line = logged("django.request", "Internal Server Error: %s", ("/queue/",))
    assert "ERROR django.request Internal Server Error: /queue/" in line
    assert "test_logs.py" in line
    assert line.rstrip().endswith("ValueError")
    assert "Featherstone" not in line


def test_a_failed_task_is_logged_by_kind_and_place() -> None:
    told = {
        "name": "referrals.tasks.send_notices",
        "exc": "ValueError('Featherstone')",
        "traceback": "… Featherstone …",
    }
    line = logged("celery.app.trace", "Task %(name)s raised unexpected: %(exc)s\n%(traceback)s", (told,))
    assert "Task referrals.tasks.send_notices raised unexpected: ValueError" in line
    assert "Featherstone" not in line
