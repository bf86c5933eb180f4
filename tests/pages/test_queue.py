"""The queue, its filters and its live line, and the list of what is routed to early help."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import StageChange
from referrals.triage import actions
from referrals.vocabulary import Rag
from tests import build

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8


@pytest.fixture
def look(client: Client) -> Callable[..., str]:
    """The queue as this person sees it."""

    def see(who: User, query: str = "") -> str:
        client.force_login(who)
        answer = client.get(f"/queue/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return see


def named(given_names: str, **facts: Any) -> dict[str, Any]:
    return {"given_names": given_names, "family_name": "Aziz", **facts}


def order_of(page: str, *references: str) -> list[str]:
    """The references in the order in which the page shows them."""
    return sorted((one for one in references if one in page), key=page.index)


def rows_of(page: str) -> int:
    return page.count('<th scope="row"')


def test_the_soonest_deadline_is_first_with_both_clocks_who_sent_it_and_who_holds_it(
    look: Callable[..., str], rosa: User, omar: User, grace: User
) -> None:
    now = timezone.now()
    later = build.received(rosa, at=now - build.hours(1))
    late = build.received(omar, at=now - build.hours(26), children=[named("Sami"), named("Noor")])
    red = build.rated(build.claimed(rosa, worker=grace, at=now - build.hours(2)), Rag.RED, by=grace)
    page = look(grace)
    assert '<h1 class="govuk-heading-l">3 contacts waiting for a decision</h1>' in page
    wanted = [late.reference, red.reference, later.reference]
    assert order_of(page, *wanted) == wanted
    row = page[page.index(late.reference) - 600 : page.index(red.reference)]
    assert "2 children: Sami Aziz (10), Noor Aziz (10)" in row
    assert "2 hours overdue" in row
    assert "portal-table--overdue" in row
    assert "One working day:" in row
    assert "Regional Police" in row
    assert "Received " in row
    assert "Nobody yet" in row
    assert page.count("portal-table--overdue") == 1
    held = page[page.index(red.reference) : page.index(later.reference)]
    assert 'data-label="Held by">You<' in held
    assert "1 hour 59 minutes left" in held


@pytest.mark.parametrize("number", [5, 50])
def test_the_queue_asks_at_most_eight_questions_however_many_rows_it_has(
    client: Client, rosa: User, grace: User, number: int
) -> None:
    for index in range(number):
        contact = build.received(rosa, children=[named("Noor"), named("Sami")])
        if index % 2:
            actions.claim(contact.reference, by=grace)
    client.force_login(grace)
    client.get("/queue/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/queue/").content.decode()
    assert rows_of(page) == number
    assert len(asked) <= MOST_QUERIES, [query["sql"][:120] for query in asked]


def test_a_worker_sees_their_own_and_what_nobody_holds_and_can_ask_for_everybodys(
    look: Callable[..., str], rosa: User, grace: User, ivan: User
) -> None:
    mine = build.claimed(rosa, worker=grace)
    free = build.received(rosa)
    theirs = build.claimed(rosa, worker=ivan)
    page = look(grace)
    assert "2 of 3 contacts waiting for a decision" in page
    assert mine.reference in page
    assert free.reference in page
    assert theirs.reference not in page
    everybody = look(grace, "?whose=everybody")
    assert "3 contacts waiting for a decision" in everybody
    assert "Ivan Petrov" in everybody[everybody.index(theirs.reference) :]


def test_a_manager_sees_at_once_what_waits_for_sign_off_whoever_holds_it(
    look: Callable[..., str], rosa: User, grace: User, maya: User
) -> None:
    waiting = build.recommended(rosa, worker=grace)
    being_triaged = build.claimed(rosa, worker=grace)
    page = look(maya)
    assert waiting.reference in page
    assert being_triaged.reference not in page


def test_a_contact_officer_sees_every_contact_and_takes_none(
    look: Callable[..., str], rosa: User, grace: User, sam: User
) -> None:
    held, free = build.claimed(rosa, worker=grace), build.received(rosa)
    page = look(sam)
    assert held.reference in page
    assert free.reference in page
    assert "formaction" not in page
    assert f'formaction="/contacts/{free.reference}/claim/"' in look(grace)
    assert f'formaction="/contacts/{held.reference}/claim/"' not in look(grace)


def test_filters_are_said_in_the_heading_and_can_be_taken_away_one_by_one(
    look: Callable[..., str], rosa: User, omar: User, grace: User
) -> None:
    red = build.rated(build.claimed(rosa, worker=grace), Rag.RED, by=grace)
    unrated = build.received(omar)
    late = build.received(rosa, at=timezone.now() - build.hours(25))
    every = {red.reference, unrated.reference, late.reference}
    for query, shown in (
        ("?rag=red", {red}),
        ("?rag=none", {unrated, late}),
        ("?rag=red&rag=none", {red, unrated, late}),
        ("?stage=triage", {red}),
        ("?kind=police", {unrated}),
        ("?late=1", {late}),
        ("?kind=school&stage=received", {late}),
        ("?kind=housing", set()),
    ):
        page = look(grace, query)
        wanted = {contact.reference for contact in shown}
        assert {reference for reference in every if reference in page} == wanted, query
        if len(wanted) < len(every):
            assert f"{len(wanted)} of 3 contacts waiting" in page
    page = look(grace, "?rag=red&late=1")
    assert 'href="/queue/?late=1"' in page, "without the priority"
    assert 'href="/queue/?rag=red"' in page, "without the lateness"
    assert "No contact matches these filters" in page


def test_nonsense_in_the_address_is_left_out_of_account(look: Callable[..., str], rosa: User, grace: User) -> None:
    contact = build.received(rosa)
    for query in ("?rag=purple&stage=x&kind=%00&whose=me", "?after=1.2", "?after=9999999999999.1.1", "?after=٣.1.1"):
        page = look(grace, query)
        assert contact.reference in page
        assert "1 contact waiting for a decision" in page


def test_the_second_page_goes_on_where_the_first_ended(look: Callable[..., str], rosa: User, grace: User) -> None:
    at = timezone.now()
    contacts = [build.received(rosa, at=at).reference for _ in range(53)]
    first = look(grace, "?kind=school")
    following = re.search(r'href="(/queue/\?kind=school&amp;after=[0-9.]+)"', first)
    assert following
    second = look(grace, following[1].removeprefix("/queue/").replace("&amp;", "&"))
    assert order_of(first, *contacts) + order_of(second, *contacts) == contacts, "due at the same moment: by arrival"
    assert (rows_of(first), rows_of(second)) == (50, 3)
    assert "53 contacts waiting for a decision" in second


def test_names_are_printed_as_text_and_stand_in_no_address(look: Callable[..., str], rosa: User, grace: User) -> None:
    build.received(rosa, children=[named("<script>alert(1)</script>")])
    page = look(grace)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Aziz" in page
    assert not [url for url in re.findall(r'(?:href|action|formaction)="([^"]*)"', page) if "Aziz" in url]


def test_an_empty_queue_says_so(look: Callable[..., str], grace: User) -> None:
    page = look(grace)
    assert "0 contacts waiting for a decision" in page
    assert "Nothing is waiting for a decision" in page


def test_what_is_decided_leaves_the_queue(look: Callable[..., str], rosa: User, grace: User, maya: User) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    assert contact.reference not in look(maya, "?whose=everybody")


def test_taking_from_the_queue_leads_to_the_contact_and_a_second_taker_reads_the_name(
    client: Client, rosa: User, grace: User, ivan: User
) -> None:
    contact = build.received(rosa)
    claim, queue = f"/contacts/{contact.reference}/claim/", "http://testserver/queue/?rag=none"
    client.force_login(grace)
    taken = client.post(claim, headers={"referer": queue}, follow=True)
    assert taken.redirect_chain == [(f"/contacts/{contact.reference}/", 302)]
    assert f"You hold contact {contact.reference} now." in taken.content.decode()
    client.force_login(ivan)
    refused = client.post(claim, headers={"referer": queue}, follow=True)
    assert refused.redirect_chain == [(queue, 302)]
    page = refused.content.decode()
    assert "That was not done" in page
    assert "Grace Lin already holds this contact." in page
    contact.refresh_from_db()
    assert contact.owner == grace


def test_a_refused_claim_never_leads_out_of_the_portal(client: Client, rosa: User, grace: User, ivan: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    client.force_login(ivan)
    answer = client.post(f"/contacts/{contact.reference}/claim/", headers={"referer": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_the_live_line_counts_what_has_changed_since_the_page_was_drawn(
    client: Client, look: Callable[..., str], rosa: User, grace: User, maya: User
) -> None:
    known = build.received(rosa)
    build.received(rosa)
    found = re.search(r'data-live-url="(/queue/changes\?since=\d+)"', look(grace))
    assert found

    def changed() -> int:
        number: int = client.get(found[1], headers={"x-background": "1"}).json()["changed"]
        return number

    assert changed() == 0
    actions.claim(known.reference, by=maya)
    build.rated(known, Rag.RED, by=maya)
    assert changed() == 1, "two steps of one contact"
    build.received(rosa)
    build.recommended(rosa, worker=maya)
    assert changed() == 3


def test_the_live_line_of_an_empty_queue_knows_where_the_timeline_stands(
    look: Callable[..., str], rosa: User, grace: User, maya: User
) -> None:
    build.told(rosa, worker=grace, manager=maya)
    newest = StageChange.objects.order_by("-id").first()
    assert newest
    assert f'data-live-url="/queue/changes?since={newest.pk}"' in look(grace)


def test_the_live_line_takes_nonsense_and_does_not_count_what_was_never_in_the_queue(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.told(rosa, worker=grace, manager=maya)
    newest = StageChange.objects.order_by("-id").first()
    assert newest
    client.force_login(grace)
    assert client.get("/queue/changes?since=x").json() == {"changed": 0}
    StageChange.objects.create(
        contact=contact, verb="read_feedback", from_stage="closed", to_stage="closed", by=rosa, at=timezone.now()
    )
    assert client.get(f"/queue/changes?since={newest.pk}").json() == {"changed": 0}


@pytest.mark.parametrize("path", ["/queue/", "/queue/changes"])
def test_nobody_outside_the_hub_opens_the_queue(client: Client, sam: User, path: str) -> None:
    for name in ("Rosa", "Tom", "Omar", "Nell", "Dev", "Ana", "Priya", "Kit"):
        client.force_login(build.player(name))
        assert client.get(path).status_code == 404, name
    client.force_login(sam)
    assert client.get(path).status_code == 200
    client.logout()
    assert client.get(path).status_code == 302


def test_ages_are_said_as_people_say_them(look: Callable[..., str], rosa: User, grace: User) -> None:
    today = timezone.localdate()
    build.received(
        rosa,
        children=[
            named("Baby", date_of_birth=today - timedelta(days=9)),
            named("Toddler", date_of_birth=today - timedelta(days=400)),
            named("", expected_date=today + timedelta(days=60)),
            named("Somebody", date_of_birth=None, estimated_age=7),
            named("Nobody", date_of_birth=None, in_scope=False),
        ],
    )
    page = look(grace)
    for words in (
        "Baby Aziz (9 days)",
        "Toddler Aziz (13 months)",
        "Unborn baby Aziz (due ",
        "Somebody Aziz (about 7)",
    ):
        assert words in page
    assert "4 children: " in page
    assert "Nobody Aziz, brother or sister only" in page
