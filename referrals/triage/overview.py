"""What the overview of a contact says, in words, prepared so that its template only prints."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import casefile, discussions, disputes, promised
from referrals.codes import ETHNICITY_LABELS, SEX_LABELS
from referrals.models import (
    Adult,
    Child,
    Consent,
    Contact,
    Decision,
    Escalation,
    Feedback,
    FirstLook,
    Rating,
    StrategyDiscussion,
)
from referrals.presence import Kind
from referrals.rules import permissions
from referrals.rules.guards import REPEAT_COUNT, REPEAT_WINDOW
from referrals.vocabulary import Outcome, Refusal, Verb

from . import looks, queries
from .timeline import events, time_in_stages

REFUSALS = dict(Refusal.choices())
#: Steps that the overview has a button for; what else may be done has its place on another page.
STEPS = frozenset(
    {
        Verb.CLAIM,
        Verb.SIGN_OFF,
        Verb.GIVE_FEEDBACK,
        Verb.RECOMMEND,
        Verb.FIRST_LOOK,
        Verb.ASSESS,
        Verb.RATE,
        Verb.ASSIGN,
        Verb.RELEASE,
        Verb.TAKE_BACK,
        Verb.REOPEN,
    }
)
Row = dict[str, Any]


def queue_heading(shown: int, total: int) -> str:
    """ "14 contacts waiting for a decision", or "3 of 14 contacts …" where a filter hides some."""
    waiting = f"{words.count(total, 'contact')} waiting for a decision"
    return waiting if shown == total else f"{shown:,} of {waiting}"


def of(contact: Contact, user: User, now: datetime, there: Collection[Kind]) -> dict[str, Any]:
    """Everything below the head of the page. The people of the contact have been fetched.

    `there`: from presence.kinds_about; what is not is not asked for.
    """
    children = list(contact.children.all())
    adults = list(contact.adults.all())
    steps = queries.timeline(contact, user)
    fired = _fired(contact, user) if Escalation in there else []
    return {
        "is_assessed": any(step.verb == Verb.ASSESS for step in steps),
        "has_step": not STEPS.isdisjoint(casefile.possible(contact, user)),
        "waits_for": _waits_for(contact, user),
        "looks": looks.of(contact)[:1] if FirstLook in there else [],
        "history": history(children, queries.earlier_contacts(user, contact), contact),
        "child_cards": [(_child_title(child), child_rows(child, now)) for child in children],
        "adult_cards": [(_adult_title(adult), adult_rows(adult, children)) for adult in adults],
        "consent": consent_rows(queries.consent_of(contact)),
        "outcomes": _outcomes(contact, there),
        "discussions": discussions.briefly(contact, now) if StrategyDiscussion in there else [],
        "disagreement": disputes.line_of(contact) if contact.decided_at else "",
        "promised": promised.briefly(contact, now),
        "stages": time_in_stages(steps, now),
        "events": events(contact, steps, queries.ratings(contact) if Rating in there else [], fired),
    }


def _fired(contact: Contact, user: User) -> list[Escalation]:
    """What has fired, of the clocks that this person is shown."""
    unseen = permissions.unseen_clocks(user.as_role)
    return [one for one in queries.fired(contact) if one.deadline.clock not in unseen]


def _outcomes(contact: Contact, there: Collection[Kind]) -> list[Row]:
    if Decision not in there:
        return []
    return outcome_rows(
        queries.latest_decision(contact), queries.latest_feedback(contact) if Feedback in there else None
    )


def _waits_for(contact: Contact, user: User) -> str:
    """Said where this person can do nothing: whose turn it is."""
    if contact.is_closed:
        return "This contact is closed."
    if contact.owner is None:
        return "Nobody has taken this contact yet. A social worker or a team manager can take it."
    if contact.owner_id == user.pk:
        return "You hold this contact. There is nothing for you to do with it at this stage."
    return f"{contact.owner.full_name} holds this contact."


def history(
    children: Iterable[Child], earlier: Mapping[int | None, list[Child]], contact: Contact
) -> list[dict[str, Any]]:
    """Each child, how often there was a contact about them in the last 12 months, and every earlier one."""
    return [_history_of(child, earlier.get(child.person_id, []), contact) for child in children]


def _history_of(child: Child, rows: list[Child], contact: Contact) -> dict[str, Any]:
    recent = sum(row.received_at >= contact.received_at - REPEAT_WINDOW for row in rows)
    if not rows:
        said = f"No earlier contact about {child.name} is known to the hub."
    elif not recent:
        said = f"This is the first contact about {child.name} in 12 months."
    else:
        said = f"This is contact number {recent + 1} about {child.name} in 12 months."
    return {
        "name": child.name,
        "said": said,
        "stands_out": recent + 1 >= REPEAT_COUNT,
        "rows": [casefile.earlier_row(row) for row in rows],
    }


def _child_title(child: Child) -> str:
    return child.name if child.in_scope else f"{child.name} (brother or sister, not referred)"


def child_rows(child: Child, now: datetime) -> list[Row]:
    born = words.long_date(child.date_of_birth) if child.date_of_birth else ""
    known = [
        ("Date of birth", born or ("" if child.is_unborn else "Not known")),
        ("Expected date of birth", words.long_date(child.expected_date) if child.expected_date else ""),
        ("Age", "" if child.is_unborn else casefile.age_words(child, now)),
        ("Sex", SEX_LABELS.get(child.sex, "")),
        ("Ethnicity", ETHNICITY_LABELS.get(child.ethnicity, "")),
        ("Disability", "Yes" if child.is_disabled else ""),
        ("Postcode", child.postcode),
        ("NHS number", child.nhs_number),
        ("UPN", child.upn),
        ("Outcome", Outcome(child.outcome).label if child.outcome else ""),
    ]
    return [{"key": key, "value": value} for key, value in known if value]


def _adult_title(adult: Adult) -> str:
    return f"{adult.name} (alleged source of risk)" if adult.is_source_of_risk else adult.name


def adult_rows(adult: Adult, children: Iterable[Child]) -> list[Row]:
    """What this adult is to each child, said per child because it differs within a family."""
    by_child = {tie.child_id: tie for tie in adult.relationships.all()}
    ties = []
    for child in children:
        tie = by_child.get(child.pk)
        if tie is None:
            continue
        responsible = {True: "has parental responsibility", False: "no parental responsibility"}.get(
            tie.has_parental_responsibility,  # type: ignore[arg-type]  # None is "not known" and has no words here
            "parental responsibility not known",
        )
        ties.append(f"{child.name}: {tie.relationship or 'relationship not known'}, {responsible}")
    household = {True: "Yes", False: "No", None: "Not known"}[adult.in_household]
    known = [
        ("To the children", "\n".join(ties) or "Not known"),
        ("Lives in the household", household),
        ("Date of birth", words.long_date(adult.date_of_birth) if adult.date_of_birth else ""),
        ("Phone", adult.phone),
    ]
    return [{"key": key, "value": value} for key, value in known if value]


def consent_rows(consent: Consent | None) -> list[Row]:
    """Three separate things (front-door.md 3.1, section 4)."""
    if consent is None:
        return []
    informed = {
        True: "The family has been told about this referral.",
        False: f"The family has not been told. {_why(consent.not_informed_reason)}",
        None: "It is not known whether the family has been told.",
    }[consent.family_informed]
    who = consent.agreement_by or "The family"
    agreed = {
        True: f"{who} agreed to support.",
        False: f"Nobody has agreed to support. {_why(consent.no_agreement_reason)}",
        None: "Nobody has said whether the family agrees to support.",
    }[consent.agreement_given]
    rows = [{"key": "Family informed", "value": informed}, {"key": "Agreement to support", "value": agreed}]
    if consent.agreement_covers:
        rows.append({"key": "What it covers", "value": consent.agreement_covers})
    return rows


def _why(code: str) -> str:
    reason = REFUSALS.get(code, code)
    return f"Reason: {reason[:1].lower()}{reason[1:]}." if reason else "No reason was given."


def outcome_rows(decision: Decision | None, feedback: Feedback | None) -> list[Row]:
    """Where the decision stands, in a few lines; its page has the record."""
    if decision is None:
        return []
    by_child: dict[str, list[str]] = {}
    for row in decision.outcomes.all():
        by_child.setdefault(f"{row.child.name}, level {row.level}", []).append(Outcome(row.outcome).label)
    rows = [{"key": child, "value": "\n".join(outcomes)} for child, outcomes in by_child.items()]
    rows.append({"key": "Where it stands", "value": _stands(decision)})
    if feedback is not None:
        opened = f"Opened {words.long_moment(feedback.opened_at)}" if feedback.opened_at else "Not opened yet"
        sent = f"Sent {words.long_moment(feedback.sent_at)} by {feedback.sent_by}"
        rows.append({"key": "Feedback to the referrer", "value": f"{sent}\n{opened}"})
    return rows


def _stands(decision: Decision) -> str:
    if decision.is_imported:
        return "Brought over from the earlier system, which kept no names"
    recommended = f"Recommended by {decision.recommended_by}, {words.long_moment(decision.recommended_at)}"
    if decision.signed_off_at:
        return f"{recommended}\nSigned off by {decision.signed_off_by}, {words.long_moment(decision.signed_off_at)}"
    if decision.sent_back_at:
        return f"{recommended}\nReturned by {decision.sent_back_by}, {words.long_moment(decision.sent_back_at)}"
    return f"{recommended}\nWaiting for sign-off"
