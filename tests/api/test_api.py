"""Referrals through the API: taken as from the page, with its rules and its words, once, and by nobody else's key."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Addition, Contact, Draft, Feedback
from referrals.rules import marf
from referrals.vocabulary import Channel, Stage
from tests import build
from tests.api.calling import NOTIFICATION, REFERRAL, System, is_problem, nothing_written

pytestmark = pytest.mark.django_db


def test_a_school_sends_a_referral_and_is_told_both_due_times(school: System, rosa: User) -> None:
    answer = school.post("referrals", REFERRAL)
    contact = Contact.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "reference": contact.reference,
        "received_at": contact.received_at.isoformat(),
        "decision_due_at": contact.due_at.isoformat(),
        "one_working_day_due_at": contact.statutory_due_at.isoformat(),
    }
    assert (contact.channel, contact.agency, contact.source) == (Channel.API, rosa.agency, "2A")
    assert contact.marf.answers["about"]["name"] == "Rosa Bell"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_system_cannot_send_what_the_page_would_not_and_reads_the_same_words(school: System) -> None:
    wanting = REFERRAL | {"children": [{"given_names": "Ben"}], "agreement": {"given": False, "reason": "refused"}}
    problem = is_problem(school.post("referrals", wanting), 422)
    said = {(error["section"], error["field"]): (error["name"], error["sentence"]) for error in problem["errors"]}
    assert said["children", "family_name"] == ("family name", "Enter the family name of Ben, or “not known”")
    assert said["consent", "agreement"][0] == "agreement is required at level 3"
    assert "Your draft is kept" not in problem["detail"], "because none is"
    assert nothing_written()


def test_a_system_says_nothing_that_only_the_portal_or_the_police_say(school: System) -> None:
    school.post("referrals", REFERRAL | {"channel": "police_notification", "rag": "green", "received_at": "2020-01-01"})
    contact = Contact.objects.get()
    assert (contact.channel, contact.rag) == (Channel.API, "")
    assert timezone.now() - contact.received_at < timedelta(minutes=1)
    assert "2020-01-01" in contact.marf.answers["worry"]["other"], "and what it said is not lost"


def test_a_document_of_another_agency_is_not_sent_by_mistake(school: System) -> None:
    problem = is_problem(school.post("referrals", REFERRAL | {"agency": "Birch High"}), 422)
    assert problem["detail"] == "This key is Alder Primary’s. Leave the agency out, or send Alder Primary."
    assert nothing_written()
    assert school.post("referrals", REFERRAL | {"agency": "alder primary"}).status_code == 201


@pytest.mark.parametrize(
    ("raw", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff\xfe{}", {}, 400),
        (b"[1]", {}, 400),
        (b"null", {}, 400),
        (b'{"a": NaN}', {}, 400),
        (b'{"a": ' + b"9" * 5000 + b"}", {}, 400),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", {}, 400),
        (b'{"a": ' + b"[" * 30 + b"]" * 30 + b"}", {}, 400),
        (b'{"a": "' + b"x" * (2 * 1024 * 1024) + b'"}', {}, 413),
        (b'{"a": "' + b"x" * (4 * 1024 * 1024) + b'"}', {}, 413),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{}", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"{}", {"Idempotency-Key": ""}, 400),
        (b"{}", {"Idempotency-Key": "two words"}, 400),
        (b"{}", {"Idempotency-Key": "x" * 101}, 400),
        (b"{}", {}, 422),
        (b'{"by": {"a": 1}, "children": "x"}', {}, 422),
        (b'{"by": "a", "children": [1], "worry": 3}', {}, 422),
        (b'{"by": "R", "children": [{"date_of_birth": "2019-13-45"}]}', {}, 422),
    ],
)
def test_what_is_malformed_is_answered_with_a_problem_and_nothing_is_written(
    school: System, raw: bytes, headers: dict[str, str], status: int
) -> None:
    is_problem(school.post("referrals", None, raw=raw, **headers), status)
    assert nothing_written()


def test_nul_and_half_characters_are_left_out_and_the_referral_is_taken(school: System) -> None:
    odd = REFERRAL | {"worry": "Hungry\x00 most\ud800 mornings.", "odd\x00key": ["\x00", {"\ud800": "\x00"}]}
    assert school.post("referrals", odd).status_code == 201
    assert Contact.objects.get().marf.answers["worry"]["worry"] == "Hungry most mornings."


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(school: System) -> None:
    first, again = school.post("referrals", REFERRAL, number="n-1"), school.post("referrals", REFERRAL, number="n-1")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Contact.objects.count() == 1
    other = is_problem(school.post("referrals", REFERRAL | {"worry": "Else."}, number="n-1"), 409)
    assert other["detail"] == "This Idempotency-Key has been used for another request. Use a new one."
    assert Contact.objects.count() == 1


def test_a_refusal_is_repeated_too_and_a_key_of_another_system_is_its_own(school: System, tom: User) -> None:
    first, again = school.post("referrals", {}, number="n-2"), school.post("referrals", {}, number="n-2")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert System(tom).post("referrals", REFERRAL, number="n-2").status_code == 201


def test_a_system_follows_its_agencys_referral_in_plain_words(school: System, rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    state = school.get(f"referrals/{contact.reference}").json()
    assert (state["state"], state["state_in_words"]) == ("in_hand", "Being looked at by a social worker")
    assert state["decision_due_at"] == contact.due_at.isoformat()
    assert Event.objects.filter(verb="viewed:follow", reference=contact.reference).exists()


def test_a_system_adds_information_once(school: System, rosa: User) -> None:
    contact = build.received(rosa)
    path = f"referrals/{contact.reference}/additions"
    for _ in range(2):
        assert school.post(path, {"text": "Absent again today."}, number="a-1").status_code == 201
    assert Addition.objects.get().text == "Absent again today."
    problem = is_problem(school.post(path, {"text": " \x00 "}), 422)
    assert problem["errors"][0]["sentence"] == "Write what you want to add."
    is_problem(school.post(path, {"text": ["x"]}), 422)
    is_problem(school.post(path, {"text": "x" * 10_001}), 422)
    assert Addition.objects.count() == 1


def test_a_system_reads_the_feedback_and_that_is_recorded(school: System, rosa: User, grace: User, maya: User) -> None:
    waiting = build.received(rosa)
    assert school.get(f"referrals/{waiting.reference}/feedback").json() == {
        "reference": waiting.reference,
        "ready": False,
        "feedback": None,
    }
    told = build.told(rosa, worker=grace, manager=maya)
    given = school.get(f"referrals/{told.reference}/feedback").json()["feedback"]
    assert given["reason"] == "The assessment team will visit the family."
    assert given["children"] == [{"name": "Noor Aziz", "level": 3, "outcomes": ["Assessment (section 17)"]}]
    assert Feedback.objects.get().opened_by == school.token.acts_as


def test_a_stranger_gets_the_same_bytes_for_rosas_referral_as_for_none(rosa: User, tom: User) -> None:
    hers, system = build.received(rosa).reference, System(tom)
    answers: list[Any] = []
    for path in ("referrals/{}", "referrals/{}/feedback"):
        answers = [system.get(path.format(one)) for one in (hers, "ZZZZ-ZZZZ", "nonsense", "%00")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    sent = [system.post(f"referrals/{one}/additions", {"text": "x"}) for one in (hers, "ZZZZ-ZZZZ", "x")]
    assert {(answer.status_code, answer.content) for answer in sent} == {(404, answers[0].content)}
    assert Addition.objects.count() == 0


def test_a_force_sends_a_list_and_is_told_what_became_of_each(force: System) -> None:
    wrong = NOTIFICATION | {"police_reference": "PN/2", "rag": "purple"}
    sent = {"notifications": [NOTIFICATION, wrong, NOTIFICATION, 7]}
    answer = force.post("police-notifications", sent)
    body = answer.json()
    contact = Contact.objects.get()
    assert answer.status_code == 200
    assert (body["received"], body["same"], body["refused"]) == (1, 1, 2)
    assert [one["result"] for one in body["results"]] == ["received", "refused", "same", "refused"]
    assert body["results"][0]["reference"] == body["results"][2]["reference"] == contact.reference
    assert body["results"][1]["errors"][0]["sentence"] == "rag must be red, amber or green, and is “purple”."
    assert (contact.channel, contact.external_reference) == (Channel.POLICE, "PN/26/118377")
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("sent", [{}, {"notifications": []}, {"notifications": {}}, {"notifications": [{}] * 501}])
def test_what_is_no_list_of_notifications_is_refused_as_a_whole(force: System, sent: dict[str, Any]) -> None:
    is_problem(force.post("police-notifications", sent), 422)
    assert nothing_written()


def test_every_code_of_the_form_is_there_with_its_label(school: System) -> None:
    codes = school.get("codes").json()
    assert {"code": "2A", "label": "Education: school"}["code"] in {one["code"] for one in codes["sources"]}
    assert {"code", "label", "level", "alerts"} == set(codes["indicators"][0])
    assert len(codes["indicators"]) > 100


def test_other_methods_and_other_addresses_are_problems_too(school: System) -> None:
    assert is_problem(school.get("referrals"), 405)["detail"] == "Here you can POST."
    is_problem(school.get("nothing/here"), 404)
    is_problem(school.get(""), 404)
    is_problem(school.post("nothing", {}), 404)


def test_the_description_is_openapi_3_1_for_everybody_and_loads_nothing_from_elsewhere() -> None:
    answer = Client().get("/api/v1/openapi.json")
    found = json.loads(answer.content)
    assert found["openapi"] == "3.1.0"
    assert len(found["paths"]) == 6
    assert Client().get("/api/v1/docs").status_code == 401
    problem = found["paths"]["/api/v1/referrals"]["post"]["responses"]["422"]["content"]
    assert list(problem) == ["application/problem+json"]


def test_a_referral_of_the_api_can_be_worked_on_like_any_other(school: System, grace: User, maya: User) -> None:
    reference = school.post("referrals", REFERRAL).json()["reference"]
    contact = Contact.objects.get(reference=reference)
    assert contact.as_stage is Stage.RECEIVED
    assert marf.gaps(contact.marf.answers, today=timezone.localdate()) == []


def test_a_fault_of_ours_is_a_problem_and_nothing_half_done_is_left(
    school: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("referrals.intake.records.write", breaks)
    is_problem(school.post("referrals", REFERRAL, number="f-1"), 500)
    assert nothing_written()
    monkeypatch.undo()
    assert school.post("referrals", REFERRAL, number="f-1").status_code == 201, "and a repeat is taken"
