"""Deliveries to the case management system: at least once, signed, or visibly failed. Against a real server."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.handover import actions, delivering, export
from referrals.models import Adult, Contact, Delivery, Relationship, Restriction
from referrals.vocabulary import Outcome
from tests import build, casesystem
from tests.casesystem import CaseSystem
from tests.pages.casework import believed

pytestmark = pytest.mark.django_db

SCHEMA = json.loads(Path("docs/case-export.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def system(settings: Settings) -> Iterator[CaseSystem]:
    with casesystem.running() as found:
        settings.CASE_SYSTEM_URL, settings.CASE_SYSTEM_SECRET = found.url, casesystem.SECRET
        yield found


@pytest.fixture
def decided(system: CaseSystem, rosa: User, grace: User, maya: User) -> Contact:
    return build.decided(rosa, worker=grace, manager=maya)


def the_delivery() -> Delivery:
    return Delivery.objects.get()


def due_again() -> None:
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def faults(document: object) -> list[str]:
    return [error.message for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(document)]


def test_a_decision_that_is_signed_off_is_delivered_once_signed_and_as_its_schema_says(
    system: CaseSystem, decided: Contact
) -> None:
    delivery = the_delivery()
    assert (delivery.contact, delivery.key) == (decided, f"decision:{decided.decisions.get().pk}")
    assert delivering.deliver_waiting().sent == 1
    assert delivering.deliver_waiting().sent == 0
    [came] = system.came
    assert came.path == "/contacts/"
    assert came.is_from_the_portal()
    assert came.delivery == came.document["delivery"] == delivery.key
    assert faults(came.document) == []
    assert came.document["reference"] == decided.reference
    delivery.refresh_from_db()
    assert delivery.sent_at is not None
    assert delivery.leased_until is None
    assert Event.objects.filter(verb="delivered", reference=decided.reference).count() == 1


def test_what_is_forged_changed_or_old_is_known_for_it(system: CaseSystem, decided: Contact) -> None:
    delivering.deliver_waiting()
    [came] = system.came
    assert came.is_from_the_portal()
    assert not came.is_from_the_portal(now=int(came.headers["X-Portal-Timestamp"]) + 301)
    came.body = came.body.replace(b"Noor", b"Nora")
    assert not came.is_from_the_portal()


def test_nothing_waits_and_nothing_is_sent_where_there_is_no_case_system(
    rosa: User, grace: User, maya: User, settings: Settings
) -> None:
    settings.CASE_SYSTEM_URL = ""
    build.decided(rosa, worker=grace, manager=maya)
    assert not Delivery.objects.exists()
    assert delivering.deliver_waiting() == delivering.DeliveryResult()


def test_a_sign_off_that_is_refused_leaves_no_delivery(system: CaseSystem, rosa: User, grace: User, maya: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    with pytest.raises(Exception, match="changed since"):
        decisions.sign_off(contact.reference, by=maya, version=contact.version - 1)
    assert not Delivery.objects.exists()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("answer", "error"), [(500, "HTTP 500"), (404, "HTTP 404"), (429, "HTTP 429"), ("redirect", "HTTP 302")]
)
def test_what_the_system_does_not_take_is_sent_again_later_under_the_same_name(
    answer: int | str, error: str, system: CaseSystem, decided: Contact
) -> None:
    system.behave = [answer, 200]
    assert delivering.deliver_waiting() == delivering.DeliveryResult(sent=0, failed=1)
    delivery = the_delivery()
    assert (delivery.attempts, delivery.last_error, delivery.sent_at) == (1, error, None)
    assert delivery.next_attempt_at > timezone.now() + timedelta(seconds=20)
    assert delivering.deliver_waiting() == delivering.DeliveryResult()
    due_again()
    assert delivering.deliver_waiting().sent == 1
    first, second = system.came
    assert first.delivery == second.delivery
    assert {came.path for came in system.came} == {"/contacts/"}, "a redirect is not followed"
    assert second.is_from_the_portal()


def test_a_system_that_takes_it_and_drops_the_line_is_sent_it_again_under_the_same_name(
    system: CaseSystem, decided: Contact
) -> None:
    system.behave = ["drop", 200]
    assert delivering.deliver_waiting().failed == 1
    assert the_delivery().last_error == "RemoteDisconnected"
    due_again()
    assert delivering.deliver_waiting().sent == 1
    assert len({came.delivery for came in system.came}) == 1
    assert len(system.came) == 2


def test_a_system_that_does_not_answer_in_time_is_let_go_and_asked_again(
    system: CaseSystem, decided: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "SEND_SECONDS", 0.3)
    system.behave, system.slow_seconds = ["slow", 200], 1.0
    assert delivering.deliver_waiting().failed == 1
    assert the_delivery().last_error == "TimeoutError"
    due_again()
    assert delivering.deliver_waiting().sent == 1


def test_a_system_that_is_not_there_is_given_up_visibly_after_the_last_attempt_and_can_be_tried_again(
    system: CaseSystem, decided: Contact, settings: Settings
) -> None:
    settings.CASE_SYSTEM_URL = "http://127.0.0.1:9/"
    for _ in range(len(delivering.BACKOFF) + 1):
        assert not Delivery.objects.failed().exists()
        due_again()
        assert delivering.deliver_waiting().failed == 1
    assert Delivery.objects.failed().get().last_error == "ConnectionRefusedError"
    due_again()
    assert delivering.deliver_waiting() == delivering.DeliveryResult()


def test_nothing_is_sent_unencrypted_or_unsigned_outside_a_demonstration(
    system: CaseSystem, decided: Contact, settings: Settings
) -> None:
    settings.PORTAL_DEMO = False
    assert delivering.deliver_waiting().failed == 1
    assert the_delivery().last_error == "NotEncrypted"
    settings.PORTAL_DEMO, settings.CASE_SYSTEM_SECRET = True, ""
    due_again()
    assert delivering.deliver_waiting().failed == 1
    assert the_delivery().last_error == "NoSecret"
    assert system.came == []
    settings.CASE_SYSTEM_SECRET = casesystem.SECRET
    due_again()
    assert delivering.deliver_waiting().sent == 1


def test_a_system_with_a_certificate_that_nobody_signed_is_sent_nothing(
    system: CaseSystem, decided: Contact, settings: Settings
) -> None:
    settings.CASE_SYSTEM_URL = system.url.replace("http://", "https://")
    assert delivering.deliver_waiting().failed == 1
    assert the_delivery().last_error.startswith("SSL")
    assert system.came == []


def test_who_dies_while_sending_lets_another_send_it_when_the_lease_has_run_out(
    system: CaseSystem, decided: Contact
) -> None:
    Delivery.objects.update(leased_until=timezone.now() + timedelta(seconds=30))
    assert delivering.deliver_waiting() == delivering.DeliveryResult()
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert delivering.deliver_waiting().sent == 1


def test_one_that_is_not_taken_holds_up_no_other(
    system: CaseSystem, decided: Contact, rosa: User, grace: User, maya: User
) -> None:
    another = build.decided(rosa, worker=grace, manager=maya)
    Delivery.objects.update(next_attempt_at=decided.received_at)  # whatever the clocks of the two servers say
    system.behave = [500, 200]
    assert delivering.deliver_waiting() == delivering.DeliveryResult(sent=1, failed=1)
    assert [came.document["reference"] for came in system.came] == [decided.reference, another.reference]


def test_a_restricted_record_waits_untried_and_goes_when_it_is_restricted_no_more(
    system: CaseSystem, decided: Contact, maya: User
) -> None:
    Restriction.objects.create(contact=decided, reason="Staff family", by=maya, at=timezone.now())
    Contact.objects.update(is_restricted=True)
    assert delivering.deliver_waiting() == delivering.DeliveryResult()
    Contact.objects.update(is_restricted=False)
    assert delivering.deliver_waiting().sent == 1


def test_a_record_that_is_restricted_while_it_is_being_sent_is_held_back(
    system: CaseSystem, decided: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = delivering._claim

    def claim_then_restrict() -> delivering.Claimed | None:
        claimed = usual()
        Contact.objects.update(is_restricted=True)
        return claimed

    monkeypatch.setattr(delivering, "_claim", claim_then_restrict)
    assert delivering.deliver_waiting() == delivering.DeliveryResult()
    assert system.came == []
    assert (the_delivery().attempts, the_delivery().leased_until) == (0, None)


def test_the_export_has_everything_that_was_decided_and_no_more_queries_for_more_children(
    rosa: User, grace: User, maya: User, zofia: User
) -> None:
    def asked(contact: Contact) -> tuple[int, dict[str, Any]]:
        with CaptureQueriesContext(connection) as queries:
            made = export.document(contact, now=timezone.now())
        return len(queries), made

    names = ("Noor", "Sami", "Ali", "Zain")
    one = build.decided(rosa, worker=grace, manager=maya)
    many = [{"given_names": name, "family_name": "Aziz"} for name in names]
    four = build.decided(rosa, worker=grace, manager=maya, children=many)
    actions.accept(one.reference, one.handovers.get().pk, by=zofia)
    believed(one, "L3-LRN-01")
    mother = Adult.objects.create(contact=one, given_names="Sana", family_name="Aziz", in_household=True)
    Relationship.objects.create(adult=mother, child=one.children.get(), relationship="Mother")
    few, made = asked(one)
    assert faults(made) == []
    [child] = made["children"]
    assert [outcome["code"] for outcome in child["outcomes"]] == [Outcome.SECTION_17]
    assert child["referral"]["ended_at"] is None
    assert child["handovers"][0]["accepted_by"] == "Zofia Nowak"
    assert made["adults"][0]["relationships"] == [
        {"child": child["id"], "relationship": "Mother", "has_parental_responsibility": None}
    ]
    assert made["decision"]["signed_off_by"]["name"] == "Maya Shah"
    assert made["assessment"]["findings"][0]["code"] == "L3-LRN-01"
    many_asked, found = asked(four)
    assert many_asked <= few
    assert faults(found) == []
    assert [one["given_names"] for one in found["children"]] == list(names)


def test_a_contact_that_is_not_decided_yet_is_exported_without_anybodys_decision(rosa: User, grace: User) -> None:
    made = export.document(build.recommended(rosa, worker=grace), now=timezone.now())
    assert faults(made) == []
    assert (made["decision"], made["children"][0]["outcomes"], made["decided_at"]) == (None, [], None)


def test_the_schema_would_refuse_a_word_that_is_missing_or_unknown(rosa: User, grace: User) -> None:
    made = export.document(build.received(rosa), now=timezone.now())
    assert faults(made) == []
    assert faults(made | {"stage": "lost"})
    assert faults({name: value for name, value in made.items() if name != "reference"})
    assert faults(made | {"surprise": 1})
