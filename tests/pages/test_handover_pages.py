"""What is handed over: a team's list and the hub's, a contact's own page, and the forms of the three answers."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.govuk.words import LONDON
from referrals.decision import actions as decisions
from referrals.handover import actions
from referrals.handover.forms import read_time
from referrals.models import Contact, Handover, Restriction
from referrals.vocabulary import Outcome
from tests import build
from tests.pages.casework import text

pytestmark = pytest.mark.django_db

LIST = "/handed-over/"


def handed(by: User, worker: User, manager: User, outcome: Outcome = Outcome.SECTION_17, **facts: Any) -> Contact:
    return build.decided(by, worker=worker, manager=manager, outcome=outcome, **facts)


def page_of(client: Client, who: User, url: str = LIST) -> str:
    client.force_login(who)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return text(answer)


def url(contact: Contact, page: str = "") -> str:
    """`page` is accept, send-back or offer, of the contact's one hand-over."""
    start = f"/contacts/{contact.reference}/handover/"
    return f"{start}{contact.handovers.get().pk}/{page}/" if page else start


def main(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")]))


def test_a_team_sees_what_is_handed_over_to_it_and_nothing_else(
    *, client: Client, rosa: User, grace: User, maya: User, zofia: User, dev: User
) -> None:
    theirs = handed(
        rosa, grace, maya, children=[{"given_names": name, "family_name": "Aziz"} for name in ("Noor", "Sami")]
    )
    another = handed(rosa, grace, maya, Outcome.EARLY_HELP)
    page = page_of(client, zofia)
    assert "2 children handed over to us" in page
    assert "Noor Aziz (10)" in page
    assert "Sami Aziz (10)" in page
    assert f'href="/contacts/{theirs.reference}/handover/"' in page
    assert another.reference not in page
    assert client.get(f"/contacts/{theirs.reference}/").status_code == 200
    assert client.get(f"/contacts/{another.reference}/").status_code == 404
    assert "1 child handed over to us" in page_of(client, dev)


def test_a_team_with_nothing_handed_over_reads_that_and_nobody_else_has_the_list(
    client: Client, zofia: User, rosa: User, kit: User
) -> None:
    assert "No child has been handed over" in page_of(client, zofia)
    for person in (rosa, kit):
        client.force_login(person)
        assert client.get(LIST).status_code == 404


def test_a_team_accepts_with_one_press_and_the_hub_reads_who_and_when(
    client: Client, rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    asked = page_of(client, zofia, url(contact, "accept"))
    assert "Accept Noor Aziz for Assessment Team" in asked
    assert not Handover.objects.exclude(accepted_at=None).exists()
    answer = client.post(url(contact, "accept"), follow=True)
    assert "Your team has accepted the child" in text(answer)
    assert "Zofia Nowak accepted," in page_of(client, grace, url(contact))


def test_a_team_sends_back_with_a_reason_and_from_then_on_has_its_own_words_only(
    client: Client, rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    client.force_login(zofia)
    empty = client.post(url(contact, "send-back"), {"reason": ""})
    assert "Say why this child is sent back" in text(empty)
    assert contact.handovers.get().is_waiting
    answer = client.post(url(contact, "send-back"), {"reason": "They have moved to Leeds"}, follow=True)
    page = text(answer)
    assert "Sent back. The hub has been told." in page
    assert "They have moved to Leeds" in page
    assert "Aziz" not in page
    assert client.get(f"/contacts/{contact.reference}/").status_code == 404
    hub = page_of(client, maya)
    assert "Zofia Nowak sent it back" in hub
    assert "Choose another team" in hub


def test_the_hub_offers_a_child_that_came_back_to_another_team(
    *, client: Client, rosa: User, grace: User, maya: User, zofia: User, dev: User
) -> None:
    contact = handed(rosa, grace, maya)
    actions.decline(contact.reference, contact.handovers.get().pk, reason="Not for us", by=zofia)
    client.force_login(grace)
    form = text(client.get(url(contact, "offer")))
    assert "“Not for us”" in form
    assert "Receives: Assessment (section 17)" in form
    assert 'type="radio" checked' not in form
    refused = text(client.post(url(contact, "offer"), {"note": "Kept words"}))
    assert "Choose a team" in refused
    assert "Kept words" in refused
    sent = {"team": str(build.agency("Early Help Hub").pk), "note": "They agreed on Friday"}
    answer = client.post(url(contact, "offer"), sent, follow=True)
    assert "Handed over to Early Help Hub. They have been told." in text(answer)
    assert "They agreed on Friday" in page_of(client, dev, f"/contacts/{contact.reference}/handover/")


def test_the_hub_writes_down_an_acceptance_and_what_it_typed_wrongly_is_kept(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = handed(rosa, grace, maya, Outcome.OPEN_CASE)
    now = timezone.now().astimezone(LONDON)
    typed = {
        "who": "Ann Lee, allocated worker",
        "on_day": str(now.day),
        "on_month": str(now.month),
        "on_year": str(now.year),
        "at": "soon",
    }
    client.force_login(grace)
    page = text(client.post(url(contact, "accept"), typed))
    assert "Enter the time as hours and minutes" in page
    assert "Ann Lee, allocated worker" in page
    page = text(client.post(url(contact, "accept"), typed | {"at": "9:00", "on_year": str(now.year + 1)}))
    assert "cannot be in the future" in page
    assert contact.handovers.get().is_waiting
    answer = client.post(url(contact, "accept"), typed | {"at": f"{now:%H:%M}"}, follow=True)
    assert "Ann Lee, allocated worker accepted" in main(text(answer))


def test_the_hub_is_told_that_a_team_with_accounts_answers_itself(
    client: Client, rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    listed = page_of(client, maya)
    assert url(contact, "accept") not in listed
    assert url(contact, "offer") in listed
    now = timezone.now().astimezone(LONDON)
    typed = {"who": "Ann", "on_day": now.day, "on_month": now.month, "on_year": now.year, "at": f"{now:%H:%M}"}
    page = text(client.post(url(contact, "accept"), typed))
    assert "Assessment Team answers this in the portal" in page
    assert contact.handovers.get().is_waiting


@pytest.mark.parametrize(
    ("typed", "read"),
    [("14:30", "14:30"), ("9.05", "09:05"), ("2:30pm", "14:30"), ("12:10 am", "00:10"), ("12:00PM", "12:00")],
)
def test_a_worker_types_the_time_as_people_write_it(typed: str, read: str) -> None:
    assert f"{read_time(typed):%H:%M}" == read


@pytest.mark.parametrize("typed", ["", "14", "25:00", "13:00pm", "0:30am", "9:60", "٩:٠٠", "half past two"])
def test_a_worker_cannot_type_what_is_no_time(typed: str) -> None:
    assert read_time(typed) is None


def test_the_list_counts_filters_and_says_when_nothing_fits(
    *, client: Client, rosa: User, grace: User, maya: User, zofia: User, dev: User
) -> None:
    accepted, waiting = handed(rosa, grace, maya), handed(rosa, grace, maya, Outcome.EARLY_HELP)
    actions.accept(accepted.reference, accepted.handovers.get().pk, by=zofia)
    page = page_of(client, maya, f"{LIST}?state=accepted")
    assert "1 of 2 children handed over" in page
    assert accepted.reference in page
    assert waiting.reference not in page
    assert dev.agency is not None
    page = page_of(client, maya, f"{LIST}?team={dev.agency.pk}&outcome=early_help")
    assert waiting.reference in page
    assert accepted.reference not in page
    assert "Remove this filter" in page
    assert "Nothing here fits the filters" in page_of(client, maya, f"{LIST}?state=sent_back")
    assert "2 children handed over" in page_of(client, maya, f"{LIST}?state=nonsense&team=x&outcome=y&page=z")


def test_the_list_puts_what_is_overdue_first_and_says_so(
    client: Client, rosa: User, grace: User, maya: User, zofia: User
) -> None:
    soon, late = handed(rosa, grace, maya), handed(rosa, grace, maya)
    late.handovers.update(due_at=timezone.now() - build.hours(2))
    page = page_of(client, zofia)
    assert page.index(late.reference) < page.index(soon.reference)
    assert "2 hours overdue" in page
    assert page_of(client, zofia, f"{LIST}?state=late").count("portal-reference") == 1


def test_the_referrer_never_sees_who_a_child_was_handed_over_to(
    client: Client, rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    actions.decline(contact.reference, contact.handovers.get().pk, reason="Not for us", by=zofia)
    client.force_login(rosa)
    assert client.get(url(contact)).status_code == 403
    for page in (f"/referrals/{contact.reference}/", "/referrals/"):
        shown = client.get(page)
        assert shown.status_code == 200
        assert "Assessment Team" not in text(shown)
        assert "Not for us" not in text(shown)


def test_a_restricted_record_is_handed_over_to_the_people_named_on_it_alone(
    client: Client, rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = build.recommended(rosa, worker=grace)
    restriction = Restriction.objects.create(contact=contact, reason="Staff family", by=maya, at=timezone.now())
    restriction.named.set([grace, maya])
    Contact.objects.filter(pk=contact.pk).update(is_restricted=True)
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    assert not zofia.notices.exists()
    assert contact.reference not in page_of(client, zofia)
    assert client.get(url(contact)).status_code == 404
    assert contact.reference in page_of(client, maya)
    restriction.named.add(zofia)
    assert contact.reference in page_of(client, zofia)


@pytest.mark.parametrize("who", ["zofia", "maya"])
def test_the_list_asks_as_many_questions_for_two_as_for_eight(
    *, who: str, client: Client, rosa: User, grace: User, maya: User, zofia: User
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    for _ in range(2):
        handed(rosa, grace, maya)
    client.force_login({"zofia": zofia, "maya": maya}[who])
    client.get(LIST)
    few = asked()
    for _ in range(6):
        handed(rosa, grace, maya)
    assert asked() == few
    assert few <= 12


def test_a_contacts_page_asks_as_many_questions_for_one_hand_over_as_for_six(
    client: Client, rosa: User, grace: User, maya: User, zofia: User
) -> None:
    def asked(contact: Contact) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/contacts/{contact.reference}/handover/").status_code == 200
        return len(queries)

    one = handed(rosa, grace, maya)
    names = ("Noor", "Sami", "Ali", "Zain", "Hana", "Omar")
    six = handed(rosa, grace, maya, children=[{"given_names": name, "family_name": "Aziz"} for name in names])
    client.force_login(grace)
    asked(one)
    assert asked(six) == asked(one)
