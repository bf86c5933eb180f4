"""The forms of the hub, made for one contact and one person: who may authorise is asked the manager's question."""

from datetime import datetime
from typing import Any

from mash_portal.accounts.models import User
from referrals import notices
from referrals.models import Contact
from referrals.rules import permissions
from referrals.rules.checks import Standing

from . import queries
from .forms import AskForm, ChooseForm


def ask_form(contact: Contact, user: User, standing: Standing, data: Any) -> AskForm:
    authorises = standing.needs_authority and user.as_role in permissions.AUTHORISES
    return AskForm(
        data,
        choices=queries.agencies_to_ask(),
        children=list(contact.children.all()),
        authorises=authorises,
        waits=standing.needs_authority and not authorises,
    )


def authorise_form(contact: Contact, data: Any) -> ChooseForm:
    """Whatever waits; of a form that is sent, also what has been decided since, so that its refusal names it."""
    checks = contact.checks.select_related("agency")
    waiting = checks.filter(waits_for_authority=True, closed_at=None)
    return ChooseForm(
        data,
        checks=list(waiting if data is None else checks),
        which="Which requests do you authorise?",
        why="Why are these agencies asked without the family’s agreement?",
        hint="Your authority as a manager. It stays with the record; the agency does not read it.",
        button="Authorise and send",
    )


def close_form(contact: Contact, data: Any) -> ChooseForm:
    checks = contact.checks.select_related("agency")
    return ChooseForm(
        data,
        checks=list(checks.open() if data is None else checks),
        which="Which checks do you close?",
        why="Why do you not wait for the answer?",
        hint="It stays with the record. The agency is told that you no longer wait, and can still answer.",
        button="Close",
    )


def authority(user: User, now: datetime) -> dict[str, object]:
    """Whether this person authorises, and who does where they may not: one query, two where nobody is on duty."""
    person = next(iter(notices.manager_on_duty(now)), None)
    who = f"{person.full_name} is on duty" if person else "no team manager has an account, so ring one"
    return {
        "may_authorise": user.as_role in permissions.AUTHORISES,
        "who_authorises": f"A manager has to authorise this ({who}). Nothing is sent to an agency before that.",
    }
