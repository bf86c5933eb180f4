"""The first look at a contact, through the action that its page calls."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Adult, Contact, EmergencyAct, FirstLook, Marf, Person
from referrals.refusals import NotYours, Refused, Stale
from referrals.restricted import actions as restricting
from referrals.rules import priority
from referrals.rules.first_look import Look
from referrals.rules.marf import DECLARATION
from referrals.triage import actions, proposing
from referrals.triage.family import Family
from referrals.vocabulary import Rag, Verb
from tests import build
from tests.actions.test_triage import state
from tests.pages.casework import HARM, LATE, believed
from thresholds.models import Matrix

pytestmark = pytest.mark.django_db

LOOK = Look(history_read=True, in_danger_now=False, open_elsewhere=False, is_ours=True, rag=Rag.GREEN)


def ready(rosa: User, grace: User, **facts: Any) -> Contact:
    """In Grace's hands with evidence at level 3 and nothing serious: proposed green."""
    contact = build.claimed(rosa, worker=grace, **facts)
    believed(contact, LATE)
    return contact


def taken(contact: Contact, look: Look, by: User) -> FirstLook:
    contact.refresh_from_db()
    return actions.first_look(contact.reference, look, by=by, version=contact.version)


def proposed(contact: Contact, by: User) -> priority.Proposal:
    return priority.propose(proposing.facts_of(contact, by, now=timezone.now()))


def test_the_holder_keeps_a_first_look_and_the_priority_follows_with_its_due_time(rosa: User, grace: User) -> None:
    contact = ready(rosa, grace)
    danger = replace(LOOK, in_danger_now=True, done_about_danger="Police called, reference 12", rag=Rag.RED)
    kept = taken(contact, danger, grace)
    contact.refresh_from_db()
    assert (kept.in_danger_now, kept.done_about_danger, kept.proposed) == (True, "Police called, reference 12", "red")
    assert kept.because == ["Somebody is in immediate danger."]
    [rating] = contact.ratings.all()
    assert (contact.rag, rating.reason) == ("red", "As the rules propose. Somebody is in immediate danger.")
    assert rating.due_after == contact.due_at < rating.due_before
    assert [step.verb for step in contact.steps.all()][:2] == [Verb.RATE, Verb.FIRST_LOOK]


def test_a_later_first_look_does_not_overwrite_the_earlier(rosa: User, grace: User) -> None:
    contact = ready(rosa, grace)
    taken(contact, replace(LOOK, open_elsewhere=True, open_with="Early help, Dev Patel"), grace)
    taken(contact, LOOK, grace)
    assert [one.open_with for one in contact.first_looks.all()] == ["", "Early help, Dev Patel"]
    assert contact.ratings.count() == 1, "the priority did not change, so nothing says that it did"


def test_what_a_no_leaves_nothing_to_say_to_is_not_kept(rosa: User, grace: User) -> None:
    kept = taken(ready(rosa, grace), replace(LOOK, done_about_danger="x", open_with="y", whose="z"), grace)
    assert (kept.done_about_danger, kept.open_with, kept.whose) == ("", "", "")


def test_another_priority_than_proposed_needs_its_reason_and_nothing_is_written_without(
    rosa: User, grace: User
) -> None:
    contact = ready(rosa, grace)
    before = (*state(contact), FirstLook.objects.count())
    with pytest.raises(Refused, match=r"The rules propose green\. Say why you judge it to be amber"):
        taken(contact, replace(LOOK, rag=Rag.AMBER), grace)
    assert (*state(contact), FirstLook.objects.count()) == before
    taken(contact, replace(LOOK, rag=Rag.AMBER, reason="Mother rang in tears"), grace)
    assert contact.ratings.get().reason == "Mother rang in tears"


def test_a_priority_that_stays_against_the_proposal_keeps_its_reason_in_the_timeline(rosa: User, grace: User) -> None:
    contact = build.rated(ready(rosa, grace), Rag.AMBER, by=grace)
    taken(contact, replace(LOOK, rag=Rag.AMBER, reason="Still not seen"), grace)
    assert contact.ratings.count() == 1
    assert "The priority stays amber: Still not seen" in contact.steps.get(verb=Verb.FIRST_LOOK).reason


def test_nobody_looks_first_without_holding_it_on_an_old_page_after_the_decision_or_from_outside(
    rosa: User, grace: User, maya: User, sam: User, tom: User
) -> None:
    contact = ready(rosa, grace)
    before = (*state(contact), FirstLook.objects.count())
    for who, version, refusal in (
        (maya, contact.version, NotYours),
        (sam, contact.version, NotYours),
        (rosa, contact.version, NotYours),
        (tom, contact.version, Http404),
        (grace, contact.version - 1, Stale),
    ):
        with pytest.raises(refusal):
            actions.first_look(contact.reference, LOOK, by=who, version=version)
    assert (*state(contact), FirstLook.objects.count()) == before
    assert taken(contact, LOOK, grace).by == grace
    waiting = build.recommended(rosa, worker=grace)
    with pytest.raises(Refused, match="Waiting for sign-off"):
        taken(waiting, LOOK, grace)
    assert waiting.first_looks.count() == 0


def test_the_proposal_reads_the_form_the_history_and_what_was_done_at_once(rosa: User, grace: User) -> None:
    child = [{"given_names": "Noor", "person": Person.objects.create()}]
    now = timezone.now()
    for days in (200, 100):
        build.received(rosa, at=now - build.hours(24 * days), children=child)
    contact = ready(rosa, grace, children=child, agreed=False)
    Marf.objects.create(
        contact=contact,
        answers={"worry": {"injuries": "Bruise on the cheek, 2 cm", "factors": ["18C", "16A"]}},
        form_version="2026.1",
        matrix=Matrix.objects.current(),
        declaration=DECLARATION,
        declared_by=rosa,
        declared_at=now,
    )
    proposal = proposed(contact, grace)
    assert proposal.rag is Rag.AMBER
    assert proposal.because == (
        "The referral form describes injuries.",
        "The referral form ticks “Physical abuse: adult on child”.",
        "The family has not agreed to support, so nothing is in place while it waits.",
        "This is contact number 3 about Noor within 12 months.",
    )
    EmergencyAct.objects.create(contact=contact, danger="x", done="y", told="z", by=grace, at=now)
    assert proposed(contact, grace).rag is Rag.RED


@pytest.mark.parametrize("words", ["None", "no injuries.", " ", "Not known"])
def test_no_injury_by_any_name_is_no_reason(rosa: User, grace: User, words: str) -> None:
    contact = ready(rosa, grace)
    Marf.objects.create(
        contact=contact,
        answers={"worry": {"injuries": words, "factors": "18C"}},
        form_version="2026.1",
        matrix=Matrix.objects.current(),
        declaration=DECLARATION,
        declared_by=rosa,
        declared_at=contact.received_at,
    )
    assert proposed(contact, grace).rag is Rag.GREEN


def test_the_hubs_own_assessment_takes_the_place_of_the_referrers_evidence(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    assert "Nothing has been evidenced" in proposed(contact, grace).because[0]
    believed(contact, HARM, level=4)
    assert proposed(contact, grace).because == ("The referrer’s evidence reaches level 4 of the matrix.",)
    actions.assess(
        contact.reference,
        build.view_of(2, [HARM], "A birth mark, seen by a paediatrician", finding="refuted"),
        by=grace,
        version=contact.version,
    )
    assert proposed(contact, grace).rag is Rag.GREEN


def test_a_baby_whose_age_is_only_estimated_counts_as_under_one(rosa: User, grace: User) -> None:
    contact = ready(rosa, grace, children=[{"given_names": "Sami", "date_of_birth": None, "estimated_age": 0}])
    assert proposed(contact, grace).because == ("Sami is said to be under one year old.",)


def family_with_a_past(rosa: User) -> dict[str, Contact]:
    """Noor alone, then with Sami, then Sami alone; Dean was named twice, once with strangers, once by half his name."""
    noor, sami, other = (Person.objects.create() for _ in range(3))
    now = timezone.now()
    contacts = {
        name: build.received(rosa, at=now - build.hours(24 * days), children=children)
        for name, days, children in (
            ("alone", 400, [{"given_names": "Noor", "person": noor}]),
            ("both", 300, [{"given_names": "Noor", "person": noor}, {"given_names": "Sami", "person": sami}]),
            ("sibling", 200, [{"given_names": "Sami", "person": sami}]),
            ("strangers", 100, [{"given_names": "Kit", "person": other}]),
            ("now", 0, [{"given_names": "Noor", "person": noor}]),
        )
    }
    dean = {"given_names": "Dean", "family_name": "Aziz", "date_of_birth": date(1990, 2, 1)}
    Adult.objects.create(contact=contacts["now"], **dean)
    Adult.objects.create(contact=contacts["strangers"], **{**dean, "family_name": "AZIZ"})
    Adult.objects.create(contact=contacts["both"], **dean)
    Adult.objects.create(contact=contacts["sibling"], **{**dean, "date_of_birth": date(1990, 2, 2)})
    Adult.objects.create(contact=contacts["sibling"], **{**dean, "given_names": "Deana"})
    return contacts


def test_the_history_has_children_brothers_and_sisters_and_adults_by_name_and_birth(rosa: User, grace: User) -> None:
    contacts = family_with_a_past(rosa)
    known = Family.of(contacts["now"], grace)

    def found(rows: Any) -> list[str]:
        names = {contact.pk: name for name, contact in contacts.items()}
        return [names[row.contact_id] for row in rows]

    [own] = known.children.values()
    [siblings] = known.siblings.values()
    [adults] = known.adults.values()
    assert found(own) == ["both", "alone"]
    assert found(siblings) == ["sibling", "both"]
    assert found(adults) == ["strangers", "both"]


def test_nobody_sees_more_history_than_the_contacts_that_they_may_open(
    rosa: User, grace: User, helen: User, dev: User, tom: User
) -> None:
    contacts = family_with_a_past(rosa)
    for who in (dev, tom):
        known = Family.of(contacts["now"], who)
        assert (dict(known.children), dict(known.siblings)) == ({}, {})
        assert [list(rows) for rows in known.adults.values()] == [[]]
    hidden = contacts["both"]
    restricting.restrict(hidden.reference, reason="Staff", people=[helen], by=helen, version=hidden.version)
    named, other = Family.of(contacts["now"], helen), Family.of(contacts["now"], grace)
    assert hidden in [row.contact for rows in named.children.values() for row in rows]
    assert len(named.siblings) == 1
    assert hidden not in [row.contact for rows in (*other.children.values(), *other.siblings.values()) for row in rows]
    assert hidden not in [row.contact for rows in other.adults.values() for row in rows]
    assert other.siblings == {}, "that they are known together is in the restricted record alone"


def test_a_restricted_record_is_in_no_reason_that_others_will_read(rosa: User, helen: User, grace: User) -> None:
    child = [{"given_names": "Noor", "person": Person.objects.create()}]
    now = timezone.now()
    earlier = [build.received(rosa, at=now - build.hours(24 * days), children=child) for days in (20, 10)]
    contact = ready(rosa, grace, children=child)
    assert "contact number 3" in proposed(contact, helen).because[0]
    restricting.restrict(earlier[0].reference, reason="Staff", people=[helen], by=helen, version=earlier[0].version)
    for who in (helen, grace):
        assert proposed(contact, who).rag is Rag.GREEN


def test_an_adult_without_a_birth_date_cannot_be_looked_up(rosa: User, grace: User) -> None:
    contacts = family_with_a_past(rosa)
    Adult.objects.update(date_of_birth=None)
    assert Family.of(contacts["now"], grace).adults == {}
