"""The two pages of a recommendation: what they ask, what they keep, and where they start from."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mash_portal.accounts.models import User
from referrals.following import actions as following
from referrals.models import ChildOutcome, Contact, Decision, RecommendationDraft
from referrals.vocabulary import Stage
from tests import build

from .browsing import words
from .test_decision_pages import chosen, form_for, outcomes_for, text, url

pytestmark = pytest.mark.django_db

TWO = [{"given_names": "Noor", "family_name": "Aziz"}, {"given_names": "Leila", "family_name": "Aziz"}]
FIRST, OTHERS, RECORD = "recommend/", "recommend/others/", "recommend/record/"


def look(client: Client, contact: Contact, page: str = FIRST) -> str:
    answer = client.get(url(contact, page))
    assert answer.status_code == 200, page
    return text(answer)


def test_nothing_is_preselected_and_an_empty_page_of_outcomes_says_what_is_missing(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    contact.refresh_from_db()
    client.force_login(grace)
    assert " checked" not in look(client, contact)
    page = text(client.post(url(contact, FIRST), {"version": contact.version}))
    for field, sentence in (
        ("outcomes", "Choose at least one outcome for Noor Aziz."),
        ("level", "Choose the level decided for Noor Aziz."),
    ):
        assert page.count(sentence) == 2, "in the summary and at the field"
        assert f'href="#id_{field}_{contact.children.get().pk}"' in page
    assert not Decision.objects.exists()


def test_both_clocks_stand_on_every_page_so_that_urgency_is_nobodys_memory(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    pages = [look(client, contact), look(client, contact, RECORD)]
    client.post(url(contact, RECORD), form_for(contact))
    client.force_login(maya)
    for page in [*pages, look(client, contact, "sign-off/")]:
        assert "One working day" in page
        assert "left" in words(page)


def test_a_worker_is_told_before_the_outcomes_that_the_hub_has_not_assessed(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    client.force_login(grace)
    page = text(client.post(url(contact, FIRST), outcomes_for(contact)))
    assert "Make the MASH&#x27;s own threshold assessment" in page
    assert client.get(url(contact, RECORD)).headers["Location"] == url(contact, FIRST)
    build.assess(contact, by=grace)
    chosen(client, contact, grace)


def test_no_further_action_does_not_stand_beside_another_outcome(client: Client, rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    contact.refresh_from_db()
    client.force_login(grace)
    both = outcomes_for(contact, "nfa_pushback", "early_help")
    assert "cannot be combined with another outcome" in text(client.post(url(contact, FIRST), both))
    chosen(client, contact, grace, "early_help", "section_17")


def test_an_outcome_that_is_none_is_not_taken(client: Client, rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    contact.refresh_from_db()
    client.force_login(grace)
    page = text(client.post(url(contact, FIRST), outcomes_for(contact, "returned_for_information")))
    assert "There is a problem" in page
    assert client.get(url(contact, RECORD)).status_code == 302
    assert not ChildOutcome.objects.exists()


ADVICE, SERVICE = "Advice to the referrer", "Service that the referrer should try"
ADVICE_LEVEL = "Level at which the referrer should act on the advice"
AGREEMENT, WHY_NOT = "The family’s agreement", "Why no strategy discussion"
EXTRA = (ADVICE, SERVICE, ADVICE_LEVEL, AGREEMENT, WHY_NOT)
AT_LEVEL_4 = {"level": 4, "codes": ["L4-HEA-10"]}
ASKED: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    "nothing more": ("section_17", {}, set()),
    "information": ("nfa_information", {}, {ADVICE, ADVICE_LEVEL}),
    "pushback": ("nfa_pushback", {}, {ADVICE, ADVICE_LEVEL, SERVICE}),
    "signpost": ("signpost", {}, {ADVICE, SERVICE}),
    "no agreement": ("early_help", {"agreed": False}, {AGREEMENT}),
    "level 4": ("section_17", AT_LEVEL_4, {WHY_NOT}),
}


@pytest.mark.parametrize("case", ASKED)
def test_the_second_page_asks_what_the_outcomes_need_and_nothing_else(
    client: Client, rosa: User, grace: User, case: str
) -> None:
    outcome, facts, asked = ASKED[case]
    contact = build.assessed(rosa, worker=grace, **facts)
    chosen(client, contact, grace, outcome)
    page = words(look(client, contact, RECORD))
    assert {question for question in EXTRA if question in page} == asked
    assert (f"{ADVICE} (optional)" in page) is (case == "signpost")


def test_what_was_typed_is_kept_when_a_guard_stops_it_and_each_sentence_leads_to_its_box(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace, "nfa_pushback")
    typed = form_for(contact, facts="A long evening's work", rationale="")
    page = text(client.post(url(contact, RECORD), typed))
    for field, sentence in (
        ("advice", "Write the advice to the referrer"),
        ("advice_level", "Choose the level at which"),
        ("advice_service", "Name the service that the referrer should try"),
        ("rationale", "Write the rationale for the decision"),
    ):
        assert sentence in page
        assert f'href="#id_{field}"' in page
    assert "A long evening&#x27;s work" in page
    assert not Decision.objects.exists()
    said = {"advice": "Breakfast club", "advice_level": "2", "advice_service": "The school nurse"}
    client.post(url(contact, RECORD), form_for(contact, **said))
    decision = Decision.objects.get()
    assert (decision.advice_service, decision.advice_level) == ("The school nurse", 2)


def test_a_slip_in_the_form_is_kept_and_said(client: Client, rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    page = text(client.post(url(contact, RECORD), form_for(contact, action_0_owner="", action_0_due_day="31")))
    assert "Write who will do action 1" in page
    assert "Due date of action 1 must be a real date" in page
    assert 'value="31"' in look(client, contact, RECORD), "on the server, though it was wrong"
    assert not Decision.objects.exists()


def test_another_action_can_be_added_without_losing_anything(client: Client, rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    page = text(client.post(url(contact, RECORD), form_for(contact, more="1")))
    assert 'name="action_1_what"' in page
    assert "There is a problem" not in page
    assert "Assessment team" in page
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("button", "lands_at"), [("later", ""), ("outcomes", "decision/recommend/")])
def test_every_button_keeps_what_was_typed(client: Client, rosa: User, grace: User, button: str, lands_at: str) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    answer = client.post(url(contact, RECORD), form_for(contact, facts="Half a thought", **{button: "1"}))
    assert answer.headers["Location"] == f"/contacts/{contact.reference}/{lands_at}"
    page = look(client, contact, RECORD)
    assert "Half a thought" in page
    assert "Assessment (section 17)" in page
    contact.refresh_from_db()
    assert (contact.stage, Decision.objects.count()) == (Stage.TRIAGE, 0)
    client.post(url(contact, RECORD), form_for(contact))
    assert not RecommendationDraft.objects.exists(), "what was sent is no draft any more"


def test_a_character_that_no_database_takes_is_left_out(client: Client, rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    client.post(url(contact, RECORD), form_for(contact, facts="Seen\x00 today", later="1"))
    assert "Seen today" in look(client, contact, RECORD)


def test_brothers_and_sisters_get_the_same_by_one_answer_that_nobody_has_given_for_the_worker(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.assessed(rosa, worker=grace, children=TWO)
    contact.refresh_from_db()
    client.force_login(grace)
    page = text(client.post(url(contact, FIRST), {"version": contact.version}))
    for sentence in ("Say whether the same applies to Leila Aziz", "Choose at least one outcome for Noor Aziz."):
        assert page.count(sentence) == 2, "everything at once"
    chosen(client, contact, grace, same="same")
    client.post(url(contact, RECORD), form_for(contact))
    said = ChildOutcome.objects.values_list("child__given_names", "outcome", "level")
    assert set(said) == {("Noor", "section_17", 3), ("Leila", "section_17", 3)}


def test_each_child_is_chosen_for_where_they_differ(client: Client, rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace, children=TWO)
    contact.refresh_from_db()
    leila = contact.children.all()[1]
    client.force_login(grace)
    answer = client.post(url(contact, FIRST), outcomes_for(contact, same="each"))
    assert answer.headers["Location"] == url(contact, OTHERS)
    assert " checked" not in look(client, contact, OTHERS)
    both = {f"same_{leila.pk}": "on", f"level_{leila.pk}": "2", "version": contact.version}
    page = text(client.post(url(contact, OTHERS), both))
    assert "Choose either the same as for Noor Aziz, or outcomes and a level for Leila Aziz" in page
    bare = text(client.post(url(contact, OTHERS), {"version": contact.version}))
    assert "Choose at least one outcome for Leila Aziz." in bare
    own = {f"outcomes_{leila.pk}": ["early_help"], f"level_{leila.pk}": "2", "version": contact.version}
    assert client.post(url(contact, OTHERS), own).headers["Location"] == url(contact, RECORD)
    client.post(url(contact, RECORD), form_for(contact))
    said = ChildOutcome.objects.values_list("child__given_names", "outcome", "level")
    assert set(said) == {("Noor", "section_17", 3), ("Leila", "early_help", 2)}


def test_the_same_as_the_first_child_is_chosen_beside_each_name_too(client: Client, rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace, children=TWO)
    contact.refresh_from_db()
    leila = contact.children.all()[1]
    client.force_login(grace)
    client.post(url(contact, FIRST), outcomes_for(contact, same="each"))
    same = {f"same_{leila.pk}": "on", "version": contact.version}
    assert client.post(url(contact, OTHERS), same).headers["Location"] == url(contact, RECORD)
    client.post(url(contact, RECORD), form_for(contact))
    assert set(ChildOutcome.objects.values_list("outcome", flat=True)) == {"section_17"}


def test_a_page_that_is_out_of_date_says_who_changed_what_keeps_the_words_and_lets_them_be_sent(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    seen = contact.version
    following.add(contact.reference, text="A bruise today", by=rosa)
    page = text(client.post(url(contact, RECORD), form_for(contact, facts="My words", version=seen)))
    assert "Rosa Bell added information at" in page
    assert "My words" in page
    assert f'name="version" value="{seen + 1}"' in page
    assert not Decision.objects.exists()
    client.post(url(contact, RECORD), form_for(contact, facts="My words", version=seen + 1))
    assert Decision.objects.get().facts == "My words"


def test_whoever_comes_back_to_what_they_kept_reads_what_has_changed_since(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    assert "What has changed" not in look(client, contact, RECORD)
    following.add(contact.reference, text="A bruise today", by=rosa)
    page = look(client, contact, RECORD)
    assert "What has changed since the outcomes were chosen" in page
    assert "Rosa Bell added information" in page


@pytest.mark.parametrize("page", [FIRST, OTHERS, RECORD])
def test_nobody_but_the_holder_finds_the_pages(client: Client, rosa: User, grace: User, maya: User, page: str) -> None:
    contact = build.assessed(rosa, worker=grace, children=TWO)
    client.force_login(maya)
    assert client.get(url(contact, page)).status_code == 403
    contact.refresh_from_db()
    client.post(url(contact, page), outcomes_for(contact))
    assert not RecommendationDraft.objects.exists()


def test_the_pages_take_the_same_queries_however_many_children_and_changes_there_are(
    client: Client, rosa: User, grace: User
) -> None:
    def queries(contact: Contact, page: str) -> int:
        client.get(url(contact, page))
        with CaptureQueriesContext(connection) as counted:
            client.get(url(contact, page))
        return len(counted)

    one = build.assessed(rosa, worker=grace)
    chosen(client, one, grace)
    six = build.assessed(rosa, worker=grace, children=[{"given_names": f"Child {n}"} for n in range(6)])
    chosen(client, six, grace, same="same")
    for contact in (one, six):
        for text_ in ("One", "Two", "Three"):
            following.add(contact.reference, text=text_, by=rosa)
    assert queries(one, FIRST) == queries(six, FIRST) <= 20
    assert queries(one, RECORD) == queries(six, RECORD) <= 32
