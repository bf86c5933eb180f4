"""Pages that stay open: the session's end is announced, and a list says that it has changed."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from referrals.vocabulary import Rag
from tests import build

from .referrer import LATER, Referrer
from .stage import Stage, idle
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TYPED = "The mother only asked for help today"
SOON = "You will soon be signed out"


def test_rosa_is_warned_before_she_is_signed_out_and_loses_nothing(stage: Stage) -> None:
    # given that Rosa has written something and is called away
    stage.starts("web")
    rosa = stage.enters(Referrer, "Rosa")
    rosa.page.clock.install()
    rosa.is_signed_in().starts_a_referral().follows("What has been tried")
    rosa.fills({"If no, why not?": TYPED}).presses(LATER).follows("What has been tried")
    here = rosa.path
    rosa.does_not_see(SOON)

    # when it is quiet for twelve and a half minutes, she is warned, and can stay
    rosa.passes(minutes=12.6).sees(SOON, "2 minutes").stays().looks_at("warning")
    idle(12.6)
    with rosa.page.expect_response("**/session/extend") as extended:
        rosa.clicks("Stay signed in")
    assert extended.value.status == 204
    rosa.does_not_see(SOON)
    rosa.passes(minutes=12).does_not_see(SOON)
    idle(12)

    # when she does not come back at all, and the clocks of her browser and of the server go on together
    for _quarter_of_a_minute in range(14):
        idle(0.25)
        rosa.passes(minutes=0.25)

    # then she is at the sign-in page, is told why, and comes back to what she wrote
    rosa.settles("Sign in", "You were signed out because nothing had happened for a while").looks_at("signed-out")
    rosa.signs_in()
    assert rosa.path == here
    assert rosa.page.get_by_label("If no, why not?").input_value() == TYPED


def test_a_queue_that_has_changed_says_so_and_does_not_move(stage: Stage) -> None:
    # given that Sam has the queue open
    stage.starts("web")
    rosa, grace = stage.account("Rosa"), stage.account("Grace")
    first = build.received(rosa, at=timezone.now() - build.hours(2))
    sam = stage.enters(Worker, "Sam")
    sam.page.clock.install()
    sam.is_signed_in().sees(first.reference, "This list is up to date.").looks_at("up-to-date")

    # when another contact comes in, the list says so, and stays as it was
    second = build.received(rosa, at=timezone.now() - build.hours(3))
    sam.polls().sees("1 new or changed – refresh the list").does_not_see(second.reference).stays()
    sam.looks_at("changed").follows("refresh the list").sees(second.reference, "This list is up to date.")

    # when Sam pauses it, nothing more is said until it goes on
    sam.clicks("Pause updates").sees("Updates are paused.").stays().looks_at("paused")
    build.rated(build.claimed(rosa, worker=grace), Rag.RED, by=grace)
    sam.passes(minutes=2).sees("Updates are paused.")
    expect(sam.page.get_by_role("status")).not_to_contain_text("new or changed")
    sam.clicks("Resume updates").sees(re.compile(r"\d new or changed"))
