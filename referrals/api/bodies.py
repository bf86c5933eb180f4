"""Reads the body of a request with the trust that a stranger deserves: too large, not JSON, not text is said so."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from .problems import Problem

MOST_BYTES = 2 * 1024 * 1024
DEEPEST = 20


def raw(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        raise Problem(415, "Send JSON, with the header Content-Type: application/json.")
    try:
        content = request.body
    except RequestDataTooBig:
        content = b" " * (MOST_BYTES + 1)
    except UnreadablePostError:
        raise Problem(400, "The request broke off before its end. Send it again with the same key.") from None
    if len(content) > MOST_BYTES:
        raise Problem(413, "A request must be 2 MB or smaller. Send notifications in several requests.")
    return content


def read(content: bytes) -> dict[str, Any]:
    """The object that the body is; anything else is a problem."""
    try:
        data = json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Problem(400, "The body must be text in UTF-8.") from None
    except (ValueError, RecursionError):
        raise Problem(400, "The body must be JSON: check brackets, commas and quotation marks.") from None
    if not isinstance(data, dict):
        raise Problem(400, "The body must be a JSON object: { … }.")
    if _is_deeper_than(data, DEEPEST):
        raise Problem(400, f"The body must not be nested more than {DEEPEST} deep.")
    return data


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _is_deeper_than(value: object, depth: int) -> bool:
    """Level by level, so that no depth can exhaust the stack."""
    level = [value]
    while level and depth:
        depth -= 1
        level = [inner for one in level for inner in _inside(one)]
    return any(isinstance(one, Mapping | list) for one in level)


def _inside(value: object) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
