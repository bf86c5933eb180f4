"""An administrator changes clocks, ladders, hours and closures; what would change is shown before it is saved."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import ClockSetting, Contact, Partnership
from referrals.models.partnership import clock_rules, working_week
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Clock, Unit
from tests import build
from tests.build import FRIDAY_AT_FOUR, hours
from tests.pages.browsing import words

pytestmark = pytest.mark.django_db
DECISION = "/settings/clocks/decision/"
ADD, HALF = f"{DECISION}steps/add/", f"{DECISION}steps/half/"
STEP = {"label": "Ring the head", "when": "late", "hours_late": "8", "roles": ["service_manager"], "repeats_every": "2"}


def text(response: Any) -> str:
    return words(response.content.decode())


def seen(client: Client, path: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', client.get(path).content.decode())
    assert found is not None, f"{path} does not say what it has shown"
    return found[1]


def asks(client: Client, path: str, typed: dict[str, Any], **button: str) -> Any:
    """Fills in the form as it is shown now, and presses a button."""
    return client.post(path, {"seen": seen(client, path), **typed, **button}, follow=True)


def nothing_is_saved() -> bool:
    return not ClockSetting.objects.exists() and not Event.objects.filter(verb__startswith="clock_").exists()


@pytest.mark.parametrize(
    "path",
    [DECISION, ADD, HALF, f"{HALF}remove/", f"{DECISION}default/", "/settings/hours/", "/settings/hours/closures/add/"],
)
def test_an_administrator_opens_a_page_of_clocks_and_nobody_else_finds_it(
    client: Client, kit: User, maya: User, path: str
) -> None:
    client.force_login(kit)
    assert client.get(path).status_code == 200
    client.force_login(maya)
    assert client.get(path).status_code == 404


def test_an_administrator_sees_every_clock_with_its_length_and_its_ladder(client: Client, kit: User) -> None:
    client.force_login(kit)
    page = text(client.get("/settings/clocks/"))
    for clock in Clock:
        assert clock.label in page
    assert "24 hours" in page
    assert "1 working day" in page
    assert "Our own" not in page
    one = text(client.get(DECISION))
    for said in (
        "When half of the time has gone, if nobody has taken the contact",
        "The team manager and the head of safeguarding",
        "4 hours late, then every 4 hours until it is met",
    ):
        assert said in one


# a length


def test_an_administrator_sees_what_a_length_would_change_before_it_is_saved(
    client: Client, kit: User, rosa: User, grace: User, maya: User
) -> None:
    with time_machine.travel(FRIDAY_AT_FOUR + hours(6), tick=False):
        contact = build.received(rosa, at=FRIDAY_AT_FOUR)
        shut = build.received(rosa, at=FRIDAY_AT_FOUR)
        Contact.objects.filter(pk=shut.pk).update(is_restricted=True)
        build.decided(rosa, worker=grace, manager=maya)
        client.force_login(kit)
        shown = asks(client, DECISION, {"amount": "4", "unit": "hours"})
    page = text(shown)
    assert "What would change" in page
    for said in (
        "24 hours from receipt",
        "4 hours from receipt",
        "Saturday 21 November 2026, 10:00pm",  # now and 24 hours
        "Saturday 21 November 2026, 2:00am",
        "Opened on Friday evening Fri 27 Nov, 6:00pm",
        "Friday 27 November 2026, 10:00pm",
        "1 clock of this kind runs now and keeps the rule it was opened under",
        f"1 would be due earlier, and 1 would be late at once: {contact.reference}",
    ):
        assert said in page
    assert shut.reference not in page
    assert nothing_is_saved()


def test_an_administrator_gives_a_clock_a_length_of_its_own_and_takes_it_back(
    client: Client, kit: User, rosa: User
) -> None:
    client.force_login(kit)
    before = build.received(rosa)
    typed = {"amount": "72", "unit": "hours"}
    asks(client, "/settings/clocks/green/", typed)
    assert nothing_is_saved()
    saved = asks(client, "/settings/clocks/green/", typed, confirm="1")
    assert "The green priority clock now runs for 72 hours" in text(saved)
    assert "Our own" in text(saved)
    rule = clock_rules()[Clock.GREEN]
    assert (rule.amount, rule.unit, rule.ladder) == (72, Unit.HOURS, DEFAULTS[Clock.GREEN].ladder)
    line = Event.objects.get(verb="clock_changed")
    assert (line.by, line.details) == (kit, {"clock": "green", "from": [24, "hours"], "to": [72, "hours"]})
    due = before.due_at
    before.refresh_from_db()
    assert before.due_at == due
    assert "What would change" in text(asks(client, "/settings/clocks/green/default/", {}))
    back = asks(client, "/settings/clocks/green/default/", {}, confirm="1")
    assert "The green priority clock is back at 24 hours" in text(back)
    assert clock_rules()[Clock.GREEN] == DEFAULTS[Clock.GREEN]
    assert Event.objects.filter(verb="clock_reset", by=kit).count() == 1
    assert not ClockSetting.objects.exists()


def test_an_administrator_who_goes_back_finds_what_they_typed(client: Client, kit: User) -> None:
    client.force_login(kit)
    page = asks(client, DECISION, {"amount": "31", "unit": "working_hours"}, back="1").content.decode()
    assert 'value="31"' in page
    assert "What would change" not in words(page).replace("See what would change", "").replace("what would change", "")
    assert nothing_is_saved()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "", "unit": "hours"}, "Enter how long the clock runs"),
        ({"amount": "a day", "unit": "hours"}, "Enter how long the clock runs as a number, such as 24 or 1.5"),
        ({"amount": "nan", "unit": "hours"}, "Enter how long the clock runs as a number, such as 24 or 1.5"),
        ({"amount": "0", "unit": "hours"}, "must be more than 0 and at most 1000"),
        ({"amount": "-4", "unit": "hours"}, "must be more than 0 and at most 1000"),
        ({"amount": "1e300", "unit": "hours"}, "must be more than 0 and at most 1000"),
        ({"amount": "24", "unit": "hours"}, "Nothing would change: this is what holds already."),
        ({"amount": "24"}, "Choose what is counted"),
        ({"amount": "24", "unit": "fortnights"}, "Choose hours, working hours or working days"),
    ],
)
@pytest.mark.parametrize("button", [{}, {"confirm": "1"}], ids=["look", "save"])
def test_an_administrator_who_types_no_length_is_told_what_to_type(
    client: Client, kit: User, typed: dict[str, str], sentence: str, button: dict[str, str]
) -> None:
    client.force_login(kit)
    page = asks(client, DECISION, typed, **button).content.decode()
    assert sentence in words(page)
    assert "Error:" in page
    assert f'value="{typed["amount"]}"' in page or not typed["amount"]
    assert nothing_is_saved()


def test_an_administrator_cannot_change_a_clock_that_there_is_not_or_reset_a_default(client: Client, kit: User) -> None:
    client.force_login(kit)
    assert client.get("/settings/clocks/lunch/").status_code == 404
    refused = asks(client, "/settings/clocks/green/default/", {}, confirm="1")
    assert "at its default already" in text(refused)
    assert nothing_is_saved()


def test_an_administrator_is_told_that_somebody_else_has_changed_the_clock_and_loses_nothing(
    client: Client, kit: User
) -> None:
    client.force_login(kit)
    stale = seen(client, DECISION)
    asks(client, DECISION, {"amount": "20", "unit": "hours"}, confirm="1")
    typed = {"amount": "12", "unit": "hours", "seen": stale}
    page = ""
    for button in ({}, {"confirm": "1"}):
        page = client.post(DECISION, {**typed, **button}).content.decode()
        assert "Somebody has changed this clock since you opened the page. It is now: 20 hours from receipt." in words(
            page
        )
        assert 'value="12"' in page
        assert clock_rules()[Clock.DECISION].amount == 20
    looked = re.search(r'name="seen" value="(\w+)"', page)
    assert looked is not None
    client.post(DECISION, {**typed, "seen": looked[1], "confirm": "1"})
    assert clock_rules()[Clock.DECISION].amount == 12


# a ladder


def test_an_administrator_changes_the_working_hours_after_seeing_which_due_times_move(
    client: Client, kit: User, rosa: User
) -> None:
    client.force_login(kit)
    with time_machine.travel(FRIDAY_AT_FOUR, tick=False):
        contact = build.received(rosa, at=FRIDAY_AT_FOUR)
        shown = text(asks(client, "/settings/hours/", {"starts": "9am", "ends": "17.30"}))
        assert "Statutory response" in shown
        assert "Green priority" not in shown
        assert "Monday to Friday, 9:00am to 5:30pm" in shown
        assert working_week().start.hour == 8
        saved = text(asks(client, "/settings/hours/", {"starts": "9am", "ends": "17.30"}, confirm="1"))
    assert "The hub works Monday to Friday, 9:00am to 5:30pm" in saved
    assert (f"{working_week().start:%H:%M}", f"{working_week().end:%H:%M}") == ("09:00", "17:30")
    line = Event.objects.get(verb="hours_changed")
    assert (line.by, line.details["to"]["start"]) == (kit, "09:00")
    due = contact.statutory_due_at
    contact.refresh_from_db()
    assert contact.statutory_due_at == due


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"starts": "", "ends": "17:00"}, "Enter when the working day starts"),
        ({"starts": "25:00", "ends": "17:00"}, "Enter the time at which the working day starts"),
        ({"starts": "13pm", "ends": "17:00"}, "Enter the time at which the working day starts"),
        ({"starts": "08:30", "ends": "late"}, "Enter the time at which the working day ends"),
        ({"starts": "17:00", "ends": "08:30"}, "The working day must end after it starts."),
        ({"starts": "08:30", "ends": "5pm"}, "Nothing would change"),
    ],
)
def test_an_administrator_who_types_no_hours_is_told_what_to_type(
    client: Client, kit: User, typed: dict[str, str], sentence: str
) -> None:
    client.force_login(kit)
    assert sentence in text(asks(client, "/settings/hours/", typed, confirm="1"))
    assert working_week().in_words() == "Monday to Friday, 8:30am to 5:00pm, without England's bank holidays"
    assert not Event.objects.filter(verb="hours_changed").exists()


def day(when: str) -> dict[str, str]:
    year, month, number = when.split("-")
    return {"day_day": number, "day_month": month, "day_year": year}


def test_an_administrator_adds_a_closure_and_takes_it_away(client: Client, kit: User, rosa: User) -> None:
    client.force_login(kit)
    add = "/settings/hours/closures/add/"
    with time_machine.travel(FRIDAY_AT_FOUR, tick=False):
        shown = text(asks(client, add, day("2026-11-23")))
        assert "Tuesday 24 November 2026, 4:00pm" in shown
        assert working_week().closures == frozenset()
        asks(client, add, day("2026-11-23"), confirm="1")
        assert working_week().closures == {date(2026, 11, 23)}
        listed = client.get("/settings/hours/")
        assert "Monday 23 November 2026" in text(listed)
        remove = "/settings/hours/closures/remove/"
        typed = {"day": "2026-11-23", "seen": seen(client, "/settings/hours/")}
        assert "Take this closure away" in text(client.post(remove, typed))
        assert working_week().closures == {date(2026, 11, 23)}
        again = client.post(remove, {**typed, "confirm": "1"}, follow=True)
        assert "23 November 2026 is a closure no more" in text(again)
        assert working_week().closures == frozenset()
        stale = client.post(remove, {**typed, "confirm": "1"}, follow=True)
        assert "already" in text(stale)
    assert Partnership.objects.get().closures == []
    assert Event.objects.filter(verb="hours_changed", by=kit).count() == 2


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("2026-11-19", "Enter a day that is still to come"),
        ("2026-12-25", "25 December 2026 is a bank holiday, and left out already."),
        ("2026-11-21", "21 November 2026 is a Saturday: nobody works on it anyway."),
        ("2026-02-30", "The day"),
    ],
)
def test_an_administrator_cannot_close_the_office_on_a_day_on_which_nobody_works(
    client: Client, kit: User, when: str, sentence: str
) -> None:
    client.force_login(kit)
    with time_machine.travel(FRIDAY_AT_FOUR, tick=False):
        assert sentence in text(asks(client, "/settings/hours/closures/add/", day(when), confirm="1"))
    assert working_week().closures == frozenset()


def test_a_preview_takes_as_many_queries_whatever_runs(
    client: Client, kit: User, rosa: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(kit)
    for _ in range(4):
        build.received(rosa, at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    typed = {"amount": "4", "unit": "hours", "seen": seen(client, DECISION)}
    with django_assert_max_num_queries(14):
        assert "What would change" in text(client.post(DECISION, typed))
    typed = {"starts": "9am", "ends": "5pm", "seen": seen(client, "/settings/hours/")}
    with django_assert_max_num_queries(26):
        assert "What would change" in text(client.post("/settings/hours/", typed))
