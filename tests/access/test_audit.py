"""G14: the trail can only grow, whoever is connected, and it has every read and write of a record."""

import re
from pathlib import Path

import psycopg2
import psycopg2.extensions
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from mash_portal.accounts.models import User
from mash_portal.audit import trail, words
from mash_portal.audit.models import Event
from referrals.models import StageChange
from referrals.vocabulary import Verb
from tests import build

pytestmark = pytest.mark.django_db

CHANGES = ["UPDATE audit_event SET verb = 'nothing'", "DELETE FROM audit_event", "TRUNCATE audit_event"]


@pytest.mark.parametrize("change", CHANGES)
def test_the_portal_cannot_change_or_delete_a_line(priya: User, change: str) -> None:
    trail.record("viewed:read", by=priya, reference="AAAA-BBBB")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Event.objects.about("AAAA-BBBB").get().verb == "viewed:read"


@pytest.mark.parametrize("change", CHANGES)
def test_not_even_the_owner_of_the_database_can(
    connection_as_owner: psycopg2.extensions.connection, change: str
) -> None:
    with (
        connection_as_owner.cursor() as cursor,
        pytest.raises(psycopg2.DatabaseError, match="audit trail can only be added to"),
    ):
        cursor.execute(change)


def test_a_step_of_the_timeline_cannot_be_rewritten_or_removed(rosa: User) -> None:
    contact = build.received(rosa)
    for change in (lambda: contact.steps.update(verb="claim"), lambda: contact.steps.all().delete()):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()
    assert StageChange.objects.get(contact=contact).verb == "receive"


def test_looking_at_a_contact_leaves_a_line_and_being_turned_away_leaves_none(
    client: Client, rosa: User, grace: User, tom: User
) -> None:
    contact = build.received(rosa)
    client.force_login(tom)
    assert client.get(f"/contacts/{contact.reference}/").status_code == 404
    assert not Event.objects.about(contact.reference).filter(by=tom).exists()
    client.force_login(grace)
    assert client.get(f"/contacts/{contact.reference}/").status_code == 200
    line = Event.objects.about(contact.reference).get(by=grace)
    assert (line.verb, len(line.request_id)) == ("viewed:read", 36)


def test_the_auditor_finds_who_looked_at_a_record_and_a_social_worker_cannot(
    client: Client, rosa: User, grace: User, priya: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    client.force_login(priya)
    page = client.get("/audit/", {"reference": contact.reference.lower()}).content.decode()
    assert page.count(contact.reference) >= 2
    assert "Grace Lin" in page
    assert "Noor" not in page, "the trail names nobody whom a record is about"
    client.force_login(grace)
    assert client.get("/audit/").status_code == 404


def test_the_auditor_pages_back_through_a_long_trail_in_few_queries(
    client: Client, priya: User, django_assert_max_num_queries: object
) -> None:
    for number in range(120):
        trail.record("viewed:read", by=priya, reference=f"AAAA-{number:04}")
    client.force_login(priya)
    seen: list[str] = []
    url = "/audit/?verb=viewed"
    with django_assert_max_num_queries(15):  # type: ignore[operator]  # three pages of five
        while url:
            page = client.get(url).context
            seen += [row["reference"] for row in page["rows"]]
            url = page["older_url"]
    assert seen == [f"AAAA-{number:04}" for number in reversed(range(120))]


def test_a_filter_that_makes_no_sense_is_answered_with_a_sentence(client: Client, priya: User) -> None:
    client.force_login(priya)
    page = client.get("/audit/", {"person": "everybody"})
    assert page.status_code == 200
    assert "Person’s number must be a number" in page.content.decode()


def test_the_auditor_reads_words_and_no_codes(client: Client, rosa: User, grace: User, priya: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    client.force_login(grace)
    client.get(f"/contacts/{contact.reference}/priority/")
    client.force_login(priya)
    page = client.get("/audit/")
    assert {row["verb"] for row in page.context["rows"]} >= {
        "Received the contact",
        "Took the contact",
        "Recorded a threshold assessment",
    }
    assert "Level: 3, stage: triage" in {row["details"] for row in page.context["rows"]}
    only = client.get("/audit/", {"verb": "assess", "person": str(grace.pk)})
    assert [row["verb"] for row in only.context["rows"]] == ["Recorded a threshold assessment"]
    assert [label for label, _ in only.context["selected"]] == ["By Grace Lin", "Recorded a threshold assessment"]
    assert client.get("/audit/", {"verb": "made up"}).context["rows"] == []


def test_every_line_that_the_portal_writes_has_its_words() -> None:
    root = Path(__file__).parents[2]
    files = [path for package in ("mash_portal", "referrals") for path in (root / package).rglob("*.py")]
    calls = [call for path in files for call in re.findall(r"trail\.record(?:_many)?\(\s*([^,]+),", path.read_text())]
    written = {verb for call in calls for verb in re.findall(r'(?<!f)"([^"]+)"', call)}
    assert len(written) > 30
    assert {verb for verb in written | set(Verb) if not words.is_known(verb)} == set()
    assert words.said("viewed:rate") == "Opened the page of a step: set the priority"
