"""The page of one agency: for the meeting with it, on a screen, on paper, and as its own safeguarding lead sees it."""

import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from mash_portal.accounts.models import Agency, User
from mash_portal.audit.models import Event
from referrals import printing
from referrals.insight.agencies import changes
from referrals.insight.signs import QUALITIES
from referrals.models import Child, Contact, LearningEvent, QualityMark
from referrals.rules.suppression import ABOUT_HIDDEN, HIDDEN
from referrals.vocabulary import Grade, LearningKind
from tests.history_file import another, imported, written
from tests.pages.test_agencies import headings
from tests.pages.test_dashboard import body, numbers
from tests.pages.test_pdf import kinds_of
from tests.restricting import restricted

PERIOD = "start=2017-09-01&end=2017-10-31"


@pytest.fixture
def school(rosa: User, tmp_path: Path) -> Agency:
    """Rosa's school: 20 contacts, 12 of them NFA, 6 pushed back in September and 3 in October; two other schools."""
    at = {"agency": "Alder Primary", "feedback_at": ""}
    rows = [another(**at, outcome="nfa_pushback") for _ in range(6)]
    rows += [another(**at, outcome="nfa_information") for _ in range(3)]
    october = {"received_at": "2017-10-02T06:00:00", "decided_at": "2017-10-02T12:00:00"}
    rows += [another(**at, **october, outcome="nfa_pushback") for _ in range(3)]
    rows += [another(**at, **october, outcome="section_17", level_decided="4") for _ in range(8)]
    rows += [another(agency=name, outcome="section_17") for name in ("Oak High", "Elm Primary") for _ in range(30)]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""
    assert rosa.agency is not None
    return rosa.agency


def page_of(agency: Agency, more: str = "") -> str:
    return f"/insight/agencies/{agency.pk}/?{PERIOD}{more}"


def fact(text: str, name: str) -> str:
    """The words of a line of the numbers."""
    [found] = re.findall(rf"<tr[^>]*><th scope=\"row\"[^>]*>{name}</th>(.*?)</tr>", text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<span class=\"govuk-visually-hidden\">.*?</span>|<[^>]*>", " ", found)).strip()


def test_a_manager_reads_what_to_talk_about(client: Client, helen: User, school: Agency) -> None:
    client.force_login(helen)
    text = body(client, page_of(school))
    assert "Sent 20 contacts; 60% needed no further action: higher than chance explains" in text
    assert headings(text)[:1] == ["Alder Primary"]
    assert "6 were returned with advice in September 2017, 3 in October 2017" in headings(text)
    assert fact(text, "No further action") == "12 60% of 20 15%"
    assert fact(text, "Returned with advice") == "9 45% of 20 11%"
    assert fact(text, "Believed higher than decided") == "12 60% of 20 90%"
    assert "Oak High" not in text
    assert "Elm Primary" not in text


def disagreed(contact: Contact, by: User, *, result: str) -> None:
    ended = {"ended_at": timezone.now(), "result": result, "settled_because": "We met"} if result else {}
    contact.disagreements.create(
        decision=contact.decisions.get(), ground="threshold", why="…", wanted="…", safety_plan="…",
        raised_by=by, raised_at=timezone.now(), stage=1, **ended,
    )  # fmt: skip


def test_every_number_of_the_managers_page_opens_its_list(
    client: Client, helen: User, rosa: User, school: Agency
) -> None:
    client.force_login(helen)
    for number, contact in enumerate(Contact.objects.filter(agency=school).order_by("id")[:6]):
        grades = dict(zip(QUALITIES, (Grade.THIN, Grade.ENOUGH, Grade.GOOD, Grade.GOOD), strict=True))
        QualityMark.objects.create(contact=contact, **grades, by=helen, at=timezone.now())
        if number < 2:
            disagreed(contact, rosa, result="upheld" if number else "")
    text = body(client, page_of(school))
    links = set(numbers(text))
    assert len(links) >= 30
    assert "100% of the forms that were marked had too little of something in them" in headings(text)
    for href, shown in links:
        [heading] = re.findall(r"<h1[^>]*>([\d,]+) contacts?</h1>", body(client, href))
        assert int(heading) == shown, href


def test_its_own_lead_sees_the_same_page_without_small_numbers(
    client: Client, helen: User, rosa: User, school: Agency
) -> None:
    client.force_login(rosa)
    text = body(client, page_of(school))
    assert body(client, f"/insight/agencies/ours/?{PERIOD}").count("Sent 20 contacts") == 1
    assert fact(text, "No further action") == "12 60% of 20 15%"
    assert fact(text, "October 2017") == f"11 {HIDDEN} {HIDDEN}"
    assert fact(text, "September 2017") == f"9 {HIDDEN} {HIDDEN}"
    assert "Month by month" in headings(text)
    assert ABOUT_HIDDEN in text
    assert "/dashboard/" not in text
    client.force_login(helen)
    assert fact(body(client, page_of(school)), "October 2017") == "11 3 3"
    assert fact(body(client, page_of(school, "&as=agency")), "October 2017") == f"11 {HIDDEN} {HIDDEN}"


def test_its_own_lead_reads_no_share_that_says_how_few_are_left(
    client: Client, helen: User, rosa: User, tmp_path: Path
) -> None:
    """18 of 20 needed no further action: two did."""
    rows = [another(agency="Alder Primary", outcome="nfa_information") for _ in range(18)]
    rows += [another(agency="Alder Primary", outcome="section_17") for _ in range(2)]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""
    assert rosa.agency is not None
    client.force_login(helen)
    text = body(client, page_of(rosa.agency))
    assert "Sent 20 contacts; 90% needed no further action" in text
    assert fact(text, "No further action") == "18 90% of 20"
    client.force_login(rosa)
    text = body(client, page_of(rosa.agency))
    assert "Sent 20 contacts" in text
    assert fact(text, "No further action") == f"{HIDDEN} of 20"
    assert fact(text, "September 2017").endswith(f"{HIDDEN} 0")
    assert "90%" not in text


@pytest.mark.parametrize("what", ["", "paper/"])
def test_nobody_sees_another_agencys_page(client: Client, rosa: User, tom: User, school: Agency, what: str) -> None:
    oak = Agency.objects.get(name="Oak High")
    client.force_login(rosa)
    assert client.get(f"/insight/agencies/{school.pk}/{what}?{PERIOD}").status_code == 200
    for number in (oak.pk, 0):
        assert client.get(f"/insight/agencies/{number}/{what}?{PERIOD}").status_code == 404
    client.force_login(tom)  # a referrer is nobody's lead
    assert client.get(f"/insight/agencies/{tom.agency_id}/{what}?{PERIOD}").status_code == 404


def test_the_hub_has_no_such_page(client: Client, helen: User, school: Agency) -> None:
    client.force_login(helen)
    assert client.get(page_of(school)).status_code == 200
    assert client.get(f"/insight/agencies/{helen.agency_id}/").status_code == 404


def test_the_paper_is_as_the_agency_may_have_it_whoever_prints_it(
    client: Client, helen: User, school: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    pressed = printing.pressed

    def watched(css: str, html: str) -> bytes:
        drawn.append(html)
        return pressed(css, html)

    monkeypatch.setattr(printing, "pressed", watched)
    client.force_login(helen)
    answer = client.get(f"/insight/agencies/{school.pk}/paper/?{PERIOD}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].endswith(f'agency-{school.pk}-2017-09-01-2017-10-31.pdf"')
    assert answer.content.startswith(b"%PDF-")
    made = PdfReader(io.BytesIO(answer.content))
    catalog: Any = made.trailer["/Root"]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= set(kinds_of(catalog["/StructTreeRoot"]))
    assert (catalog["/Lang"], catalog["/MarkInfo"]["/Marked"].value) == ("en-GB", True)
    [html] = drawn
    assert "Azzi" not in html
    assert fact(html, "October 2017") == f"11 {HIDDEN} {HIDDEN}"
    assert made.metadata is not None
    assert made.metadata.title == "Alder Primary: what was sent and what became of it"
    event = Event.objects.get(verb="printed:agency")
    assert event.details["agency"] == school.pk
    assert event.details["filters"] == {"start": "2017-09-01", "end": "2017-10-31"}


def test_a_restricted_record_is_on_no_paper_even_of_who_may_see_it(
    client: Client, helen: User, rosa: User, maya: User, school: Agency
) -> None:
    restricted(Contact.objects.filter(agency=school).latest("id"), by=maya, people=[helen])
    client.force_login(helen)
    assert fact(body(client, page_of(school)), "Contacts") == "20 – –"
    assert fact(body(client, page_of(school, "&as=agency")), "Contacts") == "19 – –"
    client.force_login(rosa)
    assert fact(body(client, page_of(school)), "Contacts") == "19 – –"


def test_a_file_of_the_page_hides_what_the_page_hides(client: Client, helen: User, rosa: User, school: Agency) -> None:
    for person, expected in ((rosa, HIDDEN), (helen, 3)):
        client.force_login(person)
        book = load_workbook(io.BytesIO(client.get(page_of(school, "&download=xlsx")).content))
        months = list(book["Months"].values)
        assert months[2] == ("October 2017", 11, expected, expected)
    client.force_login(helen)
    book = load_workbook(io.BytesIO(client.get(page_of(school, "&download=xlsx&as=agency")).content))
    assert list(book["Months"].values)[2] == ("October 2017", 11, HIDDEN, HIDDEN)


def test_an_agency_that_sent_nothing_has_a_page_that_says_so(client: Client, helen: User, tom: User) -> None:
    client.force_login(helen)
    text = body(client, f"/insight/agencies/{tom.agency_id}/?{PERIOD}")
    assert "Sent nothing in this period" in text
    assert client.get(f"/insight/agencies/{tom.agency_id}/paper/?{PERIOD}").content.startswith(b"%PDF-")


def test_the_page_takes_as_many_queries_however_much_was_sent(
    client: Client, helen: User, school: Agency, tmp_path: Path
) -> None:
    client.force_login(helen)
    body(client, page_of(school))
    few = queries(client, page_of(school))
    more = [another(agency=name) for name in ("Alder Primary", "Yew High", "Ash High") for _ in range(15)]
    imported(written(tmp_path / "more.csv", more))
    assert queries(client, page_of(school)) == few <= 14


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        body(client, url)
    return len(captured)


@pytest.fixture
def training(maya: User, school: Agency, tmp_path: Path) -> LearningEvent:
    """Held on 1 May 2018, for Rosa's school: eight pushbacks a month before it, and two a month after it."""
    held = date(2018, 5, 1)
    rows = []
    for month, number in (*((-place, 8) for place in range(1, 7)), *((place, 2) for place in range(6))):
        day = held + timedelta(days=30 * month + 3)
        moment = {"received_at": f"{day}T06:00:00", "decided_at": f"{day}T12:00:00", "feedback_at": ""}
        rows += [another(**moment, agency="Alder Primary") for _ in range(number)]
    imported(written(tmp_path / "months.csv", rows))
    event = LearningEvent.objects.create(
        kind=LearningKind.TRAINING, held_on=held, topic="Thresholds", who_came="Twelve teachers", by=maya,
        follow_up_on=held + timedelta(weeks=6), at=timezone.now(),
    )  # fmt: skip
    event.agencies.add(school)
    return event


def test_the_months_before_and_after_a_training_are_on_the_page(
    client: Client, helen: User, rosa: User, school: Agency, training: LearningEvent
) -> None:
    said = "After the threshold training on 1 May 2018 pushbacks fell from"
    client.force_login(helen)
    text = body(client, page_of(school))
    assert "Threshold training on 1 May 2018: Thresholds" in text
    assert "Its follow-up is due on 12 June 2018." in text
    assert said in text
    about_it = reverse("assurance:event", args=[training.pk])
    assert about_it in text
    client.force_login(rosa)
    text = body(client, page_of(school))
    assert said in text
    assert about_it not in text
    assert "The months before and after</caption>" not in text


def test_what_changed_is_not_said_of_few_children_outside_the_mash(
    client: Client, helen: User, rosa: User, school: Agency, training: LearningEvent
) -> None:
    after = Child.objects.filter(agency=school, received_at__date__gte=training.held_on).order_by("id")
    Child.objects.filter(pk__in=after[:9]).update(outcome="section_17")  # three are left
    client.force_login(helen)
    assert "pushbacks fell from" in body(client, page_of(school))
    client.force_login(rosa)
    text = body(client, page_of(school))
    assert changes.TOO_SMALL in text
    assert "pushbacks fell from" not in text
