"""One referral sent once or twenty times is one contact with one reference; other words under its key are refused (G3).

By page and by API, to a real web, all at once or again after a time-out. `make faults` sends 10,000 of them.
"""

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from referrals.models import ApiRequest, Contact, Draft, Marf
from tests import build
from tests.portals import StartPortal

from . import ledger, referrers, scale
from .referrers import Answer, Form, ask

pytestmark = pytest.mark.faults

KEYS, MOST = scale.part(10_000), 20
#: One is usual, two are a double click, twenty happen.
TIMES = {times: 1 / times**2 for times in range(1, MOST + 1)}
CONFLICT = "has been used for another request"
#: In this many of a hundred the first attempt is given up before its answer comes; of the API's, as many conflict.
GIVEN_UP, OTHER_WORDS = 30, 20
SHORTEST, LONGEST = 0.001, 0.1


@dataclass(frozen=True)
class Sending:
    """What is sent under one key: the same again and again, and other words among it."""

    forms: Sequence[Form]
    gives_up_after: float


def sendings(school: referrers.School, chance: random.Random) -> list[Sending]:
    """Half by page and half by API."""
    made = []
    for form in [*school.forms(KEYS // 2), *school.documents(KEYS - KEYS // 2)]:
        forms = [form] * chance.choices([*TIMES], [*TIMES.values()])[0]
        if form.path.startswith("/api/") and chance.randrange(100) < OTHER_WORDS:
            forms.insert(chance.randint(0, len(forms)), form.saying(b"Comes in hungry", b"Comes in tired"))
        gives_up = chance.randrange(100) < GIVEN_UP
        made.append(Sending(forms, chance.uniform(SHORTEST, LONGEST) if gives_up else 0))
    chance.shuffle(made)
    return made


def sent(port: int, one: Sending, threads: Executor) -> str:
    """The reference that all were told; what is not so is raised."""
    heard: list[tuple[Form, Answer]] = []
    if one.gives_up_after:
        heard.append((one.forms[0], ask(port, one.forms[0], seconds=one.gives_up_after)))
    heard += zip(one.forms, threads.map(lambda form: ask(port, form), one.forms), strict=True)
    if len(set(one.forms)) > 1 or not any(answer.reference for _, answer in heard):
        # whose words were taken is settled now
        heard += [(form, ask(port, form)) for form in dict.fromkeys(one.forms)]
    references = {answer.reference for _, answer in heard if answer.reference}
    taken = {form.content for form, answer in heard if answer.reference}
    assert (len(references), len(taken)) == (1, 1), heard
    for form, answer in [(form, answer) for form, answer in heard if answer.status]:
        refused = answer.status == 409 and CONFLICT in answer.words
        assert refused if form.content not in taken else not refused, heard
    return references.pop()


@pytest.mark.timeout(7200 if scale.WHOLE else 900)
def test_a_referrer_who_sends_again_and_again_has_sent_once(
    committed: str, portal_processes: StartPortal, figures: list[str]
) -> None:
    """Failed when it was made to: without the lock of a key (four contacts), and without looking at the words again."""
    seed = random.randrange(10**6)
    made = sendings(referrers.School.of(build.player("Rosa")), random.Random(seed))
    port = urlsplit(portal_processes("web", SECRET_KEY=settings.SECRET_KEY).url).port or 0
    with ThreadPoolExecutor(MOST) as threads, ThreadPoolExecutor(2) as drivers:
        told = list(drivers.map(lambda one: sent(port, one, threads), made))
    expected = Counter(told)
    assert set(expected.values()) == {1}, seed
    assert Counter(Contact.objects.values_list("reference", flat=True)) == expected, seed
    assert Counter(Marf.objects.values_list("contact__reference", flat=True)) == expected, seed
    assert (ApiRequest.objects.count(), Draft.objects.count()) == (KEYS - KEYS // 2, 0)
    ledger.check_decision_deadlines()
    requests = sum(len(one.forms) for one in made)
    figures.append(
        f"G3 · {KEYS:,} keys, {requests:,} requests, most {max(len(one.forms) for one in made)}: one contact each"
    )
