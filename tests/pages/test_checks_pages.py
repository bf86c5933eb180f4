"""The pages of agency checks: asking, authorising, closing, answering, putting together, and both lists."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from referrals.decision import actions as decisions
from referrals.enquiries import actions
from referrals.models import Check, Contact
from referrals.vocabulary import Outcome
from tests import build, checking
from tests.checking import answered, asked, closed, one_asked
from tests.pages.browsing import shown, signed_in, words

pytestmark = pytest.mark.django_db


def post(person: User, name: str, *args: object, **data: Any) -> Any:
    return signed_in(person).post(reverse(name, args=args), data)


def typed(contact: Contact, *people: User, **changes: Any) -> dict[str, Any]:
    """A request as the page sends it; of one child only, the page asks for none."""
    children = [str(child.pk) for child in contact.children.all()]
    return {
        "agencies": [str(one.agency_id) for one in people],
        "school": "",
        "children": children,
        "purpose": checking.PURPOSE,
        "legal_basis": "agreement",
    } | changes


# Asking


def test_a_worker_asks_two_agencies_from_the_contacts_page(rosa: User, grace: User, omar: User, nell: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    page = shown(grace, "enquiries:contact", contact.reference)
    assert "No agency has been asked about this contact" in page
    assert reverse("enquiries:ask", args=[contact.reference]) in page
    answer = post(grace, "enquiries:ask", contact.reference, **typed(contact, omar, nell))
    assert answer.headers["Location"] == reverse("enquiries:contact", args=[contact.reference])
    page = words(shown(grace, "enquiries:contact", contact.reference))
    assert "2 checks open" in page
    for said in ("Regional Police", "Trent Vale Community Health", checking.PURPOSE, "Noor Aziz", "left"):
        assert said in page


def test_the_page_keeps_what_is_typed_and_says_everything_that_is_missing(rosa: User, grace: User, omar: User) -> None:
    contact = build.claimed(rosa, worker=grace, children=[{"given_names": "Noor"}, {"given_names": "Sami"}])
    answer = post(grace, "enquiries:ask", contact.reference, **typed(contact, omar, purpose="", legal_basis=""))
    page = answer.content.decode()
    for sentence in ("Write what you need to know, and why from these agencies", "Choose the ground on which they"):
        assert page.count(sentence) == 2, sentence
    assert "<title>Error: " in page
    assert page.count("checked") == 3, "the agency and both children"
    answer = post(grace, "enquiries:ask", contact.reference, **typed(contact, children=[]))
    page = answer.content.decode()
    assert "Choose at least one agency to ask." in page
    assert "Choose the children whom the agencies are asked about." in page
    assert checking.PURPOSE in page
    assert not Check.objects.exists()


def test_nothing_is_chosen_before_the_worker_chooses(rosa: User, grace: User, omar: User) -> None:
    contact = build.claimed(rosa, worker=grace, children=[{"given_names": "Noor"}, {"given_names": "Sami"}])
    page = shown(grace, "enquiries:ask", contact.reference)
    assert not re.search(r'type="(radio|checkbox)"[^>]*\bchecked', page)


def test_only_active_agencies_outside_the_hub_are_offered_and_who_has_no_account_is_said(
    rosa: User, grace: User, omar: User
) -> None:
    Agency.objects.create(name="Shut Clinic", kind="health", source="3A", is_active=False)
    Agency.objects.create(name="Assessment Team", kind="team", source="5A")
    Agency.objects.create(name="Accord Housing", kind="housing", source="4")
    Agency.objects.create(name="Somebody’s uncle", kind="voluntary", source="1B")
    contact = build.claimed(rosa, worker=grace)
    page = words(shown(grace, "enquiries:ask", contact.reference))
    for absent in ("Shut Clinic", "Assessment Team"):
        assert absent not in page
    offered = page.split("Which agencies do you ask?", 1)[1].split("A school or nursery", 1)[0]
    answering, _, to_be_rung = offered.partition("Nobody there has an account")
    assert "Regional Police" in answering
    assert "Accord Housing" in to_be_rung
    for absent in ("Alderbrook MASH", "Somebody’s uncle"):
        assert absent not in offered


def test_a_school_is_asked_from_its_own_list(rosa: User, omar: User, grace: User) -> None:
    contact = build.claimed(omar, worker=grace)
    post(grace, "enquiries:ask", contact.reference, **typed(contact, school=str(rosa.agency_id)))
    assert Check.objects.get().agency == rosa.agency


def test_a_worker_is_told_which_manager_authorises_and_the_manager_does_it_with_the_reason(
    rosa: User, grace: User, omar: User, maya: User
) -> None:
    contact = build.claimed(rosa, worker=grace, agreed=False)
    page = words(shown(grace, "enquiries:ask", contact.reference))
    assert "2013 Haringey judgment" in page
    assert "Maya Shah is on duty" in page
    assert "Send to a manager to authorise" in page
    post(grace, "enquiries:ask", contact.reference, **typed(contact, omar, legal_basis="public_task"))
    assert "1 request waiting for a manager" in words(shown(grace, "enquiries:contact", contact.reference))
    hers = shown(grace, "enquiries:authorise", contact.reference)
    assert "Maya Shah is on duty" in hers
    assert "Authorise and send" not in hers
    number = str(Check.objects.get().pk)
    refused = post(grace, "enquiries:authorise", contact.reference, checks=[number], because="I think so")
    assert "Maya Shah is on duty" in refused.content.decode()
    assert Check.objects.get().waits_for_authority
    empty = post(maya, "enquiries:authorise", contact.reference, checks=[number], because="")
    assert "Give the reason" in empty.content.decode()
    post(maya, "enquiries:authorise", contact.reference, checks=[number], because=checking.BECAUSE)
    page = words(shown(grace, "enquiries:contact", contact.reference))
    assert f"Maya Shah: {checking.BECAUSE}" in page
    assert "1 check open" in page


def test_a_manager_who_asks_is_asked_for_the_reason(rosa: User, grace: User, omar: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace, agreed=False)
    said = typed(contact, omar, legal_basis="public_task")
    assert "Why are they asked without" in shown(maya, "enquiries:ask", contact.reference)
    assert "Say why the agencies are asked" in post(maya, "enquiries:ask", contact.reference, **said).content.decode()
    assert not Check.objects.exists()
    post(maya, "enquiries:ask", contact.reference, **said, authorised_because=checking.BECAUSE)
    assert Check.objects.get().authorised_by == maya


def test_a_refused_check_and_a_closed_one_say_why(rosa: User, grace: User, omar: User) -> None:
    check = one_asked(rosa, omar, worker=grace)
    reference = check.contact.reference
    page = post(grace, "enquiries:close", reference, checks=[], because="The decision cannot wait").content.decode()
    assert "Choose at least one" in page
    assert "The decision cannot wait" in page
    answered(check, omar)
    page = post(grace, "enquiries:close", reference, checks=[str(check.pk)], because="x").content.decode()
    assert "Regional Police has answered in the meantime" in page
    other = one_asked(rosa, omar, worker=grace)
    done = post(grace, "enquiries:close", other.contact.reference, checks=[str(other.pk)], because="Cannot wait")
    assert done.status_code == 302
    page = words(shown(grace, "enquiries:contact", other.contact.reference))
    assert "1 check closed without an answer" in page
    assert "Cannot wait" in page


# The hub's list, and what the answers mean


def test_the_hub_sees_every_open_check_and_how_long_each_agency_takes(
    rosa: User, grace: User, maya: User, omar: User, nell: User
) -> None:
    assert "No agency check is open" in shown(maya, "enquiries:list")
    contact = build.claimed(rosa, worker=grace)
    police, health = asked(contact, omar, nell, by=grace)
    now = timezone.now()
    Check.objects.filter(pk=police.pk).update(requested_at=now - timedelta(hours=2), due_at=now + timedelta(hours=1))
    answered(police, omar)
    second = one_asked(rosa, omar, worker=grace)
    Check.objects.filter(pk=second.pk).update(requested_at=now - timedelta(hours=4), due_at=now - timedelta(hours=1))
    answered(second, omar)
    Check.objects.filter(pk=health.pk).update(due_at=now - timedelta(hours=1))
    page = shown(maya, "enquiries:list")
    assert "1 agency check open" in page
    said = words(page)
    assert "Regional Police 2 2 0 3 hours 3 hours 48 minutes 50% (1 of 2) 0 0" in said
    assert "Trent Vale Community Health 1 0 0 – – – 1 1" in said
    assert "1 agency check overdue" in shown(maya, "enquiries:list", show="late")
    assert "2 agency checks answered or closed" in shown(maya, "enquiries:list", show="answered")
    assert "0 agency checks open" in shown(maya, "enquiries:list", agency=str(omar.agency_id))
    assert "No check is of this kind" in shown(maya, "enquiries:list", show="mine")
    assert "1 agency check open on contacts that you hold" in shown(grace, "enquiries:list", show="mine")


def test_turnaround_leaves_out_what_is_old_and_what_never_reached_its_agency(
    rosa: User, grace: User, maya: User, omar: User, nell: User
) -> None:
    old = answered(one_asked(rosa, omar, worker=grace), omar)
    Check.objects.filter(pk=old.pk).update(requested_at=timezone.now() - timedelta(days=91))
    asked(build.claimed(rosa, worker=grace, agreed=False), nell, by=grace, legal_basis="public_task")
    assert "No agency has been asked in the last 90 days" in shown(maya, "enquiries:list")
    assert "1 agency check waiting for a manager" in shown(maya, "enquiries:list", show="authority")


def test_a_worker_writes_what_the_answers_mean_beside_them(rosa: User, grace: User, omar: User) -> None:
    check = answered(one_asked(rosa, omar, worker=grace), omar, may_share="no", share_with="She would suffer")
    contact = Contact.objects.get(pk=check.contact_id)
    page = words(shown(grace, "enquiries:synthesise", contact.reference))
    assert "May not be shared" in page
    stale = post(grace, "enquiries:synthesise", contact.reference, text="Quiet", version=contact.version - 1)
    page = stale.content.decode()
    assert "has changed since you opened the page" in page
    assert f'name="version" value="{contact.version}"' in page
    post(grace, "enquiries:synthesise", contact.reference, text="Quiet", version=contact.version)
    contact.refresh_from_db()
    post(grace, "enquiries:synthesise", contact.reference, text="Not quiet", version=contact.version)
    page = words(shown(grace, "enquiries:contact", contact.reference))
    assert page.index("Not quiet") < page.index("Earlier, by Grace Lin")
    assert "Quiet" in page


def test_who_takes_a_child_over_reads_only_what_an_agency_lets_be_passed_on(
    rosa: User, grace: User, maya: User, omar: User, nell: User
) -> None:
    dev = build.player("Dev")
    contact = build.assessed(rosa, worker=grace)
    police, health = asked(contact, omar, nell, by=grace)
    answered(police, omar, facts="CANARY-KEPT", may_share="no", share_with="CANARY-WHY")
    answered(health, nell, facts="May be told")
    contact.refresh_from_db()
    actions.synthesise(contact.reference, text="CANARY-TOGETHER", by=grace, version=contact.version)
    build.recommend(contact, Outcome.EARLY_HELP, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    page = shown(dev, "enquiries:contact", contact.reference)
    assert "May be told" in page
    assert "CANARY" not in page
    assert "CANARY-KEPT" in shown(grace, "enquiries:contact", contact.reference)


def test_whoever_writes_feedback_reads_what_agencies_keep_back(
    rosa: User, grace: User, maya: User, omar: User, nell: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    police, health = asked(contact, omar, nell, by=grace)
    answered(police, omar, may_share="no", share_with="She would suffer")
    answered(health, nell, facts="Nothing secret")
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    page = words(shown(grace, "feedback:give", contact.reference))
    assert "What agencies keep back Regional Police : It may not be shared" in page
    assert "She would suffer" in page
    assert "Trent Vale Community Health" not in page


def test_what_an_agency_writes_is_text_wherever_it_is_shown(rosa: User, grace: User, maya: User, omar: User) -> None:
    hostile = "<script>alert(1)</script>"
    contact = build.claimed(rosa, worker=grace, children=[{"given_names": hostile}])
    [check] = asked(contact, omar, by=grace, purpose=hostile)
    answered(check, omar, facts=hostile, may_share="some", share_with=hostile)
    answered(check, omar, facts=f"{hostile} again", may_share="some", share_with=hostile, seen=1)
    for page in (
        shown(grace, "enquiries:contact", contact.reference),
        shown(grace, "enquiries:synthesise", contact.reference),
        shown(maya, "enquiries:list", show="answered"),
        shown(omar, "enquiries:to_answer"),
        shown(omar, "enquiries:answer", check.pk),
    ):
        assert "alert(1)" in page
        assert hostile not in page


def test_the_page_of_a_contact_takes_as_many_queries_for_six_checks_as_for_one(
    rosa: User, grace: User, omar: User
) -> None:
    counts = []
    contact = build.claimed(rosa, worker=grace)
    for number in (1, 5):
        for one in range(number):
            agency = Agency.objects.create(name=f"Clinic {number} {one}", kind="health", source="3A")
            actions.ask(contact.reference, checking.request(contact, agency), by=grace)
        client = signed_in(grace)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("enquiries:contact", args=[contact.reference]))
        counts.append(len(found))
    assert counts[0] == counts[1] <= 16
    closed(list(Check.objects.all()), grace)
