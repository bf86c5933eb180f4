"""What stands at the head of every page of a case: who it is about, how urgent, both promises, and what may be done.

Any phase may use it for its pages. It reads; it never writes.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.forms import BaseForm
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access
from referrals.models import BrokenGlass, Child, Contact, Restriction
from referrals.refusals import NotYours, Refused
from referrals.rules import journey, permissions
from referrals.vocabulary import Outcome, Rag, Verb

#: A page of the case that everybody sees who may read it: its key, its words, its address.
PAGES = (
    ("overview", "Overview", "triage:contact"),
    ("first_look", "First look", "triage:first_look"),
    ("clocks", "Clocks", "promises:contact"),
    ("known", "Known to us", "identity:known"),
    ("chronology", "Chronology", "triage:chronology"),
    ("referral", "Referral form", "triage:marf"),
    ("assessment", "Assessment", "triage:assess"),
    ("checks", "Agency checks", "enquiries:contact"),
    ("strategy", "Strategy discussion", "strategy:discussions"),
    ("decision", "Decision", "decision:record"),
    ("handover", "Hand-over", "handover:contact"),
    ("disagreement", "Disagreement", "disagreement:contact"),
)
#: Pages that exist only while their step can be taken, by a person who may take it.
STEPS = (
    ("feedback", "Feedback", "feedback:give", Verb.GIVE_FEEDBACK),
    ("restriction", "Restriction", "restricted:restriction", Verb.RESTRICT),
)


def possible(contact: Contact, user: User) -> frozenset[Verb]:
    """What this person may do with this contact at this stage: the buttons that a page of the case shows."""
    return (access.may(user, contact) & journey.possible(contact.as_stage)) - permissions.JOINS


def frame(contact: Contact, user: User, now: datetime, current: str = "overview") -> dict[str, Any]:
    """The context of templates/triage/case.html: identity bar, sub-navigation, and `may`, the verbs possible now.

    One query, for the children; none where they have been prefetched.
    """
    may = possible(contact, user)
    return {
        "contact": contact,
        "reference": contact.reference,
        "children": ", ".join(child_words(child, now) for child in contact.children.all()) or "Nobody named",
        "rag": Rag(contact.rag) if contact.rag else None,
        "stage": contact.as_stage,
        "facts": _facts(contact),
        "clocks": clocks_of(contact, now),
        "sections": _sections(contact, may, current),
        "may": may,
        "now": now,
        "restriction": restriction_of(contact, user),
    }


def restriction_of(contact: Contact, user: User) -> dict[str, Any] | None:
    """Who is named on a restricted record, and until when the reader sees it who is not. None where anybody may see it.

    Three queries where it is restricted.
    """
    if not contact.is_restricted:
        return None
    restriction = Restriction.objects.in_force().filter(contact=contact).prefetch_related("named").first()
    glass = BrokenGlass.objects.in_force().filter(contact=contact, by=user).first()
    named = restriction.named.all() if restriction else ()
    return {
        "named": ", ".join(person.full_name for person in named),
        "until": words.long_moment(glass.expires_at) if glass else "",
    }


def clocks_of(contact: Contact, now: datetime) -> list[words.ClockWords]:
    """Both promises in words. They are different promises, so both are always shown.

    None where it ended without a decision, because it was the form for a call: the call keeps the promises.
    """
    if contact.is_closed and contact.decided_at is None:
        return []
    met = None if contact.is_open else contact.decided_at
    return [
        words.clock_words("Decision", contact.due_at, now, met),
        words.clock_words("One working day", contact.statutory_due_at, now, met),
    ]


def child_words(child: Child, now: datetime) -> str:
    """ "Noor Aziz, 10"; somebody who is named as a brother or sister only is said to be."""
    known = f"{child.name} ({age})" if (age := age_words(child, now)) else child.name
    return known if child.in_scope else f"{known}, brother or sister only"


def age_words(child: Child, now: datetime) -> str:
    """ "10", "4 months", "due 3 May 2027", "about 7", or nothing where it is not known."""
    if child.expected_date is not None:
        return f"due {words.long_date(child.expected_date)}"
    if child.date_of_birth is not None:
        return _age(child.date_of_birth, now.astimezone(words.LONDON).date())
    return f"about {child.estimated_age}" if child.estimated_age is not None else ""


def _age(born: date, day: date) -> str:
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    if months >= 24:
        return str(months // 12)
    return words.count(months, "month") if months > 0 else words.count(max((day - born).days, 0), "day")


def earlier_contacts(contact: Contact, user: User) -> list[dict[str, Any]]:
    """Each child of this contact with every earlier contact about them that this person may see, newest first."""
    earlier = access.earlier_contacts(user, contact)
    return [
        {
            "name": child.name,
            "rows": [earlier_row(row) for row in earlier.get(child.person_id, [])],
        }
        for child in contact.children.all()
    ]


def earlier_row(row: Child) -> dict[str, str]:
    """One earlier contact as a line: when, from whom, what was decided, and where to read it."""
    return {
        "when": words.long_date(row.received_at),
        "agency": row.contact.agency.name,
        "outcome": Outcome(row.outcome).label if row.outcome else "Not decided yet",
        "reference": row.contact.reference,
        "url": reverse("triage:contact", args=[row.contact.reference]),
    }


def add_refusal(form: BaseForm, refusal: Refused) -> None:
    """Show each objection at the field that would answer it, or at the top where no field of this form would."""
    for sentence in refusal.reasons:
        field = getattr(sentence, "field", "")
        form.add_error(field if field in form.fields else None, sentence)


def taken(form: BaseForm, action: Callable[..., object], *about: object, **said: object) -> bool:
    """Whether the action was taken; its refusal stands in the form, beside what was typed.

    That it is not this person's to do is for the door's own page, not for the form.
    """
    try:
        action(*about, **said)
    except NotYours:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    return True


def _facts(contact: Contact) -> list[tuple[str, str]]:
    holder = contact.owner.full_name if contact.owner else "Nobody yet"
    return [
        ("From", contact.agency.name),
        ("Received", words.short_moment(contact.received_at)),
        ("Held by", holder),
    ]


def _sections(contact: Contact, may: frozenset[Verb], current: str) -> list[tuple[str, str, bool]]:
    offered = [*PAGES, *(step[:3] for step in STEPS if step[3] in may)]
    return [(label, reverse(name, args=[contact.reference]), key == current) for key, label, name in offered]
