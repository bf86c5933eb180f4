"""What a stranger sees, and what everybody else's first pages look like."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from referrals.vocabulary import Outcome
from tests import build

from . import marf
from .person import Person
from .stage import DESK, TELEPHONE, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NOBODYS = "/referrals/ZZZZ-ZZZZ/"


def test_tom_sees_of_rosas_pages_what_he_sees_of_pages_that_are_not_there(stage: Stage) -> None:
    # given a draft, a referral and feedback of Rosa's school
    stage.starts("web")
    rosa, grace, maya = (stage.account(name) for name in ("Rosa", "Grace", "Maya"))
    draft = marf.draft(rosa)
    reference = build.told(rosa, worker=grace, manager=maya).reference
    drafts = [f"/referrals/drafts/{draft.key}/{page}" for page in ("", "children/", "check/", "delete/")]
    own = [f"/referrals/{reference}/{page}" for page in ("", "sent/", "feedback/")]
    hubs = [f"/contacts/{reference}/{page}" for page in ("", "referral/", "assessment/", "decision/")]

    # when Tom, of another school, opens their addresses
    tom = stage.enters(Person, "Tom").is_signed_in().does_not_see(reference, "Doyle", "Aziz")
    nothing = tom.opens(NOBODYS, status=404).looks_at("not-found").text

    # then each is the same page as one that is not there
    for path in (*drafts, *own, *hubs, "/queue/", "/dashboard/", "/people/", "/audit/"):
        assert tom.opens(path, status=404).text == nothing, path


def test_everybody_can_open_every_page_of_their_menu(stage: Stage) -> None:
    # given a hub in which something has happened
    stage.starts("web", "timers")
    cast = {name: stage.account(name) for name in ("Rosa", "Grace", "Maya", "Omar", "Nell", "Dev", "Helen", "Priya")}
    cast |= {name: stage.account(name) for name in ("Ana", "Kit")}
    grace, maya = cast["Grace"], cast["Maya"]
    build.received(cast["Omar"], at=timezone.now() - timedelta(hours=26))
    build.told(cast["Nell"], worker=grace, manager=maya)
    build.decided(cast["Rosa"], worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    marf.draft(cast["Omar"])

    for name in ("Omar", "Nell", "Dev", "Priya", "Ana", "Kit"):
        # when they sign in, then their first page and each page of the menu opens
        person = (
            stage.enters(Person, name, TELEPHONE if name == "Omar" else DESK)
            .is_signed_in()
            .looks_at(f"{name.lower()}-home")
        )
        places = person.places()
        assert places, f"{name} has nowhere to go"
        for place in places:
            slug = re.sub(r"\W+", "-", place.lower())
            person.goes_to(place).looks_at(f"{name.lower()}-{slug}")
        person.follows("Accessibility statement").signs_out()
