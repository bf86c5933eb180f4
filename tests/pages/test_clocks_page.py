"""The clocks of a contact: a picture, a table that says the same, how each was computed; and computing them again."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.escalation.sweep import sweep
from referrals.models import Contact, Deadline, Partnership
from referrals.promises import drawing
from referrals.promises.drawing import Mark, Span
from referrals.vocabulary import Clock, Rag, Verb
from tests import build, checking, restricting
from tests.build import FRIDAY_AT_FOUR, hours
from tests.pages.browsing import words
from tests.pages.casework import look, send, text, url
from tests.ticking import REASON, ruled, running

pytestmark = pytest.mark.django_db
PAGE = "clocks/"


def past(rosa: User, grace: User, rag: Rag | None = None) -> Contact:
    """Received on Friday at four, taken at five, rated at six where it is."""
    with time_machine.travel(FRIDAY_AT_FOUR + hours(1), tick=False):
        contact = build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR)
    if rag:
        with time_machine.travel(FRIDAY_AT_FOUR + hours(2), tick=False):
            build.rated(contact, rag, by=grace, reason="A burn")
    return contact


def again_path(contact: Contact, clock: Clock = Clock.DECISION) -> str:
    return f"{PAGE}{running(contact, clock).pk}/again/"


def hidden(page: str) -> dict[str, str]:
    """What the form on a page carries besides what is typed."""
    return dict(re.findall(r'name="(version|seen)" value="(\w+)"', page))


# the page


def test_the_hub_sees_how_each_clock_was_computed_and_what_happened_when(
    client: Client, rosa: User, grace: User, maya: User, helen: User
) -> None:
    contact = past(rosa, grace, Rag.RED)
    sweep(FRIDAY_AT_FOUR + hours(4.5))
    with time_machine.travel(FRIDAY_AT_FOUR + hours(5), tick=False):
        page = look(client, grace, contact, PAGE)
    said = words(page)
    for sentence in (
        "4 hours from receipt, Friday 20 November 2026, 4:00pm: due Friday 20 November 2026, 8:00pm.",
        "That is the earlier of 24 hours for every decision and 4 hours for red priority.",
        "Every hour counts, at night and at weekends too.",
        "1 working day from receipt, Friday 20 November 2026, 4:00pm: due Monday 23 November 2026, 4:00pm.",
        "Working time is Monday to Friday, 8:30am to 5:00pm; bank holidays and closures are left out.",
        "Counted: 1 hour on Friday 20 November and 7 hours 30 minutes on Monday 23 November.",
        "1. Friday 20 November 2026, 4:00pm Opened: counted from receipt",
        "2. Friday 20 November 2026, 5:00pm Grace Lin took the contact",
        "3. Friday 20 November 2026, 6:00pm Grace Lin set the priority Red: A burn",
        "Due Friday 20 November 2026, 8:00pm instead of Saturday 21 November 2026, 4:00pm.",
        "Five sixths of the time have gone",
        "Told: Grace Lin, Maya Shah. Nobody has acknowledged it.",
        "The time ran out",
        "1 hour overdue",
        "Still to come, unless it is met before",
        "Saturday 21 November 2026, 12:00am: The decision is late",
    ):
        assert sentence in said, sentence


def test_a_met_clock_says_whether_it_was_kept_and_runs_no_more(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    page = look(client, grace, contact, PAGE)
    assert page.count("<div>Met in time") == 2
    parts = page.split('class="portal-one-clock"')[1:]
    by_name = {re.findall(r'id="clock-\d+">([^<]+)<', one)[0]: one for one in parts}
    assert "Still to come" in by_name["Feedback to the referrer"]
    assert "Still to come" not in by_name["Decision"] + by_name["Statutory response"]


def test_the_days_on_which_nobody_worked_are_named(client: Client, rosa: User, grace: User) -> None:
    Partnership.objects.update_or_create(pk=1, defaults={"closures": [date(2026, 12, 29)]})
    with time_machine.travel(FRIDAY_AT_FOUR.replace(month=12, day=24), tick=False):
        contact = build.received(rosa)
        said = words(look(client, grace, contact, PAGE))
    assert "due Wednesday 30 December 2026, 4:00pm." in said
    assert (
        "Left out: Friday 25 December (bank holiday), Monday 28 December (bank holiday) "
        "and Tuesday 29 December (closed)." in said
    )


def test_a_picture_has_a_title_a_description_no_styles_and_every_mark_of_the_table(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = past(rosa, grace, Rag.RED)
    sweep(FRIDAY_AT_FOUR + hours(5))
    page = look(client, grace, contact, PAGE)
    pictures = re.findall(r'<svg class="portal-clock-bar" width="100%".*?</svg>\s*(?=<|\s)', page, re.DOTALL)
    assert len(pictures) == 2
    assert "style=" not in page[page.index("<main") :]
    for picture in re.findall(r'role="img" aria-labelledby="([\w -]+)"', page):
        for one in picture.split():
            assert f'id="{one}"' in page
    first = page[page.index('<svg class="portal-clock-bar" width="100%"') :]
    numbers = re.findall(r'text-anchor="middle">(\d+)<', first[: first.index("<h3")])
    rows = re.findall(r'data-label="When">(\d+)\.', first[: first.index("</table>")])
    assert numbers == rows != []


def test_every_place_in_a_picture_is_within_it_and_marks_that_would_touch_stand_above_one_another() -> None:
    opened = FRIDAY_AT_FOUR
    marks = [Mark(number, opened + timedelta(minutes=number), "done") for number in range(1, 31)]
    bar: dict[str, Any] = drawing.bar(Span(opened, opened + hours(24), opened + hours(40), True), marks)
    assert len(bar["marks"]) == drawing.MOST_MARKS
    assert bar["left_out"] == 30 - drawing.MOST_MARKS
    assert len({one["y"] for one in bar["marks"]}) == drawing.MOST_MARKS
    places = [one["x"] for one in [*bar["marks"], *bar["labels"]]] + [bar["due"], bar["now"]]
    assert all(drawing.LEFT <= float(place.rstrip("%")) <= drawing.RIGHT for place in places)
    assert float(bar["promised"].rstrip("%")) + float(bar["late"].rstrip("%")) == pytest.approx(
        drawing.RIGHT - drawing.LEFT, abs=0.02
    )


def test_a_picture_of_a_clock_met_in_time_has_no_now_and_nothing_late() -> None:
    opened = FRIDAY_AT_FOUR
    bar = drawing.bar(Span(opened, opened + hours(24), opened + hours(6), False), [])
    assert (bar["now"], bar["late"], bar["gone"], bar["promised"]) == ("", "", "22.50%", "90.00%")


def test_who_owes_what_is_named_and_a_clock_whose_rule_cannot_be_read_is_still_shown(
    client: Client, omar: User, rosa: User, grace: User
) -> None:
    check = checking.one_asked(omar, rosa, worker=grace)
    Deadline.objects.filter(contact=check.contact, clock=Clock.STATUTORY).update(rule={"clock": "statutory"})
    said = words(look(client, grace, check.contact, PAGE))
    assert "Agency check, green: Alder Primary" in said or "Agency check, amber: Alder Primary" in said
    assert "The rule it was computed under cannot be read." in said


def test_a_clock_under_an_earlier_rule_says_so(client: Client, rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    assert "The rule has changed since" not in words(look(client, grace, contact, PAGE))
    ruled(Clock.DECISION, 48)
    assert (
        "The rule has changed since. A clock that opens now has: 48 hours from receipt. This one keeps its own."
        in words(look(client, grace, contact, PAGE))
    )


def test_the_page_names_the_rule_that_says_when_it_is_due_be_it_that_of_the_priority(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = past(rosa, grace, Rag.AMBER)
    ruled(Clock.AMBER, 6)
    with time_machine.travel(FRIDAY_AT_FOUR + hours(3), tick=False):
        said = words(look(client, grace, contact, PAGE))
        before = words(look(client, maya, contact, again_path(contact)))
    assert "A clock that opens now has: 6 hours from receipt." in said
    assert "Its rule now 24 hours from receipt" in before
    assert "Today’s rule 6 hours from receipt" in before


def test_a_worker_is_told_of_a_new_priority_what_it_then_does_where_the_rule_has_changed_meanwhile(
    client: Client, rosa: User, grace: User
) -> None:
    contact = past(rosa, grace)
    ruled(Clock.DECISION, 2)
    with time_machine.travel(FRIDAY_AT_FOUR + hours(3), tick=False):
        page = words(look(client, grace, contact, "priority/"))
        build.rated(contact, Rag.GREEN, by=grace)
    assert contact.due_at == FRIDAY_AT_FOUR + hours(24)
    assert page.count("Decision due tomorrow, 4:00pm") == 2  # amber and green


def test_the_review_of_a_broken_glass_is_seen_by_its_reviewers_alone(
    client: Client, rosa: User, grace: User, maya: User, helen: User
) -> None:
    ivan, _ = build.player("Ivan"), build.player("Priya")
    contact = restricting.restricted(build.claimed(rosa, worker=grace), by=maya, people=[helen])
    restricting.broken(contact, by=ivan)
    assert "Review of a broken glass" in words(look(client, helen, contact, PAGE))
    for person in (grace, maya):
        assert "Review of a broken glass" not in words(look(client, person, contact, PAGE))
        assert "Review of a broken glass" not in words(look(client, person, contact))


def test_the_page_of_a_contact_has_its_other_clocks_in_a_line_each(
    client: Client, rosa: User, omar: User, grace: User
) -> None:
    contact = build.claimed(omar, worker=grace)
    assert "No clock runs besides the two at the head of this page" in words(look(client, grace, contact))
    checking.asked(contact, rosa, by=grace)
    page = look(client, grace, contact)
    assert "Alder Primary" in words(page)
    assert f'href="{url(contact, PAGE)}"' in page


def test_the_page_takes_as_many_queries_however_many_clocks(
    client: Client, rosa: User, omar: User, grace: User, django_assert_max_num_queries: Any
) -> None:
    nell, _ = build.player("Nell"), build.player("Maya")
    contact = build.claimed(omar, worker=grace)
    client.force_login(grace)
    with django_assert_max_num_queries(18):
        few = text(client.get(url(contact, PAGE))).count("<svg")
    checking.asked(contact, nell, rosa, by=grace)
    build.discussed(contact, by=grace)
    sweep(timezone.now() + timedelta(days=3))
    with django_assert_max_num_queries(18):
        assert text(client.get(url(contact, PAGE))).count("<svg") > few > 0


# computing one again


def test_a_manager_looks_before_a_clock_is_computed_again_and_says_why(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    with time_machine.travel(FRIDAY_AT_FOUR + hours(1), tick=False):
        contact = past(rosa, grace)
        ruled(Clock.DECISION, 12)
        page = look(client, maya, contact, PAGE)
        path = again_path(contact)
        assert url(contact, path) in page
        before = look(client, maya, contact, path)
        for sentence in (
            "Its rule now 24 hours from receipt",
            "Today’s rule 12 hours from receipt",
            "Saturday 21 November 2026, 4:00am",
            "It would be due earlier than now",
            "Five sixths of the time have gone. Whoever holds the contact and the team manager.",
        ):
            assert sentence in words(before)
        empty = send(client, maya, contact, path, **hidden(before), because=" ")
        assert "Write why it is computed again" in words(empty.content.decode())
        assert not contact.steps.filter(verb=Verb.REBASE).exists()
        done = send(client, maya, contact, path, **hidden(before), because=REASON)
        assert done.url == url(contact, PAGE)
        said = words(look(client, maya, contact, PAGE))
    assert f"It was computed again under a newer rule: {REASON}" in said
    assert "Computed again under a newer rule" in said
    assert contact.steps.filter(verb=Verb.REBASE).count() == 1


def test_a_manager_whose_page_is_out_of_date_loses_nothing_and_goes_on_after_a_look(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = past(rosa, grace)
    ruled(Clock.DECISION, 48)
    path = again_path(contact)
    stale = hidden(look(client, maya, contact, path))
    ruled(Clock.DECISION, 36)
    answer = send(client, maya, contact, path, **stale, because=REASON).content.decode()
    assert "The rule has changed since you opened the page" in words(answer)
    assert REASON in answer
    assert hidden(answer) != stale
    send(client, maya, contact, path, **hidden(answer), because=REASON)
    assert running(contact).due_at == FRIDAY_AT_FOUR + hours(36)


def test_a_worker_is_not_offered_what_only_a_manager_may_do(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = past(rosa, grace)
    path = again_path(contact)
    assert url(contact, path) not in look(client, grace, contact, PAGE)
    assert send(client, grace, contact, path, because=REASON).status_code == 403
    assert "under today’s rule already" in words(look(client, maya, contact, path))


# all of a kind
