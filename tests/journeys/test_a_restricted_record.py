"""A member of staff is family: named people only, a glass that Ivan breaks with his reason, and Priya's review."""

import pytest

from referrals.models import BrokenGlass, Restriction
from tests import build

from .person import Person
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

REASON = "The child’s aunt works in the hub."
BECAUSE = "The police are at the door, and neither Maya nor Grace answers."
FOUND = "The log of the police has him there at that time; nobody named could be reached."


def test_a_restricted_record_is_there_for_those_named_and_a_broken_glass_is_reviewed(stage: Stage) -> None:
    # given a contact that Grace holds, and Ivan and Priya, who have nothing to do with it
    stage.starts("web", "timers")
    for name in ("Ivan", "Priya", "Helen"):
        stage.account(name)
    reference = build.claimed(stage.account("Rosa"), worker=stage.account("Grace")).reference
    here = f"/contacts/{reference}/"
    ivan = stage.enters(Worker, "Ivan").is_signed_in().opens("/queue/?whose=everybody").sees(reference)

    # when Maya restricts it, with her reason and with Helen
    maya = stage.enters(Worker, "Maya").is_signed_in().opens(here).follows("Restriction").looks_at("restriction")
    maya.presses("Restrict this record").sees("Say why this record is restricted")
    maya.fills({"Why is this record restricted?": REASON}).chooses("Who else is named?", "Helen Okoro")
    maya.presses("Restrict this record").sees("The record is there for the people named on it").looks_at("restricted")
    maya.follows("Overview").sees("Only who is named, holds or referred this contact sees it.").looks_at("overview")
    assert Restriction.objects.get().named.count() == 2

    # then for Ivan there is no such record: not in the queue, not in a search, not at its address
    ivan.opens("/queue/?whose=everybody").does_not_see(reference, "Noor Aziz").looks_at("queue-of-ivan")
    ivan.opens(f"/queue/?whose=everybody&q={reference}").does_not_see("Noor Aziz")
    nothing = ivan.opens("/contacts/ZZZZ-ZZZZ/", status=404).text
    assert ivan.opens(here, status=404).text == nothing
    assert ivan.opens(f"{here}decision/", status=404).text == nothing

    # when he has to see it, he says why, and every page tells him that he broke the glass
    ivan.opens("/restricted/").sees("You are named on no restricted record").looks_at("records-of-ivan")
    ivan.follows("Open a restricted record that you are not named on").presses("Break the glass")
    ivan.sees("Enter the reference", "Say why you have to see this record").looks_at("no-reason")
    assert not BrokenGlass.objects.exists()
    ivan.fills({"Reference": reference.lower(), "Why do you have to see this record?": BECAUSE})
    ivan.presses("Break the glass").sees("You broke the glass of this restricted record.", "Noor Aziz")
    ivan.looks_at("broken-glass").follows("Decision", within=ivan.pages_of_the_contact)
    ivan.sees("You broke the glass of this restricted record.")

    # and when he gives it back, it is gone again
    ivan.presses("Give it back").does_not_see("Noor Aziz").looks_at("given-back")
    assert ivan.opens(here, status=404).text == nothing

    # then Priya, who sees nothing of the record, reads who opened it and why, and reviews it
    priya = (
        stage.enters(Person, "Priya").is_signed_in().goes_to("Broken glass").sees("1 broken glass to review", BECAUSE)
    )
    priya.looks_at("to-review").follows_link(priya.row(reference).get_by_role("link").first)
    priya.sees("Ivan Petrov", BECAUSE, "given back").does_not_see("Noor Aziz").looks_at("review")
    priya.presses("Save the review").sees("Choose whether it was right", "Write what you found")
    priya.chooses("Was it right to break the glass?", "Yes").fills({"What did you find?": FOUND})
    priya.presses("Save the review").looks_at("reviewed")
    glass = BrokenGlass.objects.get()
    assert (glass.by, glass.reviewed_by) == (stage.account("Ivan"), stage.account("Priya"))
    assert glass.was_right
    assert glass.closed_at

    # and Maya reads the review on the record
    maya.opens(f"{here}restriction/").sees(BECAUSE, "Priya Nair found it right").looks_at("who-broke-it")
