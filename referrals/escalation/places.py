"""Where that can be done which a clock waits for: a page of the contact that this person may open, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import Contact, Deadline
from referrals.rules import permissions
from referrals.vocabulary import Clock, Stage, Verb


@dataclass(frozen=True)
class Place:
    """A page: its address's name, what is done there, and the verb that opens it."""

    name: str
    words: str
    verb: Verb = Verb.READ


OVERVIEW = Place("triage:contact", "Open the contact")
DECIDE = Place("decision:record", "Go to the decision")
_CHECK = Place("enquiries:contact", "Go to the checks")
_DISAGREEMENT = Place("disagreement:contact", "Answer the disagreement")
_QUESTION = Place("triage:contact", "Ring the referrer, or go on without the answer")
PLACES: Mapping[Clock, Place] = {
    Clock.DECISION: DECIDE,
    Clock.STATUTORY: DECIDE,
    Clock.RED: DECIDE,
    Clock.AMBER: DECIDE,
    Clock.GREEN: DECIDE,
    Clock.WRITTEN_CONFIRMATION: OVERVIEW,  # the page of the call, for whoever may open it
    Clock.CHECK_RED: _CHECK,
    Clock.CHECK_AMBER: _CHECK,
    Clock.CHECK_GREEN: _CHECK,
    Clock.STRATEGY: Place("strategy:discussions", "Go to the strategy discussion"),
    Clock.HANDOVER: Place("handover:contact", "Go to the hand-over"),
    Clock.EMERGENCY: Place("decision:confirm_act", "Look at what was done", Verb.CONFIRM_ACT),
    Clock.BREAK_REVIEW: OVERVIEW,  # the page of the broken glass, for its reviewers
    Clock.FEEDBACK: Place("feedback:give", "Write the feedback", Verb.GIVE_FEEDBACK),
    Clock.FEEDBACK_READ: Place("feedback:phone", "Ring the referrer, and record the call", Verb.PHONE),
    Clock.QUESTION_BACK: Place("feedback:answer", "Answer the referrer", Verb.ANSWER_BACK),
    Clock.QUESTION: _QUESTION,
    Clock.QUESTION_RED: _QUESTION,
    Clock.DISAGREEMENT_1: _DISAGREEMENT,
    Clock.DISAGREEMENT_2: _DISAGREEMENT,
    Clock.DISAGREEMENT_3: _DISAGREEMENT,
    Clock.DISAGREEMENT_4: _DISAGREEMENT,
    Clock.ASSESSMENT: OVERVIEW,
    Clock.POLICE_PROTECTION: OVERVIEW,
}


@dataclass(frozen=True)
class Link:
    url: str
    words: str


def link_for(user: User, deadline: Deadline, contact: Contact) -> Link:
    """The page where it can be done; the contact's own where it is done already, or is for somebody else to do.

    No query but for a restricted contact. `contact` comes with its call.
    """
    here = Link(reverse(OVERVIEW.name, args=[contact.reference]), OVERVIEW.words)
    if deadline.met_at is not None or deadline.cancelled_at is not None:
        return here
    clock = Clock(deadline.clock)
    if (special := _elsewhere(user, deadline, contact)) is not None:
        return special
    place = PLACES[clock]
    if place is DECIDE and contact.stage == Stage.RECEIVED:
        return Link(here.url, "Take it, or give it to somebody")
    if place.verb is not Verb.READ and place.verb not in access.may(user, contact):
        return here
    return Link(reverse(place.name, args=[contact.reference]), place.words)


def _elsewhere(user: User, deadline: Deadline, contact: Contact) -> Link | None:
    """What is not done on a page of the contact."""
    if deadline.clock == Clock.WRITTEN_CONFIRMATION and user.as_role in permissions.CALLS:
        call = getattr(contact, "call", None)
        return Link(reverse("calls:call", args=[call.reference]), "Ring the caller, or join the form") if call else None
    if deadline.clock == Clock.BREAK_REVIEW and user.as_role in permissions.REVIEWS_GLASS:
        number = deadline.about.partition(":")[2]
        return Link(reverse("restricted:review", args=[int(number)]), "Review it") if number.isdecimal() else None
    return None
