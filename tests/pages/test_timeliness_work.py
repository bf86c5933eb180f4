"""The page of the work behind decisions: stages, checks, strategy discussions, feedback; and the list behind each."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Check, Contact
from referrals.strategy import actions as strategy
from tests import build, checking, discussing
from tests.figures import body, counts, headings, row


@pytest.fixture
def worked(rosa: User, omar: User, nell: User, grace: User, maya: User) -> Contact:
    """Rosa's contact in Grace's hands: the police answered late, health not at all; the discussion was held late."""
    contact = build.claimed(rosa, worker=grace)
    police, health = checking.asked(contact, omar, nell, by=grace)
    checking.answered(police, omar)
    ago = timezone.now() - timedelta(hours=50)
    Check.objects.update(requested_at=ago, due_at=ago + timedelta(hours=4))
    discussion = build.discussed(contact, by=grace)
    came = {
        one.pk: strategy.Attendance(
            attended=one.kind != "health", absent_because="On leave" if one.kind == "health" else ""
        )
        for one in discussion.invitations.all()
    }
    held = discussing.held(discussion, by=grace, attendance=came)
    held.called_at, held.due_at = ago, ago + timedelta(hours=4)
    held.save(update_fields=["called_at", "due_at"])
    assert health.is_open
    return contact


@pytest.mark.usefixtures("worked")
def test_a_head_of_safeguarding_sees_whose_checks_were_late_and_who_came(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, "/dashboard/timeliness/work/")
    found = headings(text)
    assert found[0] == "The work behind decisions"
    assert row(text, "checks", "Regional Police")[:3] == ["1", "1", "1 (100.0%)"]
    assert row(text, "checks", "Trent Vale Community Health") == ["1", "0", "1 (100.0%)", "–", "–"]
    assert any(one.startswith("2 of 2 agency checks were late; most of them by ") for one in found)
    assert row(text, "discussions", "On time, of those held or due") == ["0 (0.0%)", "–"]
    assert "0 of 1 strategy discussion held on time" in found
    assert "Health came to 0 of 1 strategy discussions" in found
    assert row(text, "invitations", "Police") == ["1", "1 (100.0%)", "0", "0"]
    assert row(text, "stages", "Received")[:2] == ["1", "1"]
    assert row(text, "stages", "Being triaged")[:2] == ["1", "0"]


@pytest.mark.usefixtures("worked")
def test_every_number_of_the_work_opens_a_list_of_exactly_that_many(
    client: Client, helen: User, worked: Contact
) -> None:
    client.force_login(helen)
    links = counts(body(client, "/dashboard/timeliness/work/"))
    assert len(links) >= 20
    for href, shown in links.items():
        text = body(client, href)
        assert int(re.findall(r"<h1[^>]*>([\d,]+) ", text)[0].replace(",", "")) == shown, href
        if shown and href.startswith("/dashboard/timeliness/work/"):
            assert f'href="/contacts/{worked.reference}/"' in text


@pytest.mark.usefixtures("worked")
def test_an_analyst_reads_the_lists_without_references_or_names(client: Client, ana: User, worked: Contact) -> None:
    client.force_login(ana)
    for what in ("stages", "checks", "discussions", "invitations"):
        text = body(client, f"/dashboard/timeliness/work/{what}/")
        assert re.search(r"<h1[^>]*>[1-9]", text)
        assert worked.reference not in text
        for name in ("Noor", "Aziz", "Grace", "Omar", "Nell", "On leave"):
            assert name not in text


@pytest.mark.usefixtures("worked")
def test_what_only_named_people_may_see_is_counted_for_nobody_else(
    client: Client, helen: User, worked: Contact
) -> None:
    client.force_login(helen)
    assert row(body(client, "/dashboard/timeliness/work/"), "checks", "Regional Police")[0] == "1"
    worked.restrictions.create(by=worked.referrer, at=timezone.now(), reason="A worker’s child")
    Contact.objects.update(is_restricted=True)
    text = body(client, "/dashboard/timeliness/work/")
    assert "No agency was asked for a check" in headings(text)
    assert body(client, "/dashboard/timeliness/work/checks/").count("0 agency checks") >= 1
