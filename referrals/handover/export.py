"""A contact as JSON for the case management system: docs/case-export.schema.json says what each word means.

Codes stay codes, with their words beside them where the code is the portal's own; times are UTC. The page and the
delivery send the same document. Who a private caller is, is in neither.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import access
from referrals.codes import SOURCE_LABELS
from referrals.models import Adult, Assessment, Child, Consent, Contact, Decision, Handover, Marf, Referral
from referrals.rules.marf import sheet
from referrals.rules.marf.values import evidence
from referrals.vocabulary import Channel, Outcome

SCHEMA = "mash-contact/1"
Document = dict[str, Any]

_RECORD = ("facts", "risk_analysis", "childs_voice", "rationale", "why_no_strategy", "strategy_invited")
_ADVICE = ("agreement_obtained", "advice", "why_nfa_still_right")


@transaction.atomic
def hand_out(reference: str, *, by: User) -> Document:
    """The document for a person who may read the contact: written down as read, and as taken away."""
    contact = access.read(by, reference)
    trail.record("exported", by=by, reference=contact.reference)
    return document(contact, now=timezone.now())


def document(contact: Contact, *, now: datetime) -> Document:
    """The contact as it is now. A fixed number of queries, however many children there are."""
    decision = _in_force(contact)
    return {
        "schema": SCHEMA,
        "exported_at": _moment(now),
        "reference": contact.reference,
        "external_reference": contact.external_reference,
        "channel": _word(Channel(contact.channel)),
        "source": {"code": contact.source, "label": SOURCE_LABELS.get(contact.source, "")},
        "agency": contact.agency.name,
        "stage": contact.stage,
        "priority": contact.rag or None,
        "level_believed": contact.level_believed,
        "received_at": _moment(contact.received_at),
        "decided_at": _moment(contact.decided_at),
        "children": _children(contact, decision),
        "adults": [_adult(adult) for adult in contact.adults.prefetch_related("relationships")],
        "agreement": _agreement(Consent.objects.filter(contact=contact).first()),
        "form": _form(Marf.objects.filter(contact=contact).select_related("matrix").first()),
        "assessment": _assessment(Assessment.objects.latest_of(contact, Assessment.HUB)),
        "decision": _decision(decision),
    }


def _in_force(contact: Contact) -> Decision | None:
    """The last decision that was signed off; a recommendation that waits is nobody's decision yet."""
    signed = contact.decisions.filter(signed_off_at__isnull=False)
    return (
        signed.select_related("recommended_by", "signed_off_by")
        .prefetch_related("outcomes", "actions")
        .order_by("-id")
        .first()
    )


def _children(contact: Contact, decision: Decision | None) -> list[Document]:
    referrals = {row.child_id: row for row in Referral.objects.filter(child__contact=contact)}
    handovers: dict[int, list[Handover]] = {}
    for row in contact.handovers.select_related("team", "accepted_by").order_by("pk"):
        handovers.setdefault(row.child_id, []).append(row)
    outcomes: dict[int, list[Document]] = {}
    for one in decision.outcomes.all() if decision else ():
        outcomes.setdefault(one.child_id, []).append({**_word(Outcome(one.outcome)), "level": one.level})
    return [
        {
            **_child(child),
            "outcomes": outcomes.get(child.pk, []),
            "referral": _referral(referrals.get(child.pk)),
            "handovers": [_handover(row) for row in handovers.get(child.pk, [])],
        }
        for child in contact.children.all()
    ]


def _child(child: Child) -> Document:
    return {
        "id": str(child.pk),
        "person_id": str(child.person_id) if child.person_id else None,
        "is_referred": child.in_scope,
        "given_names": child.given_names,
        "family_name": child.family_name,
        "date_of_birth": _day(child.date_of_birth),
        "expected_date": _day(child.expected_date),
        "estimated_age": child.estimated_age,
        "sex": child.sex,
        "ethnicity": child.ethnicity,
        "is_disabled": child.is_disabled,
        "nhs_number": child.nhs_number,
        "upn": child.upn,
        "postcode": child.postcode,
    }


def _referral(row: Referral | None) -> Document | None:
    if row is None:
        return None
    return {
        **_word(Outcome(row.outcome)),
        "referred_at": _moment(row.referred_at),
        "ended_at": _moment(row.ended_at),
    }


def _handover(row: Handover) -> Document:
    return {
        **_word(row.as_outcome),
        "team": row.team.name if row.team else None,
        "offered_at": _moment(row.offered_at),
        "due_at": _moment(row.due_at),
        "accepted_at": _moment(row.accepted_at),
        "accepted_by": row.accepted_for or (row.accepted_by.full_name if row.accepted_by else None),
        "sent_back_at": _moment(row.declined_at),
        "sent_back_because": row.declined_because or None,
        "ended_at": _moment(row.ended_at),
    }


def _adult(adult: Adult) -> Document:
    return {
        "given_names": adult.given_names,
        "family_name": adult.family_name,
        "date_of_birth": _day(adult.date_of_birth),
        "phone": adult.phone,
        "in_household": adult.in_household,
        "is_source_of_risk": adult.is_source_of_risk,
        "relationships": [
            {
                "child": str(tie.child_id),
                "relationship": tie.relationship,
                "has_parental_responsibility": tie.has_parental_responsibility,
            }
            for tie in adult.relationships.all()
        ],
    }


def _agreement(consent: Consent | None) -> Document | None:
    if consent is None:
        return None
    return {
        "family_informed": consent.family_informed,
        "not_informed_reason": consent.not_informed_reason or None,
        "agreement_given": consent.agreement_given,
        "agreement_by": consent.agreement_by,
        "agreement_covers": consent.agreement_covers,
        "no_agreement_reason": consent.no_agreement_reason or None,
    }


def _form(form: Marf | None) -> list[Document]:
    """The form as it was sent, question by question in words; empty where the contact came another way."""
    if form is None:
        return []
    texts = {one.code: one.text for one in form.matrix.indicators.by_code(evidence(form.answers))}
    cards = sheet(form.answers, texts, version=form.form_version)
    return [
        {
            "section": card.title,
            "answers": [{"question": row.question.heading, "answer": row.words} for row in card.rows],
        }
        for card in cards
        if card.rows
    ]


def _assessment(view: Assessment | None) -> Document | None:
    """The hub's own view of the threshold, against the version of the matrix that it was made with."""
    if view is None:
        return None
    return {
        "level": view.level,
        "suggested_level": view.suggested_level,
        "alerts": list(view.alerts),
        "rationale": view.rationale,
        "assessed_at": _moment(view.at),
        "assessed_by": view.by.full_name,
        "matrix": {"code": view.matrix.code, "version": view.matrix.version},
        "findings": [
            {
                "code": row.indicator.code,
                "indicator": row.indicator.text,
                "finding": row.finding,
                "evidence": row.evidence,
            }
            for row in view.findings.all()
        ],
    }


def _decision(decision: Decision | None) -> Document | None:
    if decision is None:
        return None
    return {
        "id": str(decision.pk),
        **{name: getattr(decision, name) for name in (*_RECORD, *_ADVICE)},
        "side_routes": list(decision.side_routes),
        "recommended_by": _person(decision.recommended_by),
        "recommended_at": _moment(decision.recommended_at),
        "signed_off_by": _person(decision.signed_off_by) if decision.signed_off_by else None,
        "signed_off_at": _moment(decision.signed_off_at),
        "actions": _actions(decision),
    }


def _actions(decision: Decision) -> list[Document]:
    return [{"what": one.what, "owner": one.owner, "due": _day(one.due)} for one in decision.actions.all()]


def _person(person: User) -> Document:
    return {"name": person.full_name, "job": person.job, "registration_number": person.registration_number}


def _word(word: Channel | Outcome) -> Document:
    return {"code": word.value, "label": word.label}


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
