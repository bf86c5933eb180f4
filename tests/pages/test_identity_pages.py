"""The page “Known to us”: who a child may be, in words, and the two buttons that settle it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Child, Contact, MatchVerdict, PersonChange
from referrals.vocabulary import Outcome
from tests import build
from tests.actions.test_identity import NOOR, arrived, only, person_of
from tests.pages.browsing import words
from tests.pages.casework import look, send, text, url

pytestmark = pytest.mark.django_db

SAM_KNOWS = "known/"


@pytest.fixture
def pair(rosa: User, nell: User) -> tuple[Contact, Contact]:
    """Noor in March, and a girl with day and month of birth swapped, at another address, now."""
    earlier = arrived(rosa, {"postcode": "WS1 1AB", "date_of_birth": date(2016, 5, 4)}, days_ago=200)
    later = arrived(nell, {"given_names": "Nur", "date_of_birth": date(2016, 4, 5), "postcode": "WS9 4QY"})
    return earlier, later


def answered(client: Client, who: User, contact: Contact, of: int, how: str, **typed: Any) -> Any:
    contact.refresh_from_db()
    facts = {"version": contact.version, "child": only(contact).pk, "person": of, "answer": how, "reason": ""}
    return send(client, who, contact, SAM_KNOWS, **facts | typed)


def test_a_contact_officer_sees_who_a_child_may_be_and_why(
    client: Client, pair: tuple[Contact, Contact], sam: User
) -> None:
    earlier, later = pair
    page = look(client, sam, later, SAM_KNOWS)
    said = words(page)
    assert "Is this child known to us?" in said
    assert "Day and month of birth swapped, same surname, first name spelt differently, another postcode" in said
    assert "Possible" in said
    assert "When this contact came in" in said
    assert f"Alder Primary: Not decided yet, {earlier.reference}" in said
    assert page.count("Same child</button>") == 1
    assert page.count("Not the same child</button>") == 1
    assert len(set(re.findall(r'id="(\w+)"', page))) == len(re.findall(r'id="(\w+)"', page))


def test_a_social_worker_sees_what_was_decided_before(
    client: Client, rosa: User, nell: User, grace: User, maya: User
) -> None:
    facts = NOOR | {"postcode": "WS1 1AB"}
    at = timezone.now() - timedelta(days=50)
    build.decided(rosa, worker=grace, manager=maya, at=at, outcome=Outcome.SECTION_17, children=[facts])
    later = arrived(nell, facts)
    said = words(look(client, grace, later, SAM_KNOWS))
    assert "The hub takes this child for the one in 1 other contact." in said
    assert "The portal joined them when this contact came in: same birth date, same surname" in said
    assert "Assessment (section 17)" in said
    assert "Nobody else on record looks like this child." in said


def test_a_contact_officer_can_say_that_it_is_the_same_child_and_the_contact_page_counts_it(
    client: Client, pair: tuple[Contact, Contact], rosa: User, sam: User
) -> None:
    earlier, later = pair
    arrived(rosa, {"postcode": "WS1 1AB", "date_of_birth": date(2016, 5, 4)}, days_ago=100)
    assert "No earlier contact about Nur Aziz" in words(look(client, sam, later))
    answer = answered(client, sam, later, person_of(earlier), "same", reason="Her mother rang.")
    assert answer.status_code == 302
    said = words(look(client, sam, later, SAM_KNOWS))
    assert "They are one child now." in said
    assert "Sam Price said so" in said
    overview = words(look(client, sam, later))
    assert "This is contact number 3 about Nur Aziz in 12 months." in overview
    assert "Said whether a child is known" in overview
    assert "Her mother rang." in overview


def test_a_contact_officer_can_say_that_it_is_another_child_and_is_not_asked_again(
    client: Client, pair: tuple[Contact, Contact], sam: User
) -> None:
    earlier, later = pair
    assert answered(client, sam, later, person_of(earlier), "different").status_code == 302
    for contact in pair:
        said = words(look(client, sam, contact, SAM_KNOWS))
        assert "Nobody else on record looks like this child." in said
    assert MatchVerdict.objects.get().is_same is False


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"answer": ""}, "Choose “Same child” or “Not the same child”"),
        ({"answer": "perhaps"}, "Choose “Same child” or “Not the same child”"),
        ({"reason": "x" * 1001}, "The reason must be 1,000 characters or fewer"),
        ({"version": 1000}, "This contact has changed since you opened the page"),
        ({"person": 2**62}, "That record has been joined to another"),
        ({"person": 2**70}, "The page has lost its place. Open it again."),
        ({"child": "%s"}, "The page has lost its place. Open it again."),
        ({"child": 2**62}, "That child is not named on this contact."),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    typed: dict[str, Any], sentence: str, client: Client, pair: tuple[Contact, Contact], sam: User
) -> None:
    earlier, later = pair
    page = text(answered(client, sam, later, person_of(earlier), "same", **typed))
    assert sentence in page
    assert "<title>Error:" in re.sub(r"\s+", " ", page).replace("<title> ", "<title>")
    assert not MatchVerdict.objects.exists()
    assert not PersonChange.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("helen", 403), ("dev", 404), ("rosa", 403), ("tom", 404)])
def test_who_may_not_identify_can_change_nothing(
    who: str, status: int, client: Client, pair: tuple[Contact, Contact], request: pytest.FixtureRequest
) -> None:
    earlier, later = pair
    mine = earlier if who == "rosa" else later
    answer = answered(client, request.getfixturevalue(who), mine, person_of(later), "same")
    assert answer.status_code == status
    assert not MatchVerdict.objects.exists()


def test_a_service_manager_reads_and_has_no_buttons(client: Client, pair: tuple[Contact, Contact], helen: User) -> None:
    page = look(client, helen, pair[1], SAM_KNOWS)
    assert "How sure" in page
    assert "Same child</button>" not in page
    assert "apart/" not in page


def test_an_early_help_worker_sees_no_contact_that_is_not_theirs(client: Client, nell: User, dev: User) -> None:
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    earlier = arrived(nell, {"postcode": "WS1 1AB", "date_of_birth": date(2016, 5, 4)}, days_ago=60)
    theirs = build.decided(
        rosa,
        worker=grace,
        manager=maya,
        outcome=Outcome.EARLY_HELP,
        children=[NOOR | {"date_of_birth": date(2016, 4, 5), "postcode": "WS1 1AB"}],
    )
    assert earlier.reference in look(client, grace, theirs, SAM_KNOWS)
    page = look(client, dev, theirs, SAM_KNOWS)
    assert earlier.reference not in page
    assert "Nobody else on record looks like this child." in page


def test_a_contact_officer_can_take_two_children_apart(client: Client, rosa: User, nell: User, sam: User) -> None:
    earlier, later = arrived(rosa, {}, days_ago=9), arrived(nell, {})
    page = look(client, sam, later, SAM_KNOWS)
    address = f"known/{only(later).pk}/apart/"
    assert address in page
    form = look(client, sam, later, address)
    assert earlier.reference in form
    assert "checked" not in form
    wrong = send(client, sam, later, address, version=later.version, reason="")
    assert "Choose the contacts that are about the other child, and leave at least one" in text(wrong)
    assert "Say how you know that they are two children" in text(wrong)
    moved = [only(later).pk]
    both = send(client, sam, later, address, version=later.version, reason="x", moved=[*moved, only(earlier).pk])
    assert "leave at least one" in text(both)
    assert not PersonChange.objects.exists()
    done = send(client, sam, later, address, version=later.version, reason="Two mothers.", moved=moved)
    assert done.status_code == 302
    assert person_of(earlier) != person_of(later)
    assert "They are two children now." in look(client, sam, later, SAM_KNOWS)


def test_a_child_of_another_contact_cannot_be_taken_apart_from_here(
    client: Client, pair: tuple[Contact, Contact], sam: User
) -> None:
    client.force_login(sam)
    other = only(pair[0]).pk
    for child in (other, 10**30):
        assert client.get(url(pair[1], f"known/{child}/apart/")).status_code == 404


def test_a_contact_without_children_says_so(client: Client, rosa: User, sam: User) -> None:
    bare = build.received(rosa, children=())
    assert "No child is named on this contact." in look(client, sam, bare, SAM_KNOWS)


def test_the_page_asks_as_much_for_many_as_for_few(client: Client, rosa: User, nell: User, sam: User) -> None:
    counts = []
    client.force_login(sam)
    for times in (1, 6):
        Child.objects.all().delete()
        for number in range(times):
            arrived(rosa, {"date_of_birth": date(2016, 5, 4), "postcode": f"WS{number} 1AB"}, days_ago=200 + number)
            arrived(rosa, {"given_names": "Nour", "date_of_birth": date(2015, 4, 5)}, days_ago=100 + number)
        later = arrived(nell, {"date_of_birth": date(2016, 4, 5)}, {"given_names": "Zed"})
        client.get(url(later, SAM_KNOWS))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(later, SAM_KNOWS)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16
