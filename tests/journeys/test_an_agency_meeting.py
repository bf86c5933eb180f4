"""Helen takes a school's figures to the meeting with it, and its own lead has read the same before she comes."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.history_file import another, written

from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PERIOD = "start=2017-09-01&end=2018-02-28"


def rows() -> list[dict[str, str]]:
    """Of Alder Primary's 40 contacts, 28 pushed back, most of them at first; of six schools, three in ten."""
    alder = {"agency": "Alder Primary", "feedback_at": ""}
    february = {"received_at": "2018-02-05T09:00:00", "decided_at": "2018-02-05T15:00:00"}
    found = [another(**alder, family_name="Quince") for _ in range(25)]
    found += [another(**alder, **february) for _ in range(3)]
    found += [another(**alder, **february, outcome="section_17", level_decided="4") for _ in range(12)]
    for school in range(1, 7):
        outcomes = ["nfa_pushback"] * 9 + ["early_help"] * 21
        found += [another(agency=f"School {school}", outcome=one, feedback_at="") for one in outcomes]
    return found + [another(agency="Tiny Nursery", feedback_at="") for _ in range(3)]


def test_a_school_and_the_mash_talk_about_the_same_figures(stage: Stage, tmp_path: Path) -> None:
    # given half a year of eight schools, and one that sent nothing
    stage.starts("web")
    for name in ("Helen", "Rosa", "Tom"):
        stage.account(name)
    imported = stage.portal.manage("import_history", str(written(tmp_path / "history.csv", rows())))
    assert imported.returncode == 0, imported.stderr

    # when Helen goes from the dashboard to the agencies, and compares the schools
    helen = stage.enters(Worker, "Helen").is_signed_in().goes_to("Dashboard")
    helen.opens(f"/dashboard/?{PERIOD}").looks_at("dashboard").follows("Agencies").unfolds("Period and agencies")
    helen.dates("First day", "2017-09-01").dates("Last day", "2018-02-28")
    helen.picks({"Kind of agency": "School or nursery", "Compare them by": "Returned with advice"})
    helen.presses("Show these agencies").looks_at("agencies")

    # then the one that chance does not explain is named, and the one with three contacts is not shamed
    helen.sees("Alder Primary lies outside what chance explains")
    helen.sees(
        "82 were returned with advice in September 2017, 3 in February 2018",
        "1 of 9 schools and nurseries sent nothing",
    )
    assert "Higher than chance explains" in helen.row("Alder Primary").first.inner_text()
    assert "Within what chance explains" in helen.row("Tiny Nursery").first.inner_text()
    helen.follows("Agreement, feedback and who came back").looks_at("what-they-are-told").goes_back()

    # when she opens the school's page, takes its tables away and prints it
    helen.follows("Alder Primary").sees("70% needed no further action", "Inside the MASH only").looks_at(
        "alder-primary"
    )
    book = load_workbook(io.BytesIO(Path(helen.downloads("All tables (Excel)").path()).read_bytes()))
    whole = {row[0]: row[1] for row in book["The numbers"].values}
    assert (whole["Contacts"], whole["Returned with advice"]) == (40, 28)
    assert list(book["Months"].values)[-1] == ("February 2018", 15, 3, 3)
    paper = Path(helen.downloads("Print for the meeting (PDF)").path()).read_bytes()
    catalog: Any = PdfReader(io.BytesIO(paper)).trailer["/Root"]
    assert "/StructTreeRoot" in catalog
    helen.page.emulate_media(media="print")
    assert not helen.page.get_by_role("link", name="All tables (Excel)").is_visible()
    helen.looks_at("alder-primary-printed")
    helen.page.emulate_media(media="screen")
    helen.follows("See it as the agency does").does_not_see("Inside the MASH only").looks_at("as-the-agency")

    # then its own lead reads the same page, without the small numbers and without any name
    rosa = stage.enters(Worker, "Rosa").is_signed_in().goes_to("Our figures")
    rosa.opens(f"/insight/agencies/ours/?{PERIOD}").sees("70% needed no further action", "[c]").looks_at("ours")
    assert rosa.row("Returned with advice").filter(has_text="of 40").inner_text().split()[3] == "28"
    assert "[c]" in rosa.row("February 2018").inner_text()
    rosa.does_not_see("Quince", "School 1", "Inside the MASH only")

    # and no other school's
    number = helen.path.split("/")[3]
    rosa.opens(f"/insight/agencies/{number}/?{PERIOD}").sees("Alder Primary")
    rosa.opens(f"/insight/agencies/{int(number) + 1}/?{PERIOD}", status=404)
