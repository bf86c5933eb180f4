"""A management decision record on paper: what it says, what it leaves out, and who may have it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.decision import actions
from referrals.models import Check, Contact, Discussion, Synthesis
from referrals.vocabulary import Clock, LegalBasis, MayShare, Outcome
from tests import build
from tests.actions.test_emergency import TEXTS as ACT
from tests.actions.test_emergency import acted, looked_at
from tests.pages.test_pdf import kinds_of, read, text_of

from .browsing import signed_in

pytestmark = pytest.mark.django_db


def paper(client: Client, contact: Contact, number: int = 1) -> Any:
    return client.get(f"/contacts/{contact.reference}/decision/{number}/record.pdf")


def printed(person: User, contact: Contact, number: int = 1) -> str:
    """Its words, without the spaces that depend on where a line ends."""
    answer = paper(signed_in(person), contact, number)
    assert answer.status_code == 200
    return text_of(answer.content).replace(" ", "")


def says(said: str, *sentences: str) -> bool:
    missing = [sentence for sentence in sentences if sentence.replace(" ", "") not in said]
    assert missing == []
    return True


def checked(contact: Contact, by: User, *, facts: str) -> None:
    now = timezone.now()
    police = build.agency("Regional Police")
    answer = {
        "known": True,
        "facts": facts,
        "may_share": MayShare.NO.value,
        "share_with": "Intelligence",
        "by": "Omar Khan",
        "at": now.isoformat(),
    }
    Check.objects.create(
        contact=contact,
        agency=police,
        purpose="What is known of the father",
        legal_basis=LegalBasis.SAFEGUARDING,
        clock=Clock.CHECK_AMBER,
        requested_by=by,
        requested_at=now,
        due_at=now + timedelta(hours=4),
        answers=[answer],
        known=True,
        answered_by=build.player("Omar"),
        answered_at=now,
        facts=facts,
        may_share=MayShare.NO,
    )


def test_it_says_who_decided_what_when_on_what_and_why(rosa: User, grace: User, maya: User) -> None:
    known = [{"given_names": "Noor", "family_name": "Aziz"}, {"given_names": "Leila", "family_name": "Aziz"}]
    contact = build.assessed(rosa, worker=grace, children=known)
    acted(contact, grace)
    looked_at(contact, maya, words="Ring the grandmother")
    checked(contact, grace, facts="Two call-outs in May")
    Synthesis.objects.create(contact=contact, text="It fits with May", by=grace, at=timezone.now())
    line = {"line": "Talked it through", "with_person": maya, "by": grace, "at": timezone.now()}
    Discussion.objects.create(contact=contact, **line)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    actions.sign_off(contact.reference, by=maya, version=contact.version)
    said = printed(maya, contact)
    says(said, f"Management decision record {contact.reference}", "Decision signed off")
    says(said, "Noor Aziz (level 3)", "Leila Aziz (level 3)", "Assessment (section 17)", *build.TEXTS.values())
    says(said, ACT["done"], "What was done was right. Ring the grandmother")
    says(said, "Two call-outs in May", "It may not be shared", "It fits with May", "Talked it through", "Level 3")
    says(said, "Signed off by Maya Shah, Team manager, registration SW098220")
    says(said, "Recommended by Grace Lin, Social worker, registration SW104417")


def test_what_came_after_the_decision_is_not_on_it(rosa: User, grace: User, maya: User) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    checked(contact, grace, facts="Told afterwards")
    Discussion.objects.create(contact=contact, line="Said later", with_person=maya, by=grace, at=timezone.now())
    said = printed(maya, contact)
    assert "Told afterwards".replace(" ", "") not in said
    assert "Saidlater" not in said


def test_each_decision_has_its_paper_and_one_that_nobody_signed_off_says_so(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.recommended(rosa, worker=grace, texts={"facts": "The first time"})
    actions.send_back(contact.reference, reason="Look again", by=maya)
    build.recommend(contact, Outcome.SECTION_17, by=grace, texts={"facts": "The second time"})
    contact.refresh_from_db()
    actions.sign_off(contact.reference, by=maya, version=contact.version)
    first, second = printed(maya, contact, 1), printed(maya, contact, 2)
    says(first, "This is no decision: no manager has signed it off.", "The first time", "Look again")
    says(second, "The second time", "What was known and decided then")
    page = signed_in(maya).get(f"/contacts/{contact.reference}/decision/").content.decode()
    for number in (1, 2):
        assert f"/decision/{number}/record.pdf" in page
    for number in (0, 3, 99999):
        assert paper(signed_in(maya), contact, number).status_code == 404


def test_its_name_and_title_tell_nothing_of_a_child_it_is_tagged_and_each_copy_is_in_the_trail(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    answer = paper(signed_in(maya), contact)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{contact.reference}-decision-1.pdf"'
    assert answer["Cache-Control"] == "no-store"
    document = read(answer.content)
    assert document.metadata is not None
    assert document.metadata.title == f"Management decision record {contact.reference}"
    catalog: Any = document.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= set(kinds_of(catalog["/StructTreeRoot"]))
    copies = Event.objects.filter(verb="printed", by=maya, reference=contact.reference)
    assert copies.get().details["decision"] == 1


def test_what_somebody_typed_is_text(rosa: User, grace: User, maya: User) -> None:
    hostile = "<img src=http://canary.example/a.png><script>alert(1)</script> " + "x" * 5000
    contact = build.decided(rosa, worker=grace, manager=maya, texts={"facts": hostile})
    assert "<imgsrc=http://canary.example/a.png>" in printed(maya, contact)


def test_the_paper_is_for_the_hub_and_a_stranger_meets_nothing(rosa: User, grace: User, maya: User, dev: User) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    assert paper(signed_in(build.player("Sam")), contact).status_code == 200
    before = Event.objects.filter(verb="printed").count()
    for person in (rosa, dev, build.player("Tom"), build.player("Kit")):
        assert paper(signed_in(person), contact).status_code == 404
    record = signed_in(dev).get(f"/contacts/{contact.reference}/decision/")
    assert "record.pdf" not in record.content.decode()
    assert signed_in(maya).post(f"/contacts/{contact.reference}/decision/1/record.pdf").status_code == 405
    assert Event.objects.filter(verb="printed").count() == before


def test_it_takes_the_same_queries_however_much_there_is_to_say(rosa: User, grace: User, maya: User) -> None:
    def queries(contact: Contact) -> int:
        client = signed_in(maya)
        paper(client, contact)
        with CaptureQueriesContext(connection) as counted:
            paper(client, contact)
        return len(counted)

    def decided(much: int) -> Contact:
        children = [{"given_names": f"Child {number}"} for number in range(much)]
        contact = build.assessed(rosa, worker=grace, children=children)
        acted(contact, grace)
        looked_at(contact, maya)
        for _ in range(much):
            checked(contact, grace, facts="Known")
            line = {"line": "A word", "with_person": maya, "by": grace, "at": timezone.now()}
            Discussion.objects.create(contact=contact, **line)
        build.recommend(contact, Outcome.SECTION_17, by=grace)
        contact.refresh_from_db()
        actions.sign_off(contact.reference, by=maya, version=contact.version)
        return contact

    assert queries(decided(1)) == queries(decided(4)) <= 32
