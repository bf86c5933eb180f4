"""Feedback says who will read it, and never that somebody has been told whom no message reaches."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from mash_portal.accounts.cast import CAST
from mash_portal.accounts.models import User
from mash_portal.accounts.systems import NO_ADDRESS
from referrals import relay
from referrals.decision import actions as decisions
from referrals.demo import agencies
from referrals.feedback import pages
from referrals.models import Contact, Feedback, Notice
from referrals.triage import actions as triage
from referrals.vocabulary import Outcome
from tests import build, ringing
from tests.actions.test_feedback import WORDS
from tests.pages.browsing import words
from tests.pages.casework import text

pytestmark = pytest.mark.django_db


def gives(client: Client, worker: User, contact: Contact) -> tuple[str, str]:
    """The page before, and the page after, sending feedback."""
    client.force_login(worker)
    address = f"/contacts/{contact.reference}/feedback/"
    before = text(client.get(address))
    contact.refresh_from_db()
    after: Any = client.post(address, {**WORDS, "version": contact.version}, follow=True)
    assert Feedback.objects.filter(contact=contact).count() == 1
    return words(before), words(text(after))


def updates() -> list[User]:
    return [notice.to for notice in Notice.objects.filter(template="update")]


def decided(contact: Contact, *, worker: User, manager: User) -> Contact:
    triage.claim(contact.reference, by=worker)
    build.assess(contact, by=worker)
    build.recommend(contact, Outcome.SECTION_17, by=worker)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=manager, version=contact.version)
    return contact


@pytest.mark.parametrize("name", ["rosa", "omar", "nell"])
def test_the_worker_reads_who_is_told_and_they_are(
    name: str, request: pytest.FixtureRequest, client: Client, grace: User, maya: User
) -> None:
    """The police and the health service of the demonstration have nobody called a lead: their referrers are told."""
    referrer: User = request.getfixturevalue(name)
    contact = build.decided(referrer, worker=grace, manager=maya)
    before, after = gives(client, grace, contact)
    assert f"Read after signing in by {referrer.full_name} ({contact.agency.name})." in before
    assert "Send to the referrer" in before
    assert pages.SENT in after
    assert updates() == [referrer]
    mail.outbox.clear()
    relay.send_waiting()
    told = [message.to for message in mail.outbox if contact.reference in f"{message.subject}{message.body}"]
    assert [referrer.email] in told


def test_nobody_is_said_to_be_told_where_a_member_of_the_public_rang(
    client: Client, sam: User, grace: User, maya: User
) -> None:
    call = ringing.rings(taken_by=sam)
    assert call.contact is not None
    contact = decided(call.contact, worker=grace, manager=maya)
    before, after = gives(client, grace, contact)
    assert "Nobody is sent this: whoever told us is not from an agency" in before
    assert "Save and close the contact" in before
    assert pages.KEPT in after
    for sentence in ("Read after signing in", "Send to the referrer", "has been told"):
        assert sentence not in before + after
    assert updates() == []


def test_nobody_is_said_to_be_told_where_everybody_of_the_agency_has_left(
    client: Client, tom: User, grace: User, maya: User
) -> None:
    contact = build.decided(tom, worker=grace, manager=maya)
    User.objects.filter(pk=tom.pk).update(is_active=False)
    before, after = gives(client, grace, contact)
    assert "Nobody is sent this: nobody at Birch High has an account that a message reaches" in before
    assert pages.KEPT in after
    assert updates() == []


def test_a_person_of_whom_only_the_name_is_known_is_not_written_to_and_their_lead_is(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    nameless = User.objects.create_user(f"abc@{NO_ADDRESS}", full_name="Una Frost", agency=rosa.agency, role="referrer")
    contact = build.decided(nameless, worker=grace, manager=maya)
    before, after = gives(client, grace, contact)
    assert "Read after signing in by Rosa Bell (Alder Primary)." in before
    assert pages.SENT in after
    assert updates() == [rosa]


def test_a_question_about_what_a_member_of_the_public_said_is_said_to_reach_nobody(
    client: Client, sam: User, grace: User
) -> None:
    call = ringing.rings(taken_by=sam)
    triage.claim(call.reference, by=grace)
    client.force_login(grace)
    answer = client.post(f"/contacts/{call.reference}/ask/", {"text": "Which house was it?"}, follow=True)
    assert "Nobody has been sent a message" in text(answer)
    assert "has been told" not in words(text(answer))
    assert not Notice.objects.filter(template="question").exists()


def test_every_agency_of_the_demonstration_that_refers_has_somebody_who_is_told(db: None) -> None:
    named = {one.agency for one in CAST}
    assert {"Regional Police", "Trent Vale Community Health", "Birch High", "Alder Primary"} <= named
    assert named <= set(agencies.AGENCIES)


def test_the_worker_starts_from_the_advice_and_the_service_that_are_on_record(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    advice = {"advice": "Meet the mother each week", "advice_service": "The family hub at Alder Road"}
    pushback: dict[str, Any] = {"outcome": Outcome.NFA_PUSHBACK, "level": 2, "codes": ["L2-LRN-01"]}
    contact = build.decided(rosa, worker=grace, manager=maya, texts=advice, advice_level=2, **pushback)
    client.force_login(grace)
    page = text(client.get(f"/contacts/{contact.reference}/feedback/"))
    assert "Meet the mother each week\nService to try: The family hub at Alder Road</textarea>" in page


def test_there_is_no_feedback_to_write_before_there_is_a_decision(client: Client, rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    client.force_login(grace)
    answer = client.get(f"/contacts/{contact.reference}/feedback/")
    assert answer.status_code == 409
    assert "This cannot be done now" in answer.content.decode()
