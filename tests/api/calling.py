"""A system of an agency, for the suite: a key and the requests that it sends."""

import itertools
import json
from typing import Any

from django.test import Client

from mash_portal.accounts.models import User
from referrals.models import ApiToken, Child, Contact, Draft
from referrals.vocabulary import Scope
from tests import policing

_numbers = itertools.count(1)

#: A referral with everything that the form needs, and nothing more.
REFERRAL: dict[str, Any] = {
    "by": "Rosa Bell",
    "safeguarding_lead": {"consulted": True, "name": "Rosa Bell"},
    "children": [
        {
            "given_names": "Maisie",
            "family_name": "Doyle",
            "date_of_birth": "2018-02-21",
            "address": "Flat 3",
            "sex": "F",
        }
    ],
    "family_informed": {"informed": True},
    "agreement": {"given": True, "who": "Siobhan Doyle", "covers": "early help"},
    "worry": "Comes in hungry most mornings.",
    "threshold": {"level": 3, "indicators": {"L3-CAR-01": "Hungry most mornings since September"}},
}
NOTIFICATION: dict[str, Any] = {
    "police_reference": "PN/26/118377",
    "narrative": "A neighbour heard shouting.",
    "incident": {"type": "Domestic abuse", "at": "2025-11-19T20:15", "place": "Home"},
    "rag": "green",
    "dash_grade": "standard",
    "dvrim_scale": 1,
    "children": [{"given_names": "Zara", "family_name": "Hussain", "date_of_birth": "2019-10-10", "sex": "F"}],
    "adults": [{"given_names": "Imran", "family_name": "Hussain", "relationship": "father"}],
}


class System:
    """What a school's or a force's system does: every request with its key, and with a number of its own."""

    def __init__(self, person: User, *scopes: Scope) -> None:
        self.token, self.key = policing.key_of(person, *scopes)
        self.client = Client(enforce_csrf_checks=True)

    @property
    def row(self) -> ApiToken:
        return ApiToken.objects.get(pk=self.token.pk)

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.key}"})

    def post(self, path: str, data: object, *, number: str = "", raw: bytes | None = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": number or f"n{next(_numbers)}", **headers}
        content = json.dumps(data).encode() if raw is None else raw
        media_type = sent.pop("Content-Type", "application/json")
        return self.client.post(f"/api/v1/{path}", content, content_type=media_type, headers=sent)


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem that an answer is: RFC 9457, with its own status inside."""
    body: dict[str, Any] = json.loads(answer.content)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["status"] == status
    assert body["detail"]
    return body


def nothing_written() -> bool:
    return (Contact.objects.count(), Child.objects.count(), Draft.objects.count()) == (0, 0, 0)
