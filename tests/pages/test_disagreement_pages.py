"""The pages of a disagreement: the agency raises and follows it, the hub answers, the partnership counts."""

from typing import Any

import pytest
from django.test import Client

from mash_portal.accounts.models import User
from referrals.models import Contact, Disagreement
from referrals.vocabulary import DisagreementResult, Outcome
from tests import build, disagreeing, restricting
from tests.pages.browsing import words
from tests.pages.casework import text

pytestmark = pytest.mark.django_db

RAISES = {
    "ground": "threshold",
    "why": "The bruises were not looked at",
    "wanted": "An assessment",
    "safety_plan": "Seen every day",
    "speaks": "Rosa Bell, DSL",
    "stage": "1",
}


PUSHBACK: dict[str, Any] = {
    "outcome": Outcome.NFA_PUSHBACK,
    "level": 2,
    "codes": ["L2-LRN-01"],
    "texts": {"advice": "Hold a team around the family", "advice_service": "Family Hub"},
    "advice_level": 2,
}


@pytest.fixture
def contact(rosa: User, grace: User, maya: User, ivan: User, helen: User) -> Contact:
    return build.told(rosa, worker=grace, manager=maya, **PUSHBACK)


def look(client: Client, who: User, url: str, **query: str) -> str:
    client.force_login(who)
    answer = client.get(url, query)
    assert answer.status_code == 200, url
    return words(text(answer))


def send(client: Client, who: User, url: str, data: dict[str, Any]) -> str:
    client.force_login(who)
    return words(text(client.post(url, data, follow=True)))


def test_a_referrer_who_had_a_pushback_disagrees_from_the_page_of_the_feedback(
    client: Client, contact: Contact, rosa: User
) -> None:
    here = f"/referrals/{contact.reference}/"
    assert "Disagree with the decision" in look(client, rosa, f"{here}feedback/")
    assert "Nobody of your agency has disagreed" in look(client, rosa, f"{here}disagreement/")
    refused = send(client, rosa, f"{here}disagreement/raise/", {**RAISES, "why": "", "stage": "3"})
    assert "Say why you disagree" in refused
    refused = send(client, rosa, f"{here}disagreement/raise/", {**RAISES, "stage": "3"})
    assert "Only where a child is in danger" in refused
    assert "The bruises were not looked at" in refused, "nothing of what was typed is lost"
    assert not Disagreement.objects.exists()
    sent = send(client, rosa, f"{here}disagreement/raise/", RAISES)
    assert "It is at stage 1." in sent
    assert "Wait for the answer" in sent
    assert "End the disagreement" in sent


def test_the_hub_answers_and_both_sides_read_the_same(
    client: Client, contact: Contact, rosa: User, ivan: User, maya: User
) -> None:
    disagreeing.raised(contact, by=rosa)
    here = f"/contacts/{contact.reference}/disagreement/"
    assert "somebody else answers" in look(client, maya, here)
    assert "Answer" in look(client, ivan, here)
    form = {"stage": "1", "answer": "We have rung the school", "met_on_day": "", "who_met": ""}
    assert "Enter the day on which you spoke" in send(client, ivan, f"{here}answer/", {**form, "met_time": "10:00"})
    assert "We have rung the school" in send(client, ivan, f"{here}answer/", form)
    ours = look(client, rosa, f"/referrals/{contact.reference}/disagreement/")
    assert "We have rung the school" in ours
    assert "Take it to the next stage" in ours
    assert "It is at stage 1." in look(client, ivan, f"/contacts/{contact.reference}/")


def test_the_hub_says_that_a_new_decision_is_being_made(
    client: Client, contact: Contact, rosa: User, ivan: User
) -> None:
    disagreeing.raised(contact, by=rosa)
    said = {"stage": "1", "because": "The bruises matter"}
    here = f"/contacts/{contact.reference}/disagreement/"
    kept = send(client, ivan, f"{here}settle/", {**said, "result": DisagreementResult.UPHELD})
    assert "The bruises matter" in kept
    assert Disagreement.objects.get().result == ""
    assert "A new decision is being made." in send(client, ivan, f"{here}settle/", {**said, "result": "changed"})
    assert "A new decision is being made." in look(client, rosa, f"/referrals/{contact.reference}/disagreement/")


def test_the_list_counts_filters_and_names_no_child(
    client: Client, contact: Contact, ivan: User, ana: User, helen: User
) -> None:
    rosa = contact.referrer
    assert "No disagreement is open" in look(client, ivan, "/disagreements/")
    disagreeing.raised(contact, by=rosa)
    for person in (ivan, helen, ana):
        page = look(client, person, "/disagreements/")
        assert "1 disagreement open" in page
        assert "Stage 1:" in page
        assert "Noor" not in page
    assert f"/contacts/{contact.reference}/" not in text(client.get("/disagreements/")), "an analyst opens none"
    assert "0 disagreements ended" in look(client, ivan, "/disagreements/", state="ended")
    assert "0 disagreements open" in look(client, ivan, "/disagreements/", stage="2")
    disagreeing.accepted(contact, by=rosa, result=DisagreementResult.UPHELD)
    assert "1 disagreement ended" in look(client, ivan, "/disagreements/", state="ended")


def test_nobody_counts_a_restricted_one_who_is_not_named_on_it(
    client: Client, contact: Contact, ivan: User, ana: User, helen: User
) -> None:
    rosa = contact.referrer
    disagreeing.raised(contact, by=rosa)
    restricting.restricted(contact, by=helen)
    for person in (ivan, ana):
        assert "0 disagreements open" in look(client, person, "/disagreements/")
    assert "1 disagreement open" in look(client, helen, "/disagreements/")


def test_the_list_makes_no_more_queries_for_more_rows(
    client: Client, contact: Contact, rosa: User, ivan: User, django_assert_max_num_queries: Any
) -> None:
    disagreeing.raised(contact, by=rosa)
    grace, maya = build.player("Grace"), build.player("Maya")
    for _ in range(2):
        disagreeing.raised(build.told(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP), by=rosa)
    client.force_login(ivan)
    client.get("/disagreements/")
    with django_assert_max_num_queries(8):
        assert "3 disagreements open" in words(text(client.get("/disagreements/")))
    with django_assert_max_num_queries(14):
        assert "It is at stage 1." in words(text(client.get(f"/contacts/{contact.reference}/disagreement/")))
