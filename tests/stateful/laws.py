"""What must hold after every step, read from the database and held against the model."""

import json
from typing import Any

from django.db import connection

from mash_portal.accounts.models import Agency, User
from mash_portal.audit.models import Event
from referrals.models import Contact, Deadline, Decision, Handover, Notice, Referral, StageChange
from referrals.models.people import Child
from referrals.vocabulary import Verb

from . import people as P  # noqa: N812 - as in the model
from .model import Model

#: The clocks that the model keeps. Others tell people something, and stand in nobody's way.
KNOWN = {
    *("decision", "statutory", "feedback", "question", "question_red", "check_red", "check_amber", "check_green"),
    *("strategy", "handover", "emergency", "break_glass_review"),
}
_MODELS = (Contact, StageChange, Deadline, Decision, Handover, Notice, Event, User, Agency, Referral, Child)
_TABLES = {one.__name__: one._meta.db_table for one in _MODELS}
_COUNTS = """
    SELECT (SELECT version FROM {Contact} WHERE id = %(contact)s),
           (SELECT count(*) FROM {StageChange} WHERE contact_id = %(contact)s),
           (SELECT count(*) FROM {Decision} WHERE contact_id = %(contact)s),
           (SELECT count(*) FROM {Handover} WHERE contact_id = %(contact)s),
           (SELECT count(*) FROM {Deadline} WHERE contact_id = %(contact)s),
           (SELECT count(*) FROM {Deadline} WHERE contact_id = %(contact)s AND met_at IS NULL AND cancelled_at IS NULL),
           (SELECT count(*) FROM {Notice} WHERE reference = %(reference)s),
           (SELECT count(*) FROM {Event} WHERE reference = %(reference)s AND verb <> 'break_glass:tried')
""".format(**_TABLES)  # noqa: S608 - names of tables

#: Everything that the model knows, in one question: a run asks it after every step. First names stand for people.
_FACTS = """
    SELECT json_build_object(
        'contact', (SELECT row_to_json(one) FROM (
            SELECT stage, rag, version, is_restricted, due_at, decided_at, split_part(full_name, ' ', 1) AS owner
            FROM {Contact} c LEFT JOIN {User} u ON u.id = owner_id WHERE c.id = %(contact)s) one),
        'steps', (SELECT json_agg(json_build_array(verb, split_part(full_name, ' ', 1)) ORDER BY s.id)
            FROM {StageChange} s JOIN {User} u ON u.id = by_id WHERE contact_id = %(contact)s),
        'lines', (SELECT count(*) FROM {Event} WHERE reference = %(reference)s AND verb = ANY(%(verbs)s)),
        'clocks', (SELECT json_agg(json_build_array(clock, about, due_at))
            FROM {Deadline} WHERE contact_id = %(contact)s AND met_at IS NULL AND cancelled_at IS NULL),
        'decisions', (SELECT json_agg(json_build_array(split_part(r.full_name, ' ', 1), split_part(s.full_name, ' ', 1),
                signed_off_at IS NOT NULL, sent_back_at IS NOT NULL, on_version) ORDER BY d.id)
            FROM {Decision} d JOIN {User} r ON r.id = recommended_by_id LEFT JOIN {User} s ON s.id = signed_off_by_id
            WHERE contact_id = %(contact)s),
        'referred', (SELECT json_agg(child_id) FROM {Referral} f JOIN {Child} c ON c.id = child_id
            WHERE contact_id = %(contact)s AND ended_at IS NULL),
        'handovers', (SELECT json_agg(json_build_array(h.id, child_id, outcome, t.name,
                accepted_at IS NOT NULL, declined_at IS NOT NULL, ended_at IS NOT NULL) ORDER BY h.id)
            FROM {Handover} h LEFT JOIN {Agency} t ON t.id = team_id WHERE contact_id = %(contact)s))
""".format(**_TABLES)  # noqa: S608 - names of tables
_VERBS = [str(verb) for verb in Verb if verb is not Verb.BREAK_GLASS]


def written(contact: Contact) -> tuple[int, ...]:
    """How much there is of everything that a step writes. That somebody tried to break a glass is always kept."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"contact": contact.pk, "reference": contact.reference})
        return tuple(cursor.fetchone())


def check(contact: Contact, model: Model) -> None:
    """The whole record is as the model says, and keeps the laws that hold whatever anybody does."""
    asked: dict[str, int | str | list[str]] = {"contact": contact.pk, "reference": contact.reference, "verbs": _VERBS}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, asked)
        [answer] = cursor.fetchone()
    found = json.loads(answer) if isinstance(answer, str) else answer
    facts = found["contact"]
    assert (facts["stage"], facts["owner"], facts["rag"]) == (model.stage, model.owner, model.rag)
    assert (facts["version"], facts["is_restricted"]) == (model.version, model.named is not None)
    _timeline(found, model)
    _clocks(found, model)
    _decisions(found, model)
    _children(found, model)


def _timeline(found: dict[str, Any], model: Model) -> None:
    """Append-only: exactly what was done, by whom, in its order; and as many lines of the trail."""
    assert [tuple(step) for step in found["steps"]] == model.steps
    assert found["lines"] == len(model.steps)


def _clocks(found: dict[str, Any], model: Model) -> None:
    """G4: an open contact has exactly one live decision clock, and the queue is ordered by it; a decided one none."""
    live = found["clocks"] or []
    assert sorted((clock, about) for clock, about, _ in live if clock in KNOWN) == sorted(model.clocks)
    decision = [due for clock, _, due in live if clock == "decision"]
    assert decision == ([found["contact"]["due_at"]] if model.stage in P.OPEN else [])


def _decisions(found: dict[str, Any], model: Model) -> None:
    """Four eyes; decided if and only if somebody signed off what somebody else recommended."""
    states = {(False, False): "waiting", (True, False): "signed off", (False, True): "sent back"}
    rows = [
        (recommender, signer, states[is_signed, is_returned], version)
        for recommender, signer, is_signed, is_returned, version in found["decisions"] or []
    ]
    wanted = [(one.recommended_by, one.signed_off_by, one.state, one.on_version) for one in model.decisions]
    assert rows == wanted
    signed = [(recommender, signer) for recommender, signer, state, _ in rows if state == "signed off"]
    assert all(signer is not None and signer != recommender for recommender, signer in signed)
    assert (found["contact"]["decided_at"] is not None) == bool(signed)
    latest = rows[-1][2] if rows else ""
    assert (latest == "waiting") == (model.stage == P.SIGN_OFF)
    assert latest == "signed off" or model.stage not in (P.DECIDED, P.CLOSED)


def _children(found: dict[str, Any], model: Model) -> None:
    """A referral for each child whose decision in force is one; a hand-over for each that somebody takes over."""
    assert set(found["referred"] or []) == model.referred
    rows = [tuple(row) for row in found["handovers"] or []]
    wanted = [
        (one.number, one.child, one.outcome, one.team, one.state == "accepted", one.state == "declined", one.is_over)
        for one in model.handovers
    ]
    assert rows == sorted(wanted)
