"""A name that nobody has, in every field that people write in: wherever it turns up outside the record, it leaked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.test import Client

from mash_portal.accounts.models import User
from referrals.decision import actions as decisions
from referrals.enquiries import actions as enquiries
from referrals.feedback import actions as feedback
from referrals.following import actions as following
from referrals.intake import actions as intake
from referrals.intake import documents
from referrals.models import Contact, Draft
from referrals.restricted import actions as restricted
from referrals.restricted import breaking
from referrals.rules import marf, strategy
from referrals.rules.calls import ChildSaid
from referrals.rules.marf.questions import Kind
from referrals.shift import actions as shift
from referrals.triage import actions as triage
from referrals.vocabulary import CallResult, Outcome, Rag
from tests import build, checking, discussing, policing, ringing
from tests.journeys.marf import DOYLES

CANARY = "Quillfeather"
CHILD = {"given_names": CANARY, "family_name": CANARY}
WRITTEN = {Kind.TEXT, Kind.LONG, Kind.EACH_CHILD_TEXT, Kind.INDICATORS}
#: Questions that are answered in words; numbers, post codes and addresses of e-mail are checked for what they are.
IN_WORDS = {
    question.name
    for section in marf.SECTIONS
    for page in section.pages
    for question in page.questions
    if question.kind in WRITTEN and not question.check
} - {"estimated_age"}
#: Columns of a police notification that hold words.
POLICE = ("narrative", "given_names", "family_name", "address", "school", "adult1_given_names", "adult1_family_name")


def sung(answer: Any, name: str = "") -> Any:
    """These answers with the canary in each that is in words."""
    if isinstance(answer, Mapping):
        known = name in IN_WORDS
        return {key: CANARY if known and isinstance(value, str) else sung(value, key) for key, value in answer.items()}
    if isinstance(answer, list):
        return [sung(one, name) for one in answer]
    return CANARY if name in IN_WORDS else answer


def posted(client: Client, who: User, path: str, **typed: Any) -> Any:
    """A form as a browser sends it, whatever is answered; a page that breaks fails the test by itself."""
    client.force_login(who)
    return client.post(path, typed)


def referral(client: Client, rosa: User, file: Any) -> Contact:
    """A form with the canary in every answer, typed and attached on pages and then sent."""
    answers = sung(documents.read(DOYLES).answers)
    draft = intake.start_draft(by=rosa, answers=answers)
    base = f"/referrals/drafts/{draft.key}/"
    posted(client, rosa, f"{base}children/entry/c1/", **CHILD)
    posted(client, rosa, f"{base}children/add/", **CHILD, needs=CANARY)
    posted(client, rosa, f"{base}worry/", worry=CANARY, impact=CANARY)
    posted(client, rosa, f"{base}attachments/", kind="other", file=file)
    draft = Draft.objects.get(key=draft.key)
    draft.answers = draft.answers | answers
    draft.save(update_fields=["answers"])
    return intake.submit(draft.key, by=rosa)


def works_on(client: Client, contact: Contact) -> None:
    """Everything that is said to and fro until the referrer is told what was decided."""
    rosa, grace, maya, omar = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Omar"))
    triage.claim(contact.reference, by=grace)
    posted(client, rosa, f"/referrals/{contact.reference}/add/", text=CANARY)
    build.rated(contact, Rag.AMBER, by=grace, reason=CANARY)
    posted(client, grace, f"/contacts/{contact.reference}/ask/", text=CANARY)
    question = contact.questions.get()
    posted(client, rosa, f"/referrals/{contact.reference}/answer/", question=question.pk, text=CANARY)
    [check] = checking.asked(contact, omar, by=grace, purpose=CANARY)
    checking.answered(check, omar, facts=CANARY)
    contact.refresh_from_db()
    enquiries.synthesise(contact.reference, text=CANARY, by=grace, version=contact.version)
    contact.refresh_from_db()
    view = triage.View(level=3, rationale=CANARY, findings={"L3-LRN-01": ("evidenced", CANARY)})
    triage.assess(contact.reference, view, by=grace, version=contact.version)
    decision = build.recommend(contact, Outcome.SECTION_17, by=grace, texts=dict.fromkeys(build.TEXTS, CANARY))
    assert decision.rationale == CANARY
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    contact.refresh_from_db()
    feedback.give_feedback(
        contact.reference, reason=CANARY, next_steps=CANARY, who_to_call=CANARY, by=grace, version=contact.version
    )


def discussed(rosa: User, grace: User, maya: User) -> Contact:
    """A strategy discussion, held; and a wish to withdraw, in spite of which the hub goes on."""
    contact = build.claimed(rosa, worker=grace, children=[CHILD])
    discussion = build.discussed(contact, by=grace)
    discussing.held(discussion, by=maya, texts=dict.fromkeys(strategy.TEXTS, CANARY))
    following.withdraw(contact.reference, reason=CANARY, by=rosa)
    following.carry_on(contact.reference, because=CANARY, by=grace)
    return contact


def rung(rosa: User, sam: User) -> None:
    child = ChildSaid(CANARY, CANARY, date(2016, 4, 15))
    words: dict[str, Any] = {"children": [child], "said": CANARY, "advice": CANARY, "address": CANARY}
    ringing.rings(rosa, taken_by=sam, **words)
    ringing.rings(None, taken_by=sam, caller_name=CANARY, **words)
    ringing.rings(rosa, taken_by=sam, result=CallResult.CONTACT, **words)


def kept_from_most(rosa: User, maya: User, ivan: User) -> Contact:
    contact = build.received(rosa, children=[CHILD])
    restricted.restrict(contact.reference, reason=CANARY, people=[], by=maya, version=contact.version)
    breaking.break_glass(contact.reference, reason=CANARY, by=ivan)
    return contact


def everywhere(client: Client, file: Any) -> list[Contact]:
    """The canary on every path into and through the portal; the contacts that came of it."""
    rosa, sam, grace, maya, ivan, omar = (
        build.player(name) for name in ("Rosa", "Sam", "Grace", "Maya", "Ivan", "Omar")
    )
    for name in ("Helen", "Dev", "Nell", "Zofia", "Kit", "Priya"):
        build.player(name)
    contact = referral(client, rosa, file)
    works_on(client, contact)
    rung(rosa, sam)
    police = policing.brought_in(omar, policing.row(**dict.fromkeys(POLICE, CANARY)))
    shift.write_note(text=CANARY, lines={}, by=grace)
    return [contact, discussed(rosa, grace, maya), kept_from_most(rosa, maya, ivan), *police]
