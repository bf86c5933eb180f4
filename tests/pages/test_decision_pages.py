"""Recommending, signing off and feedback, as people meet them in a browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.following import actions as following
from referrals.models import Contact, Decision, Person
from referrals.vocabulary import Outcome, Stage
from tests import build

pytestmark = pytest.mark.django_db

PUSHBACK: dict[str, Any] = {
    "outcome": Outcome.NFA_PUSHBACK,
    "texts": {"advice": "Offer the breakfast club", "advice_service": "The school nurse"},
    "advice_level": 2,
}


def outcomes_for(contact: Contact, *outcomes: str, level: str = "3", **answers: object) -> dict[str, object]:
    child = contact.children.all()[0]
    chosen = {f"outcomes_{child.pk}": list(outcomes or ["section_17"]), f"level_{child.pk}": level}
    return {**chosen, "version": contact.version, **answers}


def form_for(contact: Contact, **answers: object) -> dict[str, object]:
    return {
        **build.TEXTS,
        "action_0_what": "Visit",
        "action_0_owner": "Assessment team",
        "action_0_due_day": "27",
        "action_0_due_month": "nov",
        "action_0_due_year": "2026",
        "version": contact.version,
        **answers,
    }


def chosen(client: Client, contact: Contact, who: User, *outcomes: str, **answers: str) -> None:
    """This worker has chosen the outcomes and stands on the second page."""
    contact.refresh_from_db()
    client.force_login(who)
    answer = client.post(url(contact, "recommend/"), outcomes_for(contact, *outcomes, **answers))
    assert answer.headers["Location"] == url(contact, "recommend/record/")


def url(contact: Contact, page: str = "") -> str:
    return f"/contacts/{contact.reference}/decision/{page}"


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_worker_recommends_and_the_manager_signs_off(client: Client, rosa: User, grace: User, maya: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    sent = client.post(url(contact, "recommend/record/"), form_for(contact), follow=True)
    assert "Sent for sign-off" in text(sent)
    decision = Decision.objects.get()
    assert decision.actions.get().owner == "Assessment team"
    contact.refresh_from_db()
    client.force_login(maya)
    assert "Assessment (section 17)" in text(client.get(url(contact, "sign-off/")))
    client.post(url(contact, "sign-off/"), {"version": contact.version})
    contact.refresh_from_db()
    assert contact.stage == Stage.DECIDED


def test_a_manager_cannot_sign_off_their_own_and_is_told_before_they_try(
    client: Client, rosa: User, maya: User
) -> None:
    contact = build.recommended(rosa, worker=maya)
    client.force_login(maya)
    page = text(client.get(url(contact, "sign-off/")))
    assert "another manager must sign it off" in page
    assert "Sign off this decision" not in page
    answer = client.post(url(contact, "sign-off/"), {"version": contact.version})
    assert "another manager must sign it off" in text(answer)
    assert Decision.objects.get().is_waiting


def test_the_worker_who_recommended_has_no_way_to_the_sign_off_page(client: Client, rosa: User, grace: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    client.force_login(grace)
    assert client.get(url(contact, "sign-off/")).status_code == 403
    assert client.post(url(contact, "sign-off/"), {"version": contact.version}).status_code == 403
    assert Decision.objects.get().is_waiting


def test_the_manager_is_asked_why_no_further_action_is_right_for_a_baby(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    baby = [{"given_names": "Leo", "family_name": "Marsh", "expected_date": "2027-03-01"}]
    contact = build.recommended(rosa, worker=grace, children=baby, **PUSHBACK)
    client.force_login(maya)
    assert "Leo Marsh is not born yet." in text(client.get(url(contact, "sign-off/")))
    page = text(client.post(url(contact, "sign-off/"), {"version": contact.version, "why_nfa_still_right": ""}))
    assert "Write why no further action is still right." in page
    client.post(url(contact, "sign-off/"), {"version": contact.version, "why_nfa_still_right": "Unit has it in hand"})
    assert Decision.objects.get().signed_off_by == maya


def test_a_manager_sends_back_with_a_reason_or_not_at_all(client: Client, rosa: User, grace: User, maya: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    client.force_login(maya)
    assert "Say what is wanted" in text(client.post(url(contact, "send-back/"), {"reason": ""}))
    assert Decision.objects.get().is_waiting
    client.post(url(contact, "send-back/"), {"reason": "What did health say?"})
    assert "What did health say?" in text(client.get(url(contact)))
    contact.refresh_from_db()
    assert contact.stage == Stage.TRIAGE


def test_feedback_is_written_beside_what_it_must_never_hold_and_read_by_the_school(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya, **PUSHBACK)
    client.force_login(grace)
    page = text(client.get(f"/contacts/{contact.reference}/feedback/"))
    assert "intelligence about somebody alleged" in page
    assert "Offer the breakfast club" in page, "the advice on record is not asked for twice"
    words = {"reason": "Below the threshold.", "next_steps": "", "who_to_call": "Grace", "version": contact.version}
    kept = text(client.post(f"/contacts/{contact.reference}/feedback/", words))
    assert kept.count("Write what the referrer should do next.") == 2
    assert "Below the threshold." in kept
    client.post(f"/contacts/{contact.reference}/feedback/", {**words, "next_steps": "Offer the breakfast club"})
    client.force_login(rosa)
    told = text(client.get(f"/referrals/{contact.reference}/feedback/"))
    for words_shown in ("Noor Aziz", "No further action: returned with advice", "Below the threshold.", "level 2"):
        assert words_shown in told
    assert build.TEXTS["risk_analysis"] not in told, "the hub's own analysis stays in the hub"


def test_the_referrer_who_looks_early_is_told_that_there_is_no_outcome_yet(client: Client, rosa: User) -> None:
    contact = build.received(rosa)
    client.force_login(rosa)
    page = client.get(f"/referrals/{contact.reference}/feedback/")
    assert page.status_code == 200
    assert "No outcome yet" in text(page)


def test_the_decision_page_takes_the_same_queries_however_many_decisions_there_were(
    client: Client, rosa: User, grace: User, maya: User, django_assert_max_num_queries: object
) -> None:
    contact = build.recommended(rosa, worker=grace)
    client.force_login(maya)
    for _ in range(4):
        client.post(url(contact, "send-back/"), {"reason": "More"})
        build.recommend(contact, Outcome.SECTION_17, by=grace)
    client.get(url(contact))
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        page = text(client.get(url(contact)))
    assert page.count('title">Recommendation returned') == 4


def test_a_manager_reads_who_changed_what_and_is_offered_to_send_back_instead_of_signing_off(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.recommended(rosa, worker=grace)
    client.force_login(maya)
    fresh = text(client.get(url(contact, "sign-off/")))
    assert "Sign off this decision" in fresh
    assert "What has changed" not in fresh
    following.add(contact.reference, text="A bruise today", by=rosa)
    page = text(client.get(url(contact, "sign-off/")))
    assert "it cannot be signed off" in page
    assert re.search(r"Rosa Bell added information, \w+day \d+ \w+ 20\d\d, \d+:\d\d[ap]m", page)
    assert "Sign off this decision" not in page
    assert url(contact, "send-back/") in page
    client.post(url(contact, "sign-off/"), {"version": contact.version + 1})
    assert Decision.objects.get().is_waiting
    client.post(url(contact, "send-back/"), {"reason": "Rosa has added a bruise"})
    contact.refresh_from_db()
    assert contact.stage == Stage.TRIAGE


def test_what_a_manager_wrote_is_not_lost_when_the_record_changes_under_their_hands(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    baby = [{"given_names": "Leo", "family_name": "Marsh", "expected_date": "2027-03-01"}]
    contact = build.recommended(rosa, worker=grace, children=baby, **PUSHBACK)
    client.force_login(maya)
    typed = {"version": contact.version, "why_nfa_still_right": "The unit has it in hand"}
    following.add(contact.reference, text="She has moved", by=rosa)
    page = text(client.post(url(contact, "sign-off/"), typed))
    assert "Rosa Bell added information" in page
    assert "What you wrote" in page
    assert "The unit has it in hand" in page
    assert Decision.objects.get().is_waiting
    assert "What you wrote" not in text(client.get(url(contact, "sign-off/")))


def test_the_manager_sees_the_history_beside_the_question_why_it_is_still_right(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    known = [{"given_names": "Kayden", "family_name": "Walsh", "person": Person.objects.create()}]
    earlier = [build.received(rosa, children=known, at=timezone.now() - timedelta(days=days)) for days in (200, 40)]
    contact = build.recommended(rosa, worker=grace, children=known, **PUSHBACK)
    client.force_login(maya)
    page = text(client.get(url(contact, "sign-off/")))
    assert "This is contact number 3 about Kayden Walsh within 12 months." in page
    for one in earlier:
        assert f'href="/contacts/{one.reference}/"' in page
