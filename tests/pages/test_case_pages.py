"""A contact's own pages: overview, referral form, threshold assessment, and the forms by which it changes hands."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Adult, Assessment, Contact, Finding, Marf, Person, Relationship
from referrals.rules.marf import DECLARATION
from referrals.triage import actions
from referrals.vocabulary import Outcome, Rag, Stage
from tests import build
from thresholds.models import Matrix

pytestmark = pytest.mark.django_db

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


@pytest.fixture
def look(client: Client) -> Callable[..., str]:
    """One page of a contact as this person sees it."""

    def see(who: User, contact: Contact, page: str = "") -> str:
        client.force_login(who)
        answer = client.get(url(contact, page))
        assert answer.status_code == 200
        return text(answer)

    return see


@pytest.fixture
def send(client: Client) -> Callable[..., Any]:
    """What the server answers to a form that this person sends."""

    def post(who: User, contact: Contact, page: str, **typed: Any) -> Any:
        client.force_login(who)
        return client.post(url(contact, page), typed)

    return post


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


def held(rosa: User, worker: User, *codes: str, **facts: Any) -> Contact:
    contact = build.claimed(rosa, worker=worker, **facts)
    if codes:
        believed(contact, *codes)
    return contact


# Who may open them


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


# Overview


def test_every_page_of_a_case_has_its_head_with_children_priority_and_both_clocks(
    look: Callable[..., str], rosa: User, grace: User
) -> None:
    contact = build.rated(held(rosa, grace), Rag.RED, by=grace)
    for page in (*PAGES, "release/", "priority/"):
        seen = look(grace, contact, page)
        for words in (contact.reference, "Noor Aziz (10)", "Red</strong>", "Being triaged", "Decision</span>"):
            assert words in seen
        assert "One working day</span>" in seen
        assert f'href="{url(contact, "referral/")}"' in seen


def test_only_what_can_be_done_now_by_this_person_is_offered(
    look: Callable[..., str], rosa: User, sam: User, grace: User, maya: User
) -> None:
    def offered(who: User, contact: Contact) -> set[str]:
        page = look(who, contact)
        words = {"claim": "Take this contact", "assign": "Assign to somebody", "rate": "Set the priority"}
        words |= {"release": "Put back in the queue", "assess": "Assess the threshold", "sign": "Read and sign off"}
        words |= {"recommend": "Recommend a decision"}
        return {verb for verb, said in words.items() if said in page}

    received, triaged = build.received(rosa), build.claimed(rosa, worker=grace)
    waiting = build.recommended(rosa, worker=grace)
    assert offered(sam, received) == set()
    assert "Nobody has taken this contact yet" in look(sam, received)
    assert offered(grace, received) == {"claim"}
    assert offered(maya, received) == {"claim", "assign", "rate"}
    assert offered(grace, triaged) == {"release", "assess", "rate", "recommend"}
    assert offered(maya, triaged) == {"assign", "rate", "release"}
    assert offered(maya, waiting) == {"sign"}
    assert "Grace Lin holds this contact" in look(sam, triaged)


def test_the_overview_shows_each_adult_with_what_they_are_to_each_child(
    look: Callable[..., str], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, children=[{"given_names": "Noor"}, {"given_names": "Sami", "in_scope": False}])
    noor, sami = contact.children.all()
    adult = Adult.objects.create(contact=contact, given_names="Dean", is_source_of_risk=True, in_household=None)
    Relationship.objects.create(adult=adult, child=noor, relationship="father", has_parental_responsibility=True)
    Relationship.objects.create(adult=adult, child=sami, relationship="stepfather", has_parental_responsibility=None)
    page = look(grace, contact)
    assert "Dean (alleged source of risk)" in page
    assert "Noor: father, has parental responsibility" in page
    assert "Sami: stepfather, parental responsibility not known" in page
    assert "Sami (brother or sister, not referred)" in page


def test_the_third_contact_in_a_year_is_said_out_loud_with_what_came_of_the_others(
    look: Callable[..., str], rosa: User, grace: User, maya: User
) -> None:
    child = [{"given_names": "Noor", "family_name": "Aziz", "person": Person.objects.create()}]
    now = timezone.now()
    old = build.received(rosa, at=now - build.hours(24 * 430), children=child)
    decided = build.decided(rosa, worker=grace, manager=maya, at=now - build.hours(24 * 40), children=child)
    first = look(grace, decided)
    assert "This is the first contact about Noor Aziz in 12 months." in first
    build.received(rosa, at=now - build.hours(24), children=child)
    contact = build.received(rosa, children=child)
    page = look(grace, contact)
    assert "This is contact number 3 about Noor Aziz in 12 months." in page
    assert "Assessment (section 17)" in page
    assert "Not decided yet" in page
    for earlier in (old, decided):
        assert f'href="{url(earlier)}"' in page
    assert "No earlier contact about Noor Aziz is known" in look(grace, old)


def test_consent_is_said_in_words(look: Callable[..., str], rosa: User, grace: User) -> None:
    contact = held(rosa, grace, agreed=False)
    consent = contact.consent
    consent.no_agreement_reason = "refused"
    consent.not_informed_reason = "would_obstruct_police_enquiry"
    consent.save()
    page = look(grace, contact)
    assert "The family has not been told. Reason: it would obstruct a police enquiry or lose evidence." in page
    assert "Nobody has agreed to support. Reason: they refused." in page


def test_the_timeline_says_who_did_what_why_and_what_the_priority_did_to_the_due_time(
    look: Callable[..., str], rosa: User, grace: User
) -> None:
    contact = build.rated(held(rosa, grace), Rag.RED, by=grace, reason="Bruises on a baby")
    step = contact.escalations.order_by("due_at").first()
    assert step
    step.fired_at = timezone.now()
    step.save()
    step.told.add(grace)
    page = look(grace, contact)
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


def test_what_people_wrote_is_printed_as_text(look: Callable[..., str], rosa: User, grace: User) -> None:
    evil = "<script>alert(1)</script>"
    contact = held(rosa, grace, LATE, children=[{"given_names": evil, "family_name": evil}])
    Adult.objects.create(contact=contact, given_names=evil)
    Finding.objects.update(evidence=evil)
    build.rated(contact, Rag.RED, by=grace, reason=evil)
    for page in PAGES:
        seen = look(grace, contact, page)
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

    for page, most in (("", 20), ("referral/", 14), ("assessment/", 20)):
        assert asked(large, page) == asked(small, page) <= most, page


# Referral form


def test_the_hub_reads_the_form_as_it_was_sent_beside_what_the_referrer_ticked(
    look: Callable[..., str], rosa: User, sam: User
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
    page = look(sam, contact, "referral/")
    for words in ("Late 31 times since September", "I saw it myself", "Child: Noor Aziz", "31 late marks", DECLARATION):
        assert words in page
    assert "Rosa Bell declared this" in page
    assert f"Written for {LATE}" in page


def test_a_contact_that_came_another_way_says_that_there_is_no_form(
    look: Callable[..., str], rosa: User, sam: User
) -> None:
    page = look(sam, build.received(rosa), "referral/")
    assert "No referral form came with this contact" in page
    assert "The referrer has given no view of the threshold." in page


# Changing hands and priority


def test_the_holder_puts_it_back_with_a_reason_and_without_one_the_page_asks(
    send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace)
    asked = text(send(grace, contact, "release/", reason=" "))
    assert asked.count("Give the reason: it stays with the record") == 2
    contact.refresh_from_db()
    assert contact.owner == grace
    done = send(grace, contact, "release/", reason="Called to court")
    assert done["Location"] == "/queue/"
    contact.refresh_from_db()
    assert (contact.owner_id, contact.stage) == (None, Stage.RECEIVED)


def test_a_worker_who_lost_the_contact_meanwhile_is_told_and_keeps_what_they_typed(
    send: Callable[..., Any], rosa: User, grace: User, maya: User
) -> None:
    contact = held(rosa, grace)
    actions.assign(contact.reference, to=maya, by=maya, version=contact.version)
    answer = send(grace, contact, "release/", reason="Called to court")
    assert answer.status_code == 403
    assert "It is held by Maya Shah." in text(answer)
    assert "Called to court</textarea>" in text(answer)
    contact.refresh_from_db()
    assert contact.owner == maya


def test_a_manager_sees_how_much_everybody_holds_and_assigns(
    look: Callable[..., str], send: Callable[..., Any], rosa: User, grace: User, maya: User
) -> None:
    ivan = build.player("Ivan")
    contact = build.received(rosa)
    held(rosa, grace)
    held(rosa, grace, at=timezone.now() - build.hours(30))
    page = look(maya, contact, "assign/")
    assert "Social worker, holds 2 contacts, 1 overdue" in page
    assert "Assistant team manager, holds nothing" in page
    assert " checked" not in page
    assert page.index("Ivan Petrov") < page.index("Grace Lin"), "who holds least is first"
    nobody = send(maya, contact, "assign/", version=contact.version)
    assert "Choose who takes this contact" in text(nobody)
    done = send(maya, contact, "assign/", to=ivan.pk, version=contact.version)
    assert done["Location"] == url(contact)
    contact.refresh_from_db()
    assert contact.owner == ivan


def test_a_manager_is_told_who_was_quicker_keeps_the_choice_and_can_then_go_on(
    send: Callable[..., Any], rosa: User, grace: User, maya: User, ivan: User
) -> None:
    contact = build.received(rosa)
    actions.claim(contact.reference, by=grace)
    answer = send(maya, contact, "assign/", to=ivan.pk, version=contact.version)
    page = text(answer)
    assert answer.status_code == 409
    assert "This contact has changed since you opened the page: Grace Lin took the contact at " in page
    assert re.search(rf'value="{ivan.pk}" checked', page)
    contact.refresh_from_db()
    assert contact.owner == grace
    assert f'name="version" value="{contact.version}"' in page
    assert send(maya, contact, "assign/", to=ivan.pk, version=contact.version).status_code == 302


def test_somebody_who_cannot_hold_a_contact_is_not_on_the_list(
    send: Callable[..., Any], rosa: User, sam: User, maya: User
) -> None:
    contact = build.received(rosa)
    page = text(send(maya, contact, "assign/", to=sam.pk, version=contact.version))
    assert "Choose somebody from the list" in page
    contact.refresh_from_db()
    assert contact.owner is None


def test_the_priority_page_says_what_each_colour_does_to_the_due_time(
    look: Callable[..., str], send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, at=timezone.now() - build.hours(1))
    page = look(grace, contact, "priority/")
    assert "The contact is not yet rated, and the decision is due" in page
    assert len(re.findall(r"Decision due (?:today|tomorrow)", page)) == 3
    assert " checked" not in page
    done = send(grace, contact, "priority/", rag="red", reason="A bruise", version=contact.version)
    assert done["Location"] == url(contact)
    contact.refresh_from_db()
    assert contact.rag == Rag.RED
    assert contact.due_at == contact.received_at + build.hours(4)


def test_a_priority_without_a_reason_or_the_same_again_comes_back_with_what_was_typed(
    send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = build.rated(held(rosa, grace), Rag.AMBER, by=grace)
    bare = text(send(grace, contact, "priority/", rag="red", reason="", version=contact.version))
    assert "Give the reason: it stays with the record" in bare
    assert 'value="red" checked' in bare
    again = send(grace, contact, "priority/", rag="amber", reason="As before", version=contact.version)
    assert again.status_code == 409
    assert text(again).count("The priority is already amber.") == 2, "in the summary and at the field"
    assert "As before</textarea>" in text(again)
    nonsense = text(send(grace, contact, "priority/", rag="purple", reason="x", version="x"))
    assert "Choose red, amber or green" in nonsense
    assert "The page has lost its place. Open it again." in nonsense
    contact.refresh_from_db()
    assert (contact.rag, contact.ratings.count()) == (Rag.AMBER, 1)


def test_a_form_for_a_step_that_cannot_be_taken_now_says_why(client: Client, rosa: User, grace: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    client.force_login(grace)
    refused = client.get(url(contact, "priority/"))
    assert refused.status_code == 409
    assert "take it back before you change the priority" in text(refused)


# Threshold assessment


def test_the_worker_sees_the_referrers_evidence_beside_their_own_and_nothing_is_chosen_for_them(
    look: Callable[..., str], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE, TEETH)
    page = look(grace, contact, "assessment/")
    assert f"Written for {LATE}" in page
    assert f'name="finding_{LATE}"' in page
    assert f'name="evidence_{TEETH}"' in page
    assert " checked" not in page
    assert page.count('name="more"') == 198, "the whole matrix but for the two that have rows"


def test_the_worker_assesses_and_lands_on_the_contact(
    client: Client, look: Callable[..., str], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE, TEETH)
    client.force_login(grace)
    typed = {
        f"finding_{LATE}": "evidenced",
        f"evidence_{LATE}": "School's register",
        f"finding_{TEETH}": "refuted",
        f"evidence_{TEETH}": "Dentist saw her in May",
        "care_profile_grade": "4",
        "level": "3",
        "version": contact.version,
    }
    done = client.post(url(contact, "assessment/"), typed, follow=True)
    assert done.redirect_chain == [(url(contact), 302)]
    assert "The assessment is saved: level 3." in text(done)
    assessment = Assessment.objects.get(side=Assessment.HUB)
    assert (assessment.level, assessment.care_profile_grade, assessment.dvrim_scale) == (3, 4, None)
    found = {one.indicator.code: (one.finding, one.evidence) for one in assessment.findings.all()}
    assert found == {LATE: ("evidenced", "School's register"), TEETH: ("refuted", "Dentist saw her in May")}
    again = look(grace, contact, "assessment/")
    assert "Dentist saw her in May</textarea>" in again, "the last findings are where the next assessment starts"
    assert 'name="level" type="radio" value="3" checked' not in again
    assert "Earlier assessments by the MASH" in again


def test_a_newly_ticked_indicator_comes_back_as_a_row_that_asks_for_evidence_and_nothing_is_lost(
    send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {
        f"finding_{LATE}": "evidenced",
        f"evidence_{LATE}": "School's register",
        "level": "4",
        "rationale": "A long thought",
        "version": contact.version,
    }
    page = text(send(grace, contact, "assessment/", **typed, more=[HARM]))
    assert page.count(f"Write the evidence for {HARM}: ") == 2, "in the summary and at the field"
    assert f'name="evidence_{HARM}"' in page
    assert "School&#x27;s register</textarea>" in page
    assert "A long thought</textarea>" in page
    assert "The evidence suggests level 4." in page
    assert Assessment.objects.filter(side=Assessment.HUB).count() == 0
    more = {f"finding_{HARM}": "evidenced", f"evidence_{HARM}": "Seen by a paediatrician"}
    assert send(grace, contact, "assessment/", **typed, **more).status_code == 302
    assessment = Assessment.objects.get(side=Assessment.HUB)
    assert (assessment.level, assessment.alerts) == (4, ["harm"])


def test_an_indicator_that_was_ticked_by_mistake_can_be_left_out_but_never_the_referrers(
    send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", "level": "3", "version": contact.version}
    refused = text(send(grace, contact, "assessment/", **{**typed, f"finding_{LATE}": "leave_out"}))
    assert f"Choose what the MASH found on {LATE}" in refused
    assert send(grace, contact, "assessment/", **typed, **{f"finding_{HARM}": "leave_out"}).status_code == 302
    assert [one.indicator.code for one in Finding.objects.filter(assessment__side=Assessment.HUB)] == [LATE]


def test_the_worker_can_see_what_the_evidence_suggests_before_judging(
    send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", "version": contact.version}
    page = text(send(grace, contact, "assessment/", **typed, more=[TEETH], rationale="Half a thought", suggest="1"))
    assert "The evidence suggests level 3." in page
    assert f"({LATE})" in page
    assert "There is a problem" not in page
    assert "Half a thought</textarea>" in page
    assert f'name="evidence_{TEETH}"' in page
    assert Assessment.objects.filter(side=Assessment.HUB).count() == 0


def test_an_unfinished_assessment_says_everything_that_is_missing(
    send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    page = text(send(grace, contact, "assessment/", version=contact.version))
    assert page.count(f"Say whether {LATE} is evidenced: ") == 2
    assert page.count("Choose the level that is met") == 2
    assert "No level is suggested." in page
    assert "<title>Error: " in page


def test_another_level_than_the_evidence_suggests_asks_why_at_the_box_for_it(
    send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", "level": "2", "version": contact.version}
    answer = send(grace, contact, "assessment/", **typed)
    assert answer.status_code == 409
    assert 'href="#id_rationale">The evidence suggests level 3. Say why you judge this to be level 2.' in text(answer)
    assert Assessment.objects.filter(side=Assessment.HUB).count() == 0
    assert send(grace, contact, "assessment/", **typed, rationale="A plan that works").status_code == 302


def test_a_worker_cannot_judge_harm_below_level_four_and_reads_who_can(
    send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, HARM)
    typed = {f"finding_{HARM}": "evidenced", f"evidence_{HARM}": "Seen", "rationale": "An accident"}
    answer = send(grace, contact, "assessment/", **typed, level="3", version=contact.version)
    assert answer.status_code == 409
    assert 'href="#id_level">There is evidence of harm: this is level 4 until a manager overrides it' in text(answer)
    assert Assessment.objects.filter(side=Assessment.HUB).count() == 0
    assert send(grace, contact, "assessment/", **typed, level="4", version=contact.version).status_code == 302


def test_an_assessment_of_a_contact_that_has_changed_says_who_changed_it_and_loses_nothing(
    send: Callable[..., Any], rosa: User, grace: User, maya: User
) -> None:
    contact = held(rosa, grace, LATE)
    seen = contact.version
    build.rated(contact, Rag.RED, by=maya)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "A long evening's work", "level": "3"}
    answer = send(grace, contact, "assessment/", **typed, version=seen)
    page = text(answer)
    assert answer.status_code == 409
    assert "Maya Shah set the priority at " in page
    assert "A long evening&#x27;s work</textarea>" in page
    assert 'value="3" checked' in page
    contact.refresh_from_db()
    assert f'name="version" value="{contact.version}"' in page
    assert send(grace, contact, "assessment/", **typed, version=contact.version).status_code == 302


def test_codes_that_the_matrix_does_not_have_are_left_out_of_account(
    send: Callable[..., Any], rosa: User, grace: User
) -> None:
    contact = held(rosa, grace)
    typed = {"finding_L9-XXX-01": "evidenced", "more": ["L9-XXX-01", "<b>"], "care_profile_grade": "9", "level": "7"}
    page = text(send(grace, contact, "assessment/", **typed, version=contact.version))
    assert "Choose a level from 1 to 4" in page
    assert "L9-XXX-01" not in page
    assert Assessment.objects.count() == 0


def test_whoever_does_not_hold_it_reads_both_views_and_an_empty_one_is_said_to_be(
    look: Callable[..., str], rosa: User, grace: User, maya: User
) -> None:
    contact = held(rosa, grace, LATE)
    page = look(maya, contact, "assessment/")
    assert f"Written for {LATE}" in page
    assert "The MASH has not assessed this contact yet." in page
    for level in (3, 3):
        build.assess(contact, by=grace, level=level)
    page = look(maya, contact, "assessment/")
    assert "Seen by me" in page
    assert "Earlier assessments by the MASH" in page
    assert page.count("by Grace Lin") == 2


# Early help


def test_an_early_help_worker_reads_what_is_routed_to_them_and_can_do_nothing_with_it(
    client: Client, look: Callable[..., str], rosa: User, grace: User, dev: User
) -> None:
    child = [{"given_names": "Noor", "family_name": "Aziz", "person": Person.objects.create()}]
    unseen = build.received(rosa, at=timezone.now() - build.hours(72), children=child)
    contact = build.decided(
        rosa, worker=grace, manager=build.player("Maya"), outcome=Outcome.EARLY_HELP, children=child
    )
    page = look(dev, contact)
    assert "Early help" in page
    assert "<button" not in page[page.index("<main") : page.index("</main")]
    assert unseen.reference not in page, "what they may not open is not listed either"
    for path in FORMS:
        assert client.get(url(contact, path)).status_code == 403
    assert client.post(url(contact, "claim/")).status_code == 403
    assert client.post(url(contact, "assessment/"), {"level": "1"}).status_code == 403
    assert unseen.reference in look(grace, contact)
