"""Agencies beside one another: findings as headings, like with like, and behind every number a list of that many."""

import html
import re
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from referrals import access
from referrals.assurance import lookback
from referrals.models import Child, Contact, Feedback, QualityMark
from referrals.vocabulary import Grade
from tests import build, disagreeing
from tests.history_file import HISTORY, another, imported, written
from tests.pages.test_dashboard import LINK, body, numbers
from tests.restricting import restricted

PERIOD = "start=2017-09-01&end=2018-02-28"
AGENCIES = f"/insight/agencies/?{PERIOD}"
TOLD = f"{AGENCIES}&view=told"


@pytest.fixture
def schools(db: None, tmp_path: Path) -> None:
    """Forty of Oak High, 30 of them NFA; 200 of Elm Primary, 60 NFA; three of Ash Nursery; 20 of the police."""
    rows = [another(outcome="nfa_information" if number < 30 else "section_17") for number in range(40)]
    rows += [another(agency="Elm Primary", outcome="nfa_information" if n < 60 else "section_17") for n in range(200)]
    rows += [another(agency="Ash Nursery") for _ in range(3)]
    rows += [another(agency="Regional Police", source="6", level_believed="2", level_decided="3") for _ in range(20)]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""


def headings(text: str) -> list[str]:
    """What the page found, without the headings of every page."""
    main = text[text.index('<h1 class="govuk-heading-l">') : text.index("</main>")]
    return list(re.findall(r'<h[12] class="govuk-heading-[lm]"[^>]*>([^<]*)</h', main))


def row_of(text: str, agency: str) -> str:
    """The words of an agency's line."""
    [found] = re.findall(rf"<tr[^>]*><th[^>]*><a[^>]*>{agency}</a>.*?</tr>", text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<span class=\"govuk-visually-hidden\">.*?</span>|<[^>]*>", " ", found)).strip()


@pytest.mark.usefixtures("schools")
def test_a_school_of_three_referrals_is_not_shamed_and_one_of_forty_is_named(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, f"{AGENCIES}&kind=school")
    assert headings(text)[:2] == [
        "3 schools and nurseries sent 243 contacts; 38% needed no further action",
        "Oak High lies outside what chance explains; 38% needed no further action over all schools and nurseries",
    ]
    assert "3 (100%)" in row_of(text, "Ash Nursery")
    assert row_of(text, "Ash Nursery").endswith("Within what chance explains")
    assert row_of(text, "Oak High").endswith("1: Higher than chance explains")
    assert row_of(text, "Elm Primary").endswith("Low, at the edge of chance")
    assert "Regional Police" not in re.sub(r"<option.*?</option>", "", text)


@pytest.mark.usefixtures("schools")
def test_an_agency_is_compared_with_its_kind_whoever_else_is_on_the_page(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, AGENCIES)
    assert row_of(text, "Oak High").endswith("1: Higher than chance explains")
    assert row_of(text, "Regional Police").endswith("Nobody to compare")
    assert text.count('class="portal-funnel__outside"') == 1


@pytest.mark.usefixtures("schools")
@pytest.mark.parametrize("url", [AGENCIES, TOLD, f"{AGENCIES}&kind=school&measure=over", f"{TOLD}&source=6"])
def test_every_number_opens_a_list_of_exactly_that_many(client: Client, helen: User, url: str) -> None:
    client.force_login(helen)
    assert_lists_agree(client, url, at_least=4)


def assert_lists_agree(client: Client, url: str, *, at_least: int) -> None:
    links = list(numbers(body(client, url)))
    assert len(links) >= at_least
    for href, shown in set(links):
        [heading] = re.findall(r"<h1[^>]*>([\d,]+) contacts?</h1>", body(client, href))
        assert int(heading.replace(",", "")) == shown, href


def test_numbers_of_what_came_after_open_their_lists(
    client: Client, helen: User, rosa: User, grace: User, maya: User
) -> None:
    """One of each: no agreement, a thin form, feedback on time and opened, and a disagreement."""
    team = {"worker": grace, "manager": maya}
    build.received(rosa, agreed=False, level=4)
    opened = build.told(rosa, **team)
    Feedback.objects.filter(contact=opened).update(opened_at=timezone.now(), opened_by=rosa)
    QualityMark.objects.create(
        contact=opened, evidence=Grade.THIN, consent=Grade.GOOD, threshold=Grade.GOOD, childs_voice=Grade.GOOD,
        by=grace, at=timezone.now(),
    )  # fmt: skip
    disagreeing.raised(build.told(rosa, **team), by=rosa)
    client.force_login(helen)
    assert_lists_agree(client, "/insight/agencies/?view=told", at_least=6)
    said = row_of(body(client, "/insight/agencies/?view=told"), "Alder Primary")
    assert said == "Alder Primary 3 1 of 3 1 of 1 2 of 2 1 of 2 1 of 3 –"


@pytest.fixture
def again(db: None, tmp_path: Path) -> Contact:
    """Three children closed with no further action: one back on day 90, one on day 91, one never. Who came back."""
    decided = {"received_at": "2017-09-01T06:00:00", "decided_at": "2017-09-01T12:00:00", "feedback_at": ""}
    rows = [another(**decided, agency="Oak High", outcome="nfa_information") for _ in range(3)]
    later = {"agency": "Regional Police", "source": "6", "feedback_at": "", "outcome": "section_17"}
    for first, day in zip(rows, ("2017-11-30", "2017-12-01"), strict=False):
        moment = {"received_at": f"{day}T10:59:00", "decided_at": f"{day}T14:00:00"}
        rows.append(another(**later, **moment) | {"child_ref": first["child_ref"]})
    assert imported(written(tmp_path / "again.csv", rows))[2] == ""
    return Contact.objects.get(external_reference=rows[3]["contact_ref"])


@pytest.mark.usefixtures("again")
def test_who_came_back_within_ninety_days_is_counted_whoever_told_of_them(client: Client, helen: User) -> None:
    client.force_login(helen)
    assert row_of(body(client, TOLD), "Oak High").endswith("1 of 3")
    said = "33% of those closed with no further action more than 90 days ago came back within 90 days"
    assert said in headings(body(client, TOLD))[1]
    assert_lists_agree(client, TOLD, at_least=2)


@pytest.mark.usefixtures("again")
def test_who_has_had_no_90_days_to_come_back_is_not_counted_as_having_stayed_away(client: Client, helen: User) -> None:
    client.force_login(helen)
    with time_machine.travel("2017-11-30 10:59 +0000"):
        assert row_of(body(client, TOLD), "Oak High").endswith("–")
    with time_machine.travel("2017-11-30 11:00 +0000"):
        assert row_of(body(client, TOLD), "Oak High").endswith("1 of 3")
        assert_lists_agree(client, TOLD, at_least=2)


@pytest.mark.usefixtures("again")
def test_the_agencies_and_the_look_back_count_who_came_back_by_one_rule(client: Client, helen: User) -> None:
    client.force_login(helen)
    unknown = Child.objects.filter(agency__name="Oak High").latest("pk")
    Child.objects.filter(pk=unknown.pk).update(person=None)
    assert row_of(body(client, TOLD), "Oak High").endswith("1 of 2")
    days = (date(2017, 9, 1), date(2018, 2, 28))
    window = lookback.count(access.countable_by(helen), *days, timezone.now())[""].windows[90]
    assert (window.back, window.over) == (1, 2)


def test_a_child_who_comes_back_in_a_restricted_record_does_not_show(
    client: Client, helen: User, maya: User, again: Contact
) -> None:
    client.force_login(helen)
    assert row_of(body(client, TOLD), "Oak High").endswith("1 of 3")
    restricted(again, by=maya)
    assert row_of(body(client, TOLD), "Oak High").endswith("0 of 3")
    assert_lists_agree(client, TOLD, at_least=2)


@pytest.mark.usefixtures("schools")
def test_agencies_that_never_refer_are_listed_with_their_size(client: Client, helen: User) -> None:
    Agency.objects.filter(name="Elm Primary").update(size=400)
    Agency.objects.create(name="Large High", kind="school", source="2A", size=900)
    Agency.objects.create(name="Tiny Nursery", kind="school", source="2A", size=2)
    Agency.objects.create(name="Nobody Counted", kind="school", source="2A")
    Agency.objects.create(name="Closed High", kind="school", source="2A", size=900, is_active=False)
    client.force_login(helen)
    text = body(client, f"{AGENCIES}&kind=school")
    assert "3 of 6 schools and nurseries sent nothing" in headings(text)
    assert row_of(text, "Large High") == "Large High 900 About 138: unlikely to be chance Never"
    assert row_of(text, "Tiny Nursery") == "Tiny Nursery 2 Fewer than 1: nothing may be chance Never"
    assert row_of(text, "Nobody Counted") == "Nobody Counted Not known – Never"
    assert "Closed High</a>" not in text
    later = body(client, "/insight/agencies/?start=2019-01-01&end=2019-02-01&kind=school")
    assert row_of(later, "Oak High") == "Oak High Not known – 1 September 2017"


@pytest.mark.usefixtures("committed")
def test_the_story_of_the_scrutiny_report_can_be_seen(client: Client) -> None:
    """In a database of its own: ten thousand rows in one transaction would be ten thousand checks at its end."""
    assert imported(HISTORY)[0]["imported"] == 10_000
    client.force_login(build.player("Helen"))
    schools = headings(body(client, f"{AGENCIES}&kind=school&measure=pushback"))
    assert "40 were returned with advice in September 2017, 3 in February 2018" in schools
    assert schools[1].startswith("7% were returned with advice: chance explains every difference between 40 schools")
    police = row_of(body(client, AGENCIES), "Regional Police")
    assert police.startswith("Regional Police 5,300 3,869 (73%)")


@pytest.mark.usefixtures("schools")
def test_choosing_one_agency_leads_to_its_page(client: Client, helen: User) -> None:
    client.force_login(helen)
    oak = Agency.objects.get(name="Oak High")
    answer = client.get(f"{AGENCIES}&agency={oak.pk}")
    assert answer.headers["Location"] == f"/insight/agencies/{oak.pk}/?{PERIOD}"


def test_an_empty_period_says_so_and_lists_who_is_silent(client: Client, helen: User, rosa: User) -> None:
    client.force_login(helen)
    text = body(client, AGENCIES)
    assert headings(text) == ["No contacts from agencies in this period", "1 of 1 agency sent nothing"]
    assert row_of(text, "Alder Primary").endswith("Never")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("kind=zoo", "Choose a kind of agency from the list"),
        ("measure=luck", "Choose what to compare by from the list"),
        ("agency=0", "Choose an agency from the list"),
        ("start=2018-02-28&end=2017-09-01", "Last day must be the same as or after the first day"),
    ],
)
def test_what_makes_no_sense_is_answered_with_a_sentence(
    client: Client, helen: User, query: str, sentence: str
) -> None:
    client.force_login(helen)
    assert "There is a problem" not in body(client, AGENCIES)
    assert body(client, f"/insight/agencies/?{query}").count(sentence) == 2


def test_the_page_takes_as_many_queries_for_many_agencies_as_for_few(
    client: Client, helen: User, tmp_path: Path
) -> None:
    client.force_login(helen)
    pages = (AGENCIES, TOLD, f"{AGENCIES}&kind=school")
    imported(written(tmp_path / "few.csv", [another(agency="Few High") for _ in range(3)]))
    body(client, AGENCIES)
    few = {url: queries(client, url) for url in pages}
    imported(written(tmp_path / "many.csv", [another(agency=f"School {number}") for number in range(45)]))
    assert {url: queries(client, url) for url in pages} == few
    assert max(few.values()) <= 10


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        body(client, url)
    return len(captured)


def test_nobody_reads_a_childs_name(client: Client, helen: User, ana: User, tmp_path: Path) -> None:
    imported(written(tmp_path / "one.csv", [another()]))
    for person in (helen, ana):
        client.force_login(person)
        for url in (AGENCIES, TOLD):
            assert "Azzi" not in html.unescape(body(client, url))
            assert LINK.search(body(client, url))
