"""A request that sends something is done once, however often and by however many it is sent.

The row of an idempotency key is written first; a lock that belongs to the connection lets one of several duplicates do
the work while the others wait for its answer. What was written and the answer to it are committed together.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from referrals.models import ApiRequest, ApiToken
from referrals.refusals import Refused

from . import bodies, keys, problems
from .problems import Problem

HEADER = "Idempotency-Key"
#: For so long a repeated request gets the answer to the first (docs/api.md).
HONOURED = timedelta(days=30)
_KEY = re.compile(r"^[\x21-\x7e]{1,100}$", re.ASCII)
#: Keeps these locks apart from any others that are asked for by number.
_SPACE = 0x4D415348 << 32
#: Status and body of what was done.
Done = tuple[int, dict[str, Any]]
Work = Callable[[dict[str, Any]], Done]


def answer(request: HttpRequest, token: ApiToken, work: Work, *, in_parts: bool = False) -> HttpResponse:
    """Do the work and remember its answer; a repeated request gets the same one and does nothing.

    `in_parts`: the work commits as it goes and can be begun again: what is done already is the same one.
    """
    key = _key_of(request)
    content = bodies.raw(request)
    data = bodies.read(content)
    row = _row(token, key, request.path, content)
    with _alone(row):
        row.refresh_from_db()
        if row.status is not None:
            return problems.as_response(row.status, row.answer, {"Idempotency-Replayed": "true"})
        status, body = _do(row, data, work, in_parts=in_parts)
    return problems.as_response(status, body)


def forget_old(now: datetime) -> int:
    """Delete keys, and the answers to them, that are not honoured any more. How many there were."""
    return ApiRequest.objects.filter(at__lt=now - HONOURED).delete()[0]


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get(HEADER, "")
    if not _KEY.match(key):
        raise Problem(
            400, f"Send the header {HEADER} with up to 100 letters and digits that you use for no other request."
        )
    return key


def _row(token: ApiToken, key: str, path: str, content: bytes) -> ApiRequest:
    fingerprint = hashlib.sha256(path.encode() + b"\n" + content).hexdigest()
    found = ApiRequest.objects.filter(token=token, key=key).first()
    if found is None:
        new = ApiRequest(
            token=token, key=key, fingerprint=fingerprint, flagged=keys.comes_too_fast(token), at=timezone.now()
        )
        ApiRequest.objects.bulk_create([new], ignore_conflicts=True)
        found = ApiRequest.objects.get(token=token, key=key)
    if found.fingerprint != fingerprint:
        raise Problem(409, f"This {HEADER} has been used for another request. Use a new one.")
    return found


@contextmanager
def _alone(row: ApiRequest) -> Iterator[None]:
    """Nobody else works on this key meanwhile; the lock goes with the connection, whatever happens to us."""
    number = _SPACE + row.pk
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute("SELECT pg_advisory_lock(%s)", [number])
        except OperationalError:
            raise Problem(
                409,
                "The first request with this key is still being worked on. Send it again in a moment.",
                Retry_After="5",
            ) from None
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _do(row: ApiRequest, data: dict[str, Any], work: Work, *, in_parts: bool) -> Done:
    try:
        if in_parts:
            return _remember(row, *work(data))
        with transaction.atomic():
            return _remember(row, *work(data))
    except Refused as refusal:
        return _problem(row, problems.refused(refusal))
    except Http404:
        return _problem(row, problems.absent())
    except Problem as problem:
        return _problem(row, problem)


def _problem(row: ApiRequest, problem: Problem) -> Done:
    return _remember(row, problem.status, problems.body_of(problem))


def _remember(row: ApiRequest, status: int, body: Mapping[str, Any]) -> Done:
    row.status, row.answer = status, dict(body)
    row.save(update_fields=["status", "answer"])
    return status, row.answer
