"""What stands round every operation: no session, no cache, and a problem in JSON for whatever goes wrong."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja.errors import AuthenticationError

from mash_portal.door import anyone, declares, machine
from referrals.refusals import Refused

from . import problems
from .described import description
from .problems import Problem
from .service import api, key

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def as_problem(error: Exception) -> Problem:
    """What any exception is to a system that called."""
    match error:
        case Problem():
            return error
        case AuthenticationError():
            sentence = "Send the key of your agency’s system: Authorization: Bearer mash_…"
            return Problem(401, sentence, WWW_Authenticate="Bearer")
        case Http404():
            return problems.absent()
        case Refused():
            return problems.refused(error)
        case OperationalError() | InterfaceError():
            sentence = "Send it again in a moment with the same Idempotency-Key: it is done once."
            return Problem(503, sentence, Retry_After="5")
    log.error("The API met something unexpected", exc_info=error)
    return Problem(500, "This is our fault, and it is written down. In urgent cases ring the MASH.")


def told(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return problems.answer(as_problem(error if isinstance(error, Exception) else error()))


for kind in (Exception, Http404, AuthenticationError):
    api.add_exception_handler(kind, told)


def round_about(view: View) -> View:
    """An operation as a view of the portal."""

    @wraps(view)
    def operated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if answer.status_code == 405:
            allowed = answer.headers["Allow"]
            answer = problems.answer(Problem(405, f"Here you can {allowed}.", Allow=allowed))
        answer["Cache-Control"] = "no-store"
        return answer

    return csrf_exempt(declares(machine)(operated))


@declares(anyone)
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API; it names nobody and needs no key."""
    answer = JsonResponse(description())
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@csrf_exempt
@declares(machine)
def absent(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address: the same answer with and without a key that cannot be told from one that needs it."""
    if not key(request):
        return problems.answer(as_problem(AuthenticationError()))
    return problems.answer(problems.absent())
