"""A contact’s own pages: who may open them, the overview, and the referral form as it was sent."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Adult, Contact, Finding, Marf, Person, Relationship
from referrals.rules.marf import DECLARATION
from referrals.vocabulary import Outcome, Rag
from tests import build
from tests.pages.casework import (
    FORMS,
    HARM,
    LATE,
    PAGES,
    TEETH,
    UNKNOWN,
    believed,
    held,
    look,
    text,
    url,
    without_token,
)
from thresholds.models import Matrix

pytestmark = pytest.mark.django_db


def test_a_stranger_gets_the_same_bytes_for_a_contact_as_for_none(client: Client, rosa: User, tom: User) -> None:
    contact = build.received(rosa)
    client.force_login(tom)
    for page in (*PAGES, *FORMS):
        known, unknown = client.get(url(contact, page)), client.get(f"/contacts/{UNKNOWN}/{page}")
        assert (known.status_code, unknown.status_code) == (404, 404)
        assert without_token(known) == without_token(unknown)


def test_the_referrer_cannot_open_the_hubs_pages_of_their_own_referral_and_the_hub_can(
    client: Client, rosa: User, sam: User
) -> None:
    contact = build.received(rosa)
    for page in PAGES:
        client.force_login(rosa)
        refused = client.get(url(contact, page))
        assert refused.status_code == 403
        assert "Aziz" not in text(refused)
        client.force_login(sam)
        assert client.get(url(contact, page)).status_code == 200


def test_a_contact_officer_reads_everything_and_is_refused_every_form_with_a_sentence(
    client: Client, rosa: User, sam: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    client.force_login(sam)
    for page in FORMS:
        refused = client.get(url(contact, page))
        assert refused.status_code == 403
        assert "That was not done" in text(refused)
        assert "A contact officer cannot do this." in text(refused)
        assert client.post(url(contact, page), {"reason": "x", "rag": "red", "version": 1}).status_code == 403
    assert client.post(url(contact, "claim/")).status_code == 403
    assert client.post(url(contact, "assessment/"), {"level": "3"}).status_code == 403
    page = text(client.get(url(contact, "assessment/")))
    assert 'name="level"' not in page
    assert f"Written for {LATE}" in page
    contact.refresh_from_db()
    assert (contact.owner, contact.rag, contact.assessments.count()) == (grace, "", 1)


def test_every_look_is_written_down(client: Client, rosa: User, sam: User) -> None:
    contact = build.received(rosa)
    client.force_login(sam)
    for page in PAGES:
        client.get(url(contact, page))
    assert [event.verb for event in Event.objects.filter(reference=contact.reference, by=sam)] == ["viewed:read"] * 3


def test_every_page_of_a_case_has_its_head_with_children_priority_and_both_clocks(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.rated(held(rosa, grace), Rag.RED, by=grace)
    for page in (*PAGES, "release/", "priority/"):
        seen = look(client, grace, contact, page)
        for words in (contact.reference, "Noor Aziz (10)", "Red</strong>", "Being triaged", "Decision</span>"):
            assert words in seen
        assert "One working day</span>" in seen
        assert f'href="{url(contact, "referral/")}"' in seen


def test_only_what_can_be_done_now_by_this_person_is_offered(
    client: Client, rosa: User, sam: User, grace: User, maya: User
) -> None:
    def offered(who: User, contact: Contact) -> set[str]:
        page = look(client, who, contact)
        words = {"claim": "Take this contact", "assign": "Assign to somebody", "rate": "Set the priority"}
        words |= {"release": "Put back in the queue", "assess": "Assess the threshold", "sign": "Read and sign off"}
        words |= {"recommend": "Recommend a decision"}
        return {verb for verb, said in words.items() if said in page}

    received, triaged = build.received(rosa), build.claimed(rosa, worker=grace)
    waiting = build.recommended(rosa, worker=grace)
    assert offered(sam, received) == set()
    assert "Nobody has taken this contact yet" in look(client, sam, received)
    assert offered(grace, received) == {"claim"}
    assert offered(maya, received) == {"claim", "assign", "rate"}
    assert offered(grace, triaged) == {"release", "assess", "rate", "recommend"}
    assert offered(maya, triaged) == {"assign", "rate", "release"}
    assert offered(maya, waiting) == {"sign"}
    assert "Grace Lin holds this contact" in look(client, sam, triaged)


def test_the_overview_shows_each_adult_with_what_they_are_to_each_child(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, children=[{"given_names": "Noor"}, {"given_names": "Sami", "in_scope": False}])
    noor, sami = contact.children.all()
    adult = Adult.objects.create(contact=contact, given_names="Dean", is_source_of_risk=True, in_household=None)
    Relationship.objects.create(adult=adult, child=noor, relationship="father", has_parental_responsibility=True)
    Relationship.objects.create(adult=adult, child=sami, relationship="stepfather", has_parental_responsibility=None)
    page = look(client, grace, contact)
    assert "Dean (alleged source of risk)" in page
    assert "Noor: father, has parental responsibility" in page
    assert "Sami: stepfather, parental responsibility not known" in page
    assert "Sami (brother or sister, not referred)" in page


def test_the_third_contact_in_a_year_is_said_out_loud_with_what_came_of_the_others(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    child = [{"given_names": "Noor", "family_name": "Aziz", "person": Person.objects.create()}]
    now = timezone.now()
    old = build.received(rosa, at=now - build.hours(24 * 430), children=child)
    decided = build.decided(rosa, worker=grace, manager=maya, at=now - build.hours(24 * 40), children=child)
    first = look(client, grace, decided)
    assert "This is the first contact about Noor Aziz in 12 months." in first
    build.received(rosa, at=now - build.hours(24), children=child)
    contact = build.received(rosa, children=child)
    page = look(client, grace, contact)
    assert "This is contact number 3 about Noor Aziz in 12 months." in page
    assert "Assessment (section 17)" in page
    assert "Not decided yet" in page
    for earlier in (old, decided):
        assert f'href="{url(earlier)}"' in page
    assert "No earlier contact about Noor Aziz is known" in look(client, grace, old)


def test_consent_is_said_in_words(client: Client, rosa: User, grace: User) -> None:
    contact = held(rosa, grace, agreed=False)
    consent = contact.consent
    consent.no_agreement_reason = "refused"
    consent.not_informed_reason = "would_obstruct_police_enquiry"
    consent.save()
    page = look(client, grace, contact)
    assert "The family has not been told. Reason: it would obstruct a police enquiry or lose evidence." in page
    assert "Nobody has agreed to support. Reason: they refused." in page


def test_the_timeline_says_who_did_what_why_and_what_the_priority_did_to_the_due_time(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.rated(held(rosa, grace), Rag.RED, by=grace, reason="Bruises on a baby")
    step = contact.escalations.order_by("due_at").first()
    assert step
    step.fired_at = timezone.now()
    step.save()
    step.told.add(grace)
    page = look(client, grace, contact)
    titles = re.findall(r'portal-timeline__title">([^<]+)<', page)
    assert titles == [
        f"Escalated: {step.label}",
        "Set the priority",
        "Took the contact",
        "Referral form received from Alder Primary",
    ]
    assert "Red: Bruises on a baby" in page
    assert "The decision was due " in page
    assert "Told: Grace Lin." in page


def test_what_people_wrote_is_printed_as_text(client: Client, rosa: User, grace: User) -> None:
    evil = "<script>alert(1)</script>"
    contact = held(rosa, grace, LATE, children=[{"given_names": evil, "family_name": evil}])
    Adult.objects.create(contact=contact, given_names=evil)
    Finding.objects.update(evidence=evil)
    build.rated(contact, Rag.RED, by=grace, reason=evil)
    for page in PAGES:
        seen = look(client, grace, contact, page)
        assert "<script>alert" not in seen
        assert "&lt;script&gt;alert(1)" in seen


def test_a_page_of_a_case_asks_as_much_about_a_large_family_with_a_history_as_about_one_child(
    client: Client, rosa: User, grace: User
) -> None:
    people = [Person.objects.create() for _ in range(6)]
    many = [{"given_names": f"Child {number}", "person": person} for number, person in enumerate(people)]
    for _ in range(4):
        build.received(rosa, at=timezone.now() - build.hours(48), children=many)
    large = held(rosa, grace, LATE, TEETH, HARM, children=many)
    for number in range(4):
        adult = Adult.objects.create(contact=large, given_names=f"Adult {number}")
        for child in large.children.all():
            Relationship.objects.create(adult=adult, child=child, relationship="aunt")
    small = held(rosa, grace, LATE)
    Adult.objects.create(contact=small, given_names="Adult")
    client.force_login(grace)

    def asked(contact: Contact, page: str) -> int:
        client.get(url(contact, page))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(contact, page)).status_code == 200
        return len(queries)

    for page, most in (("", 24), ("referral/", 15), ("assessment/", 25)):
        assert asked(large, page) == asked(small, page) <= most, page


def test_the_hub_reads_the_form_as_it_was_sent_beside_what_the_referrer_ticked(
    client: Client, rosa: User, sam: User
) -> None:
    contact = build.received(rosa)
    believed(contact, LATE)
    Marf.objects.create(
        contact=contact,
        answers={
            "worry": {"worry": "Late 31 times since September", "how_known": "seen"},
            "children": [{"key": "c1", "given_names": "Noor", "family_name": "Aziz"}],
            "threshold": {"level": "3", "indicators": {LATE: "31 late marks"}},
        },
        form_version="2026.1",
        matrix=Matrix.objects.current(),
        declaration=DECLARATION,
        declared_by=rosa,
        declared_at=contact.received_at,
    )
    page = look(client, sam, contact, "referral/")
    for words in ("Late 31 times since September", "I saw it myself", "Child: Noor Aziz", "31 late marks", DECLARATION):
        assert words in page
    assert "Rosa Bell declared this" in page
    assert f"Written for {LATE}" in page


def test_a_contact_that_came_another_way_says_that_there_is_no_form(client: Client, rosa: User, sam: User) -> None:
    page = look(client, sam, build.received(rosa), "referral/")
    assert "No referral form came with this contact" in page
    assert "The referrer has given no view of the threshold." in page


def test_an_early_help_worker_reads_what_is_routed_to_them_and_can_do_nothing_with_it(
    client: Client, rosa: User, grace: User, dev: User
) -> None:
    child = [{"given_names": "Noor", "family_name": "Aziz", "person": Person.objects.create()}]
    unseen = build.received(rosa, at=timezone.now() - build.hours(72), children=child)
    contact = build.decided(
        rosa, worker=grace, manager=build.player("Maya"), outcome=Outcome.EARLY_HELP, children=child
    )
    page = look(client, dev, contact)
    assert "Early help" in page
    assert "<button" not in page[page.index("<main") : page.index("</main")]
    assert unseen.reference not in page, "what they may not open is not listed either"
    for path in FORMS:
        assert client.get(url(contact, path)).status_code == 403
    assert client.post(url(contact, "claim/")).status_code == 403
    assert client.post(url(contact, "assessment/"), {"level": "1"}).status_code == 403
    assert unseen.reference in look(client, grace, contact)


def test_the_overview_says_how_long_the_contact_has_been_at_each_stage(client: Client, rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace, at=timezone.now() - timedelta(hours=3))
    page = look(client, grace, contact)
    said = page[page.index("Time in each stage") : page.index("What has happened")]
    assert "Received" in said
    assert "3 hours" in said
    assert "Being triaged" in said
