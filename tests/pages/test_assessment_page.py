"""The threshold assessment: two views side by side, and a form that loses nothing."""

import pytest
from django.test import Client

from mash_portal.accounts.models import User
from referrals.models import Assessment, Finding
from referrals.vocabulary import Rag
from tests import build
from tests.pages.casework import HARM, LATE, TEETH, held, look, send, text, url

pytestmark = pytest.mark.django_db


def test_the_worker_sees_the_referrers_evidence_beside_their_own_and_nothing_is_chosen_for_them(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE, TEETH)
    page = look(client, grace, contact, "assessment/")
    assert f"Written for {LATE}" in page
    assert f'name="finding_{LATE}"' in page
    assert f'name="evidence_{TEETH}"' in page
    assert " checked" not in page
    assert page.count('name="more"') == 198, "the whole matrix but for the two that have rows"


def test_the_worker_assesses_and_lands_on_the_contact(client: Client, rosa: User, grace: User) -> None:
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
    again = look(client, grace, contact, "assessment/")
    assert "Dentist saw her in May</textarea>" in again, "the last findings are where the next assessment starts"
    assert 'name="level" type="radio" value="3" checked' not in again
    assert "Earlier assessments by the MASH" in again


def test_a_newly_ticked_indicator_comes_back_as_a_row_that_asks_for_evidence_and_nothing_is_lost(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {
        f"finding_{LATE}": "evidenced",
        f"evidence_{LATE}": "School's register",
        "level": "4",
        "rationale": "A long thought",
        "version": contact.version,
    }
    page = text(send(client, grace, contact, "assessment/", **typed, more=[HARM]))
    assert page.count(f"Write the evidence for {HARM}: ") == 2, "in the summary and at the field"
    assert f'name="evidence_{HARM}"' in page
    assert "School&#x27;s register</textarea>" in page
    assert "A long thought</textarea>" in page
    assert "The evidence suggests level 4." in page
    assert Assessment.objects.filter(side=Assessment.HUB).count() == 0
    more = {f"finding_{HARM}": "evidenced", f"evidence_{HARM}": "Seen by a paediatrician"}
    assert send(client, grace, contact, "assessment/", **typed, **more).status_code == 302
    assessment = Assessment.objects.get(side=Assessment.HUB)
    assert (assessment.level, assessment.alerts) == (4, ["harm"])


def test_an_indicator_that_was_ticked_by_mistake_can_be_left_out_but_never_the_referrers(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", "level": "3", "version": contact.version}
    refused = text(send(client, grace, contact, "assessment/", **{**typed, f"finding_{LATE}": "leave_out"}))
    assert f"Choose what the MASH found on {LATE}" in refused
    assert send(client, grace, contact, "assessment/", **typed, **{f"finding_{HARM}": "leave_out"}).status_code == 302
    assert [one.indicator.code for one in Finding.objects.filter(assessment__side=Assessment.HUB)] == [LATE]


def test_the_worker_can_see_what_the_evidence_suggests_before_judging(client: Client, rosa: User, grace: User) -> None:
    contact = held(rosa, grace, LATE)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", "version": contact.version}
    page = text(
        send(client, grace, contact, "assessment/", **typed, more=[TEETH], rationale="Half a thought", suggest="1")
    )
    assert "The evidence suggests level 3." in page
    assert f"({LATE})" in page
    assert "There is a problem" not in page
    assert "Half a thought</textarea>" in page
    assert f'name="evidence_{TEETH}"' in page
    assert Assessment.objects.filter(side=Assessment.HUB).count() == 0


def test_an_unfinished_assessment_says_everything_that_is_missing(client: Client, rosa: User, grace: User) -> None:
    contact = held(rosa, grace, LATE)
    page = text(send(client, grace, contact, "assessment/", version=contact.version))
    assert page.count(f"Say whether {LATE} is evidenced: ") == 2
    assert page.count("Choose the level that is met") == 2
    assert "No level is suggested." in page
    assert "<title>Error: " in page


def test_another_level_than_the_evidence_suggests_asks_why_at_the_box_for_it(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", "level": "2", "version": contact.version}
    answer = send(client, grace, contact, "assessment/", **typed)
    assert 'href="#id_rationale">The evidence suggests level 3. Say why you judge this to be level 2.' in text(answer)
    assert Assessment.objects.filter(side=Assessment.HUB).count() == 0
    assert send(client, grace, contact, "assessment/", **typed, rationale="A plan that works").status_code == 302


def test_a_worker_cannot_judge_harm_below_level_four_and_reads_who_can(client: Client, rosa: User, grace: User) -> None:
    contact = held(rosa, grace, HARM)
    typed = {f"finding_{HARM}": "evidenced", f"evidence_{HARM}": "Seen", "rationale": "An accident"}
    answer = send(client, grace, contact, "assessment/", **typed, level="3", version=contact.version)
    assert 'href="#id_level">There is evidence of harm: this is level 4 until a manager overrides it' in text(answer)
    assert Assessment.objects.filter(side=Assessment.HUB).count() == 0
    assert send(client, grace, contact, "assessment/", **typed, level="4", version=contact.version).status_code == 302


def test_an_assessment_of_a_contact_that_has_changed_says_who_changed_it_and_loses_nothing(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = held(rosa, grace, LATE)
    seen = contact.version
    build.rated(contact, Rag.RED, by=maya)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "A long evening's work", "level": "3"}
    answer = send(client, grace, contact, "assessment/", **typed, version=seen)
    page = text(answer)
    assert "Maya Shah set the priority at " in page
    assert "A long evening&#x27;s work</textarea>" in page
    assert 'value="3" checked' in page
    contact.refresh_from_db()
    assert f'name="version" value="{contact.version}"' in page
    assert send(client, grace, contact, "assessment/", **typed, version=contact.version).status_code == 302


def test_codes_that_the_matrix_does_not_have_are_left_out_of_account(client: Client, rosa: User, grace: User) -> None:
    contact = held(rosa, grace)
    typed = {"finding_L9-XXX-01": "evidenced", "more": ["L9-XXX-01", "<b>"], "care_profile_grade": "9", "level": "7"}
    page = text(send(client, grace, contact, "assessment/", **typed, version=contact.version))
    assert "Choose a level from 1 to 4" in page
    assert "L9-XXX-01" not in page
    assert Assessment.objects.count() == 0


def test_whoever_does_not_hold_it_reads_both_views_and_an_empty_one_is_said_to_be(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = held(rosa, grace, LATE)
    page = look(client, maya, contact, "assessment/")
    assert f"Written for {LATE}" in page
    assert "The MASH has not assessed this contact yet." in page
    for level in (3, 3):
        build.assess(contact, by=grace, level=level)
    page = look(client, maya, contact, "assessment/")
    assert "Seen by me" in page
    assert "Earlier assessments by the MASH" in page
    assert page.count("by Grace Lin") == 2
