"""Omar uploads what a night brought; Grace screens the low-level domestic abuse; Maya signs off."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import Route

from referrals.models import Contact, UploadItem
from referrals.vocabulary import Outcome
from referrals.vocabulary import Stage as Step
from tests import policing
from tests.policing import row

from .person import Person
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LOW, MISSING, WRONG = "PN/26/118377", "PN/26/118378", "PN/26/118379"
FILE = policing.file_of(
    row(),
    row(given_names="Bilal", date_of_birth="02/05/2022", sex="M", narrative="", rag=""),
    row(
        police_reference=MISSING,
        given_names="Callum",
        family_name="Doyle",
        incident_type="Missing child",
        dash_grade="",
        dvrim_scale="",
        rag="amber",
    ),
    row(police_reference=WRONG, date_of_birth="31/02/2019", dash_grade="purple"),
)
REASON = "Shouting about money; no earlier contact; both children seen and well."


class Sender(Person):
    def uploads(self, name: str, content: bytes) -> "Sender":
        self.goes_to("Police notifications").attaches("CSV file", name, content)
        self.presses("Upload and look at it")
        return self


def standing_still(route: Route) -> None:
    """The page as it was answered, without the header that makes it look again: long enough to look at."""
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if name != "refresh"}
    route.fulfill(response=answer, headers=headers)


def test_a_file_of_the_police_comes_in_once_and_its_low_level_cases_are_screened(stage: Stage) -> None:
    # given that Omar uploads a file with two good notifications and one that is wrong
    stage.starts("web")
    maya = stage.enters(Worker, "Maya")
    omar = stage.enters(Sender, "Omar").is_signed_in().goes_to("Police notifications").looks_at("uploads")
    omar.presses("Upload and look at it").sees("Choose the CSV file").looks_at("no-file")
    omar.uploads("night.csv", FILE).sees("2 notifications can be brought in", "None of these is with the MASH yet")
    omar.sees("Line 5", WRONG, "date of birth", "purple").looks_at("preview")
    assert WRONG in omar.downloads("Download these lines with the reasons").path().read_text(encoding="utf-8")
    assert not Contact.objects.exists()

    # when he brings it in, the page says how far it has come and goes on by itself
    omar.page.route("**/police-notifications/**", standing_still)
    with transaction.atomic():
        list(UploadItem.objects.select_for_update())
        omar.presses("Bring in 2 notifications").sees("0 of 2 notifications are in").looks_at("progress")
        omar.page.unroute("**/police-notifications/**")
        omar.page.reload()
    omar.settles(re.compile("2 notifications brought in")).looks_at("result")
    assert Contact.objects.count() == 2

    # when he uploads the same file again, nothing is added, and he is led to what is here
    omar.uploads("night-again.csv", FILE).sees("0 notifications can be brought in", "Here already", f"{LOW} is")
    omar.looks_at("again").goes_to("Police notifications").sees("2 notifications brought in").looks_at("files")
    assert Contact.objects.count() == 2

    # when Grace screens the one that is low-level domestic abuse, child by child
    contact = Contact.objects.get(external_reference=LOW)
    grace = stage.enters(Worker, "Grace").is_signed_in().goes_to("Police notifications").looks_at("files-of-the-hub")
    grace.follows("Screening").sees("1 notification to screen", LOW)
    grace.looks_at("to-screen").follows_link(grace.row(contact.reference).get_by_role("link").first)
    grace.presses("Record this").sees("Choose what to do about Zara Hussain").looks_at("nothing-chosen")
    for child in ("Zara Hussain", "Bilal Hussain"):
        group = grace.page.get_by_role("group", name=child, exact=True)
        group.get_by_label("Screen out: no further action, kept for information").check()
        group.get_by_label("Level 2").check()
        group.get_by_label("Why?").fill(REASON)
    grace.looks_at("screened").presses("Record this").sees("A manager who did not propose it signs it off")
    grace.follows("To sign off").sees("1 notification to sign off", REASON)
    assert not grace.can_press("Sign off what is ticked"), "nobody signs off their own"

    # then nothing is closed until Maya signs it off
    assert Contact.objects.get(pk=contact.pk).is_open
    maya.is_signed_in().goes_to("Police notifications").follows("Screening").follows("To sign off").looks_at(
        "to-sign-off"
    )
    maya.presses("Sign off what is ticked").sees("Tick the notifications that you sign off").looks_at("nothing-ticked")
    maya.page.get_by_label(f"Sign off {contact.reference}").check()
    maya.presses("Sign off what is ticked").sees("1 notification screened out and closed")

    # and the one that is screened out stays where the dip sample finds it, and Omar reads what became of it
    maya.follows("Screened out").sees("Zara Hussain", "Bilal Hussain", REASON, "signed off by Maya Shah")
    maya.looks_at("screened-out").sees("DVRIM 1, DASH standard")
    maya.follows("Zara Hussain").sees("Signed off a screening decision", REASON).looks_at("contact")
    contact.refresh_from_db()
    assert contact.stage in (Step.DECIDED, Step.CLOSED)
    assert {child.outcome for child in contact.children.all()} == {Outcome.NFA_INFORMATION}
