"""A child whom the hub knows under a slip of the name: the portal asks, Sam answers, Grace takes two apart again."""

from datetime import date

import pytest
from django.db import transaction
from playwright.sync_api import Locator

from referrals.models import MatchVerdict
from tests.actions.test_identity import arrived, only, person_of

from .person import Person
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HOME, ELSEWHERE = "WS1 1AB", "WS9 4QY"
SWAPPED = "Day and month of birth swapped, same surname, first name spelt differently, another postcode"
TWIN = "Same birth date, same surname, different first name, same postcode"
RANG, SISTERS = "Her mother rang: it is Noor, born 4 May.", "The mother has twins."
COUSIN = "The school says that the second Noor Aziz is her cousin."
NOBODY = "Nobody else on record looks like this child."


def question(person: Person, of: int) -> Locator:
    """The form that asks about one of those whom the child may be."""
    page = person.page
    return page.locator("form", has=page.locator(f"input[name=person][value='{of}']"))


def answers(person: Person, of: int, reason: str, button: str) -> None:
    form = question(person, of)
    form.get_by_label("How do you know?").fill(reason)
    person.presses(button, within=form)


def test_a_child_under_a_slip_of_the_name_is_known_again_and_the_third_contact_is_said_out_loud(stage: Stage) -> None:
    # given a contact about Nur Aziz, where the hub knows Noor, of whom it has heard twice, and the twin Nadia
    stage.starts("web")
    rosa, tom, nell = (stage.account(name) for name in ("Rosa", "Tom", "Nell"))
    with transaction.atomic():
        noor = arrived(rosa, {"postcode": HOME, "date_of_birth": date(2016, 5, 4)}, days_ago=200)
        again = arrived(tom, {"postcode": HOME, "date_of_birth": date(2016, 5, 4)}, days_ago=100)
        nadia = arrived(
            tom, {"given_names": "Nadia", "date_of_birth": date(2016, 4, 5), "postcode": ELSEWHERE}, days_ago=60
        )
        nur = arrived(nell, {"given_names": "Nur", "date_of_birth": date(2016, 4, 5), "postcode": ELSEWHERE})

    # when Sam opens it, the portal has joined nobody, and says who she may be and why
    sam = stage.enters(Worker, "Sam").is_signed_in().opens_the_contact(nur.reference)
    sam.sees("No earlier contact about Nur Aziz").follows("Known to us")
    sam.sees("Who Nur Aziz may also be", SWAPPED, TWIN, "Possible").looks_at("who-she-may-be")
    answers(sam, person_of(noor), RANG, "Same child")
    sam.sees("They are one child now.", "Sam Price said so", TWIN).does_not_see(SWAPPED).looks_at("same-child")
    answers(sam, person_of(nadia), SISTERS, "Not the same child")
    sam.sees("Remembered.", NOBODY).looks_at("another-child")
    assert MatchVerdict.objects.count() == 2

    # then everybody who opens the contact is told that it is the third in twelve months
    grace = stage.enters(Worker, "Grace").is_signed_in().claims(nur.reference)
    grace.sees("This is contact number 3 about Nur Aziz in 12 months.", RANG).looks_at("third-contact")

    # when Grace learns that one of them is about somebody else, she takes them apart, with her reason
    grace.follows("Known to us").follows("Some of these are about another child than Nur Aziz")
    grace.presses("They are two children").sees("Choose the contacts", "Say how you know").looks_at("nothing-chosen")
    grace.page.get_by_role("group", name="Which of these").get_by_role("checkbox").nth(1).check()
    grace.fills({"How do you know that they are two children?": COUSIN}).looks_at("apart")
    grace.presses("They are two children").sees("They are two children now.").looks_at("two-children")

    # then each keeps their own contacts, and the count says so
    grace.follows("Overview").sees("This is contact number 2 about Nur Aziz in 12 months.", noor.reference)
    assert person_of(again) != person_of(noor) == only(nur).person_id
