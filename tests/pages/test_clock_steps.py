"""An administrator changes the ladder of a clock: a step added, changed, taken away, always after a look."""

from typing import Any

import pytest
from django.test import Client

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import ClockSetting
from referrals.models.partnership import clock_rules
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Clock
from tests.pages.test_clock_settings import ADD, DECISION, STEP, asks, nothing_is_saved, text

pytestmark = pytest.mark.django_db


def test_an_administrator_adds_a_step_changes_it_and_takes_it_away(client: Client, kit: User) -> None:
    client.force_login(kit)
    shown = asks(client, ADD, STEP)
    assert "8 hours late, then every 2 hours until it is met: “Ring the head”. The head of safeguarding." in text(shown)
    assert nothing_is_saved()
    asks(client, ADD, STEP, confirm="1")
    added = clock_rules()[Clock.DECISION].ladder[-1]
    assert (added.label, added.when, list(added.roles)) == (
        "Ring the head",
        "8 hours late, then every 2 hours until it is met",
        ["service_manager"],
    )
    assert [one.key for one in clock_rules()[Clock.DECISION].ladder[:-1]] == ["half", "five_sixths", "due", "late"]
    path = f"{DECISION}steps/{added.key}/"
    assert 'value="Ring the head"' in client.get(path).content.decode()
    asks(client, path, {**STEP, "when": "part", "part": "3/4", "repeats_every": "", "goes_up_after": "20"}, confirm="1")
    changed = clock_rules()[Clock.DECISION].ladder[-1]
    assert (changed.key, changed.when) == (added.key, "When 3/4 of the time has gone")
    assert changed.who == "The head of safeguarding; after 20 minutes without an answer, the next person up"
    assert 'value="20"' in client.get(path).content.decode()
    asks(client, f"{path}remove/", {}, confirm="1")
    assert clock_rules()[Clock.DECISION] == DEFAULTS[Clock.DECISION]
    assert not ClockSetting.objects.exists()
    lines = Event.objects.filter(verb="clock_changed", by=kit)
    assert [len(line.details["ladder"]["to"]) for line in lines.order_by("id")] == [5, 5, 4]
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"label": ""}, "Write what people are told"),
        ({"label": "x" * 121}, "must be 120 characters or fewer"),
        ({"when": ""}, "Choose when people are told"),
        ({"when": "part", "part": "3/2"}, "as a fraction between 0 and 1"),
        ({"when": "part", "part": "1/0"}, "as a fraction between 0 and 1"),
        ({"when": "part", "part": "soon"}, "as a fraction between 0 and 1"),
        ({"when": "part", "part": "0.0001"}, "as a fraction between 0 and 1"),
        ({"when": "part", "part": "1e-99999999"}, "as a fraction between 0 and 1"),
        ({"when": "part", "part": "100%"}, "as a fraction between 0 and 1"),
        ({"when": "part", "part": ""}, "as a fraction between 0 and 1"),
        ({"hours_late": ""}, "Enter how many hours after it was due"),
        ({"hours_late": "0"}, "Enter how many hours after it was due"),
        ({"hours_late": "1e9"}, "Enter how many hours after it was due"),
        ({"hours_late": "late"}, "Enter the hours after it was due as a number"),
        ({"repeats_every": "0.01"}, "Enter the hours between two messages"),
        ({"goes_up_after": "1"}, "Enter the minutes: from 5 to 1440"),
        ({"goes_up_after": "soon"}, "Enter the minutes as a whole number"),
        ({"repeats_every": "nan"}, "Enter the hours between two messages as a number"),
        ({"roles": []}, "Choose who is told"),
        ({"roles": ["agency"]}, "Choose people from the list"),
        ({"roles": ["chief"]}, "Choose people from the list"),
    ],
)
def test_an_administrator_who_types_no_step_is_told_what_to_type(
    client: Client, kit: User, typed: dict[str, Any], sentence: str
) -> None:
    client.force_login(kit)
    page = text(asks(client, ADD, {**STEP, **typed}, confirm="1"))
    assert sentence in page
    assert nothing_is_saved()


def test_an_administrator_cannot_leave_a_clock_that_tells_nobody(client: Client, kit: User) -> None:
    client.force_login(kit)
    path = "/settings/clocks/statutory/steps/due/remove/"
    assert "Keep at least one step: a clock that tells nobody passes unseen" in text(
        asks(client, path, {}, confirm="1")
    )
    assert nothing_is_saved()
    assert client.get("/settings/clocks/green/steps/add/").status_code == 404
    assert client.get("/settings/clocks/assessment/steps/add/").status_code == 404


def test_the_agency_is_told_only_by_the_clocks_of_what_it_owes(client: Client, kit: User) -> None:
    client.force_login(kit)
    assert "The agency that owes it" not in text(client.get(ADD))
    assert "The agency that owes it" in text(client.get("/settings/clocks/check_red/steps/add/"))


# working hours and closures
