"""Helen reads the known case of the scrutiny report (front-door.md 3.8) off the dashboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HISTORY = Path(__file__).parents[2] / "referrals" / "demo" / "history.csv"


def test_helen_reads_the_known_case_and_every_number_opens_its_list(stage: Stage) -> None:
    # given the history with its own dates
    stage.starts("web")
    stage.account("Helen")
    stage.enters(Worker, "Helen").is_signed_in().sees("No contacts in this period").looks_at("without-contacts")
    imported = stage.portal.manage("import_history", str(HISTORY))
    assert imported.returncode == 0, imported.stderr

    # when Helen opens the dashboard for that half year
    helen = stage.enters(Worker, "Helen").is_signed_in().unfolds("Period")
    helen.dates("First day", "2017-09-01").dates("Last day", "2018-02-28")
    helen.presses("Show this period").looks_at("dashboard")

    # then it says what the report said
    helen.sees("1 September 2017 to 28 February 2018", "Police sent 53% of contacts; 73% of those needed no further")
    helen.sees("40 returned with advice in September 2017, 3 in February 2018")
    police = helen.row("Police").first.inner_text()
    assert "5,300" in police
    assert "73.0%" in police

    # and each number leads to the contacts behind it
    for name in ("contacts", "no further action", "of these returned with advice", "decided within 24 hours"):
        opens_the_list_behind(
            helen, helen.page.get_by_role("main").get_by_role("link").filter(has_text=name).first, name
        )
    for cell in ("Contacts: Police", "No further action: Police"):
        opens_the_list_behind(helen, helen.page.get_by_role("link", name=cell), cell)


def opens_the_list_behind(helen: Worker, link: Locator, name: str) -> None:
    """The list says the same number as the link to it."""
    number = re.search(r"[\d,]+", link.inner_text())
    assert number is not None
    dashboard = helen.path
    helen.follows_link(link).sees(re.compile(rf"\b{number[0]} (contacts|children)"))
    helen.looks_at(f"behind-{re.sub(r'[^a-z]+', '-', name.lower())}").opens(dashboard)
