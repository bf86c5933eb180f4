"""Drafting and sending: nothing typed is lost, nothing is sent twice."""

import threading
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.intake import actions, documents
from referrals.intake.batch import Loader
from referrals.models import Child, Contact, Draft, Marf, Notice, Person
from referrals.refusals import NotReady, Refused, Stale
from tests import build

CASES = {
    case["id"]: case
    for case in yaml.load(Path("referrals/demo/referrals.yaml").read_text(encoding="utf-8"), Loader)  # noqa: S506
}


def answers_of(case: str) -> dict[str, Any]:
    return deepcopy(documents.read(CASES[case]).answers)


def draft_by(person: User, case: str = "hungry-and-late", **changes: Any) -> Draft:
    return actions.start_draft(by=person, answers=answers_of(case) | changes)


def said(draft: Draft) -> dict[str, Any]:
    draft.refresh_from_db()
    return dict(draft.answers)


# Drafting


def test_a_referrer_can_save_a_section_as_typed(rosa: User) -> None:
    draft = actions.start_draft(by=rosa)
    actions.save_section(draft.key, "tried", {"on": {"day": "31", "month": "2", "year": "x"}}, by=rosa, completed=False)
    assert said(draft)["tried"] == {"on": {"day": "31", "month": "2", "year": "x"}}
    assert draft.completed == []
    actions.save_section(draft.key, "tried", {"number": "E1"}, by=rosa, completed=True)
    assert said(draft)["tried"]["on"] == {"day": "31", "month": "2", "year": "x"}
    assert draft.completed == ["tried"]


def test_two_colleagues_on_two_sections_lose_nothing(rosa: User) -> None:
    colleague = User.objects.create_user("c@alder.example", full_name="Cy Lee", agency=rosa.agency, role="referrer")
    draft = actions.start_draft(by=rosa)
    actions.save_section(draft.key, "about", {"name": "Rosa Bell"}, by=rosa, version=0)
    actions.save_section(draft.key, "worry", {"worry": "Hungry"}, by=colleague, version=0)
    assert (said(draft)["about"]["name"], said(draft)["worry"]["worry"]) == ("Rosa Bell", "Hungry")
    assert draft.updated_by == colleague


def test_a_referrer_cannot_overwrite_what_a_colleague_saved_since(rosa: User) -> None:
    colleague = User.objects.create_user("c@alder.example", full_name="Cy Lee", agency=rosa.agency, role="referrer")
    draft = actions.start_draft(by=rosa)
    actions.save_section(draft.key, "worry", {"worry": "Hungry"}, by=colleague, version=0)
    with pytest.raises(Stale, match="Cy Lee saved this page at"):
        actions.save_section(draft.key, "worry", {"worry": "Tired"}, by=rosa, version=0)
    assert said(draft)["worry"] == {"worry": "Hungry"}
    actions.save_section(draft.key, "worry", {"worry": "Hungry"}, by=rosa, version=0)
    version = actions.version_of(Draft.objects.get(key=draft.key), "worry", "")
    actions.save_section(draft.key, "worry", {"worry": "Tired"}, by=rosa, version=version)
    assert said(draft)["worry"] == {"worry": "Tired"}


def test_a_referrer_can_add_change_and_remove_people(rosa: User) -> None:
    draft = actions.start_draft(by=rosa)
    leo, ava = actions.new_key(), actions.new_key()
    for _double_click in range(2):
        actions.save_person(draft.key, "children", leo, {"given_names": "Leo"}, by=rosa, version=0, add=True)
    actions.save_person(draft.key, "children", ava, {"given_names": "Ava"}, by=rosa, add=True)
    actions.save_person(draft.key, "children", leo, {"given_names": "Leonard"}, by=rosa)
    actions.save_person(draft.key, "adults", "a1", {"relationship": {leo: "mother", ava: "aunt"}}, by=rosa, add=True)
    assert [child["given_names"] for child in said(draft)["children"]] == ["Leonard", "Ava"]
    actions.remove_person(draft.key, "children", leo, by=rosa)
    actions.remove_person(draft.key, "children", leo, by=rosa)
    assert [child["key"] for child in said(draft)["children"]] == [ava]
    assert said(draft)["adults"][0]["relationship"] == {ava: "aunt"}
    with pytest.raises(Refused, match="removed this entry"):
        actions.save_person(draft.key, "children", leo, {"given_names": "Leo"}, by=rosa)
    assert len(said(draft)["children"]) == 1


def test_a_stranger_cannot_touch_a_draft(rosa: User, tom: User) -> None:
    draft = draft_by(rosa)
    before = deepcopy(said(draft))
    for act in (
        lambda: actions.save_section(draft.key, "worry", {"worry": "x"}, by=tom),
        lambda: actions.save_person(draft.key, "children", "c9", {}, by=tom, add=True),
        lambda: actions.remove_person(draft.key, "children", "c1", by=tom),
        lambda: actions.complete_section(draft.key, "children", by=tom, completed=True),
        lambda: actions.delete_draft(draft.key, by=tom),
        lambda: actions.submit(draft.key, by=tom),
    ):
        with pytest.raises(Http404):
            act()
    assert said(draft) == before
    assert not Contact.objects.exists()


def test_a_referrer_can_delete_a_draft_and_the_trail_says_so(rosa: User) -> None:
    draft = draft_by(rosa)
    actions.delete_draft(draft.key, by=rosa)
    assert not Draft.objects.exists()
    assert Event.objects.filter(verb="draft:delete", by=rosa, details={"draft": str(draft.key)}).exists()


def test_a_person_without_an_agency_cannot_start(rosa: User) -> None:
    rosa.agency = None
    with pytest.raises(Refused, match="no agency"):
        actions.start_draft(by=rosa)
    assert not Draft.objects.exists()


# Sending


def test_a_referrer_can_send_a_form_and_it_is_kept_as_sent(rosa: User) -> None:
    draft = draft_by(rosa)
    answers = {name: value for name, value in said(draft).items() if name != actions.SAVES}
    contact = actions.submit(draft.key, by=rosa)
    marf = Marf.objects.get(contact=contact)
    assert marf.answers == answers
    assert (marf.form_version, marf.declared_by, marf.matrix.status) == ("2026.2", rosa, "published")
    assert "I declare" in marf.declaration
    assert [(child.name, child.date_of_birth, child.in_scope) for child in contact.children.all()] == [
        ("Maisie Doyle", date(2018, 2, 21), True),
        ("Callum Doyle", date(2020, 8, 9), True),
    ]
    [adult] = contact.adults.all()
    assert [(tie.child.given_names, tie.relationship) for tie in adult.relationships.order_by("id")] == [
        ("Maisie", "mother"),
        ("Callum", "mother"),
    ]
    assert (contact.consent.agreement_given, contact.consent.agreement_by) == (True, "Siobhan Doyle")
    assert not Draft.objects.exists()
    assert Notice.objects.get(reference=contact.reference).to == rosa


def test_a_referrer_cannot_send_a_form_that_is_not_ready(rosa: User) -> None:
    draft = draft_by(rosa, worry={})
    with pytest.raises(NotReady) as refusal:
        actions.submit(draft.key, by=rosa)
    assert [getattr(gap, "field", None) for gap in refusal.value.gaps] == ["worry"]
    assert not Contact.objects.exists()
    assert not Person.objects.exists()
    assert Draft.objects.filter(key=draft.key).exists()
    actions.save_section(draft.key, "worry", {"worry": "Hungry"}, by=rosa)
    assert actions.submit(draft.key, by=rosa).reference


def test_a_form_sent_again_is_the_same_contact(rosa: User, tom: User) -> None:
    draft = draft_by(rosa)
    first = actions.submit(draft.key, by=rosa)
    assert actions.submit(draft.key, by=rosa) == first
    with pytest.raises(Http404):
        actions.submit(draft.key, by=tom)
    assert Contact.objects.count() == 1


def test_another_agency_cannot_take_a_police_reference(omar: User, rosa: User) -> None:
    actions.submit(draft_by(omar, "knife-in-bag").key, by=omar)
    theirs = draft_by(rosa, "knife-in-bag")
    with pytest.raises(Refused, match="Another agency"):
        actions.submit(theirs.key, by=rosa)
    assert Contact.objects.count() == 1
    assert Draft.objects.filter(key=theirs.key).exists()


def test_a_child_not_known_by_name_is_not_called_not_known(rosa: User) -> None:
    answers = answers_of("hungry-and-late")
    answers["children"][0] |= {"family_name": "Not known", "postcode": "somewhere", "nhs_number": "12"}
    contact = actions.submit(actions.start_draft(by=rosa, answers=answers).key, by=rosa)
    child = contact.children.first()
    assert child is not None
    assert (child.family_name, child.postcode, child.nhs_number) == ("", "", "")
    assert contact.marf.answers["children"][0]["nhs_number"] == "12"


def test_twins_are_two_people_and_stay_themselves(rosa: User) -> None:
    answers = answers_of("hungry-and-late")
    twins = [
        answers["children"][0] | {"key": key, "given_names": name, "upn": ""}
        for key, name in (("x", "Lily"), ("y", "Lilly"))
    ]
    answers |= {"children": twins, "adults": []}
    first = actions.submit(actions.start_draft(by=rosa, answers=answers).key, by=rosa)
    again = actions.submit(actions.start_draft(by=rosa, answers=answers).key, by=rosa)
    people = [child.person_id for child in first.children.all()]
    assert len(set(people)) == 2
    assert [child.person_id for child in again.children.all()] == people


def test_a_child_is_known_again_by_nhs_number(rosa: User) -> None:
    answers = answers_of("hungry-and-late")
    answers["children"][0]["nhs_number"] = "943 476 5919"
    first = actions.submit(actions.start_draft(by=rosa, answers=answers).key, by=rosa)
    answers["children"][0] |= {"given_names": "May", "date_of_birth": "", "estimated_age": "8"}
    again = actions.submit(actions.start_draft(by=rosa, answers=answers).key, by=rosa)
    assert first.children.all()[0].person == again.children.all()[0].person


def test_sending_takes_as_many_queries_for_six_children_as_for_two(rosa: User) -> None:
    counts: list[int] = []
    asked: list[str] = []
    for number in (2, 6):
        answers = answers_of("hungry-and-late")
        one = answers["children"][0] | {"family_name": "Khan" if number == 2 else "Price"}
        one |= {"nhs_number": "", "upn": "", "date_of_birth": f"201{number}-0{number}-14"}
        answers["children"] = [
            one | {"key": f"c{n}", "given_names": f"Child {chr(65 + n)}"} for n in range(1, number + 1)
        ]
        draft = actions.start_draft(by=rosa, answers=answers)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            actions.submit(draft.key, by=rosa)
        asked = [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 25, "\n".join(asked)


def test_eight_at_once_send_one_form_once(committed: str) -> None:
    rosa = build.player("Rosa")
    key = draft_by(rosa).key
    references: list[str] = []
    start = threading.Barrier(8)

    def send() -> None:
        try:
            start.wait(10)
            references.append(actions.submit(key, by=rosa).reference)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(references) == 8
    assert len(set(references)) == 1
    assert (Contact.objects.count(), Child.objects.count(), Marf.objects.count()) == (1, 2, 1)


def test_one_police_reference_on_eight_forms_at_once_is_one_contact(committed: str) -> None:
    omar = build.player("Omar")
    keys = [draft_by(omar, "knife-in-bag").key for _ in range(8)]
    references: list[str] = []
    start = threading.Barrier(8)

    def send(key: Any) -> None:
        try:
            start.wait(10)
            references.append(actions.submit(key, by=omar).reference)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(references) == 8
    assert len(set(references)) == 1
    assert Contact.objects.count() == 1
    assert not Draft.objects.exists()
