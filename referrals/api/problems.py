"""What the API says when it says no: problem details (RFC 9457) with the sentences that a person would read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from referrals.refusals import NotReady, Refused
from referrals.rules.marf.values import clean_text

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: ("bad-request", "The request cannot be read"),
    401: ("no-key", "A key is needed"),
    403: ("not-allowed", "The key may not do this"),
    404: ("absent", "There is no such thing"),
    405: ("method", "This is not done that way"),
    409: ("conflict", "This cannot be done now"),
    413: ("too-large", "The request is too large"),
    415: ("media-type", "The request is not JSON"),
    422: ("not-ready", "Something has to be put right"),
    500: ("fault", "The portal has a fault"),
    503: ("unavailable", "The portal cannot take this now"),
}
#: Said on the page, where it is true; nothing is kept of what a system sends and is refused.
KEPT = " Your draft is kept."


class Problem(Exception):
    """Raised anywhere in the API, answered in one place."""

    def __init__(self, status: int, detail: str, *, errors: Sequence[Mapping[str, str]] = (), **headers: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def body_of(problem: Problem) -> dict[str, Any]:
    name, title = TITLES[problem.status]
    return {
        "type": f"urn:mash-portal:problem:{name}",
        "title": title,
        "status": problem.status,
        "detail": problem.detail,
        "errors": [dict(error) for error in problem.errors],
    }


def answer(problem: Problem) -> HttpResponse:
    return as_response(problem.status, body_of(problem), problem.headers)


def as_response(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> HttpResponse:
    media_type = MEDIA_TYPE if status >= 400 else "application/json"
    content = json.dumps(body, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=media_type, headers=dict(headers or {}))


def absent() -> Problem:
    """The same bytes for what is not there and for what is somebody else’s."""
    return Problem(404, "There is nothing here that this key may see.")


def refused(refusal: Refused) -> Problem:
    """A refusal of an action, with each sentence, and with the name of the gap that the page would link to."""
    if isinstance(refusal, NotReady):
        errors = [_gap(gap) for gap in refusal.gaps]
    else:
        errors = [_error(getattr(reason, "field", ""), str(reason)) for reason in refusal.reasons]
    return Problem(refusal.status, _as_sentence(" ".join(error["sentence"] for error in errors)), errors=errors)


def _gap(gap: Any) -> dict[str, str]:
    return {
        "section": gap.section,
        "field": gap.field,
        "name": gap.name,
        "sentence": _as_sentence(gap.sentence),
        "key": gap.key,
    }


def _error(field: str, sentence: str) -> dict[str, str]:
    return {"section": "", "field": field, "name": "", "sentence": _as_sentence(sentence), "key": ""}


def errors_of(objections: Sequence[str]) -> list[dict[str, str]]:
    return [_error(getattr(one, "field", ""), str(one)) for one in objections]


def _as_sentence(words: str) -> str:
    said = clean_text(words.replace(KEPT, ""))
    return said if not said or said.endswith((".", "?", "!", "”")) else f"{said}."
