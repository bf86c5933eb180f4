"""A child across contacts: two pictures, and a table that says the same without them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Contact, Person
from referrals.restricted import actions as restricting
from referrals.triage import drawing
from referrals.vocabulary import Outcome
from tests import build
from tests.pages.browsing import words
from tests.pages.casework import look, url

pytestmark = pytest.mark.django_db

PAGE = "chronology/"


def past(rosa: User, grace: User, maya: User, **facts: object) -> list[Contact]:
    """Believed 3, assessed 3, decided 3; then believed 2 and nothing more; then today's, believed 4."""
    child = [{"given_names": "Noor", "family_name": "Aziz", "person": Person.objects.create(), **facts}]
    now = timezone.now()
    return [
        build.decided(rosa, worker=grace, manager=maya, at=now - build.hours(24 * 40), children=child),
        build.received(rosa, at=now - build.hours(24 * 20), children=child, level=2),
        build.claimed(rosa, worker=grace, at=now, children=child, level=4),
    ]


def test_the_hub_sees_every_contact_about_a_child_in_order_with_the_levels_in_words(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    first, second, now = past(rosa, grace, maya)
    page = look(client, grace, now, PAGE)
    said = words(page)
    assert "Noor Aziz: 3 contacts" in said
    for sentence in (
        "believed 3, assessed 3, decided 3",
        "Stepped down from level 3 to level 2",
        "Stepped up from level 2 to level 4",
        "Assessment (section 17)",
        "This contact",
    ):
        assert sentence in said
    assert page.index(first.reference) < page.index(second.reference)
    assert [f'href="{url(one)}">' in page[page.index("<table") :] for one in (first, second, now)] == [
        True,
        True,
        False,
    ]
    assert "Stepped up from level 2 to level 4." in words(look(client, grace, now, "assessment/"))


def test_the_pictures_have_a_title_and_a_description_no_styles_and_nothing_to_tab_to(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = past(rosa, grace, maya)[-1]
    page = look(client, grace, contact, PAGE)
    pictures = re.findall(r'<svg class="portal-(?:time|steps)".*?\n</svg>', page, re.DOTALL)
    assert len(pictures) == 2
    for picture in pictures:
        labels = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', picture)
        assert labels
        assert f'<title id="{labels[1]}">' in picture
        assert f'<desc id="{labels[2]}">' in picture
        assert not re.search(r"style=|viewBox|href|tabindex", picture)
    assert "number 1, " in pictures[0]
    assert "portal-time__mark--helped" in pictures[0]
    assert pictures[0].count("portal-time__mark--open") == 2


def test_a_name_cannot_break_out_of_a_picture(client: Client, rosa: User, grace: User, maya: User) -> None:
    contact = past(rosa, grace, maya, given_names="</title><script>alert(1)</script>")[-1]
    page = look(client, grace, contact, PAGE)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_only_contact_and_a_contact_without_children_are_said_to_be(client: Client, rosa: User, sam: User) -> None:
    assert "This is the only contact about Noor Aziz that the hub knows." in look(
        client, sam, build.received(rosa), PAGE
    )
    assert "No child is named on this contact" in look(client, sam, build.received(rosa, children=()), PAGE)


def test_what_may_not_be_opened_is_in_no_picture_number_or_sentence(
    client: Client, rosa: User, grace: User, maya: User, helen: User
) -> None:
    first, second, now = past(rosa, grace, maya)
    restricting.restrict(second.reference, reason="Staff", people=[helen], by=helen, version=second.version)
    page = look(client, grace, now, PAGE)
    assert second.reference not in page
    assert first.reference in page
    assert "Noor Aziz: 2 contacts<" in page
    assert "Stepped up from level 3 to level 4" in page
    assert "Noor Aziz: 3 contacts<" in look(client, helen, now, PAGE)
    assert second.reference not in look(client, grace, now, "assessment/")
    client.force_login(rosa)
    assert client.get(url(now, PAGE)).status_code == 403


def test_whoever_is_handed_a_child_sees_the_chronology_of_what_they_may_open(
    client: Client, rosa: User, grace: User, maya: User, dev: User
) -> None:
    child = [{"given_names": "Noor", "family_name": "Aziz", "person": Person.objects.create()}]
    unseen = build.received(rosa, at=timezone.now() - build.hours(72), children=child)
    contact = build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP, children=child)
    page = look(client, dev, contact, PAGE)
    assert unseen.reference not in page
    assert "This is the only contact about Noor Aziz that the hub knows." in page


def test_the_page_asks_as_much_about_many_children_and_years_as_about_one(
    client: Client, rosa: User, grace: User
) -> None:
    people = [{"given_names": f"Child {number}", "person": Person.objects.create()} for number in range(5)]
    for number in range(6):
        build.received(rosa, at=timezone.now() - build.hours(48 + number), children=people)
    large, small = build.received(rosa, children=people), build.received(rosa)
    client.force_login(grace)

    def queries(contact: Contact) -> int:
        client.get(url(contact, PAGE))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url(contact, PAGE)).status_code == 200
        return len(asked)

    assert queries(large) == queries(small) <= 12


def test_marks_that_would_touch_are_set_one_above_another_and_the_rest_is_counted() -> None:
    now = build.FRIDAY_AT_FOUR
    marks = [drawing.Mark(number, now - build.hours(30 - number), drawing.OPEN) for number in range(1, 31)]
    drawn = drawing.timeline(marks, marks[0].at, now)
    shown = drawn["marks"]
    assert isinstance(shown, list)
    assert (len(shown), drawn["left_out"]) == (drawing.MOST_MARKS, 30 - drawing.MOST_MARKS)
    for one in shown:
        for other in shown:
            near = abs(float(one["x"][:-1]) - float(other["x"][:-1])) < drawing.APART
            assert one is other or not near or one["y"] != other["y"]
    assert all(0 < one["y"] < int(str(drawn["base"])) for one in shown)


def test_two_contacts_at_the_same_moment_are_both_drawn() -> None:
    now = build.FRIDAY_AT_FOUR
    drawn = drawing.timeline([drawing.Mark(1, now, "open"), drawing.Mark(2, now, "ended")], now, now)
    assert isinstance(drawn["marks"], list)
    assert len({one["y"] for one in drawn["marks"]}) == 2


def test_the_stair_rises_with_the_level_and_skips_what_is_not_known() -> None:
    steps = [drawing.Steps(1, 2, None, None), drawing.Steps(2, None, None, None), drawing.Steps(3, 2, 3, 4)]
    drawn = drawing.staircase(steps)
    assert isinstance(drawn["stairs"], list)
    assert isinstance(drawn["columns"], list)
    assert [stair["y"] for stair in drawn["stairs"]] == [84, 16], "level 2 is drawn lower than level 4"
    assert drawn["risers"] == []
    assert [len(column["views"]) for column in drawn["columns"]] == [1, 0, 3]
    assert drawing.staircase([steps[0], steps[2]])["risers"] != []
