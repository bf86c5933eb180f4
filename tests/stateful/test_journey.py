"""G9: the workflow cannot be skipped, reversed silently or decided twice.

Random people do random things with a contact, through the portal's own actions, and a model in plain Python says what
must come of it: an allowed step is done and leaves what it must; any other is refused and leaves nothing.
"""

import os
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from referrals.refusals import Refused
from tests import build

from . import laws, misses
from . import people as P  # noqa: N812 - as in the model
from .deeds import Deeds
from .effects import take
from .model import Model, Move

pytestmark = pytest.mark.faults

WHOLE = os.environ.get("FAULTS") == "whole"
#: Together 500 runs, and 5,000 in `make faults`; each batch in a database that nothing has been rolled back in.
EACH, BATCHES = 100, 50 if WHOLE else 5
STEPS = 12
#: Every choice with the same chance: left to itself, Hypothesis prefers whatever stands first.
LUCK = st.randoms(use_true_random=True)

CHILDREN = [{"given_names": name, "family_name": "Aziz"} for name in ("Noor", "Sami")]
_CLAIMED = [Move("claim", "Grace")]
_ASSESSED = [*_CLAIMED, Move("assess", "Grace")]
_WAITING = [*_ASSESSED, Move("recommend", "Grace", ("section_17", "early_help"))]
_DECIDED = [*_WAITING, Move("sign_off", "Maya")]
_CLOSED = [*_DECIDED, Move("give_feedback", "Grace")]
_RESTRICT, _BREAK = Move("restrict", "Maya", ("Ivan", "Sam")), Move("break_glass", "Bea")
#: Where a run begins, so that the end of the journey is walked as often as its beginning. Built once for a batch.
STARTS = {
    "received": [],
    "acted at once": [Move("act_now", "Bea")],
    "restricted before anybody has it": [_RESTRICT, _BREAK],
    "a question and a check": [*_CLAIMED, Move("ask", "Grace"), Move("check", "Grace", P.AGENCY["Omar"])],
    "a strategy discussion": [*_ASSESSED, Move("call_strategy", "Grace")],
    "a manager has recommended": [
        *(Move("claim", "Maya"), Move("assess", "Maya"), Move("recommend", "Maya", ("open_case", "signpost")))
    ],
    "waiting": [*_ASSESSED, Move("ask", "Grace"), Move("withdraw", "Cy"), _WAITING[-1]],
    "waiting, and restricted": [*_WAITING, _RESTRICT, _BREAK],
    "decided": _DECIDED,
    "closed": _CLOSED,
    "closed, and restricted": [*_CLOSED, Move("restrict", "Helen", ("Zofia", "Cy", "Bea"))],
    "opened again": [*_CLOSED, Move("reopen", "Ivan"), Move("assess", "Grace")],
}
#: Steps by which a contact gets on or back: one of them is always possible to somebody.
ONWARD = {
    *("claim", "assign", "assess", "recommend", "sign_off", "give_feedback", "reopen"),
    *("take_back", "send_back", "release"),
}


@dataclass(frozen=True)
class Start:
    """A contact that has got so far, and the model of it."""

    deeds: Deeds
    model: Model


class Journey(RuleBasedStateMachine):
    """One run: one contact, and whoever comes by. Everything is rolled back at its end."""

    starts: ClassVar[Mapping[str, Start]]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.begin(self.starts["received"])

    def begin(self, start: Start) -> None:
        self.deeds, self.model = start.deeds, deepcopy(start.model)
        self.before = laws.written(self.deeds.contact)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize(luck=LUCK)
    def it_begins(self, luck: Random) -> None:
        self.begin(self.starts[luck.choice(list(STARTS))])

    @rule(luck=LUCK)
    def somebody_goes_on(self, luck: Random) -> None:
        moves = self.model.allowed()
        self.tried(luck.choice(moves[luck.choice([verb for verb in moves if verb in ONWARD])]))

    @rule(luck=LUCK)
    def somebody_does_what_they_may(self, luck: Random) -> None:
        moves = self.model.allowed()
        self.tried(luck.choice(moves[luck.choice(list(moves))]))

    @rule(luck=LUCK)
    def somebody_tries_what_they_may_not(self, luck: Random) -> None:
        if moves := misses.of(self.model, luck.choice(list(misses.KINDS))):
            self.tried(luck.choice(moves[luck.choice(list(moves))]))

    def tried(self, move: Move) -> None:
        """Done if and only if the model allows it; where it is refused, nothing has been written."""
        note(str(move))
        contact, is_allowed = self.deeds.contact, self.model.allows(move)
        try:
            number, no = self.deeds.do(move, self.model), None
        except (Refused, Http404) as refusal:
            number, no = None, refusal
        assert (no is None) == is_allowed, f"{move}: {no!r}"
        if no is None:
            take(self.model, move, number)
            laws.check(contact, self.model)
            self.before = laws.written(contact)
        else:
            assert isinstance(no, Http404) or not self.model.is_not_there_for(move), f"{move}: {no!r}"
            assert laws.written(contact) == self.before, f"{move}: {no!r}"


@pytest.fixture
def world(db: None) -> None:
    """The cast, with a colleague for Rosa and one for Grace; a contact for every start, which the runs roll back to."""
    cast = {name: build.player(name) for name in P.PEOPLE if name not in ("Cy", "Bea")}
    for name, like, role in (("Cy", "Rosa", Role.REFERRER), ("Bea", "Grace", Role.SOCIAL_WORKER)):
        facts: dict[str, Any] = {
            "agency": cast[like].agency,
            "registration_number": "SW104418" if name == "Bea" else "",
        }
        cast[name] = User.objects.create_user(f"{name}@colleague.example", full_name=f"{name} Lee", role=role, **facts)
    agencies = {name: build.agency(name) for name in build.AGENCIES}
    Journey.starts = {name: _got_to(moves, cast, agencies) for name, moves in STARTS.items()}


def _got_to(moves: list[Move], cast: Mapping[str, User], agencies: Mapping[str, Agency]) -> Start:
    """A contact after these moves, each of which must be one that is allowed."""
    deeds = Deeds(build.received(cast[P.REFERRER], children=CHILDREN), cast, agencies)
    model = Model(deeds.children)
    laws.check(deeds.contact, model)
    for move in moves:
        assert model.allows(move), move
        take(model, move, deeds.do(move, model))
        laws.check(deeds.contact, model)
    return Start(deeds, model)


@pytest.mark.parametrize("_batch", range(BATCHES))
def test_whatever_people_try_only_what_is_allowed_is_done_and_what_is_refused_leaves_nothing(
    world: None, _batch: int
) -> None:
    run_state_machine_as_test(
        Journey,
        settings=settings(
            max_examples=EACH,
            stateful_step_count=STEPS,
            deadline=None,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
