"""What must hold after every step, read from the database and held against the model."""

from django.db import connection

from mash_portal.audit.models import Event
from referrals.models import Contact, Deadline, Decision, Handover, Notice, Referral, StageChange
from referrals.vocabulary import Verb

from . import people as P  # noqa: N812 - as in the model
from .model import Model

#: The clocks that the model keeps. Others tell people something, and stand in nobody's way.
KNOWN = {
    *("decision", "statutory", "feedback", "question", "question_red", "check_red", "check_amber", "check_green"),
    *("strategy", "handover", "emergency", "break_glass_review"),
}
_TABLES = {one.__name__: one._meta.db_table for one in (StageChange, Deadline, Decision, Handover, Notice, Event)}
_COUNTS = """
    SELECT (SELECT version FROM referrals_contact WHERE id = %(contact)s),
           (SELECT count(*) FROM {StageChange} WHERE contact_id = %(contact)s),
           (SELECT count(*) FROM {Decision} WHERE contact_id = %(contact)s),
           (SELECT count(*) FROM {Handover} WHERE contact_id = %(contact)s),
           (SELECT count(*) FROM {Deadline} WHERE contact_id = %(contact)s),
           (SELECT count(*) FROM {Deadline} WHERE contact_id = %(contact)s AND met_at IS NULL AND cancelled_at IS NULL),
           (SELECT count(*) FROM {Notice} WHERE reference = %(reference)s),
           (SELECT count(*) FROM {Event} WHERE reference = %(reference)s AND verb <> 'break_glass:tried')
""".format(**_TABLES)  # noqa: S608 - names of tables


def written(contact: Contact) -> tuple[int, ...]:
    """How much there is of everything that a step writes. That somebody tried to break a glass is always kept."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"contact": contact.pk, "reference": contact.reference})
        return tuple(cursor.fetchone())


def check(contact: Contact, model: Model) -> None:
    found = Contact.objects.select_related("owner").get(pk=contact.pk)
    owner = found.owner.full_name.split()[0] if found.owner else None
    restricted = model.named is not None
    assert (found.stage, owner, found.rag) == (model.stage, model.owner, model.rag)
    assert (found.version, found.is_restricted) == (model.version, restricted)
    _timeline(found, model)
    _clocks(found, model)
    _decisions(found, model)
    _children(found, model)


def _timeline(contact: Contact, model: Model) -> None:
    """Append-only: exactly what was done, by whom, in its order; and as many lines of the trail."""
    steps = contact.steps.order_by("id").values_list("verb", "by__full_name")
    assert [(verb, name.split()[0]) for verb, name in steps] == model.steps
    lines = Event.objects.filter(reference=contact.reference, verb__in=Verb).exclude(verb=Verb.BREAK_GLASS)
    assert lines.count() == len(model.steps)


def _clocks(contact: Contact, model: Model) -> None:
    """G4: an open contact has exactly one live decision clock, and the queue is ordered by it; a decided one none."""
    live = [(one.clock, one.about, one.due_at) for one in contact.deadlines.live()]
    assert sorted((clock, about) for clock, about, _ in live if clock in KNOWN) == sorted(model.clocks)
    decision = [due for clock, _, due in live if clock == "decision"]
    assert decision == ([contact.due_at] if model.stage in P.OPEN else [])


def _decisions(contact: Contact, model: Model) -> None:
    """Four eyes; decided if and only if somebody signed off what somebody else recommended."""
    rows = list(contact.decisions.select_related("recommended_by", "signed_off_by").order_by("id"))
    assert len(rows) == len(model.decisions)
    for row, one in zip(rows, model.decisions, strict=True):
        assert row.recommended_by.full_name.split()[0] == one.recommended_by
        signer = row.signed_off_by.full_name.split()[0] if row.signed_off_by else None
        assert (signer, row.is_waiting) == (one.signed_off_by, one.state == "waiting")
        assert signer != one.recommended_by
        assert row.on_version == one.on_version
    signed = [row for row in rows if row.signed_off_at is not None]
    assert (contact.decided_at is not None) == bool(signed)
    if contact.stage in (P.DECIDED, P.CLOSED):
        assert rows[-1].signed_off_at is not None
    assert [row for row in rows if row.is_waiting] == (rows[-1:] if contact.stage == P.SIGN_OFF else [])


def _children(contact: Contact, model: Model) -> None:
    """A referral for each child whose decision in force is one; a hand-over for each that somebody takes over."""
    referred = Referral.objects.filter(child__contact=contact, ended_at=None).values_list("child", flat=True)
    assert set(referred) == model.referred
    rows = contact.handovers.order_by("pk").select_related("team")
    found = [(one.pk, one.child_id, one.outcome, str(one.team or ""), _state(one)) for one in rows]
    wanted = [(one.number, one.child, one.outcome, one.team or "", (one.state, one.is_over)) for one in model.handovers]
    assert found == sorted(wanted)


def _state(one: Handover) -> tuple[str, bool]:
    state = "accepted" if one.accepted_at else "declined" if one.declined_at else "waiting"
    return state, one.ended_at is not None
