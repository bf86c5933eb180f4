"""A red referral runs out of time at night, the manager is on leave: others are told until somebody has seen it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from referrals.models import Contact, Deadline, Escalation, Telling
from referrals.rota import actions as rota
from referrals.vocabulary import Rag
from tests import build
from tests.portals import wait_until

from . import mailbox
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def goes_by(contact: Contact, *, minutes: float) -> None:
    """That long goes by for the contact: everything that has happened to it, or is to come, is so much earlier."""
    ago, of_it = timedelta(minutes=minutes), {"contact": contact}
    with transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(received_at=F("received_at") - ago, due_at=F("due_at") - ago)
        Deadline.objects.filter(**of_it).update(opened_at=F("opened_at") - ago, due_at=F("due_at") - ago)
        moved = {name: F(name) - ago for name in ("due_at", "fired_at", "goes_up_at", "went_up_at")}
        Escalation.objects.filter(**of_it).update(**moved)
        Telling.objects.filter(escalation__contact=contact).update(at=F("at") - ago)


def test_what_runs_out_of_time_while_the_manager_is_on_leave_goes_up_until_somebody_has_seen_it(stage: Stage) -> None:
    # given that Maya has the turn, and goes on leave: she says that Ivan answers for her
    stage.starts("web")
    rosa, grace, maya = (stage.account(name) for name in ("Rosa", "Grace", "Maya"))
    stage.account("Ivan"), stage.account("Helen")
    now, today = timezone.now(), timezone.localdate()
    rota.add_turn(maya, starts=now, ends=now + timedelta(days=2), by=maya)
    leaving = stage.enters(Worker, "Maya").is_signed_in().opens("/workers/absence/")
    leaving.picks({"Who is away?": "Maya Shah", "Who answers for them?": "Ivan Petrov"}).chooses("Why?", "Leave")
    leaving.dates("First day away", str(today)).dates("Last day away", str(today + timedelta(days=3)))
    leaving.presses("Note the absence").sees("Maya Shah is away until")
    leaving.goes_to("Escalations").follows("Duty rota")
    leaving.sees("Ivan Petrov", "By the rota, for Maya Shah, who is away").looks_at("rota")

    # and a red referral of the evening, which Grace has left in hand; five sixths of its time have just gone
    contact = build.claimed(rosa, worker=grace, at=now - timedelta(hours=3, minutes=21))
    build.rated(contact, Rag.RED, by=grace)

    # when the timers run, Ivan is told, by a letter and on his board; Maya is not
    stage.portal.start("timers")
    ivan = stage.enters(Worker, "Ivan")
    letter = mailbox.wait_for(stage.portal, ivan.email, contact.reference)
    assert not [name for name in ("Noor", "Aziz", "Alder Primary") if name in letter.subject + letter.text]
    ivan.is_signed_in().goes_to("Escalations").sees("Five sixths of the time have gone", "You were told")
    ivan.sees("Goes up to Helen Okoro").looks_at("board-of-the-deputy")

    # when half an hour goes by and he has not acknowledged it, it goes up to Helen
    goes_by(contact, minutes=31)
    helen = stage.enters(Worker, "Helen")
    mailbox.wait_for(stage.portal, helen.email, contact.reference)
    helen.is_signed_in().goes_to("Escalations").sees("Ivan Petrov,", "Helen Okoro,", "You were told")
    helen.looks_at("gone-up")
    assert not [one for one in mailbox.letters(stage.portal) if one.to == maya.email], (
        "nobody writes to who is on leave"
    )

    # when its time is up, it is on the board of what is late, and leads to where it is decided
    goes_by(contact, minutes=20)
    helen.follows("Late now").sees("1 thing late now", contact.reference, "Held by Grace Lin", "minutes overdue")
    here = helen.looks_at("late-now").row(contact.reference).get_by_role("link", name="Go to the decision")
    helen.follows_link(here).sees("No decision yet")

    # when Helen acknowledges that it is due, her name stands beside all of it, and nothing goes up any more
    wait_until(Escalation.objects.fired().filter(contact=contact, step="due").exists, "it is said that it is due")
    helen.goes_to("Escalations").sees("The decision is due")
    helen.presses_in_row("The decision is due", "Acknowledge").sees("You have acknowledged").looks_at("acknowledged")
    ivan.opens("/escalations/?state=acknowledged").sees("Helen Okoro acknowledged it").looks_at("seen-by-the-deputy")
    assert set(Escalation.objects.fired().values_list("acknowledged_by__full_name", flat=True)) == {"Helen Okoro"}
