"""Times in words, the theme, the bars, the components and the vendored files."""

import datetime as dt
import hashlib
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.template.loader import render_to_string
from django.test import RequestFactory

from mash_portal.govuk import words
from mash_portal.govuk.bars import bars
from mash_portal.govuk.views import council_colour, theme

ROOT = Path(__file__).parents[2]
NOW = dt.datetime(2026, 11, 20, 16, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (dt.timedelta(hours=2, minutes=18, seconds=40), "2 hours 18 minutes left"),
        (dt.timedelta(hours=1), "1 hour left"),
        (dt.timedelta(minutes=1), "1 minute left"),
        (dt.timedelta(seconds=59), "less than a minute left"),
        (dt.timedelta(0), "less than a minute left"),
        (dt.timedelta(seconds=-1), "less than a minute overdue"),
        (dt.timedelta(hours=-4), "4 hours overdue"),
        (dt.timedelta(days=-3, hours=-4, minutes=-50), "3 days 4 hours overdue"),
        (dt.timedelta(days=1, minutes=59), "1 day left"),
    ],
)
def test_a_clock_says_what_is_left_in_words(gap: dt.timedelta, said: str) -> None:
    assert words.time_left(NOW + gap, NOW) == said


@pytest.mark.parametrize(
    ("utc", "said"),
    [
        (dt.datetime(2026, 11, 20, 16, 0, tzinfo=dt.UTC), "Friday 20 November 2026, 4:00pm"),
        (dt.datetime(2026, 7, 3, 23, 5, tzinfo=dt.UTC), "Saturday 4 July 2026, 12:05am"),
        (dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), "Sunday 25 October 2026, 1:30am"),
        (dt.datetime(2026, 1, 1, 12, 0, tzinfo=dt.UTC), "Thursday 1 January 2026, 12:00pm"),
    ],
)
def test_a_moment_is_said_in_london_time(utc: dt.datetime, said: str) -> None:
    assert words.long_moment(utc) == said


def test_a_date_is_that_of_london_even_when_it_is_still_yesterday_in_utc() -> None:
    moment = dt.datetime(2026, 7, 3, 23, 5, tzinfo=dt.UTC)
    assert words.long_date(moment) == "4 July 2026"
    assert words.short_date(moment) == "4 Jul 2026"
    assert words.short_moment(moment) == "Sat 4 Jul, 12:05am"
    assert words.long_date(dt.date(2026, 7, 3)) == "3 July 2026"


@pytest.mark.parametrize(
    ("due_in", "met", "state"),
    [(5, None, "running"), (3, None, "soon"), (-1, None, "overdue"), (5, 1, "met"), (1, 2, "overdue")],
)
def test_a_clock_has_a_state_that_goes_with_its_words(due_in: int, met: int | None, state: str) -> None:
    hour = dt.timedelta(hours=1)
    clock = words.clock_words("Decision", NOW + due_in * hour, NOW, None if met is None else NOW + met * hour)
    assert clock.state == state
    assert ("overdue" in clock.words or "late" in clock.words) == (state == "overdue")


def test_numbers_are_counted_in_plain_words() -> None:
    assert [words.count(n, "child", "children") for n in (0, 1, 2)] == ["0 children", "1 child", "2 children"]
    assert words.count(1204, "contact") == "1,204 contacts"


def test_bars_are_shares_of_the_longest_and_of_nothing_when_there_is_nothing() -> None:
    rows = [("Police", 200.0, "200", "/p"), ("Schools", 50.0, "50", "")]
    assert [bar.width for bar in bars(rows)] == ["100.0%", "25.0%"]
    assert [bar.width for bar in bars(rows, maximum=100)] == ["100.0%", "50.0%"]
    assert [bar.width for bar in bars([("None", 0.0, "0", "")])] == ["0.0%"]
    assert bars([]) == []


@pytest.mark.parametrize(
    ("setting", "colour"),
    [
        ("#7a1f5c", "#7a1f5c"),
        ("#ffdd00", "#00544d"),
        ("red", "#00544d"),
        ("#123456} body{display:none", "#00544d"),
        ("#12345", "#00544d"),
    ],
)
def test_the_theme_has_the_councils_colour_if_people_can_read_it(
    setting: str, colour: str, settings: LazySettings
) -> None:
    settings.COUNCIL_COLOUR = setting
    assert council_colour() == colour
    response = theme(RequestFactory().get("/theme.css"))
    assert response.content.decode() == f":root{{--council:{colour};--govuk-brand-colour:{colour}}}\n"
    assert response["Content-Type"] == "text/css"


ATTACK = "<script>alert(1)</script>"


def hostile() -> dict[str, Any]:
    thing = dict.fromkeys(
        [
            "key",
            "value",
            "action",
            "hidden",
            "title",
            "hint",
            "status",
            "by",
            "when",
            "when_iso",
            "text",
            "link",
            "number",
            "label",
            "note",
            "state",
            "name",
            "words",
            "due",
            "due_iso",
            "width",
            "href",
            "url",
        ],
        ATTACK,
    )
    lists = {name: [thing] for name in ("rows", "tasks", "events", "tiles", "bars", "clocks", "messages")}
    pairs = {name: [(ATTACK, ATTACK, True)] for name in ("items", "facts")} | {"selected": [(ATTACK, ATTACK)]}
    plain = dict.fromkeys(
        [
            "title",
            "text",
            "href",
            "reference",
            "reference_label",
            "children",
            "rag",
            "stage",
            "label",
            "caption",
            "label_heading",
            "number_heading",
            "note",
            "summary",
            "link",
            "url",
            "newer_url",
            "older_url",
            "newer_text",
            "older_text",
            "card_url",
            "card_action",
            "controls",
            "clear_url",
            "action",
            "button",
            "seconds",
        ],
        ATTACK,
    )
    return {**plain, **lists, **pairs, "facts": [(ATTACK, ATTACK)], "clock": SimpleNamespace(**thing)}


@pytest.mark.parametrize("component", sorted(path.name for path in (ROOT / "templates" / "components").glob("*.html")))
def test_nothing_that_a_component_is_given_becomes_html(component: str) -> None:
    html = render_to_string(f"components/{component}", hostile())
    assert "<script" not in html
    assert "&lt;script&gt;" in html or component == "session_warning.html"


def test_no_template_has_a_style_or_a_script_in_it_or_a_handler_of_events() -> None:
    templates = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "mash_portal").rglob("templates/**/*.html")]
    assert templates
    inline = re.compile(r"""\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|javascript:""")
    assert [path.name for path in templates if inline.search(path.read_text())] == []


def test_the_vendored_files_are_those_that_were_built_without_govuks_typeface_and_crest() -> None:
    folder = ROOT / "static" / "vendor" / "govuk-frontend-6.6.0"
    lines = [line.split() for line in (folder / "SHA256SUMS").read_text().splitlines()]
    sums = {name: expected for expected, name in lines}
    for name, expected in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected, name
    assert set(sums) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    css = (folder / "govuk-frontend.council.min.css").read_text()
    assert not re.search(r"GDS Transport|govuk-crest|url\(/assets|@font-face", css, re.IGNORECASE)
