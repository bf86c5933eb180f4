"""`manage.py submit_referrals`: one answer for each document, whatever the others are."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mash_portal.accounts.models import Agency, User
from referrals.models import Assessment, Child, Contact, Deadline, Draft, Marf, Notice
from referrals.vocabulary import Channel, Clock, Rag, Stage

CASES = Path("referrals/demo/referrals.yaml")
pytestmark = pytest.mark.django_db

GOOD = """
by: Rosa Bell
source: 2A
agency: Alder Primary
safeguarding_lead: {consulted: true, name: Rosa Bell, on: 2026-11-17}
children: [{given_names: Maisie, family_name: Doyle, date_of_birth: 2018-02-21, address: Flat 3}]
family_informed: {informed: yes}
agreement: {given: yes, who: Her mother}
worry: Hungry every morning.
threshold: {level: 3, reason: Hungry, indicators: {L3-CAR-01: Hungry most mornings}}
"""


def run(text: str | Path, tmp_path: Path, *options: str) -> list[dict[str, Any]]:
    file = text if isinstance(text, Path) else tmp_path / "in.yaml"
    if isinstance(text, str):
        file.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("submit_referrals", str(file), *options, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_agency_sends_the_ten_cases_and_gets_ten_answers(tmp_path: Path) -> None:
    answers = {answer["id"]: answer for answer in run(CASES, tmp_path)}
    assert len(answers) == 10
    refused = {name: answer for name, answer in answers.items() if not answer["sent"]}
    assert set(refused) == {"no-agreement-level-two", "too-little"}
    assert refused["too-little"]["missing"] == [
        "family name",
        "date of birth",
        "address",
        "consent",
        "evidence for the level",
        "safeguarding lead",
    ]
    assert refused["no-agreement-level-two"]["missing"] == ["agreement is required at level 2"]
    assert Contact.objects.count() == Marf.objects.count() == 8
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("case", "level", "alerts"),
    [
        ("bruise-under-one", 4, ["harm"]),
        ("hungry-and-late", 3, ["neglect"]),
        ("knife-in-bag", 4, ["harm", "cse", "missing"]),
        ("shouting-heard", 2, ["dv"]),
        ("unborn-and-earlier-removals", 4, []),
        ("disclosure-at-school", 4, ["harm", "neglect"]),
        ("same-child-third-time", 3, ["cse"]),
        ("disabled-and-shut-out", 4, ["disability"]),
    ],
)
def test_a_case_has_the_level_and_alerts_it_expects(case: str, level: int, alerts: list[str], tmp_path: Path) -> None:
    [answer] = [one for one in run(CASES, tmp_path) if one["id"] == case]
    assessment = Assessment.objects.get(contact__reference=answer["reference"])
    assert (assessment.suggested_level, assessment.alerts) == (level, alerts)
    assert assessment.findings.count() == len(assessment.findings.exclude(evidence=""))
    assert assessment.side == Assessment.REFERRER


def test_a_police_notification_keeps_its_channel_its_reference_and_its_priority(tmp_path: Path) -> None:
    run(CASES, tmp_path)
    contact = Contact.objects.get(external_reference="PN/26/118204")
    assert (contact.channel, contact.source, contact.rag) == (Channel.POLICE, "6", Rag.AMBER)
    assert contact.stage == Stage.RECEIVED
    assert set(contact.deadlines.values_list("clock", flat=True)) == {Clock.DECISION, Clock.STATUTORY}
    assert "Incident: possession of a bladed article" in contact.marf.answers["worry"]["other"]


def test_the_same_child_spelt_differently_is_one_person(tmp_path: Path) -> None:
    run(CASES, tmp_path)
    kaiden, kayden = Child.objects.get(given_names="Kaiden"), Child.objects.get(given_names="Kayden")
    assert kaiden.person == kayden.person
    assert kaiden.postcode == kayden.postcode == "WS3 4LP"
    assert Child.objects.values("person").distinct().count() == Child.objects.count() - 1


def test_a_repeated_police_reference_is_the_same_contact(tmp_path: Path) -> None:
    first = run(CASES, tmp_path)
    again = run(CASES, tmp_path)
    assert again[3]["reference"] == first[3]["reference"]
    assert "PN/26/118204" in again[3]["repeated"]
    assert "repeated" not in first[3]
    assert Contact.objects.filter(external_reference="PN/26/118204").count() == 1


def test_a_document_is_received_when_it_says(tmp_path: Path) -> None:
    [answer, other] = run(
        f"{GOOD}received_at: 2026-01-09T16:00\n---\n{GOOD}", tmp_path, "--received-at", "2026-01-10T09:00+00:00"
    )
    contact = Contact.objects.get(reference=answer["reference"])
    assert contact.received_at == datetime(2026, 1, 9, 16, tzinfo=UTC)
    assert contact.statutory_due_at == datetime(2026, 1, 12, 16, tzinfo=UTC)
    assert Contact.objects.get(reference=other["reference"]).received_at == datetime(2026, 1, 10, 9, tzinfo=UTC)


BAD = {
    "no mapping": ("just words", "must have keys"),
    "no sender": (GOOD.replace("by: Rosa Bell", ""), "by is missing"),
    "no agency": (GOOD.replace("agency: Alder Primary", ""), "agency is missing"),
    "no source": (GOOD.replace("source: 2A", ""), "source is missing"),
    "unknown source": (GOOD.replace("source: 2A", "source: ZZ"), "“ZZ” is not one of"),
    "an individual": (GOOD.replace("source: 2A", "source: 1A"), "“1A” is not one of"),
    "no date": (GOOD.replace("2018-02-21", "2018-13-45"), "child 1: date_of_birth “2018-13-45” is not a date"),
    "unknown indicator": (GOOD.replace("L3-CAR-01", "L9-XXX-99"), "L9-XXX-99 is no indicator"),
    "no level": (GOOD.replace("level: 3", "level: high"), "level “high” is not one of 1, 2, 3, 4"),
    "children no list": (
        GOOD.replace("children: [{", "children: {x: {").replace("Flat 3}]", "Flat 3}}"),
        "must be a list",
    ),
    "child no mapping": (GOOD.replace("children: [{", "children: [Ben, {"), "child 1 must have keys"),
    "text no text": (GOOD.replace("worry: Hungry every morning.", "worry: [a, b]"), "worry must be text"),
    "yes or no": (GOOD.replace("consulted: true", "consulted: maybe"), "“maybe”"),
    "stranger": (
        GOOD + "adults: [{family_name: D, relationship: {Leo: mother}}]",
        "“Leo”, who is not one of the children",
    ),
    "to come": (GOOD + "received_at: 2999-01-01T10:00", "still to come"),
    "no moment": (GOOD + "received_at: yesterday", "not a date and time"),
    "too long": (GOOD.replace("Rosa Bell\nsource", "R" * 121 + "\nsource"), "120 characters or fewer"),
    "hub": (
        GOOD.replace("agency: Alder Primary", "agency: Alderbrook MASH").replace("by: Rosa Bell", "by: Grace Lin"),
        "may not send",
    ),
    "itself": ("&a [*a]", "must have keys"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_document_is_answered_in_a_sentence_and_stops_no_other(kind: str, grace: User, tmp_path: Path) -> None:
    text, sentence = BAD[kind]
    [bad, good] = run(f"{text}\n---\n{GOOD}", tmp_path)
    assert (bad["sent"], bad["id"]) == (False, "document 1")
    assert sentence in " ".join(bad["why"])
    assert good["sent"] is True
    assert Contact.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_document_that_is_refused_leaves_nothing_behind(tmp_path: Path) -> None:
    agencies, people = Agency.objects.count(), User.objects.count()
    [answer] = run(GOOD.replace("address: Flat 3", "address: ''").replace("Alder Primary", "New School"), tmp_path)
    assert answer["missing"] == ["address"]
    assert not Contact.objects.exists()
    assert not Draft.objects.exists()
    assert not Notice.objects.exists()
    assert (Agency.objects.count(), User.objects.count()) == (agencies, people)


def test_an_unknown_sender_gets_an_account_that_nobody_can_sign_in_to(tmp_path: Path) -> None:
    [answer] = run(
        GOOD.replace("Rosa Bell\nsource", "Ada Ray\nsource").replace("Alder Primary", "New School"), tmp_path
    )
    referrer = Contact.objects.get(reference=answer["reference"]).referrer
    assert (referrer.full_name, referrer.agency and referrer.agency.kind) == ("Ada Ray", "school")
    assert not referrer.has_usable_password()
    run(GOOD.replace("Rosa Bell\nsource", "Ada Ray\nsource").replace("Alder Primary", "New School"), tmp_path)
    assert User.objects.filter(full_name="Ada Ray").count() == 1


def test_a_document_loses_nothing_that_nobody_asked_for(tmp_path: Path) -> None:
    [answer] = run(GOOD + "favourite_colour: green\n", tmp_path)
    kept = Contact.objects.get(reference=answer["reference"]).marf.answers
    assert "favourite_colour: green" in kept["worry"]["other"]


def test_characters_that_no_database_takes_are_left_out(tmp_path: Path) -> None:
    [answer] = run(GOOD.replace("worry: Hungry every morning.", 'worry: "Hung\\0ry \\uD800 Zoë 😀"'), tmp_path)
    kept = Contact.objects.get(reference=answer["reference"]).marf.answers
    assert kept["worry"]["worry"] == "Hungry  Zoë 😀"


@pytest.mark.parametrize(
    "content", [b"a: [1", b"\xff\xfe\x00", b"", b"---\n...\n", b"[" * 5000, b"!!python/object:os.system x"]
)
def test_a_file_that_is_no_yaml_is_a_clear_error(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "in.yaml"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=r"not YAML|not text|no referral"):
        run(file, tmp_path)
    assert not Deadline.objects.exists()


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.yaml", tmp_path)
    with pytest.raises(CommandError, match="--received-at"):
        run(CASES, tmp_path, "--received-at", "soon")
