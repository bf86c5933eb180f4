"""Children handed over, reached by deciding; and everything that a hand-over could change."""

from typing import Any

from mash_portal.accounts.models import User
from referrals.decision import actions as decisions
from referrals.models import Contact, Deadline, Handover, Notice
from referrals.vocabulary import Clock, Outcome
from tests import build

TWO = [{"given_names": name, "family_name": "Aziz"} for name in ("Noor", "Sami")]


def handed(by: User, worker: User, manager: User, outcome: Outcome = Outcome.SECTION_17, **facts: Any) -> Contact:
    return build.decided(by, worker=worker, manager=manager, outcome=outcome, **facts)


def only(contact: Contact) -> Handover:
    return contact.handovers.select_related("team").get()


def clock_of(handover: Handover) -> Deadline:
    return Deadline.objects.filter(clock=Clock.HANDOVER, about=handover.about).latest("id")


def decided_anew(contact: Contact, outcome: Outcome, *, worker: User, manager: User) -> None:
    """Reopened, and a new decision with this outcome for every child."""
    decisions.reopen(contact.reference, reason="The mother has changed her mind", by=manager)
    build.assess(contact, by=worker)
    build.recommend(contact, outcome, by=worker)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=manager, version=contact.version)
    contact.refresh_from_db()


def state_of(contact: Contact) -> tuple[object, ...]:
    """Everything that a hand-over could have changed."""
    contact.refresh_from_db()
    rows = contact.handovers.order_by("pk").values_list("pk", "team", "accepted_at", "declined_at", "ended_at")
    live = contact.deadlines.live().order_by("pk").values_list("pk", "about")
    return contact.version, list(rows), list(live), Notice.objects.count(), contact.steps.count()
