"""What happens when nobody does anything, and when half of the machines are away."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from mash_portal.embedded_servers import Redis
from referrals.models import Contact, Escalation
from tests import build

from . import mailbox, marf
from .referrer import Referrer
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_contact_that_is_left_alone_escalates_by_itself(stage: Stage) -> None:
    # given a contact that came 25 hours ago, and nobody has taken
    stage.starts("web")
    contact = build.received(stage.account("Rosa"), at=timezone.now() - timedelta(hours=25))
    stage.account("Maya"), stage.account("Helen")

    # when the timers run
    stage.portal.start("timers")
    letters = [mailbox.wait_for(stage.portal, stage.account(name).email, "need") for name in ("Maya", "Helen")]

    # then the queue shows it in red and in words
    maya = stage.enters(Worker, "Maya").is_signed_in().sees(contact.reference).looks_at("queue-overdue")
    assert "1 hour overdue" in maya.row(contact.reference).inner_text()
    late = maya.row(contact.reference).get_by_text("1 hour overdue").first
    red, green, blue = late.evaluate("one => getComputedStyle(one).color.match(/\\d+/g).map(Number)")
    assert red > 150 > max(green, blue)

    # and both managers' boards, and the letters that say nothing of the child
    helen = stage.enters(Worker, "Helen").is_signed_in()
    for manager in (maya, helen):
        manager.goes_to("Escalations").sees(contact.reference, "Maya Shah", "You were told")
    helen.looks_at("board")
    for letter in letters:
        assert stage.portal.url in letter.text
        assert not [name for name in ("Noor", "Aziz", "Alder Primary") if name in letter.subject + letter.text]

    # when Helen acknowledges, her name stands beside it
    waiting = Escalation.objects.filter(contact=contact, acknowledged_at=None).exclude(fired_at=None).count()
    helen.presses_in_row(contact.reference, "Acknowledge").sees("You have acknowledged").looks_at("acknowledged")
    helen.opens(f"/contacts/{contact.reference}/").sees("Acknowledged an escalation", "by Helen Okoro")
    helen.looks_at("timeline")
    left = Escalation.objects.filter(contact=contact, acknowledged_at=None).exclude(fired_at=None).count()
    assert (left, waiting > left) == (0, True), "who has seen that it is due has seen that it was coming"


def test_a_referral_goes_in_and_letters_go_out_while_redis_and_the_worker_are_dead(
    stage: Stage, own_redis: Redis
) -> None:
    # given a portal whose Redis has stopped and whose worker has died
    stage.starts("web", "timers", "worker", REDIS_URL=own_redis.url())
    own_redis.stop()
    stage.portal.kill("worker")
    draft = marf.draft(stage.account("Rosa"))
    rosa = stage.enters(Referrer, "Rosa").is_signed_in()

    # when Rosa sends what she has written
    rosa.opens(f"/referrals/drafts/{draft.key}/check/").declares()
    started = time.monotonic()
    rosa.presses("Send referral").sees("What happens next, and when")

    # then it is in within five seconds, and her letter comes
    assert time.monotonic() - started < 5
    contact = Contact.objects.get()
    rosa.sees(contact.reference).looks_at("sent-without-redis")
    mailbox.wait_for(stage.portal, rosa.email, contact.reference)
