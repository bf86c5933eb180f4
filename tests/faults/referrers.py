"""Whoever sends referrals: a browser with a form, an agency's system with a document. Each goes on until answered."""

import http.client
import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Draft
from tests import policing
from tests.actions.test_intake import answers_of
from tests.api.calling import REFERRAL

from .acknowledged import Acknowledged

#: Birthdays of so many days, one after the other.
DAYS = 1500
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CSRF = "t" * 32
_RECEIPT = re.compile(r"^/referrals/([2-9A-Z]{4}-[2-9A-Z]{4})/")
#: What may be answered while something is broken, besides nothing: our fault, and “send it again in a moment”.
NOT_YET = {0, 409, 500, 502, 503}
PATIENCE_SECONDS, PAUSE_SECONDS = 240.0, 0.1


@dataclass(frozen=True)
class Form:
    """One referral, ready to be sent as often as it takes."""

    name: str
    path: str
    content: bytes
    headers: Mapping[str, str] = field(hash=False)

    def saying(self, words: bytes, others: bytes) -> "Form":
        """Under the same name and key, with other words."""
        changed = self.content.replace(words, others)
        assert changed != self.content
        return replace(self, content=changed)


@dataclass(frozen=True)
class Answer:
    """`reference` is empty unless the referral has been acknowledged; status 0 is no answer at all."""

    status: int
    reference: str = ""
    words: str = ""


@dataclass(frozen=True)
class School:
    """An agency that refers by page and by system."""

    by: User
    cookies: str
    key: str

    @classmethod
    def of(cls, person: User) -> "School":
        client = Client()
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        session = client.cookies["sessionid"].value
        return cls(person, f"sessionid={session}; csrftoken={_CSRF}", policing.key_of(person)[1])

    def forms(self, count: int) -> list[Form]:
        """Forms filled in on the page, each about other children, that wait to be sent."""
        now, answers = timezone.now(), answers_of("hungry-and-late")
        assert self.by.agency is not None
        drafts = Draft.objects.bulk_create(
            Draft(
                agency=self.by.agency,
                author=self.by,
                updated_by=self.by,
                answers=_about(answers, number),
                created_at=now,
                updated_at=now,
                wakes_at=now + timedelta(days=1),
            )
            for number in range(count)
        )
        return [self.posted(str(one.key), f"/referrals/drafts/{one.key}/check/", {"declared": "on"}) for one in drafts]

    def posted(self, name: str, path: str, fields: Mapping[str, str]) -> Form:
        content = urlencode({**fields, "csrfmiddlewaretoken": _CSRF}).encode()
        return Form(name, path, content, {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookies})

    def with_file(self, path: str, name: str, content: bytes) -> Form:
        """A file attached on the page."""
        file = SimpleUploadedFile(name, content, "text/plain")
        fields = {"csrfmiddlewaretoken": _CSRF, "kind": "other", "file": file}
        headers = {"Content-Type": MULTIPART_CONTENT, "Cookie": self.cookies}
        return Form(name, path, encode_multipart(BOUNDARY, fields), headers)

    def documents(self, count: int) -> list[Form]:
        """The same through the API, each with an Idempotency-Key of its own."""
        return [self.document(str(uuid4()), _about(REFERRAL, number)) for number in range(count)]

    def document(self, name: str, said: Mapping[str, Any]) -> Form:
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Idempotency-Key": name}
        return Form(name, "/api/v1/referrals", json.dumps(said).encode(), sent)


def _about(said: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The same about other children, of other names and birthdays: thousands of one day would all be compared."""
    found = deepcopy(dict(said))
    for child in found["children"]:
        if child.get("date_of_birth"):
            born = date.fromisoformat(child["date_of_birth"]) - timedelta(days=number % DAYS)
            child |= {"date_of_birth": born.isoformat(), "upn": "", "nhs_number": ""}
        child["family_name"] = "".join(LETTERS[int(digit)] for digit in f"{number:06}").capitalize()
    return found


def ask(port: int, form: Form, *, seconds: float = 20) -> Answer:
    """Send it once, and hear what is answered within so many seconds."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        line.request("POST", form.path, form.content, dict(form.headers))
        answer = line.getresponse()
        return _read(answer.status, answer.headers.get("Location", ""), answer.read())
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        line.close()


def _read(status: int, location: str, body: bytes) -> Answer:
    if status == 201:
        return Answer(status, json.loads(body)["reference"])
    led_to = _RECEIPT.match(location)
    return Answer(status, led_to[1] if status == 302 and led_to else "", body.decode(errors="replace"))


def send_all(port: int, forms: Sequence[Form], ledger: Acknowledged, stop: threading.Event) -> None:
    """One referrer's pile, one after the other; each written down before it leaves, and when it is acknowledged."""
    for form in forms:
        ledger.sending(form.name)
        reference = _acknowledged(port, form, stop)
        if not reference:
            return
        ledger.told(form.name, reference)


def _acknowledged(port: int, form: Form, stop: threading.Event) -> str:
    """Sent until it is acknowledged, as by somebody who reads “try again”; empty when told to stop."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not stop.is_set():
        answer = ask(port, form)
        if answer.reference:
            return answer.reference
        if answer.status not in NOT_YET or time.monotonic() > until:
            raise AssertionError(f"{form.path} was answered {answer.status}: {answer.words[:500]}")
        stop.wait(PAUSE_SECONDS)
    return ""
