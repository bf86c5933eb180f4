"""G10 and G11: every address × everybody is decided, and a stranger cannot tell what is not theirs from what is not.

The addresses come from the URLconf, so a new one is tested from the day it is written. Who may is worked out here a
second time, from the rule that the view declares and from what each person is to the one contact of this world.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mash_portal import checks
from mash_portal.accounts.models import User
from mash_portal.door import Rule
from referrals.intake import actions as intake
from referrals.models import Contact, Service, StageChange
from referrals.rota import actions as rota
from referrals.rules import marf, permissions
from referrals.rules.permissions import Relation
from referrals.shift import actions as shift
from referrals.triage import sharing
from referrals.vocabulary import Outcome
from tests import attaching, auditing, build, checking, discussing, policing, ringing

pytestmark = pytest.mark.django_db

#: What each of the cast is to a referral of Rosa's that Grace holds and that was routed to early help.
IS: dict[str, frozenset[Relation]] = {
    "Rosa": frozenset({Relation.OWN_AGENCY}),
    "Tom": frozenset(),
    "Omar": frozenset(),
    "Nell": frozenset(),
    "Sam": frozenset({Relation.HUB}),
    "Grace": frozenset({Relation.HUB, Relation.HOLDER}),
    "Maya": frozenset({Relation.HUB}),
    "Ivan": frozenset({Relation.HUB}),
    "Helen": frozenset({Relation.HUB}),
    "Dev": frozenset({Relation.ROUTED}),
    "Zofia": frozenset(),
    "Priya": frozenset({Relation.SAMPLED}),
    "Ana": frozenset(),
    "Kit": frozenset(),
}
#: Whose agencies are invited to the strategy discussion about it.
INVITED = {"Omar", "Nell"}
IN, REFUSED, ABSENT, SIGN_IN, NO_KEY = "in", "refused", "absent", "sign in first", "no key"
#: The answer to a method that an address never takes: the same for everybody and everything, so it tells nothing.
NO_METHOD = "not done that way"
#: A form that came back, and nothing was done: neither a way in nor a closed door.
KEPT = "kept"
#: allauth's own pages answer by state (no second factor yet, no log-in under way): only who may come is ours.
#: Opened by a token that is sent to one person; anything else is answered like a used one.
BY_TOKEN = {"accounts:set_password"}
OURS = [(path, name, view) for path, name, view in checks.all_urls() if name not in checks.OF_ALLAUTH]


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    return everything()


def everything() -> dict[str, Any]:
    """One thing of each kind that an address can name, all of them Rosa's."""
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    today = timezone.localdate()
    build.player("Dev")  # of the team that is offered it
    contact = build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    contact.escalations.update(fired_at=contact.received_at, cancelled_at=None)
    failed = rosa.notices.all()[0]
    rosa.notices.update(failed_at=contact.received_at)
    at = dict.fromkeys(("created_at", "next_attempt_at", "failed_at"), contact.received_at)
    delivery = contact.deliveries.create(key="decision:1", **at)
    draft = intake.start_draft(by=rosa)
    intake.save_person(draft.key, "children", "c1", {"family_name": "Aziz"}, by=rosa, add=True)
    assert rosa.agency is not None
    build.discussed(contact, by=grace)
    meeting = discussing.opened(maya)
    return {
        "reference": contact.reference,
        "call": ringing.rings(rosa, taken_by=build.player("Sam")).reference,
        "child": contact.children.all()[0].pk,
        "handover": contact.handovers.get().pk,
        "check": checking.one_asked(build.player("Omar"), rosa, worker=grace).pk,
        "delivery": delivery.pk,
        "version": 1,
        "service": Service.objects.create(name="Family Hub", what="Advice", how="01632 960123").pk,
        "number": 1,
        "kind": "xlsx",
        "listed": "contacts",
        "what": "checks",
        "glass": contact.broken_glass.create(by=maya, at=contact.received_at, expires_at=contact.received_at).pk,
        "key": draft.key,
        "section": "children",
        "attachment": attaching.row(rosa, draft_key=draft.key).key,
        "file": attaching.row(rosa, contact=contact).key,
        "person": "c1",
        "page": marf.BY_SLUG["worry"].pages[0].slug,
        "step": contact.escalations.fired()[0].pk,
        "name": "decision",
        "deadline": contact.deadlines.live()[0].pk,
        "rung": "half",
        "notice": failed.pk,
        "agency": rosa.agency.pk,
        "upload": policing.uploaded(build.player("Omar")).key,
        "api_key": policing.key_of(rosa)[0].pk,
        "rest": "nothing/here",
        "meeting": meeting.pk,
        "item": meeting.items.create(child=contact.children.all()[0]).pk,
        "user": rosa.pk,
        "uidb64": "MQ",
        "token": "abc-def",
        "worker": grace.pk,
        "absence": shift.note_absence(grace, first_day=today, last_day=today, by=grace).pk,
        "note": shift.write_note(text="A quiet night", lines={}, by=grace).pk,
        "view": sharing.keep_filter("Red", "rag=red", by=grace).pk,
        "event": auditing.held(maya).pk,
        **auditing.one_of_each(contact),
        "turn": rota.add_turn(maya, starts=timezone.now(), ends=timezone.now() + build.hours(8), by=maya).pk,
    }


def address(path: str, name: str, world: dict[str, Any]) -> str:
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", path)
    if name.startswith("accounts:") and "person" in wanted:
        return reverse(name, kwargs={one: world["user"] if one == "person" else world[one] for one in wanted})
    said = world | ({"section": "worry"} if "page" in wanted else {})
    return reverse(name, kwargs={one: said[one] for one in wanted})


def expected(rule: Rule, path: str, who: str, user: User | None, method: str) -> str:
    """What the declared rule means for this person, worked out without the doors."""
    if rule.machine:
        return NO_KEY
    if rule.public:
        return IN
    if user is None:
        return SIGN_IN
    if rule.verb:
        allowed = permissions.allowed(user.as_role, IS[who])
        found = IN if (rule.verb if method == "get" else rule.post_verb) in allowed else REFUSED
        return found if IS[who] else ABSENT
    is_of_rosa = any(part in path for part in ("<uuid:key>", "<reference:call>", "<int:check>"))
    of_somebody_else = rule.drafting and is_of_rosa and who != "Rosa"
    of_somebody_else |= rule.invited and who not in INVITED
    kind = user.agency.kind if user.agency else ""
    return IN if rule.admits(user.as_role, kind) and not of_somebody_else else ABSENT


def met(client: Client, method: str, url: str) -> str:
    """What a person meets there; whatever it did is undone.

    A form that comes back to somebody who could use it a moment ago, with nothing done, is a refusal that keeps words.
    """
    cookies = copy.copy(client.cookies)
    with transaction.atomic():
        before = StageChange.objects.count()
        answer = getattr(client, method)(url)
        did_nothing = StageChange.objects.count() == before
        transaction.set_rollback(True)
    client.cookies = cookies
    if method == "post" and answer.status_code in (200, 409) and did_nothing and "/contacts/" in url:
        return KEPT
    if answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/"):
        return SIGN_IN
    assert answer.status_code < 500 or url == "/healthz", url
    return {401: NO_KEY, 404: ABSENT, 403: REFUSED, 405: NO_METHOD}.get(answer.status_code, IN)


@pytest.mark.parametrize("who", ["nobody", *IS])
def test_everybody_meets_at_every_address_what_its_rule_says(who: str, client: Client, world: dict[str, Any]) -> None:
    user = None if who == "nobody" else build.player(who)
    if user is not None:
        client.force_login(user)
    wrong = []
    for path, name, view in OURS:
        rule = checks.rule_of(name, view)
        assert rule is not None, path
        url = address(path, name, world)
        for method in ("get", "post"):
            found, wanted = met(client, method, url), expected(rule, path, who, user, method)
            if found == KEPT:
                found = wanted if wanted in (IN, REFUSED) else IN
            if found not in (wanted, NO_METHOD) and name not in BY_TOKEN:
                wrong.append(f"{method.upper()} {path}: {found}, not {wanted}")
    assert wrong == []


def test_no_address_is_undeclared() -> None:
    assert [path for path, name, view in checks.all_urls() if checks.rule_of(name, view) is None] == []


def test_a_view_that_declares_nothing_is_refused_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def bare() -> None: ...

    monkeypatch.setattr(checks, "all_urls", lambda: iter([("secret/", "secret", bare)]))
    [error] = checks.every_url_declares_who_may_come_in(None)
    assert error.id == "portal.E001"


def strangers_pages(world: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each address about Rosa's referral or draft, and the same address about nothing at all."""
    nothing = {**world, "reference": "ZZZZ-ZZZZ", "call": "ZZZZ-ZZZZ", "key": uuid4(), "check": 0}
    for path, name, _ in OURS:
        if "<reference:" in path or "<uuid:key>" in path or "<int:check>" in path:
            yield address(path, name, world), address(path, name, nothing)


def test_a_stranger_gets_the_same_bytes_for_rosas_referral_as_for_none(client: Client, world: dict[str, Any]) -> None:
    assert not Contact.objects.filter(reference="ZZZZ-ZZZZ").exists()
    client.force_login(build.player("Tom"))
    for hers, nobodys in strangers_pages(world):
        answers = [client.get(hers), client.get(nobodys)]
        assert [answer.status_code for answer in answers] in ([404, 404], [405, 405]), hers
        bodies = [re.sub(rb'(csrfmiddlewaretoken" value=")\w+', rb"\1", answer.content) for answer in answers]
        assert bodies[0] == bodies[1], hers
        headers = [{k: v for k, v in a.headers.items() if k not in ("X-Request-ID",)} for a in answers]
        assert headers[0] == headers[1], hers
