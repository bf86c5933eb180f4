"""G9: the workflow cannot be skipped, reversed silently or decided twice.

Random people do random things with a contact, through the portal's own actions, and a model in plain Python says what
must come of it: an allowed step is done and leaves what it must; any other is refused and leaves nothing.
"""

import os
from collections.abc import Mapping
from typing import ClassVar

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from referrals.refusals import Refused
from tests import build

from . import laws
from . import people as P  # noqa: N812 - as in the model
from .deeds import Deeds
from .effects import take
from .model import Model, Move

pytestmark = pytest.mark.faults

WHOLE = os.environ.get("FAULTS") == "whole"
#: Together 500 runs, and 5,000 in `make faults`; each batch in a database that nothing has been rolled back in.
EACH, BATCHES = 100, 50 if WHOLE else 5
STEPS = 12

CHILDREN = [{"given_names": name, "family_name": "Aziz"} for name in ("Noor", "Sami")]
NAMES = [*P.PEOPLE]
_CLAIM, _ASSESS = Move("claim", "Grace"), Move("assess", "Grace")
_RECOMMEND = Move("recommend", "Grace", ("section_17", "early_help"))
_SIGN_OFF, _FEEDBACK = Move("sign_off", "Maya"), Move("give_feedback", "Grace")
#: Where a run begins, so that the end of the journey is walked as often as its beginning.
STARTS = {
    "received": [],
    "claimed": [_CLAIM],
    "a manager has it": [Move("claim", "Maya"), Move("assess", "Maya"), Move("recommend", "Maya", _RECOMMEND.arg)],
    "assessed": [_CLAIM, _ASSESS],
    "waiting": [_CLAIM, _ASSESS, _RECOMMEND],
    "decided": [_CLAIM, _ASSESS, _RECOMMEND, _SIGN_OFF],
    "closed": [_CLAIM, _ASSESS, _RECOMMEND, _SIGN_OFF, _FEEDBACK],
    "restricted": [_CLAIM, _ASSESS, _RECOMMEND, Move("restrict", "Maya", ("Ivan", "Sam"))],
}
#: Steps by which a contact gets on or back; drawn more often than the rest.
ONWARD = {"claim", "assess", "recommend", "sign_off", "give_feedback", "reopen", "take_back", "send_back", "release"}


class Journey(RuleBasedStateMachine):
    """One run: one contact, and whoever comes by. Everything is rolled back at its end."""

    cast: ClassVar[Mapping[str, User]]
    agencies: ClassVar[Mapping[str, Agency]]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.contact = build.received(self.cast[P.REFERRER], children=CHILDREN)
        self.deeds = Deeds(self.contact, self.cast, self.agencies)
        self.model = Model(self.deeds.children)
        laws.check(self.contact, self.model)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize(start=st.sampled_from(list(STARTS)))
    def it_begins(self, start: str) -> None:
        for move in STARTS[start]:
            self.tried(move)

    @precondition(lambda self: ONWARD & self.model.allowed().keys())
    @rule(data=st.data())
    def somebody_goes_on(self, data: st.DataObject) -> None:
        moves = self.model.allowed()
        verb = data.draw(st.sampled_from(sorted(ONWARD & moves.keys())))
        self.tried(data.draw(st.sampled_from(moves[verb])))

    @rule(data=st.data())
    def somebody_does_what_they_may(self, data: st.DataObject) -> None:
        moves = self.model.allowed()
        verb = data.draw(st.sampled_from(sorted(moves)))
        self.tried(data.draw(st.sampled_from(moves[verb])))

    @rule(
        verb=st.sampled_from(P.VERBS),
        who=st.sampled_from(NAMES),
        slip=st.sampled_from(["", "stale", "blank"]),
        data=st.data(),
    )
    def anybody_tries_anything(self, verb: str, who: str, slip: str, data: st.DataObject) -> None:
        self.tried(Move(verb, who, data.draw(st.sampled_from(self.model.arguments(verb))), slip))

    def tried(self, move: Move) -> None:
        """Done if and only if the model allows it; where it is refused, nothing has been written."""
        is_allowed, before = self.model.allows(move), laws.written(self.contact)
        try:
            number = self.deeds.do(move, self.model)
        except (Refused, Http404) as refusal:
            assert not is_allowed, f"{move} was refused: {refusal}"
            assert isinstance(refusal, Http404) or not self.model.is_not_there_for(move)
            assert laws.written(self.contact) == before
        else:
            assert is_allowed, f"{move} was done"
            take(self.model, move, number)
            laws.check(self.contact, self.model)


@pytest.fixture
def world(db: None) -> None:
    """The cast, and a colleague each for Rosa and for Grace; every agency that is asked or takes children over."""
    cast = {name: build.player(name) for name in P.PEOPLE if name not in ("Cy", "Bea")}
    for name, like, role in (("Cy", "Rosa", Role.REFERRER), ("Bea", "Grace", Role.SOCIAL_WORKER)):
        facts = {"agency": cast[like].agency, "registration_number": "SW104418" if name == "Bea" else ""}
        cast[name] = User.objects.create_user(f"{name}@colleague.example", full_name=f"{name} Lee", role=role, **facts)
    Journey.cast = cast
    Journey.agencies = {name: build.agency(name) for name in build.AGENCIES}


@pytest.mark.parametrize("_batch", range(BATCHES))
def test_whatever_people_try_only_what_is_allowed_is_done_and_what_is_refused_leaves_nothing(
    world: None, _batch: int
) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # Hypothesis leaves this one without types
        Journey,
        settings=settings(
            max_examples=EACH,
            stateful_step_count=STEPS,
            deadline=None,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


def test_every_way_in_which_the_model_begins_is_one_that_it_allows(world: None) -> None:
    with transaction.atomic():
        for moves in STARTS.values():
            machine = Journey()
            for move in moves:
                assert machine.model.allows(move), move
                machine.tried(move)
            machine.teardown()
