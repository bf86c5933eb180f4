"""The threshold assessment: two views side by side, and a form that loses nothing."""

import re

import pytest
from django.test import Client

from mash_portal.accounts.models import User
from referrals.models import Assessment, Finding, GridEntry
from referrals.vocabulary import GridCell, Rag
from tests import build
from tests.pages.browsing import words
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
    assert not re.search(r"<input[^>]* checked", page)
    assert page.count('type="checkbox" name="more"') == 198, "the whole matrix but for the two that have rows"


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


def test_both_sides_stand_beside_each_other_indicator_by_indicator_and_what_is_new_is_said_to_be(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = held(rosa, grace, LATE, TEETH)
    found = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", f"finding_{TEETH}": "refuted"}
    new = {f"finding_{HARM}": "evidenced", f"evidence_{HARM}": "Seen by a paediatrician"}
    typed = {**found, **new, "level": "4", "version": contact.version}
    assert send(client, grace, contact, "assessment/", **typed).status_code == 302
    page = look(client, maya, contact, "assessment/")
    said = words(page)
    assert "2 evidenced, 1 refuted, 1 new, found by the MASH and not ticked by the referrer." in said
    assert f"Written for {LATE} Evidenced Register" in said
    assert f"Written for {TEETH} Refuted No evidence was written." in said
    assert "Not ticked New Evidenced Seen by a paediatrician" in said
    assert "Level 4: Complex needs or at risk of significant harm , by Grace Lin" in said
    form = look(client, grace, contact, "assessment/")
    assert words(form).count("New Found by the MASH. The referrer did not pick this indicator.") == 1


def test_the_worker_finds_an_indicator_by_everyday_words_without_losing_what_was_typed(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Half a", "grid_missing": "Who has seen the flat?"}
    answer = send(
        client, grace, contact, "assessment/", **typed, q="won't go to school", find="1", version=contact.version
    )
    page = text(answer)
    found = page[page.index("data-found") : page.index('id="matrix"')]
    assert re.search(r"(\d+) indicators found, the best first", page)
    assert 'name="more"' in found
    assert f'value="{LATE}"' not in found, "it has its row already"
    assert "Half a</textarea>" in page
    assert "Who has seen the flat?</textarea>" in page
    assert "There is a problem" not in page
    codes = re.findall(r'name="more" value="([\w-]+)"', page)
    assert len(codes) == len(set(codes)) == 199, "each once, among what was found or in its place"
    assert Assessment.objects.filter(side=Assessment.HUB).count() == 0
    nothing = send(client, grace, contact, "assessment/", q="xyzzyplugh", find="1", version=contact.version)
    assert "No other indicator has words like these." in text(nothing)


def test_the_search_answers_who_works_on_the_queue_and_nobody_else(
    client: Client, sam: User, rosa: User, ana: User
) -> None:
    client.force_login(sam)
    answer = client.get("/indicators/", {"q": "mum drinks"})
    assert answer.status_code == 200
    assert {"code", "level", "text"} == set(answer.json()["found"][0])
    assert client.get("/indicators/").json() == {"found": []}
    for who in (rosa, ana):
        client.force_login(who)
        assert client.get("/indicators/", {"q": "mum drinks"}).status_code == 404


def test_the_tools_start_from_what_the_referrer_said_and_the_page_says_so(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    contact.assessments.update(care_profile_grade=4)
    page = look(client, grace, contact, "assessment/")
    assert "The referrer said grade 4. It is filled in here as they said it: change it if you judge otherwise." in page
    assert '<option value="4" selected>Grade 4: Level 3: Multi-agency co-ordinated intervention</option>' in page
    assert "The referrer said scale" not in page
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", "level": "3", "care_profile_grade": "3"}
    assert send(client, grace, contact, "assessment/", **typed, version=contact.version).status_code == 302
    contact.refresh_from_db()
    again = look(client, grace, contact, "assessment/")
    assert "The referrer said grade 4." in again
    assert "It is filled in here" not in again
    assert '<option value="3" selected>' in again


def test_the_grids_are_kept_a_line_at_a_time_and_the_next_assessment_starts_from_them(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", "level": "3"}
    grids = {"grid_strong": "31 late marks\r\n\r\n  Hungry on Mondays \r\n31 late marks", "grid_resilience": "Her aunt"}
    assert send(client, grace, contact, "assessment/", **typed, **grids, version=contact.version).status_code == 302
    kept = list(GridEntry.objects.values_list("cell", "text"))
    assert kept == [
        (GridCell.STRONG, "31 late marks"),
        (GridCell.STRONG, "Hungry on Mondays"),
        (GridCell.RESILIENCE, "Her aunt"),
    ]
    page = look(client, grace, contact, "assessment/")
    assert "31 late marks\nHungry on Mondays</textarea>" in page
    contact.refresh_from_db()
    assert (
        send(client, grace, contact, "assessment/", **typed, grid_strong="Seen", version=contact.version).status_code
        == 302
    )
    said = words(look(client, maya, contact, "assessment/"))
    assert "Strong evidence Seen Ambiguous Nothing written" in said
    assert "Strong evidence 31 late marks Hungry on Mondays" in said, "with the earlier assessment, as it was"


def test_a_grid_that_is_too_long_is_said_to_be_and_nothing_is_lost(client: Client, rosa: User, grace: User) -> None:
    contact = held(rosa, grace, LATE)
    typed = {f"finding_{LATE}": "evidenced", f"evidence_{LATE}": "Register", "level": "3", "version": contact.version}
    page = text(send(client, grace, contact, "assessment/", **typed, grid_missing="x" * 5001))
    assert "“Missing” must be 5,000 characters or fewer" in page
    assert "x" * 5001 in page
    assert GridEntry.objects.count() == Assessment.objects.filter(side=Assessment.HUB).count() == 0
    assert send(client, grace, contact, "assessment/", **typed, grid_missing="x" * 5000).status_code == 302
