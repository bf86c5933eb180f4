"""What the tests of a contact's pages share: looking at one, sending its forms, and the referrer's view of it."""

import re
from typing import Any

from django.test import Client

from mash_portal.accounts.models import User
from referrals.models import Assessment, Contact, Finding
from tests import build
from thresholds.models import Matrix

UNKNOWN = "ZZZZ-ZZZZ"
PAGES = ("", "referral/", "assessment/")
FORMS = ("release/", "assign/", "priority/")
LATE = "L3-LRN-01"
HARM = "L4-HEA-10"
TEETH = "L3-HEA-04"


def url(contact: Contact, page: str = "") -> str:
    return f"/contacts/{contact.reference}/{page}"


def text(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


def without_token(answer: Any) -> str:
    """A page but for the token of its sign-out form, which is new each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(answer))


def look(client: Client, who: User, contact: Contact, page: str = "") -> str:
    """One page of a contact as this person sees it."""
    client.force_login(who)
    answer = client.get(url(contact, page))
    assert answer.status_code == 200
    return text(answer)


def send(client: Client, who: User, contact: Contact, page: str, **typed: Any) -> Any:
    """What the server answers to a form that this person sends."""
    client.force_login(who)
    return client.post(url(contact, page), typed)


def believed(contact: Contact, *codes: str, level: int = 3) -> Assessment:
    """The referrer's view, as a form that was sent leaves it."""
    matrix = Matrix.objects.current()
    assessment = Assessment.objects.create(
        contact=contact,
        side=Assessment.REFERRER,
        matrix=matrix,
        suggested_level=level,
        level=level,
        rationale="Several needs at once",
        by=contact.referrer,
        at=contact.received_at,
    )
    for indicator in matrix.indicators.by_code(codes):
        Finding.objects.create(assessment=assessment, indicator=indicator, evidence=f"Written for {indicator.code}")
    return assessment


def held(by: User, worker: User, *codes: str, **facts: Any) -> Contact:
    """A contact in somebody's hands, with the indicators that its referrer ticked."""
    contact = build.claimed(by, worker=worker, **facts)
    if codes:
        believed(contact, *codes)
    return contact
