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
    content = json.dumps(body, ensure_ascii=False, sort_keys=True)  # the same bytes when it is repeated
    return HttpResponse(content, status=status, content_type=media_type, headers=dict(headers or {}))


def absent() -> Problem:
    """The same bytes for what is not there and for what is somebody else’s."""
    return Problem(404, "There is nothing here that this key may see.")


def refused(refusal: Refused) -> Problem:
    """A refusal of an action, with each sentence, and with the name of the gap that the page would link to."""
    errors = [_gap(gap) for gap in refusal.gaps] if isinstance(refusal, NotReady) else errors_of(refusal.reasons)
    detail = " ".join(_with_a_stop(error["sentence"]) for error in errors)
    return Problem(_status_of(refusal, errors), detail, errors=errors)


def _status_of(refusal: Refused, errors: Sequence[Mapping[str, str]]) -> int:
    """What a field would put right is no conflict: it is to be sent again, better."""
    return 422 if refusal.status == 409 and all(error["field"] for error in errors) else refusal.status


def _gap(gap: Any) -> dict[str, str]:
    sentence = clean_text(gap.sentence.replace(KEPT, ""))
    return {"section": gap.section, "field": gap.field, "name": gap.name, "sentence": sentence, "key": gap.key}


def errors_of(objections: Sequence[str]) -> list[dict[str, str]]:
    return [
        {
            "section": "",
            "field": getattr(one, "field", ""),
            "name": "",
            "sentence": clean_text(str(one)),
            "key": "",
        }
        for one in objections
    ]


def _with_a_stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
