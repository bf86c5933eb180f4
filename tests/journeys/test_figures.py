"""Helen reads the known case of the scrutiny report (front-door.md 3.8) off the dashboard."""

import re
from pathlib import Path

import pytest

from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HISTORY = Path(__file__).parents[2] / "referrals" / "demo" / "history.csv"


def test_helen_reads_the_known_case_and_every_number_opens_its_list(stage: Stage) -> None:
    # given the history with its own dates
    stage.starts("web")
    stage.account("Helen")
    imported = stage.portal.manage("import_history", str(HISTORY))
    assert imported.returncode == 0, imported.stderr

    # when Helen opens the dashboard for that half year
    helen = stage.enters(Worker, "Helen").signs_in().looks_at("dashboard-without-contacts")
    helen.unfolds("Period").dates("First day", "2017-09-01").dates("Last day", "2018-02-28")
    helen.presses("Show this period").looks_at("dashboard")

    # then it says what the report said
    helen.sees("Police sent 53% of contacts", "73% of those needed no further action", "1 September 2017 to 28 February 2018")
    police = helen.row("Police").first.inner_text()
    helen.sees(re.compile(r"40 returned with advice in September 2017, 3 in February 2018"))
    assert "5,300" in police
    assert "73.0%" in police

    # and each number leads to the contacts behind it
    for label in ("contacts", "no further action", "of these returned with advice", "decided within 24 hours"):
        tile = helen.page.get_by_role("link").filter(has_text=label).first
        number = re.search(r"[\d,]+", tile.inner_text())
        assert number is not None
        path = helen.path
        helen.follows_link(tile).sees(re.compile(rf"{number[0]} contacts"))
        helen.looks_at(f"behind-{label.replace(' ', '-')}").opens(path)
