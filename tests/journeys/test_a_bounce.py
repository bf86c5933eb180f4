"""A message comes back, and so does the text that went in its place: then somebody rings, and it is written down."""

from datetime import timedelta

import pytest
from django.db.models import F

from referrals.models import Notice
from referrals.vocabulary import SendingBy
from tests import build, notifying
from tests.portals import Portal

from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MOBILE, AS_SENT = "07700 900123", "+447700900123"


def go_by(portal: Portal, minutes: int) -> None:
    """So long passes for every message, and the timers have their turn."""
    Notice.objects.exclude(sent_at=None).update(sent_at=F("sent_at") - timedelta(minutes=minutes), checked_at=None)
    for _turn in range(2):
        done = portal.manage("run_timers", "--once")
        assert done.returncode == 0, done.stderr


def test_a_message_that_comes_back_goes_as_a_text_and_then_somebody_rings(stage: Stage) -> None:
    with notifying.running() as notify:
        # given an address that no longer takes letters, and a mobile that is switched off for good
        rosa = stage.account("Rosa")
        rosa.phone = MOBILE
        rosa.save(update_fields=["phone"])
        notify.fates = {rosa.email: "permanent-failure", AS_SENT: "permanent-failure"}
        stage.starts("web", **notify.settings)
        contact = build.told(rosa, worker=stage.account("Grace"), manager=stage.account("Maya"))
        stage.account("Kit")

        # when what Rosa is told comes back, it goes once more as a text, and says nothing of the child
        go_by(stage.portal, 1)
        go_by(stage.portal, 1)
        assert Notice.objects.filter(to=rosa, channel=SendingBy.EMAIL).exclude(bounced_at=None).exists()
        assert {one["phone_number"] for one in notify.texts} == {AS_SENT}
        assert not [one for one in notify.came if "Noor" in str(one) or "Aziz" in str(one)]

        # when that has come back as well
        go_by(stage.portal, 1)
        assert not Notice.objects.filter(to=rosa, channel=SendingBy.TEXT, bounced_at=None).exists()

    # then the administrator sees it, and the board says whom to ring
    kit = stage.enters(Worker, "Kit").is_signed_in().goes_to("Messages").sees("Rosa Bell", "Bounced")
    kit.looks_at("messages")
    maya = stage.enters(Worker, "Maya").is_signed_in().goes_to("Escalations").sees("could not be delivered")
    maya.looks_at("board").follows("See whom to ring").sees("Rosa Bell", MOBILE, "It came back", contact.reference)
    maya.looks_at("whom-to-ring")
    while maya.page.get_by_role("row").filter(has_text="Rosa Bell").count():
        maya.presses_in_row("Rosa Bell", "I have told them").sees("Noted: you have told Rosa Bell.")
    maya.sees("Everybody has been told").looks_at("everybody-told")
    assert Notice.objects.filter(to=rosa, channel=SendingBy.PHONE).exists()
