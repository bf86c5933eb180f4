"""G13: to everybody who is not named on it, a restricted record is what a record that never was would be.

The portal is walked twice, by each person who is not named: with restricted records in it that have every kind of
thing an address can name, and with those undone. Every address, whoever declares it and whatever it lists or counts,
has to answer with the same bytes. The addresses come from the URLconf: a new view that goes round the doors fails here.
"""

import copy
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals.models import AbuseMeeting, Call, Child, Contact, MatchProposal, Notice, ShiftNote, Upload
from referrals.rules.calls import ChildSaid
from referrals.vocabulary import LegalBasis, Outcome
from tests import attaching, build, policing, ringing
from tests.access.test_every_url import OURS, address, everything
from tests.restricting import restricted

pytestmark = pytest.mark.django_db

NAME = "Zebedee"
WORDS = "Quartermaine"
CHILD = {"given_names": NAME, "family_name": WORDS, "nhs_number": "9434765919"}
#: Somebody of every role. Rosa referred, Grace holds, Maya restricts; these are two colleagues of Rosa's and one of
#: Grace's.
BESIDE = {"Cy Lee": ("Rosa", Role.REFERRER), "Lou Fox": ("Rosa", Role.SAFEGUARDING_LEAD)}
BESIDE |= {"Una Ray": ("Grace", Role.SOCIAL_WORKER)}
OUTSIDE = (*BESIDE, "Omar", "Sam", "Ivan", "Helen", "Dev", "Zofia", "Priya", "Ana", "Kit")
#: Where a record leaves a mark that is no child's: the trail, which is whole for its auditor; how many messages wait or
#: have failed, with neither reference nor words; gauges by which an operator sees, with a key, that the portal is well.
COUNTS_ITSELF = {"audit:trail", "settings:messages", "settings:retry", "settings:retry_all", "healthz", "metrics"}
#: Lists show less until they are asked for more.
MORE = "whose=everybody&agencies=all"
LISTS = {name: reverse(name) for path, name, _ in OURS if "<" not in path}
#: New each time, or counted through by the database's sequences whatever is undone.
PASSING = re.compile(r'csrfmiddlewaretoken" value="\w+"|since=\d+|name="key" value="\w{8}"|/drafts/[0-9a-f-]{36}/')


def common() -> dict[str, Any]:
    """What is there in both worlds: a thing of each kind, and two lists of other days that a record can be put on."""
    things = everything()
    maya = build.player("Maya")
    build.agency("Housing")
    ShiftNote.objects.create(text="A quiet night", by=maya, at=timezone.now())
    yesterday = timezone.localdate() - timedelta(days=1)
    AbuseMeeting.objects.create(held_on=yesterday, chaired_by=maya, opened_by=maya, opened_at=timezone.now())
    for who in OUTSIDE:
        person(who)
    return things


def secrets() -> dict[str, Any]:
    """Restricted records of every stage, each with all that hangs on a record; what an address can name of them."""
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    known = Child.objects.filter(given_names="Noor").earliest("pk")
    child = CHILD | {"person": known.person}
    before: dict[str, Any] = {"at": timezone.now() - timedelta(hours=30), "children": [child]}
    contact = build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP, **before)
    held = build.claimed(rosa, worker=grace, **before)
    build.discussed(held, by=grace)
    others = [build.received(rosa, **before), build.recommended(rosa, worker=grace, **before), *rung(), notified()]
    for one in (contact, held, *others):
        _hang_everything_on(one, by=grace)
        restricted(one, by=maya)
    Notice.objects.filter(sent_at=None).update(sent_at=timezone.now())
    rosa.notices.filter(reference=contact.reference).update(failed_at=contact.received_at, sent_at=None)
    return {
        "reference": contact.reference,
        "call": Call.objects.get(contact=others[2]).reference,
        "child": contact.children.get().pk,
        "handover": contact.handovers.get().pk,
        "delivery": contact.deliveries.get(key__startswith="secret").pk,
        "check": contact.checks.get().pk,
        "file": contact.attachments.get().key,
        "step": contact.escalations.all()[0].pk,
        "item": contact.children.get().meeting_items.get().pk,
        "notice": rosa.notices.filter(reference=contact.reference)[0].pk,
    }


def rung() -> list[Contact]:
    """A call of Rosa's that waits for its form, and one of somebody who has no account."""
    rosa, sam = build.player("Rosa"), build.player("Sam")
    said: dict[str, Any] = {"taken_by": sam, "children": [ChildSaid(NAME, WORDS, date(2016, 4, 15))], "said": WORDS}
    return [ringing.contact_of(ringing.rings(rosa, **said)), ringing.contact_of(ringing.rings(**said))]


def notified() -> Contact:
    """A low-level police notification, which waits to be screened; the file that it came in is done with."""
    omar = build.player("Omar")
    row = policing.row(given_names=NAME, family_name=WORDS, police_reference="PN/26/999999")
    [contact] = policing.brought_in(omar, row)
    Upload.objects.filter(items__reference=contact.reference).delete()
    return contact


def _hang_everything_on(contact: Contact, *, by: User) -> None:
    at, child = contact.received_at, contact.children.all()[0]
    dates = dict.fromkeys(("created_at", "next_attempt_at", "failed_at"), at)
    contact.escalations.update(fired_at=at, cancelled_at=None)
    contact.escalations.all()[0].told.add(build.player("Ivan"), build.player("Helen"))
    contact.discussions.create(line=WORDS, with_person=by, by=by, at=at)
    contact.deliveries.create(key=f"secret:{contact.pk}", **dates)
    check = {"agency": build.agency("Housing"), "purpose": WORDS, "legal_basis": LegalBasis.PUBLIC_TASK}
    contact.checks.create(**check, clock="check_amber", requested_by=by, requested_at=at, due_at=at)
    ShiftNote.objects.latest("pk").lines.create(contact=contact, line=WORDS)
    AbuseMeeting.objects.latest("pk").items.create(child=child)
    MatchProposal.objects.get_or_create(
        child=Child.objects.earliest("pk"), person=child.person, defaults={"joined": False, "score": 0.9, "at": at}
    )
    attaching.row(contact.referrer, contact=contact, name=f"{WORDS}.pdf")


def person(who: str) -> User:
    """One of those outside."""
    if who not in BESIDE:
        return build.player(who)
    whose, role = BESIDE[who]
    facts = {"full_name": who, "agency": build.player(whose).agency, "role": role}
    return User.objects.get_or_create(email=f"{who[:2].lower()}@beside.example", defaults=facts)[0]


def addresses(things: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each address with its name; those of machines answer to a key alone."""
    for path, name, view in OURS:
        if not view.access_rule.machine and set(re.findall(r"<(?:\w+:)?(\w+)>", path)) <= things.keys():
            yield name, address(path, name, things)


Answer = tuple[int, str, str]
Walked = dict[tuple[str, str], Answer]
Walker = Callable[[User], tuple[Walked, Walked, dict[str, Any]]]


def bytes_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def words_of(content: bytes) -> str:
    """A spreadsheet is unpacked: it says when it was written."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = sorted(name for name in packed.namelist() if not name.startswith("docProps/"))
            content = b"".join(packed.read(name) for name in names)
    return PASSING.sub("", content.decode(errors="replace"))


def said(answer: Any) -> Answer:
    """What an answer tells: its status, where it sends on to, and its words."""
    return answer.status_code, PASSING.sub("", answer.get("Location", "")), words_of(bytes_of(answer))


def walk(who: User, urls: list[tuple[str, str]], sent_to: set[str], typed: dict[str, Any]) -> Walked:
    """Every answer that this person gets. What they send is undone."""
    client, found = Client(), {}
    client.force_login(who)
    for name, url in urls:
        found[name, url] = said(client.get(url))
        if url in sent_to:
            cookies = copy.copy(client.cookies)
            with transaction.atomic():
                found[f"{name} (sent)", url] = said(client.post(url, typed))
                transaction.set_rollback(True)
            client.cookies = cookies
    return found


def differences(first: Walked, second: Walked) -> list[str]:
    return [f"{name} {url}" for name, url in first if first[name, url] != second[name, url]]


@pytest.fixture
def both(db: None) -> Walker:
    """Walk with the restricted records and without them, at one moment and past the same addresses."""

    def walked(who: User) -> tuple[Walked, Walked, dict[str, Any]]:
        with time_machine.travel(timezone.now(), tick=False):
            things = common()
            mark = transaction.savepoint()
            hidden = secrets()
            theirs, of_common = set(addresses(things | hidden)), set(addresses(things))
            urls = sorted(theirs | of_common | {(f"{name} in full", f"{url}?{MORE}") for name, url in LISTS.items()})
            # forms about a hidden thing, and those of lists, to which it can be sent along
            sent_to = {url for _, url in theirs - of_common} | set(LISTS.values())
            typed = {"contact": f"{hidden['reference']}.1", "reference": hidden["reference"], "q": NAME, "version": "1"}
            with_them = walk(who, urls, sent_to, typed)
            transaction.savepoint_rollback(mark)
            return with_them, walk(who, urls, sent_to, typed), hidden

    return walked


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", OUTSIDE)
def test_whoever_is_not_named_gets_the_answers_of_a_portal_without_the_restricted_records(
    who: str, both: Walker
) -> None:
    with_them, without, hidden = both(person(who))
    ways = ("", " (sent)", " in full")
    counts_itself = {f"{name}{how}" for name in COUNTS_ITSELF for how in ways}
    assert [one for one in differences(with_them, without) if one.split(" /")[0] not in counts_itself] == []
    looked_at = [(url, words) for (name, url), (_, _, words) in with_them.items() if "(sent)" not in name]
    assert [url for url, words in looked_at if NAME in words or WORDS in words] == []
    assert [url for url, words in looked_at if hidden["reference"] in words and "/audit/" not in url] == []
