"""What has happened to a contact, newest first: its steps, its priorities with their due times, and its escalations."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from mash_portal.govuk import words
from referrals.models import Contact, Escalation, Rating, StageChange
from referrals.vocabulary import Channel, Clock, Stage, Verb

Event = dict[str, Any]


def events(
    contact: Contact, steps: Iterable[StageChange], ratings: Iterable[Rating], fired: Iterable[Escalation]
) -> list[Event]:
    """Each event says who, when and why. Asks the database nothing."""
    by_moment = {rating.at: rating for rating in ratings}
    found = [(step.at, _step(contact, step, by_moment)) for step in steps]
    found += [(one.fired_at, _fired(one)) for one in fired if one.fired_at]
    found += [(one.acknowledged_at, _acknowledged(one)) for one in fired if one.acknowledged_at]
    return [event for _, event in sorted(found, key=lambda pair: pair[0], reverse=True)]


def time_in_stages(steps: Iterable[StageChange], now: datetime) -> list[dict[str, str]]:
    """How long the contact has been at each stage, all its visits together, in the order of the journey.

    Rows of a summary list. A closed contact is at rest: the time since then is nobody's.
    """
    spent: dict[str, timedelta] = {}
    stage, since = "", now
    for step in sorted(steps, key=lambda step: (step.at, step.pk)):
        if stage:
            spent[stage] = spent.get(stage, timedelta()) + (step.at - since)
        stage, since = step.to_stage, step.at
    if stage and stage != Stage.CLOSED:
        spent[stage] = spent.get(stage, timedelta()) + (now - since)
    shown = (one for one in Stage if one in spent and one is not Stage.CLOSED)
    return [{"key": one.label, "value": words.length(spent[one])} for one in shown]


def _event(at: datetime, title: str, by: str, text: str) -> Event:
    return {"title": title, "by": by, "when": words.long_moment(at), "when_iso": at.isoformat(), "text": text}


def _step(contact: Contact, step: StageChange, ratings: dict[datetime, Rating]) -> Event:
    verb = Verb(step.verb)
    title = verb.label[:1].upper() + verb.label[1:]
    text = step.reason
    if verb is Verb.RECEIVE:
        title = f"{Channel(contact.channel).label} received from {contact.agency.name}"
    elif verb is Verb.RATE and (rating := ratings.get(step.at)):
        text = f"{step.reason}\n{_due_words(rating)}"
    return _event(step.at, title, step.by.full_name, text)


def _due_words(rating: Rating) -> str:
    if rating.due_before == rating.due_after:
        return f"The decision is due as before: {words.long_moment(rating.due_after)}."
    before, after = words.long_moment(rating.due_before), words.long_moment(rating.due_after)
    return f"The decision was due {before}, and is now due {after}."


def _fired(escalation: Escalation) -> Event:
    told = ", ".join(person.full_name for person in escalation.told.all()) or "nobody, because nobody holds that role"
    clock = Clock(escalation.deadline.clock).label
    text = f"{clock} clock, due {words.long_moment(escalation.deadline.due_at)}. Told: {told}."
    return _event(escalation.fired_at or escalation.due_at, f"Escalated: {escalation.label}", "", text)


def _acknowledged(escalation: Escalation) -> Event:
    by = escalation.acknowledged_by.full_name if escalation.acknowledged_by else ""
    return _event(escalation.acknowledged_at or escalation.due_at, "Acknowledged an escalation", by, escalation.label)
