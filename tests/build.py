"""Reach a state by doing what a person would do. Tests say who; these say how."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from mash_portal.accounts.cast import CAST, HUB, PASSWORD
from mash_portal.accounts.models import Agency, User
from referrals import gate
from referrals.decision import actions as decisions
from referrals.feedback import actions as feedback
from referrals.models import Assessment, Child, Consent, Contact, Decision, Person, StrategyDiscussion
from referrals.strategy import actions as strategy
from referrals.triage import actions as triage
from referrals.vocabulary import AgencyKind, Channel, Outcome, Rag

#: A Friday at four in the afternoon: the case that tells 24 hours from one working day.
FRIDAY_AT_FOUR = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)

AGENCIES = {
    "Alder Primary": (AgencyKind.SCHOOL, "2A"),
    "Birch High": (AgencyKind.SCHOOL, "2A"),
    "Regional Police": (AgencyKind.POLICE, "6"),
    "Trent Vale Community Health": (AgencyKind.HEALTH, "3D"),
    "Early Help Hub": (AgencyKind.EARLY_HELP, "5D"),
    "Assessment Team": (AgencyKind.TEAM, "5A"),
    "Children with Disabilities Team": (AgencyKind.TEAM, "5A"),
    HUB: (AgencyKind.HUB, "5A"),
}

#: What each team is offered, as an administrator has set it.
RECEIVES = {
    "Early Help Hub": [Outcome.EARLY_HELP],
    "Assessment Team": [Outcome.SECTION_17, Outcome.STRATEGY],
    "Children with Disabilities Team": [Outcome.DISABILITIES],
}

TEXTS = {
    "facts": "Seen by the school nurse on Friday; no injury; mother told us what happened.",
    "risk_analysis": "Low today, because the aunt is staying.",
    "childs_voice": "She says she likes it when her aunt is there.",
    "rationale": "Needs are met by school and health working together.",
}


def agency(name: str) -> Agency:
    kind, source = AGENCIES.get(name, (AgencyKind.SCHOOL, "2A"))
    facts = {"kind": kind, "source": source, "is_hub": kind is AgencyKind.HUB, "receives": RECEIVES.get(name, [])}
    return Agency.objects.get_or_create(name=name, defaults=facts)[0]


def player(first_name: str) -> User:
    """One of the cast, with an account and an agency."""
    known = next(one for one in CAST if one.first_name == first_name)
    existing = User.objects.filter(email=known.email).first()
    return existing or User.objects.create_user(
        known.email,
        PASSWORD,
        full_name=known.full_name,
        job=known.job,
        agency=agency(known.agency),
        role=known.role,
        registration_number=known.registration_number,
    )


def received(
    by: User,
    *,
    at: datetime | None = None,
    children: Sequence[Mapping[str, Any]] = ({"given_names": "Noor", "family_name": "Aziz"},),
    agreed: bool | None = True,
    level: int = 3,
) -> Contact:
    """A contact at the front door, straight through the gate, about children born on 15 April 2016 unless said."""
    at = at or timezone.now()
    assert by.agency is not None
    contact = gate.receive(
        by=by, now=at, channel=Channel.MARF, source=by.agency.source, agency=by.agency, level_believed=level
    )
    Consent.objects.create(contact=contact, family_informed=agreed, agreement_given=agreed)
    for child in children:
        facts = {"date_of_birth": None if "expected_date" in child else date(2016, 4, 15), **child}
        facts.setdefault("person", Person.objects.create())
        Child.objects.create(
            contact=contact, agency=by.agency, source=by.agency.source, received_at=at, level_believed=level, **facts
        )
    return contact


def claimed(by: User, *, worker: User, **facts: Any) -> Contact:
    return triage.claim(received(by, **facts).reference, by=worker)


def view_of(level: int, codes: Sequence[str] = (), rationale: str = "", finding: str = "evidenced") -> triage.View:
    return triage.View(level=level, rationale=rationale, findings=dict.fromkeys(codes, (finding, "Seen by me")))


def assessed(by: User, *, worker: User, level: int = 3, codes: Sequence[str] = ("L3-LRN-01",), **facts: Any) -> Contact:
    contact = claimed(by, worker=worker, **facts)
    assess(contact, level=level, codes=codes, by=worker)
    return contact


def assess(contact: Contact, *, by: User, level: int = 3, codes: Sequence[str] = ("L3-LRN-01",)) -> Assessment:
    contact.refresh_from_db()
    return triage.assess(contact.reference, view_of(level, codes), by=by, version=contact.version)


def recommendation(
    contact: Contact,
    outcome: Outcome = Outcome.SECTION_17,
    *,
    level: int = 3,
    texts: Mapping[str, str] | None = None,
    advice_level: int | None = None,
) -> decisions.Recommendation:
    children = [child.pk for child in contact.children.all() if child.in_scope]
    return decisions.Recommendation(
        outcomes={child: [outcome] for child in children},
        levels=dict.fromkeys(children, level),
        texts={**TEXTS, **(texts or {})},
        advice_level=advice_level,
    )


def recommended(by: User, *, worker: User, outcome: Outcome = Outcome.SECTION_17, **facts: Any) -> Contact:
    """A contact that waits for a manager; `texts` and `advice_level` go to the recommendation, the rest to it."""
    said = {name: facts.pop(name) for name in ("texts", "advice_level") if name in facts}
    contact = assessed(by, worker=worker, **facts)
    if outcome is Outcome.STRATEGY:
        discussed(contact, by=worker)
    recommend(contact, outcome, by=worker, **said)
    contact.refresh_from_db()
    return contact


def discussed(contact: Contact, *, by: User, also: Sequence[strategy.Invited] = ()) -> StrategyDiscussion:
    """A strategy discussion about every child, called: the hub, the police and health are invited, and `also`."""
    police, health = "Regional Police", "Trent Vale Community Health"
    three = {AgencyKind.TEAM: HUB, AgencyKind.POLICE: police, AgencyKind.HEALTH: health}
    return strategy.call(
        contact.reference,
        reason="A bruise that nobody explains",
        children=[child.pk for child in contact.children.all()],
        invited=[*(strategy.Invited(kind, agency(name)) for kind, name in three.items()), *also],
        plan=strategy.Plan(timezone.now() + hours(2), "Room 2, or 01632 960199"),
        by=by,
    )


def recommend(contact: Contact, outcome: Outcome, *, by: User, **said: Any) -> Decision:
    contact.refresh_from_db()
    return decisions.recommend(
        contact.reference, recommendation(contact, outcome, **said), by=by, version=contact.version
    )


def decided(by: User, *, worker: User, manager: User, why_nfa_still_right: str = "", **facts: Any) -> Contact:
    contact = recommended(by, worker=worker, **facts)
    decisions.sign_off(contact.reference, by=manager, version=contact.version, why_nfa_still_right=why_nfa_still_right)
    contact.refresh_from_db()
    return contact


def told(by: User, *, worker: User, manager: User, **facts: Any) -> Contact:
    """A contact whose referrer has been sent feedback."""
    contact = decided(by, worker=worker, manager=manager, **facts)
    feedback.give_feedback(
        contact.reference,
        reason="The assessment team will visit the family.",
        next_steps="Keep watching and tell us what changes.",
        who_to_call="Grace Lin, 01632 960100",
        by=worker,
        version=contact.version,
    )
    contact.refresh_from_db()
    return contact


def rated(contact: Contact, rag: Rag, *, by: User, reason: str = "What was seen") -> Contact:
    contact.refresh_from_db()
    triage.rate(contact.reference, rag=rag, reason=reason, by=by, version=contact.version)
    contact.refresh_from_db()
    return contact


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
